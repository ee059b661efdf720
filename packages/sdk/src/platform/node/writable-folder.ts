import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SdkError } from '../../foundation/errors.ts';
import { systemErrorCode, toStoreError } from './store-error.ts';

/**
 * Fails unless files can be put into a folder, which need not exist yet.
 *
 * Really tries: a folder is made and removed in the nearest one that exists. Permissions alone do not tell; a disk may be
 * read-only, a folder of the system may refuse everything, and Node's own `mkdir` never comes back from some of those.
 *
 * @param folder - Absolute path.
 * @param remedy - What the person can do about it.
 * @throws {@link SdkError} `STORE_FAILED` where nothing can be written, `INPUT_INVALID` where a file is in the way.
 */
export async function assertFolderWritable(folder: string, remedy: string): Promise<void> {
  const nearest = await nearestExisting(folder);
  try {
    await rmdir(await mkdtemp(join(nearest, '.maquette-')));
  } catch (error) {
    const failure =
      systemErrorCode(error) === 'ENOENT' ? noFoldersError(folder, nearest, error) : toStoreError(error, folder);
    if (!(failure instanceof SdkError)) throw failure;
    const { code, message, details } = failure;
    throw new SdkError({ code, message, remedy, ...(details === undefined ? {} : { details }), cause: error });
  }
}

async function nearestExisting(folder: string): Promise<string> {
  for (let path = folder; ; path = dirname(path)) {
    const facts = await stat(path).catch((error: unknown) => {
      const code = systemErrorCode(error);
      if ((code === 'ENOENT' || code === 'ENOTDIR') && dirname(path) !== path) return null;
      throw toStoreError(error, path);
    });
    if (facts?.isDirectory()) return path;
    if (facts !== null) {
      const message =
        path === folder ? `${path} is a file, not a folder.` : `${folder} lies under a file, not a folder.`;
      throw new SdkError({ code: 'INPUT_INVALID', message, remedy: 'Choose another folder.' });
    }
  }
}

function noFoldersError(folder: string, nearest: string, cause: unknown): SdkError {
  return new SdkError({
    code: 'STORE_FAILED',
    message: `${folder} cannot be written: the system lets nobody make a folder in ${nearest}.`,
    details: { reason: 'not-writable', path: folder },
    cause,
  });
}
