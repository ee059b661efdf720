import { Gunzip } from 'fflate';
import { isSdkError } from '../../foundation/errors.ts';
import { unreadable } from '../splat-errors.ts';
import { BoundedOutput, type OutputBounds } from './bounded-output.ts';
import { crc32 } from './crc32.ts';

/** Compressed bytes given to the inflater at once. Deflate makes at most 1032 of one, so this bounds what a bomb gets. */
const CHUNK_BYTES = 16 * 1024;

const TRAILER_BYTES = 8;

/**
 * Decompresses a gzip file of one member, checksum included.
 *
 * @throws {@link SdkError} `ASSET_UNREADABLE` if it is damaged, cut off, followed by anything, or more than `bounds` allow.
 * @source RFC 1952.
 */
export function gunzip(bytes: Uint8Array, bounds: OutputBounds): Uint8Array {
  if (bytes.length <= TRAILER_BYTES) throw unreadable('The gzip file is cut off.', AGAIN);
  const output = new BoundedOutput(bounds);
  try {
    const inflater = new Gunzip((chunk) => output.append(chunk));
    inflater.onmember = () => {
      throw unreadable('The gzip file holds more than one file.');
    };
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      inflater.push(bytes.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES >= bytes.length);
    }
  } catch (error) {
    if (isSdkError(error)) throw error;
    throw unreadable('The gzip file is damaged or cut off.', AGAIN, error);
  }
  const content = output.finish();
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - TRAILER_BYTES, TRAILER_BYTES);
  // with other bytes behind them, the last ones are not the trailer and do not match
  if (trailer.getUint32(0, true) !== crc32(content) || trailer.getUint32(4, true) !== content.length) {
    throw unreadable('The gzip file is damaged: its checksum does not match.', AGAIN);
  }
  return content;
}

const AGAIN = 'Download or export the file again.';
