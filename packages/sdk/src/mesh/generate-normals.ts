import { cos } from '../foundation/math.ts';
import { numberPositions } from './weld-vertices.ts';

/** Beyond this angle between two faces the edge stays sharp. Common default of modelling programs. */
export const CREASE_ANGLE_DEG = 60;

/** How many faces around one point are looked at; a fan of thousands of faces would cost the square of its size. */
const FACES_PER_POINT = 64;

/**
 * Unit normals for every corner of every triangle, smooth where faces meet below the crease angle and sharp above.
 *
 * Faces are weighted by their area. Vertices at equal positions count as one point, so that seams do not show.
 *
 * @param positions - xyz per vertex. Not modified.
 * @param indices - 3·m vertex numbers. Not modified.
 * @returns xyz per corner, length 3·indices.length. Corners of triangles without area get a neighbour's direction, or +Y.
 */
export function generateCornerNormals(
  positions: Float32Array,
  indices: Uint32Array,
  creaseAngleDeg: number = CREASE_ANGLE_DEG,
): Float32Array {
  const { numbers, uniqueCount } = numberPositions(positions);
  const faceCount = indices.length / 3;
  const faces = faceVectors(positions, indices);
  const unit = new Float64Array(faceCount * 3);
  for (let face = 0; face < faceCount; face += 1) {
    const [x, y, z] = [faces[face * 3] as number, faces[face * 3 + 1] as number, faces[face * 3 + 2] as number];
    const length = Math.sqrt(x * x + y * y + z * z);
    if (length > 0) unit.set([x / length, y / length, z / length], face * 3);
  }
  const offsets = new Uint32Array(uniqueCount + 1);
  for (const index of indices)
    offsets[(numbers[index] as number) + 1] = (offsets[(numbers[index] as number) + 1] as number) + 1;
  for (let point = 0; point < uniqueCount; point += 1) {
    offsets[point + 1] = (offsets[point + 1] as number) + (offsets[point] as number);
  }
  const fill = offsets.slice(0, uniqueCount);
  const around = new Uint32Array(indices.length);
  for (let corner = 0; corner < indices.length; corner += 1) {
    const point = numbers[indices[corner] as number] as number;
    around[fill[point] as number] = Math.floor(corner / 3);
    fill[point] = (fill[point] as number) + 1;
  }
  const limit = cos((creaseAngleDeg * Math.PI) / 180) - 1e-6;
  const normals = new Float32Array(indices.length * 3);
  for (let corner = 0; corner < indices.length; corner += 1) {
    const own = Math.floor(corner / 3) * 3;
    const point = numbers[indices[corner] as number] as number;
    const start = offsets[point] as number;
    const end = Math.min(offsets[point + 1] as number, start + FACES_PER_POINT);
    const flat = unit[own] === 0 && unit[own + 1] === 0 && unit[own + 2] === 0;
    let [x, y, z] = [faces[own] as number, faces[own + 1] as number, faces[own + 2] as number];
    for (let at = start; at < end; at += 1) {
      const other = (around[at] as number) * 3;
      if (other === own) continue;
      const cosine =
        (unit[own] as number) * (unit[other] as number) +
        (unit[own + 1] as number) * (unit[other + 1] as number) +
        (unit[own + 2] as number) * (unit[other + 2] as number);
      if (!flat && cosine < limit) continue;
      x += faces[other] as number;
      y += faces[other + 1] as number;
      z += faces[other + 2] as number;
    }
    const length = Math.sqrt(x * x + y * y + z * z);
    normals.set(length > 0 ? [x / length, y / length, z / length] : [0, 1, 0], corner * 3);
  }
  return normals;
}

/** Cross product of two edges of every triangle: its direction times twice its area. */
export function faceVectors(positions: Float32Array, indices: Uint32Array): Float64Array {
  const vectors = new Float64Array(indices.length);
  for (let at = 0; at < indices.length; at += 3) {
    const a = (indices[at] as number) * 3;
    const b = (indices[at + 1] as number) * 3;
    const c = (indices[at + 2] as number) * 3;
    const [ax, ay, az] = [positions[a] as number, positions[a + 1] as number, positions[a + 2] as number];
    const [ux, uy, uz] = [
      (positions[b] as number) - ax,
      (positions[b + 1] as number) - ay,
      (positions[b + 2] as number) - az,
    ];
    const [vx, vy, vz] = [
      (positions[c] as number) - ax,
      (positions[c + 1] as number) - ay,
      (positions[c + 2] as number) - az,
    ];
    vectors[at] = uy * vz - uz * vy;
    vectors[at + 1] = uz * vx - ux * vz;
    vectors[at + 2] = ux * vy - uy * vx;
  }
  return vectors;
}
