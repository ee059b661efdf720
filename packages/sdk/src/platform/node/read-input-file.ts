import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { collectBytes } from '../../foundation/bytes.ts';
import { SdkError } from '../../foundation/errors.ts';
import { toPlainBytes } from './atomic-file.ts';
import { systemErrorCode } from './store-error.ts';

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
};

/**
 * All bytes of a file the person named.
 *
 * @param path - Absolute path.
 * @param limitBytes - Above it the file is not even opened, a pipe not read on: `ASSET_TOO_LARGE`.
 * @throws {@link SdkError} `INPUT_INVALID` where there is no such file or it cannot be read.
 */
export async function readInputFile(path: string, limitBytes: number): Promise<Uint8Array> {
  try {
    const facts = await stat(path);
    if (facts.size > limitBytes) throw tooLarge(path, facts.size, limitBytes);
    if (facts.isFile() || facts.isDirectory()) return toPlainBytes(await readFile(path));
    // a pipe or a device tells no size beforehand
    const bytes = await collectBytes(createReadStream(path, { end: limitBytes }));
    if (bytes.length > limitBytes) throw tooLarge(path, undefined, limitBytes);
    return new Uint8Array(bytes);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `${path} ${SENTENCES[code] ?? `cannot be read (${code})`}.`,
      remedy: 'Check the path.',
      cause: error,
    });
  }
}

function tooLarge(path: string, sizeBytes: number | undefined, limitBytes: number): SdkError {
  return new SdkError({
    code: 'ASSET_TOO_LARGE',
    message: `${path} has ${sizeBytes === undefined ? 'too many bytes' : megabytes(sizeBytes)}; at most ${megabytes(limitBytes)} are read.`,
    remedy: 'Use a smaller file.',
  });
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e5) / 10} MB`;
}
