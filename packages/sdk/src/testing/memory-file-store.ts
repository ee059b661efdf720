import { collectBytes } from '../foundation/bytes.ts';
import { type CancelSignal, cancelReason, raceCancel, throwIfCancelled } from '../foundation/cancel.ts';
import { SdkError } from '../foundation/errors.ts';
import { assertFileKey } from '../host/file-key.ts';
import type { FileEntry, FileStore } from '../host/file-store.ts';

/** How a {@link MemoryFileStore} behaves. */
export interface MemoryFileStoreOptions {
  /** Gives files their time. Default: a counter, one millisecond per write. */
  readonly now?: () => number;
  /** Bytes the store may hold before writes fail as on a full disk. Default unlimited. */
  readonly capacityBytes?: number;
}

/** Files in memory, with the faults a disk can have. */
export interface MemoryFileStore extends FileStore {
  /** Changes how much fits from now on; null takes the limit away. */
  setCapacity(bytes: number | null): void;
  /** Makes the next `count` writes whose key passes `matches` fail with `error`. Default: a `STORE_FAILED`. */
  failWrites(count: number, matches?: (key: string) => boolean, error?: SdkError): void;
  /** Bytes held now. */
  readonly usedBytes: number;
}

interface StoredFile {
  readonly bytes: Uint8Array;
  readonly modifiedMs: number;
}

interface WriteFault {
  left: number;
  readonly matches: (key: string) => boolean;
  readonly error: SdkError;
}

/** Makes an empty {@link MemoryFileStore}. */
export function createMemoryFileStore(options: MemoryFileStoreOptions = {}): MemoryFileStore {
  const stored = new Map<string, StoredFile>();
  const faults: WriteFault[] = [];
  let capacityBytes = options.capacityBytes ?? null;
  let ticks = 0;
  const now =
    options.now ??
    (() => {
      ticks += 1;
      return ticks;
    });

  const usedBytes = (): number => {
    let total = 0;
    for (const file of stored.values()) total += file.bytes.length;
    return total;
  };
  const entryOf = (key: string, file: StoredFile): FileEntry => ({
    key,
    sizeBytes: file.bytes.length,
    modifiedMs: file.modifiedMs,
  });

  return {
    async read(key) {
      assertFileKey(key);
      return stored.get(key)?.bytes.slice() ?? null;
    },
    async write(key, content, signal) {
      assertFileKey(key);
      throwIfCancelled(signal);
      const bytes = content instanceof Uint8Array ? content.slice() : await drain(content, signal);
      if (signal?.aborted) throw cancelReason(signal);
      const fault = faults.find((candidate) => candidate.left > 0 && candidate.matches(key));
      if (fault !== undefined) {
        fault.left -= 1;
        throw fault.error;
      }
      const replacedBytes = stored.get(key)?.bytes.length ?? 0;
      if (capacityBytes !== null && usedBytes() - replacedBytes + bytes.length > capacityBytes) {
        throw new SdkError({
          code: 'STORE_FAILED',
          message: `The disk is full, "${key}" was not stored.`,
          details: { reason: 'disk-full' },
        });
      }
      stored.set(key, { bytes, modifiedMs: now() });
    },
    async stat(key) {
      assertFileKey(key);
      const file = stored.get(key);
      return file === undefined ? null : entryOf(key, file);
    },
    async delete(key) {
      assertFileKey(key);
      stored.delete(key);
    },
    async list(prefix) {
      const entries: FileEntry[] = [];
      for (const [key, file] of stored) {
        if (prefix === '' || key === prefix || key.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)) {
          entries.push(entryOf(key, file));
        }
      }
      return entries.sort((left, right) => (left.key < right.key ? -1 : 1));
    },
    setCapacity(bytes) {
      capacityBytes = bytes;
    },
    failWrites(count, matches = () => true, error) {
      faults.push({
        left: count,
        matches,
        error: error ?? new SdkError({ code: 'STORE_FAILED', message: 'The file store was told to fail.' }),
      });
    },
    get usedBytes() {
      return usedBytes();
    },
  };
}

/** Reads a stream to its end unless the signal trips first; then the stream is told to stop. */
async function drain(stream: AsyncIterable<Uint8Array>, signal: CancelSignal | undefined): Promise<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  const watched: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({ next: () => raceCancel(chunks.next(), signal) }),
  };
  try {
    return await collectBytes(watched);
  } catch (error) {
    // The source may be stuck in a read that never ends: do not wait for it, and its complaint about stopping is moot.
    chunks.return?.().catch(() => undefined);
    throw error;
  }
}
