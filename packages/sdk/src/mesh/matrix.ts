/** 4 × 4 matrix, column-major, 16 numbers. */
export type Matrix = readonly number[];

/** The matrix that changes nothing. */
export const IDENTITY: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** a · b: first b, then a. */
export function multiply(a: Matrix, b: Matrix): number[] {
  const product = new Array<number>(16);
  for (let column = 0; column < 4; column += 1) {
    for (let row = 0; row < 4; row += 1) {
      let sum = 0;
      for (let inner = 0; inner < 4; inner += 1) {
        sum += (a[inner * 4 + row] as number) * (b[column * 4 + inner] as number);
      }
      product[column * 4 + row] = sum;
    }
  }
  return product;
}

/** Uniform scale about the origin, then translation. */
export function scaleThenMove(scale: number, x: number, y: number, z: number): Matrix {
  return [scale, 0, 0, 0, 0, scale, 0, 0, 0, 0, scale, 0, x, y, z, 1];
}

/** Determinant of the linear part. Negative for a mirroring matrix. */
export function determinant(matrix: Matrix): number {
  const [a, b, c, , d, e, f, , g, h, i] = matrix as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return a * (e * i - f * h) - d * (b * i - c * h) + g * (b * f - c * e);
}

/** Inverse transpose of the linear part up to a positive factor: what normals are transformed with. Nine numbers, column-major. */
export function normalMatrix(matrix: Matrix): number[] {
  const [a, b, c, , d, e, f, , g, h, i] = matrix as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const sign = determinant(matrix) < 0 ? -1 : 1;
  return [
    sign * (e * i - f * h),
    sign * (f * g - d * i),
    sign * (d * h - e * g),
    sign * (h * c - b * i),
    sign * (a * i - g * c),
    sign * (b * g - a * h),
    sign * (b * f - c * e),
    sign * (c * d - a * f),
    sign * (a * e - b * d),
  ];
}

/** Transforms points, xyz each. @returns A new array. */
export function transformPoints(matrix: Matrix, points: ArrayLike<number>): Float32Array<ArrayBuffer> {
  const [a, b, c, , d, e, f, , g, h, i, , x, y, z] = matrix as number[] & { length: 16 };
  const moved = new Float32Array(points.length);
  for (let at = 0; at < points.length; at += 3) {
    const px = points[at] as number;
    const py = points[at + 1] as number;
    const pz = points[at + 2] as number;
    moved[at] = (a as number) * px + (d as number) * py + (g as number) * pz + (x as number);
    moved[at + 1] = (b as number) * px + (e as number) * py + (h as number) * pz + (y as number);
    moved[at + 2] = (c as number) * px + (f as number) * py + (i as number) * pz + (z as number);
  }
  return moved;
}

/**
 * Transforms directions by a 3 × 3 part and makes them unit length where `unit` says so.
 *
 * @param linear - Nine numbers, column-major.
 * @param stride - Numbers per vertex, ≥ 3; only the first three are transformed.
 */
export function transformDirections(
  linear: readonly number[],
  vectors: ArrayLike<number>,
  stride: number,
  unit: boolean,
): Float32Array<ArrayBuffer> {
  const moved = Float32Array.from(vectors);
  const [a, b, c, d, e, f, g, h, i] = linear as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let at = 0; at < vectors.length; at += stride) {
    const vx = vectors[at] as number;
    const vy = vectors[at + 1] as number;
    const vz = vectors[at + 2] as number;
    const x = a * vx + d * vy + g * vz;
    const y = b * vx + e * vy + h * vz;
    const z = c * vx + f * vy + i * vz;
    const length = unit ? Math.sqrt(x * x + y * y + z * z) : 1;
    const factor = length > 0 ? 1 / length : 0;
    moved[at] = x * factor;
    moved[at + 1] = y * factor;
    moved[at + 2] = z * factor;
  }
  return moved;
}

/** The linear part of a matrix, nine numbers, column-major. */
export function linearPart(matrix: Matrix): number[] {
  return [0, 1, 2, 4, 5, 6, 8, 9, 10].map((at) => matrix[at] as number);
}
