import { Inflate } from 'fflate';
import { isSdkError } from '../../foundation/errors.ts';
import { unreadable } from '../splat-errors.ts';
import { BoundedOutput, type OutputBounds } from './bounded-output.ts';
import { crc32 } from './crc32.ts';

/** Compressed bytes given to the inflater at once. Deflate makes at most 1032 of one, so this bounds what a bomb gets. */
const CHUNK_BYTES = 16 * 1024;

const TRAILER_BYTES = 8;

/** Bits of the flag byte. */
const HEADER_CRC = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const RESERVED = 0xe0;

/**
 * Decompresses a gzip file of one member, checksum included.
 *
 * @throws {@link SdkError} `ASSET_UNREADABLE` if it is damaged, cut off, followed by anything, or more than `bounds` allow.
 * @source RFC 1952.
 */
export function gunzip(bytes: Uint8Array, bounds: OutputBounds): Uint8Array {
  const begin = offsetOfDeflate(bytes);
  const end = bytes.length - TRAILER_BYTES;
  if (end <= begin) throw unreadable('The gzip file is cut off.', AGAIN);
  const output = new BoundedOutput(bounds);
  try {
    const inflate = new Inflate((chunk) => output.append(chunk));
    for (let at = begin; at < end; at += CHUNK_BYTES) {
      const next = Math.min(end, at + CHUNK_BYTES);
      inflate.push(bytes.subarray(at, next), next === end);
    }
  } catch (error) {
    if (isSdkError(error)) throw error;
    throw unreadable('The gzip file is damaged or cut off.', AGAIN, error);
  }
  const content = output.finish();
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + end, TRAILER_BYTES);
  // With a second member or other bytes behind the first, these are not its trailer and do not match.
  if (trailer.getUint32(0, true) !== crc32(content) || trailer.getUint32(4, true) !== content.length) {
    throw unreadable('The gzip file is damaged: its checksum does not match.', AGAIN);
  }
  return content;
}

const AGAIN = 'Download or export the file again.';

function offsetOfDeflate(bytes: Uint8Array): number {
  const flags = bytes[3] ?? RESERVED;
  if (bytes[2] !== 8 || (flags & RESERVED) !== 0) throw unreadable('The gzip file is of a kind that does not exist.');
  let at = 10;
  if ((flags & EXTRA) !== 0) at += 2 + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  for (const text of [NAME, COMMENT]) {
    if ((flags & text) === 0) continue;
    while (at < bytes.length && bytes[at] !== 0) at += 1;
    at += 1;
  }
  return (flags & HEADER_CRC) === 0 ? at : at + 2;
}
