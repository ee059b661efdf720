import { SdkError } from '../foundation/errors.ts';
import { log } from '../foundation/math.ts';
import { type Rotation3, rotateHarmonics } from './rotate-harmonics.ts';
import type { SplatData } from './splat-data.ts';

/** Turn, then scale, then move: p' = scale · R · p + translation. */
export interface SplatTransform {
  /** Quaternion xyzw, any length but 0. Default: no turn. */
  readonly rotation?: readonly [number, number, number, number];
  /** > 0. Default 1. */
  readonly scale?: number;
  /** Default: no move. */
  readonly translation?: readonly [number, number, number];
}

/**
 * Moves a splat as a whole. Centres, sizes, orientations and the light that depends on the direction all go along, so that it
 * looks like the original seen by a moved camera.
 *
 * @param splat - Not modified. Arrays that do not change are shared with the result.
 * @throws {@link SdkError} `INPUT_INVALID` for a scale that is not above 0, or numbers that are not finite.
 */
export function transformSplat(splat: SplatData, transform: SplatTransform): SplatData {
  const { rotation = [0, 0, 0, 1], scale = 1, translation = [0, 0, 0] } = transform;
  const [x, y, z, w] = rotation;
  const length = Math.sqrt(x * x + y * y + z * z + w * w);
  if (![length, scale, ...translation].every(Number.isFinite) || !(length > 0 && scale > 0)) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: 'A splat can only be transformed by finite numbers, a scale above 0 and a rotation with a direction.',
    });
  }
  const turn = [x / length, y / length, z / length, w / length] as const;
  const matrix = matrixOf(turn);
  const isTurned = turn[0] !== 0 || turn[1] !== 0 || turn[2] !== 0;
  return {
    ...splat,
    positions: transformPoints(splat.positions, matrix, scale, translation),
    scales: scale === 1 ? splat.scales : addToEach(splat.scales, log(scale)),
    rotations: isTurned ? turnQuaternions(splat.rotations, turn) : splat.rotations,
    harmonics: isTurned ? rotateHarmonics(splat.harmonics, splat.shDegree, matrix) : splat.harmonics,
  };
}

type Quaternion = readonly [number, number, number, number];

function matrixOf([x, y, z, w]: Quaternion): Rotation3 {
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y),
  ];
}

function transformPoints(
  points: Float32Array,
  [a, b, c, d, e, f, g, h, i]: Rotation3,
  scale: number,
  [right, up, back]: readonly [number, number, number],
): Float32Array {
  const moved = new Float32Array(points.length);
  for (let at = 0; at < points.length; at += 3) {
    const x = points[at] as number;
    const y = points[at + 1] as number;
    const z = points[at + 2] as number;
    moved[at] = scale * (a * x + b * y + c * z) + right;
    moved[at + 1] = scale * (d * x + e * y + f * z) + up;
    moved[at + 2] = scale * (g * x + h * y + i * z) + back;
  }
  return moved;
}

function addToEach(values: Float32Array, summand: number): Float32Array {
  const sums = new Float32Array(values.length);
  for (let index = 0; index < values.length; index += 1) sums[index] = (values[index] as number) + summand;
  return sums;
}

/** Hamilton product of `turn` with each. */
function turnQuaternions(quaternions: Float32Array, [tx, ty, tz, tw]: Quaternion): Float32Array {
  const turned = new Float32Array(quaternions.length);
  for (let at = 0; at < quaternions.length; at += 4) {
    const x = quaternions[at] as number;
    const y = quaternions[at + 1] as number;
    const z = quaternions[at + 2] as number;
    const w = quaternions[at + 3] as number;
    turned[at] = tw * x + tx * w + ty * z - tz * y;
    turned[at + 1] = tw * y - tx * z + ty * w + tz * x;
    turned[at + 2] = tw * z + tx * y - ty * x + tz * w;
    turned[at + 3] = tw * w - tx * x - ty * y - tz * z;
  }
  return turned;
}
