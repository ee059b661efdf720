import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type CancelSignal, throwIfCancelled } from '../../foundation/cancel.ts';
import { drain } from '../../foundation/drain.ts';
import { systemErrorCode } from './store-error.ts';

// `~` is in no file key and in no name of an asset folder, so a leftover can be told from a file.
const TEMPORARY_NAME = /~[0-9a-f]{12}$/;

/** True for the name of a file that was being written when its process died. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY_NAME.test(name);
}

/** The same bytes as a plain array: a Buffer's `slice` shares memory where everybody expects a copy. */
export function toPlainBytes(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Writes a file so that a reader, also one after a power cut, sees the old bytes or the new ones.
 *
 * Temporary name in the same folder, flush, rename, flush of the folder. Folders on the way are made. If the stream
 * fails or the signal trips nothing is left behind. Throws what the system threw.
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  signal?: CancelSignal,
): Promise<void> {
  throwIfCancelled(signal);
  const folder = dirname(path);
  const firstMade = await mkdir(folder, { recursive: true });
  if (firstMade !== undefined) await flushFolder(dirname(firstMade));
  const temporaryPath = join(folder, `${basename(path)}~${randomBytes(6).toString('hex')}`);
  try {
    await writeAndFlush(temporaryPath, content, signal);
    throwIfCancelled(signal);
    await rename(temporaryPath, path);
  } catch (error) {
    await unlink(temporaryPath).catch(() => undefined); // it may never have been made; the first error is the one that counts
    throw error;
  }
  await flushFolder(folder);
}

/** Writes a new file and waits until the disk has it. Whoever calls removes it after a failure. */
export async function writeAndFlush(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  signal?: CancelSignal,
): Promise<void> {
  const file = await open(path, 'wx');
  try {
    if (content instanceof Uint8Array) await file.writeFile(content);
    else await drain(content, (chunk) => file.writeFile(chunk), signal);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits until the disk knows the names in a folder. Systems that cannot flush a folder do not need it. */
export async function flushFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    // Windows opens no folders (EPERM, EISDIR); some network and container file systems answer EINVAL or ENOTSUP.
    if (!['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EACCES'].includes(systemErrorCode(error) ?? '')) throw error;
  }
}
