import { harmonicsCount, type SplatData } from '../../splat/splat-data.ts';

const HEADER_BYTES = 16;
const FRACTION_BITS = 12;
const LARGEST_POSITION = 0x7fffff;

/**
 * Writes a splat as SPZ version 2 before any compression: header, then one plane after the other.
 *
 * @param splat - Frame RUB, as the files of 404-GEN are. Positions within ±2047 m keep a step of 1/4096 m.
 * @source github.com/nianticlabs/spz; reference implementation `load-spz.cc`
 */
export function writeSpz(splat: SplatData): Uint8Array {
  const { count } = splat;
  const harmonics = 3 * harmonicsCount(splat.shDegree);
  const bytes = new Uint8Array(HEADER_BYTES + count * (9 + 1 + 3 + 3 + 3 + harmonics));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x5053474e, true);
  view.setUint32(4, 2, true);
  view.setUint32(8, count, true);
  bytes[12] = splat.shDegree;
  bytes[13] = FRACTION_BITS;
  let at = HEADER_BYTES;
  for (const coordinate of splat.positions) {
    const fixed = Math.max(-LARGEST_POSITION, Math.min(LARGEST_POSITION, Math.round(coordinate * 2 ** FRACTION_BITS)));
    bytes[at] = fixed & 0xff;
    bytes[at + 1] = (fixed >> 8) & 0xff;
    bytes[at + 2] = (fixed >> 16) & 0xff;
    at += 3;
  }
  for (const logit of splat.opacities) bytes[at++] = toByte(255 / (1 + Math.exp(-logit)));
  for (const color of splat.colors) bytes[at++] = toByte((color * 0.15 + 0.5) * 255);
  for (const scale of splat.scales) bytes[at++] = toByte((scale + 10) * 16);
  for (let index = 0; index < count; index += 1) {
    const [x, y, z, w] = splat.rotations.subarray(4 * index, 4 * index + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const sign = w < 0 ? -127.5 : 127.5; // the reader takes the root that is not negative for w
    bytes[at++] = toByte(x * sign + 127.5);
    bytes[at++] = toByte(y * sign + 127.5);
    bytes[at++] = toByte(z * sign + 127.5);
  }
  for (const coefficient of splat.harmonics) bytes[at++] = toByte(coefficient * 128 + 128);
  return bytes;
}

function toByte(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
