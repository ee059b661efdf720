import { readdir, readFile, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { assertFileKey } from '../../host/file-key.ts';
import type { FileEntry, FileStore } from '../../host/file-store.ts';
import { isTemporaryName, toPlainBytes, writeFileAtomically } from './atomic-file.ts';
import { systemErrorCode, toStoreError } from './store-error.ts';

/** A {@link FileStore} on a folder of the disk. */
export interface NodeFileStore extends FileStore {
  /** Absolute path of a key, whether or not the file exists. `INPUT_INVALID` for a malformed key. */
  pathOf(key: string): string;
  /** Removes what writers that died left behind, if it is older than that. Returns how many files went. */
  sweep(olderThanMs: number): Promise<number>;
}

/**
 * Files under a folder, which is made on the first write.
 *
 * @param folder - Absolute path.
 */
export function createNodeFileStore(folder: string): NodeFileStore {
  const pathOf = (key: string): string => {
    assertFileKey(key);
    return join(folder, ...key.split('/'));
  };

  /** Every file below a folder, leftovers of writers included. */
  const walk = async (path: string, key: string, found: FileEntry[]): Promise<void> => {
    const names = await orNothing(readdir(path, { withFileTypes: true }), path);
    for (const entry of names ?? []) {
      const childKey = key === '' ? entry.name : `${key}/${entry.name}`;
      const childPath = join(path, entry.name);
      if (entry.isDirectory()) await walk(childPath, childKey, found);
      else if (entry.isFile()) {
        const facts = await orNothing(stat(childPath), childPath);
        if (facts) found.push({ key: childKey, sizeBytes: facts.size, modifiedMs: facts.mtimeMs });
      }
    }
  };

  return {
    pathOf,
    async read(key) {
      const path = pathOf(key);
      const bytes = await orNothing(readFile(path), path);
      return bytes === null ? null : toPlainBytes(bytes);
    },
    async write(key, content, signal) {
      const path = pathOf(key);
      try {
        await writeFileAtomically(path, content, signal);
      } catch (error) {
        throw toStoreError(error, path);
      }
    },
    async stat(key) {
      const path = pathOf(key);
      const facts = await orNothing(stat(path), path);
      return facts?.isFile() ? { key, sizeBytes: facts.size, modifiedMs: facts.mtimeMs } : null;
    },
    async delete(key) {
      const path = pathOf(key);
      await orNothing(unlink(path), path);
    },
    async list(prefix) {
      const start = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
      const found: FileEntry[] = [];
      if (start === '') await walk(folder, '', found);
      else {
        const path = pathOf(start);
        const facts = await orNothing(stat(path), path);
        if (facts?.isDirectory()) await walk(path, start, found);
        else if (facts?.isFile() && start === prefix) {
          found.push({ key: start, sizeBytes: facts.size, modifiedMs: facts.mtimeMs });
        }
      }
      return found
        .filter((entry) => !isTemporaryName(entry.key))
        .sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
    },
    async sweep(olderThanMs) {
      const found: FileEntry[] = [];
      await walk(folder, '', found);
      const leftovers = found.filter(
        (entry) => isTemporaryName(entry.key) && entry.modifiedMs < Date.now() - olderThanMs,
      );
      for (const entry of leftovers) await rm(join(folder, ...entry.key.split('/')), { force: true });
      return leftovers.length;
    },
  };
}

/** The result of a file operation, or null where there is no such file. */
async function orNothing<T>(work: Promise<T>, path: string): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw toStoreError(error, path);
  }
}
