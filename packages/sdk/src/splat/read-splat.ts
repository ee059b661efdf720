import { plyReader } from './ply/read-ply.ts';
import { tooLarge, unreadable } from './splat-errors.ts';
import { SPLAT_LIMITS, type SplatLimits } from './splat-limits.ts';
import type { ReadSplat, SplatReader } from './splat-reader.ts';
import { spzReader } from './spz/read-spz.ts';

/** Dialects, told apart by their first bytes. A further one is a file with a reader and a line here. */
const READERS: readonly SplatReader[] = [plyReader, spzReader];

/** True if the first bytes are those of a splat file, which then is not a mesh that can be read: 4 bytes are enough. */
export function isSplatFile(bytes: Uint8Array): boolean {
  return READERS.some((reader) => reader.matches(bytes));
}

/**
 * Reads a Gaussian splat, whatever its file is called: 3DGS PLY, or SPZ version 2 bare, in gzip or in a Zstandard frame.
 *
 * Numbers come in the frame of the file and are not cleaned: run `dropNonFinite` next.
 *
 * @param bytes - The file. Not modified, not kept.
 * @throws {@link SdkError} `ASSET_UNREADABLE` if it is damaged, or of a kind that is not read, which the message names;
 * `ASSET_INVALID` if it breaks the rules of its format; `ASSET_TOO_LARGE`.
 */
export function readSplat(bytes: Uint8Array, limits: SplatLimits = SPLAT_LIMITS): ReadSplat {
  if (bytes.length > limits.fileBytes) {
    throw tooLarge(`The file has ${bytes.length} bytes; at most ${limits.fileBytes} are read.`);
  }
  const reader = READERS.find((candidate) => candidate.matches(bytes));
  if (reader === undefined) {
    throw unreadable('This is not a Gaussian splat that can be read.', 'Give a 3DGS PLY or an SPZ of version 2.');
  }
  return reader.read(bytes, limits);
}
