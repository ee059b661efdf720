import { unreadable } from '../splat-errors.ts';

/** The error for a Zstandard frame that is not what its beginning promises. */
export function damaged(): Error {
  return unreadable('The Zstandard frame is damaged or cut off.', 'Download or export the file again.');
}
