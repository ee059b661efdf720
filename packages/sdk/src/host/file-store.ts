import type { CancelSignal } from '../foundation/cancel.ts';

/** One stored file as a listing shows it. */
export interface FileEntry {
  readonly key: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/**
 * Bytes under logical keys.
 *
 * A key is one or more segments joined by `/`; a segment matches `[A-Za-z0-9._-]+` and is neither `.` nor `..`
 * (`INPUT_INVALID` otherwise, see {@link assertFileKey}). Writing is all or nothing: a reader sees the old bytes or the
 * new ones, never half of them, also after a crash. Failures of the medium are `STORE_FAILED`; on a full disk the
 * details hold `{ reason: 'disk-full' }` and the previous content is intact.
 */
export interface FileStore {
  /** All bytes of a file, or null if there is none. */
  read(key: string): Promise<Uint8Array | null>;
  /** Writes or replaces a file. A stream is drained; if it fails or the signal trips, nothing is stored. */
  write(key: string, content: Uint8Array | AsyncIterable<Uint8Array>, signal?: CancelSignal): Promise<void>;
  /** Size and time of a file, or null. */
  stat(key: string): Promise<FileEntry | null>;
  /** Deletes a file; does nothing if there is none. */
  delete(key: string): Promise<void>;
  /** Every file whose key starts with `prefix` (a whole key or ending in `/`), in code-unit order of keys. */
  list(prefix: string): Promise<readonly FileEntry[]>;
}
