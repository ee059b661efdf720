import { type CancelSignal, throwIfCancelled } from '../../foundation/cancel.ts';
import { drain } from '../../foundation/drain.ts';
import { isCancelError, isSdkError, SdkError } from '../../foundation/errors.ts';
import { assertFileKey } from '../../host/file-key.ts';
import type { FileEntry, FileStore } from '../../host/file-store.ts';

/**
 * A file store on a folder of the browser's origin-private file system.
 *
 * A write goes to a copy that takes the file's place when it is closed, so it is all or nothing.
 *
 * @param openRoot - Opens the folder; called once.
 * @source WHATWG File System, FileSystemFileHandle.createWritable and FileSystemWritableFileStream.close.
 */
export function createDirectoryFileStore(openRoot: () => Promise<FileSystemDirectoryHandle>): FileStore {
  let opening: Promise<FileSystemDirectoryHandle> | undefined;
  const root = (): Promise<FileSystemDirectoryHandle> => {
    opening ??= openRoot();
    return opening;
  };

  /** Folder and name of a key; null if a folder on the way is missing and must not be made. */
  const locate = async (key: string, create: boolean): Promise<[FileSystemDirectoryHandle, string] | null> => {
    assertFileKey(key);
    const names = key.split('/');
    const name = names.pop() as string;
    let folder = await root();
    for (const part of names) {
      const next = await orNull(folder.getDirectoryHandle(part, { create }));
      if (next === null) return null;
      folder = next;
    }
    return [folder, name];
  };
  const openFile = async (key: string): Promise<File | null> => {
    const place = await locate(key, false);
    const handle = place === null ? null : await orNull(place[0].getFileHandle(place[1]));
    return handle === null ? null : orNull(handle.getFile());
  };
  const toEntry = (key: string, file: File): FileEntry => ({
    key,
    sizeBytes: file.size,
    modifiedMs: file.lastModified,
  });
  const walk = async (folder: FileSystemDirectoryHandle, path: string, found: FileEntry[]): Promise<void> => {
    for await (const [name, handle] of folder.entries()) {
      const key = `${path}${name}`;
      if (handle.kind === 'directory') await walk(handle as FileSystemDirectoryHandle, `${key}/`, found);
      else {
        const file = await orNull((handle as FileSystemFileHandle).getFile());
        if (file !== null) found.push(toEntry(key, file));
      }
    }
  };

  return {
    async read(key) {
      const file = await openFile(key);
      return file === null ? null : new Uint8Array(await file.arrayBuffer());
    },
    async write(key, content, signal) {
      throwIfCancelled(signal);
      try {
        const place = await locate(key, true);
        if (place === null)
          throw new SdkError({ code: 'STORE_FAILED', message: `A folder of "${key}" cannot be made.` });
        await writeFile(place[0], place[1], content, signal);
      } catch (error) {
        throw toStoreError(error, key);
      }
    },
    async stat(key) {
      const file = await openFile(key);
      return file === null ? null : toEntry(key, file);
    },
    async delete(key) {
      const place = await locate(key, false);
      if (place !== null) await orNull(place[0].removeEntry(place[1]));
    },
    async list(prefix) {
      const found: FileEntry[] = [];
      const start = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
      if (start === '') await walk(await root(), '', found);
      else {
        const place = await locate(start, false);
        const folder = place === null ? null : await orNull(place[0].getDirectoryHandle(place[1]));
        if (folder !== null) await walk(folder, `${start}/`, found);
        const file = start === prefix ? await openFile(start) : null;
        if (file !== null) found.push(toEntry(start, file));
      }
      return found.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
    },
  };
}

async function writeFile(
  folder: FileSystemDirectoryHandle,
  name: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  signal: CancelSignal | undefined,
): Promise<void> {
  const isNew = (await orNull(folder.getFileHandle(name))) === null;
  const handle = await folder.getFileHandle(name, { create: true });
  try {
    const stream = await handle.createWritable();
    try {
      if (content instanceof Uint8Array) await stream.write(new Uint8Array(content));
      else await drain(content, (chunk) => stream.write(new Uint8Array(chunk)), signal);
      throwIfCancelled(signal);
      await stream.close();
    } catch (error) {
      await stream.abort().catch(() => undefined); // an errored stream refuses to be aborted; its copy is gone anyway
      throw error;
    }
  } catch (error) {
    // the handle of a new file made an empty one
    if (isNew) await orNull(folder.removeEntry(name));
    throw error;
  }
}

/** The result of an operation on a handle, or null where there is nothing of that name and kind. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    const name = (error as { name?: unknown } | null)?.name;
    if (name === 'NotFoundError' || name === 'TypeMismatchError') return null;
    throw error;
  }
}

function toStoreError(error: unknown, key: string): unknown {
  if (isSdkError(error) || isCancelError(error) || !(error instanceof DOMException)) return error;
  const isFull = error.name === 'QuotaExceededError';
  return new SdkError({
    code: 'STORE_FAILED',
    message: isFull
      ? `The browser gives no more room: "${key}" was not stored.`
      : `"${key}" cannot be stored (${error.name}).`,
    details: { reason: isFull ? 'disk-full' : error.name },
    cause: error,
  });
}
