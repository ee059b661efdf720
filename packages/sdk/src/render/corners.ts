/** Corners of the triangle at hand and the weights of a point in it. Written again for every point, so that none allocates. */
export interface Corners {
  /** Numbers of the corners in their mesh. */
  a: number;
  b: number;
  c: number;
  /** How much each corner counts; they sum to 1. */
  weightA: number;
  weightB: number;
  weightC: number;
  /** Edge from the first corner to the second. */
  e1x: number;
  e1y: number;
  e1z: number;
  /** Edge from the first corner to the third. */
  e2x: number;
  e2y: number;
  e2z: number;
}

/** Makes an empty set of corners. */
export function createCorners(): Corners {
  return { a: 0, b: 0, c: 0, weightA: 0, weightB: 0, weightC: 0, e1x: 0, e1y: 0, e1z: 0, e2x: 0, e2y: 0, e2z: 0 };
}

/**
 * Finds the weights of the corners where a ray meets the triangle's plane.
 *
 * @param sx - The ray's start, seen from the first corner.
 * @source Möller and Trumbore, "Fast, minimum storage ray/triangle intersection", 1997
 */
export function weigh(k: Corners, rayX: number, rayY: number, rayZ: number, sx: number, sy: number, sz: number): void {
  const px = rayY * k.e2z - rayZ * k.e2y;
  const py = rayZ * k.e2x - rayX * k.e2z;
  const pz = rayX * k.e2y - rayY * k.e2x;
  const determinant = k.e1x * px + k.e1y * py + k.e1z * pz;
  let b = 1 / 3;
  let c = 1 / 3;
  if (determinant !== 0) {
    const qx = sy * k.e1z - sz * k.e1y;
    const qy = sz * k.e1x - sx * k.e1z;
    const qz = sx * k.e1y - sy * k.e1x;
    b = Math.min(1, Math.max(0, (sx * px + sy * py + sz * pz) / determinant));
    c = Math.min(1, Math.max(0, (rayX * qx + rayY * qy + rayZ * qz) / determinant));
    // The middle of a few samples can lie a little outside; attributes are defined inside.
    const sum = b + c;
    if (sum > 1) {
      b /= sum;
      c /= sum;
    }
  }
  k.weightA = 1 - b - c;
  k.weightB = b;
  k.weightC = c;
}

/** A number of the vertices, interpolated: `stride` numbers each, `offset` among them. */
export function mix(k: Corners, array: Float32Array, stride: number, offset: number): number {
  return (
    k.weightA * component(array, k.a * stride + offset) +
    k.weightB * component(array, k.b * stride + offset) +
    k.weightC * component(array, k.c * stride + offset)
  );
}

/** A number of a vertex; short or broken arrays of a hostile file count as 0. */
export function component(array: Float32Array, index: number): number {
  const value = array[index] as number;
  return value - value === 0 ? value : 0;
}
