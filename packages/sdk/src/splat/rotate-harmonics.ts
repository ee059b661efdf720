import { cos, sin, TAU } from '../foundation/math.ts';
import { harmonicsCount, type ShDegree } from './splat-data.ts';

/** A rotation as a matrix, row by row. */
export type Rotation3 = readonly [number, number, number, number, number, number, number, number, number];

/** Number of functions up to each order, the constant one left out. */
const BANDS = [1, 2, 3] as const;

/**
 * The 15 real spherical harmonics of orders 1 to 3 in a direction, with the signs and the sequence of 3D Gaussian splatting.
 *
 * @param x - With y and z a vector of length 1.
 * @returns 3 + 5 + 7 values.
 * @source graphdeco-inria/gaussian-splatting, utils/sh_utils.py, eval_sh.
 */
export function evaluateHarmonics(x: number, y: number, z: number): readonly number[] {
  const [xx, yy, zz] = [x * x, y * y, z * z];
  return [
    -0.4886025119029199 * y,
    0.4886025119029199 * z,
    -0.4886025119029199 * x,
    1.0925484305920792 * x * y,
    -1.0925484305920792 * y * z,
    0.31539156525252005 * (2 * zz - xx - yy),
    -1.0925484305920792 * x * z,
    0.5462742152960396 * (xx - yy),
    -0.5900435899266435 * y * (3 * xx - yy),
    2.890611442640554 * x * y * z,
    -0.4570457994644658 * y * (4 * zz - xx - yy),
    0.3731763325901154 * z * (2 * zz - 3 * xx - 3 * yy),
    -0.4570457994644658 * x * (4 * zz - xx - yy),
    1.445305721320277 * z * (xx - yy),
    -0.5900435899266435 * x * (xx - 3 * yy),
  ];
}

/**
 * Turns the light that gaussians send out: afterwards they look from the turned direction as they did from the original.
 *
 * @param harmonics - As in `SplatData`. Not modified.
 * @returns The turned coefficients. Owned by the caller.
 */
export function rotateHarmonics(harmonics: Float32Array, degree: ShDegree, rotation: Rotation3): Float32Array {
  const turned = new Float32Array(harmonics.length);
  const matrix = harmonicsMatrix(rotation);
  const width = 3 * harmonicsCount(degree);
  for (const band of BANDS) {
    if (band > degree) break;
    const size = 2 * band + 1;
    const begin = band * band - 1;
    for (let at = 3 * begin; at < harmonics.length; at += width) {
      for (let row = 0; row < size; row += 1) {
        let [red, green, blue] = [0, 0, 0];
        const entries = (begin + row) * 15 + begin;
        for (let column = 0; column < size; column += 1) {
          const factor = matrix[entries + column] as number;
          red += factor * (harmonics[at + 3 * column] as number);
          green += factor * (harmonics[at + 3 * column + 1] as number);
          blue += factor * (harmonics[at + 3 * column + 2] as number);
        }
        turned[at + 3 * row] = red;
        turned[at + 3 * row + 1] = green;
        turned[at + 3 * row + 2] = blue;
      }
    }
  }
  return turned;
}

// Gauss-Legendre, four points: exact for polynomials up to order 7.
const LATITUDES = [
  [-0.8611363115940526, 0.3478548451374538],
  [-0.3399810435848563, 0.6521451548625461],
  [0.3399810435848563, 0.6521451548625461],
  [0.8611363115940526, 0.3478548451374538],
] as const;
const MERIDIANS = 8;

/**
 * Matrix that turns 15 coefficients; only the blocks of equal order are not zero.
 *
 * An entry is the integral of one harmonic times another one turned. Both are polynomials of order 3 at most, so a sum over 32
 * points gives the integral exactly: no recursion, no table of special cases, any convention of signs.
 */
function harmonicsMatrix(rotation: Rotation3): Float64Array {
  const matrix = new Float64Array(15 * 15);
  const [a, b, c, d, e, f, g, h, i] = rotation;
  for (const [z, latitudeWeight] of LATITUDES) {
    const ring = Math.sqrt(1 - z * z);
    const weight = (latitudeWeight * TAU) / MERIDIANS;
    for (let meridian = 0; meridian < MERIDIANS; meridian += 1) {
      const x = ring * cos((meridian * TAU) / MERIDIANS);
      const y = ring * sin((meridian * TAU) / MERIDIANS);
      const here = evaluateHarmonics(x, y, z);
      // the transposed rotation leads back to where the light came from
      const there = evaluateHarmonics(a * x + d * y + g * z, b * x + e * y + h * z, c * x + f * y + i * z);
      for (let row = 0; row < 15; row += 1) {
        for (let column = 0; column < 15; column += 1) {
          const at = row * 15 + column;
          matrix[at] = (matrix[at] as number) + weight * (here[row] as number) * (there[column] as number);
        }
      }
    }
  }
  return matrix;
}
