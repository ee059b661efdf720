import type { GeneratedPart } from './model.ts';

/**
 * Tangents for a normal map, from positions and texture coordinates.
 *
 * @returns xyzw per vertex, length 4·n: a unit vector along growing u, square to the normal; w is 1, or −1 where the
 *   texture is mirrored. Owned by the caller.
 * @source glTF 2.0 §3.7.2.1; Lengyel 2001, "Computing Tangent Space Basis Vectors for an Arbitrary Mesh". Vertices are
 *   already split wherever normals or texture coordinates part, so averaging over a vertex's triangles mixes nothing.
 */
export function computeTangents(part: Pick<GeneratedPart, 'positions' | 'normals' | 'uvs' | 'indices'>): Float32Array {
  const { positions, normals, uvs, indices } = part;
  const vertexCount = positions.length / 3;
  const along = new Float64Array(vertexCount * 3);
  const handedness = new Float64Array(vertexCount);
  for (let at = 0; at < indices.length; at += 3) {
    const a = indices[at] as number;
    const b = indices[at + 1] as number;
    const c = indices[at + 2] as number;
    const s1 = (uvs[b * 2] as number) - (uvs[a * 2] as number);
    const t1 = (uvs[b * 2 + 1] as number) - (uvs[a * 2 + 1] as number);
    const s2 = (uvs[c * 2] as number) - (uvs[a * 2] as number);
    const t2 = (uvs[c * 2 + 1] as number) - (uvs[a * 2 + 1] as number);
    const area = s1 * t2 - s2 * t1;
    if (area === 0) continue;
    const sign = area > 0 ? 1 : -1;
    for (let axis = 0; axis < 3; axis += 1) {
      const e1 = (positions[b * 3 + axis] as number) - (positions[a * 3 + axis] as number);
      const e2 = (positions[c * 3 + axis] as number) - (positions[a * 3 + axis] as number);
      const tangent = (e1 * t2 - e2 * t1) * sign;
      for (const vertex of [a, b, c]) along[vertex * 3 + axis] = (along[vertex * 3 + axis] as number) + tangent;
    }
    // v grows down the picture, so an unmirrored texture turns clockwise in (u, v)
    for (const vertex of [a, b, c]) handedness[vertex] = (handedness[vertex] as number) - area;
  }
  const tangents = new Float32Array(vertexCount * 4);
  for (let vertex = 0; vertex < vertexCount; vertex += 1) {
    const n = [normals[vertex * 3], normals[vertex * 3 + 1], normals[vertex * 3 + 2]] as [number, number, number];
    const t = [along[vertex * 3], along[vertex * 3 + 1], along[vertex * 3 + 2]] as [number, number, number];
    const [x, y, z] = squareTo(n, t) ?? squareTo(n, Math.abs(n[0]) < 0.8 ? [1, 0, 0] : [0, 1, 0]) ?? [1, 0, 0];
    tangents.set([x, y, z, (handedness[vertex] as number) < 0 ? -1 : 1], vertex * 4);
  }
  return tangents;
}

/** The part of `vector` across the unit `normal`, at unit length; undefined if there is none. */
function squareTo(
  normal: readonly [number, number, number],
  vector: readonly [number, number, number],
): [number, number, number] | undefined {
  const dot = normal[0] * vector[0] + normal[1] * vector[1] + normal[2] * vector[2];
  const x = vector[0] - normal[0] * dot;
  const y = vector[1] - normal[1] * dot;
  const z = vector[2] - normal[2] * dot;
  const length = Math.sqrt(x * x + y * y + z * z);
  const whole = Math.sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2]);
  return length > 1e-6 * whole && length > 1e-30 ? [x / length, y / length, z / length] : undefined;
}
