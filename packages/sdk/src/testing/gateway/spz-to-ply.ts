import { readSplat } from '../../splat/read-splat.ts';
import { writePly } from '../../splat/write-ply.ts';

/** Turns an SPZ file into a PLY one, as the gateway does for `compress=0`. Throws for anything but SPZ. */
export function spzToPly(file: Uint8Array): Uint8Array {
  const { splat, format } = readSplat(file);
  if (format !== 'spz') throw new TypeError(`The file is ${format} already.`);
  return writePly(splat);
}
