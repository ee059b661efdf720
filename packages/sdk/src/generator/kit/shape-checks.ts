import type { GeneratedModel } from '../model.ts';
import type { Shape } from './shape.ts';
import type { Vec3 } from './vector.ts';

/** Volume enclosed by a closed shape, cubic metres; negative when it is inside out. */
export function signedVolume(positions: ArrayLike<number>, indices: ArrayLike<number>): number {
  let volume = 0;
  const at = (corner: number, axis: number): number => positions[(indices[corner] as number) * 3 + axis] as number;
  for (let corner = 0; corner < indices.length; corner += 3) {
    const [a, b, c] = [corner, corner + 1, corner + 2];
    volume +=
      at(a, 0) * (at(b, 1) * at(c, 2) - at(b, 2) * at(c, 1)) +
      at(a, 1) * (at(b, 2) * at(c, 0) - at(b, 0) * at(c, 2)) +
      at(a, 2) * (at(b, 0) * at(c, 1) - at(b, 1) * at(c, 0));
  }
  return volume / 6;
}

/** Number of edges that are not used exactly once in each direction; 0 for a closed, consistently wound shape. */
export function openEdgeCount(shape: Shape): number {
  const uses = new Map<string, number>();
  for (let corner = 0; corner < shape.corners.length; corner += 3) {
    for (let side = 0; side < 3; side += 1) {
      const a = shape.corners[corner + side] as number;
      const b = shape.corners[corner + ((side + 1) % 3)] as number;
      const name = a < b ? `${a} ${b}` : `${b} ${a}`;
      uses.set(name, (uses.get(name) ?? 0) + (a < b ? 1 : 1000));
    }
  }
  return [...uses.values()].filter((count) => count !== 1001).length;
}

/** Area in texture space over area in space, for the whole shape; 1 when texture coordinates are true metres. */
export function uvDensity(shape: Shape): number {
  let world = 0;
  let flat = 0;
  for (let corner = 0; corner < shape.corners.length; corner += 3) {
    const point = (offset: number): Vec3 => shape.vertex(shape.corners[corner + offset] as number);
    const [p, q, r] = [point(0), point(1), point(2)];
    const u = [0, 1, 2].map((axis) => (q[axis] as number) - (p[axis] as number)) as [number, number, number];
    const v = [0, 1, 2].map((axis) => (r[axis] as number) - (p[axis] as number)) as [number, number, number];
    world += Math.sqrt(
      (u[1] * v[2] - u[2] * v[1]) ** 2 + (u[2] * v[0] - u[0] * v[2]) ** 2 + (u[0] * v[1] - u[1] * v[0]) ** 2,
    );
    const uv = (offset: number, component: number): number =>
      shape.cornerUvs[(corner + offset) * 2 + component] as number;
    flat += Math.abs((uv(1, 0) - uv(0, 0)) * (uv(2, 1) - uv(0, 1)) - (uv(1, 1) - uv(0, 1)) * (uv(2, 0) - uv(0, 0)));
  }
  return flat / world;
}

/** What every family's test asks of a model. */
export interface ModelFacts {
  readonly triangles: number;
  readonly min: readonly number[];
  readonly max: readonly number[];
  /** One line per broken rule; empty for a sound model. */
  readonly faults: readonly string[];
  /** 32 bits over all geometry and a sample of the pixels. */
  readonly digest: number;
}

/** Measures a model and looks for faults: lengths, ranges, finite numbers, unit normals, flat triangles, textures. */
export function examineModel(model: GeneratedModel): ModelFacts {
  const faults: string[] = [];
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  let triangles = 0;
  let digest = 0x811c9dc5;
  const absorb = (array: ArrayBufferView, stride: number): void => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let at = 0; at < bytes.length; at += stride) digest = Math.imul(digest ^ (bytes[at] as number), 0x01000193);
  };
  for (const { name, positions, normals, uvs, indices, material } of model.parts) {
    const count = positions.length / 3;
    triangles += indices.length / 3;
    if (indices.length === 0) faults.push(`${name}: empty`);
    if (normals.length !== count * 3 || uvs.length !== count * 2) faults.push(`${name}: lengths differ`);
    if (indices.some((index) => index >= count)) faults.push(`${name}: index out of range`);
    if ([positions, normals, uvs].some((array) => array.some((value) => !Number.isFinite(value)))) {
      faults.push(`${name}: not finite`);
    }
    let flat = 0;
    const uvSpread = new Set<number>();
    for (let vertex = 0; vertex < count; vertex += 1) {
      const x = normals[vertex * 3] as number;
      const y = normals[vertex * 3 + 1] as number;
      const z = normals[vertex * 3 + 2] as number;
      if (Math.abs(Math.sqrt(x * x + y * y + z * z) - 1) > 1e-4) faults.push(`${name}: normal ${vertex} is not unit`);
      uvSpread.add(uvs[vertex * 2] as number);
      for (let axis = 0; axis < 3; axis += 1) {
        const value = positions[vertex * 3 + axis] as number;
        min[axis] = Math.min(min[axis] as number, value);
        max[axis] = Math.max(max[axis] as number, value);
      }
    }
    if (uvSpread.size < 3) faults.push(`${name}: texture coordinates are all alike`);
    for (let corner = 0; corner < indices.length; corner += 3) {
      if (squaredArea(positions, indices, corner) < 1e-18) flat += 1;
    }
    if (flat > 12 && flat > indices.length / 3 / 50) faults.push(`${name}: ${flat} triangles without area`);
    for (const texture of [material.baseColorTexture, material.ormTexture, material.normalTexture]) {
      if (texture === undefined) faults.push(`${name}: a texture is missing`);
      else absorb(texture.data, 13);
    }
    for (const array of [positions, normals, uvs, indices]) absorb(array, 1);
  }
  return { triangles, min, max, faults: faults.slice(0, 10), digest: digest >>> 0 };
}

/** Twice the area of a triangle, squared. */
function squaredArea(positions: Float32Array, indices: Uint32Array, corner: number): number {
  const a = (indices[corner] as number) * 3;
  const b = (indices[corner + 1] as number) * 3;
  const c = (indices[corner + 2] as number) * 3;
  const edge = (to: number, axis: number): number => (positions[to + axis] as number) - (positions[a + axis] as number);
  const x = edge(b, 1) * edge(c, 2) - edge(b, 2) * edge(c, 1);
  const y = edge(b, 2) * edge(c, 0) - edge(b, 0) * edge(c, 2);
  const z = edge(b, 0) * edge(c, 1) - edge(b, 1) * edge(c, 0);
  return x * x + y * y + z * z;
}
