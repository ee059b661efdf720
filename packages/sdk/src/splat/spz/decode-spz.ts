import { log } from '../../foundation/math.ts';
import { OPAQUE_LOGIT } from '../settle-values.ts';
import { harmonicsCount, type ShDegree, type SplatData } from '../splat-data.ts';

/**
 * Turns the arrays of an SPZ of version 2, which follow its header, into numbers.
 *
 * Every field but the position is a byte, so each is looked up in a table of 256.
 *
 * @param payload - Exactly the arrays: positions, opacities, colours, scales, rotations, harmonics. Not modified.
 * @source nianticlabs/spz, load-spz.cc, unpackGaussians; 404-Repo/spz-rs, spz-lib/src/lib.rs, unpack_gaussians.
 */
export function decodeSpz(payload: Uint8Array, count: number, shDegree: ShDegree, fractionalBits: number): SplatData {
  let offset = 0;
  const take = (bytesEach: number): Uint8Array => {
    offset += bytesEach * count;
    return payload.subarray(offset - bytesEach * count, offset);
  };
  return {
    count,
    positions: decodePositions(take(9), fractionalBits),
    opacities: lookUp(take(1), OPACITIES),
    colors: lookUp(take(3), COLORS),
    scales: lookUp(take(3), SCALES),
    rotations: decodeRotations(take(3)),
    shDegree,
    harmonics: lookUp(take(3 * harmonicsCount(shDegree)), HARMONICS),
  };
}

function tableOf(value: (byte: number) => number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => value(byte));
}

// 0 and 255 stand for opacities of 0 and 1, whose logits are infinite: 404's own server writes them as such into PLYs.
const OPACITIES = tableOf((byte) => {
  if (byte === 0) return -OPAQUE_LOGIT;
  return byte === 255 ? OPAQUE_LOGIT : log(byte / (255 - byte));
});
const COLORS = tableOf((byte) => (byte / 255 - 0.5) / 0.15);
const SCALES = tableOf((byte) => byte / 16 - 10);
const COMPONENTS = tableOf((byte) => byte / 127.5 - 1);
const HARMONICS = tableOf((byte) => (byte - 128) / 128);

function lookUp(bytes: Uint8Array, table: Float32Array): Float32Array {
  const values = new Float32Array(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) values[index] = table[bytes[index] as number] as number;
  return values;
}

/** Numbers of 24 bits with sign, `fractionalBits` of them behind the point. */
function decodePositions(bytes: Uint8Array, fractionalBits: number): Float32Array {
  const positions = new Float32Array(bytes.length / 3);
  const unit = 1 / 2 ** fractionalBits;
  for (let index = 0, at = 0; index < positions.length; index += 1, at += 3) {
    const high = (bytes[at] as number) << 8;
    const bits = high | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 24);
    positions[index] = (bits >> 8) * unit;
  }
  return positions;
}

/** x, y and z are stored; w follows from the length of 1 and is never negative. */
function decodeRotations(bytes: Uint8Array): Float32Array {
  const rotations = new Float32Array((bytes.length / 3) * 4);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const x = COMPONENTS[bytes[from] as number] as number;
    const y = COMPONENTS[bytes[from + 1] as number] as number;
    const z = COMPONENTS[bytes[from + 2] as number] as number;
    const squared = x * x + y * y + z * z;
    // rounding can make the three longer than 1 together; then w is 0 and the rest is shortened
    const shorten = squared > 1 ? 1 / Math.sqrt(squared) : 1;
    rotations[to] = x * shorten;
    rotations[to + 1] = y * shorten;
    rotations[to + 2] = z * shorten;
    rotations[to + 3] = squared < 1 ? Math.sqrt(1 - squared) : 0;
  }
  return rotations;
}
