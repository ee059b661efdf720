import { damaged } from './zstd-error.ts';

/** Up to 24 bits from bit `position` on, lowest first. Bytes outside the array count as zeros. */
export function bitsAt(bytes: Uint8Array, position: number, count: number): number {
  const at = position >> 3;
  const word =
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24);
  return (word >>> (position & 7)) & ((1 << count) - 1);
}

/** Number of the highest bit that is set, of a value above 0. */
export function highestBit(value: number): number {
  return 31 - Math.clz32(value);
}

/** Position behind the first bit of a stream that is read from its end: a one in its last byte marks it. */
export function endOfBits(bytes: Uint8Array): number {
  const last = bytes[bytes.length - 1];
  if (last === undefined || last === 0) throw damaged();
  return 8 * (bytes.length - 1) + highestBit(last);
}
