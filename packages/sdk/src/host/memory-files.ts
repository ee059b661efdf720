import { collectBytes } from '../foundation/bytes.ts';
import { type CancelSignal, cancelReason, raceCancel, throwIfCancelled } from '../foundation/cancel.ts';
import { assertFileKey } from './file-key.ts';
import type { FileEntry, FileStore } from './file-store.ts';

/** How files in memory behave. */
export interface MemoryFilesOptions {
  /** Gives files their time, milliseconds since the epoch. */
  readonly now: () => number;
  /** Called before a file is stored, with what the store would hold then. Throwing keeps it out. */
  readonly admit?: (key: string, heldBytes: number) => void;
}

/** Files in memory. */
export interface MemoryFiles extends FileStore {
  /** Bytes held now. */
  readonly usedBytes: number;
}

/** A file store that is gone with the process: where a platform offers nothing better, and in tests. */
export function createMemoryFiles(options: MemoryFilesOptions): MemoryFiles {
  const stored = new Map<string, { readonly bytes: Uint8Array; readonly modifiedMs: number }>();
  let usedBytes = 0;

  const remove = (key: string): void => {
    usedBytes -= stored.get(key)?.bytes.length ?? 0;
    stored.delete(key);
  };
  const entryOf = (key: string): FileEntry | null => {
    const file = stored.get(key);
    return file === undefined ? null : { key, sizeBytes: file.bytes.length, modifiedMs: file.modifiedMs };
  };

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
      options.admit?.(key, usedBytes - (stored.get(key)?.bytes.length ?? 0) + bytes.length);
      remove(key);
      stored.set(key, { bytes, modifiedMs: options.now() });
      usedBytes += bytes.length;
    },
    async stat(key) {
      assertFileKey(key);
      return entryOf(key);
    },
    async delete(key) {
      assertFileKey(key);
      remove(key);
    },
    async list(prefix) {
      const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
      const keys = [...stored.keys()].filter((key) => key === prefix || key.startsWith(folder));
      return keys.sort().map((key) => entryOf(key) as FileEntry);
    },
    get usedBytes() {
      return usedBytes;
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
    // a copy: a stream of one chunk may go on using its buffer
    return (await collectBytes(watched)).slice();
  } catch (error) {
    // The source may be stuck in a read that never ends: do not wait for it, and its complaint about stopping is moot.
    chunks.return?.().catch(() => undefined);
    throw error;
  }
}
