import { Decompress } from 'fzstd';
import { isSdkError } from '../../foundation/errors.ts';
import { unreadable } from '../splat-errors.ts';
import { BoundedOutput, type OutputBounds } from './bounded-output.ts';

/** Decompresses a Zstandard file. */
export function unzstd(bytes: Uint8Array, bounds: OutputBounds): Uint8Array {
  const output = new BoundedOutput(bounds);
  try {
    new Decompress((chunk) => output.append(chunk)).push(bytes, true);
  } catch (error) {
    if (isSdkError(error)) throw error;
    throw unreadable('The Zstandard frame is damaged or cut off.', 'Download or export the file again.', error);
  }
  return output.finish();
}
