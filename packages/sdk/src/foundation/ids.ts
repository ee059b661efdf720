import { toHex } from './bytes.ts';

/**
 * A UUID of version 7: sorts by time of creation, unique without coordination.
 *
 * @param nowMs - Milliseconds since the epoch.
 * @param random - Source of random bytes, cryptographic where it matters.
 * @source RFC 9562 §5.7.
 */
export function createId(nowMs: number, random: (byteLength: number) => Uint8Array): string {
  const bytes = new Uint8Array(16);
  bytes.set(random(10), 6);
  let rest = Math.floor(nowMs);
  for (let index = 5; index >= 0; index -= 1) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
