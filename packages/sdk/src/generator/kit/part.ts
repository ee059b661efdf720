import { cos } from '../../foundation/math.ts';
import type { KitMaterial } from '../materials/material.ts';
import type { GeneratedPart } from '../model.ts';
import type { Shape } from './shape.ts';

/**
 * Finishes shapes into one part: normals by crease angle, texture coordinates by the material's tile.
 *
 * Normals are weighted by area, so a narrow bevel bends the light at an edge while the large faces beside it stay flat.
 * Each shape keeps its own crease angle; shapes are not welded to each other.
 *
 * @param shapes - One or more shapes. Not modified.
 * @returns Arrays owned by the caller.
 */
export function createPart(name: string, material: KitMaterial, shapes: Shape | readonly Shape[]): GeneratedPart {
  const list: readonly Shape[] = Array.isArray(shapes) ? (shapes as readonly Shape[]) : [shapes as Shape];
  const out: PartArrays = { positions: [], normals: [], uvs: [], indices: [] };
  for (const shape of list) finishShape(shape, 1 / material.repeatM, out);
  return {
    name,
    positions: new Float32Array(out.positions),
    normals: new Float32Array(out.normals),
    uvs: new Float32Array(out.uvs),
    indices: new Uint32Array(out.indices),
    material,
  };
}

interface PartArrays {
  readonly positions: number[];
  readonly normals: number[];
  readonly uvs: number[];
  readonly indices: number[];
}

/** xyz per triangle: cross product of two edges, twice the area long. */
function faceVectors(shape: Shape): Float64Array {
  const { positions, corners } = shape;
  const vectors = new Float64Array(corners.length);
  for (let at = 0; at < corners.length; at += 3) {
    const a = (corners[at] as number) * 3;
    const b = (corners[at + 1] as number) * 3;
    const c = (corners[at + 2] as number) * 3;
    const ax = positions[a] as number;
    const ay = positions[a + 1] as number;
    const az = positions[a + 2] as number;
    const ux = (positions[b] as number) - ax;
    const uy = (positions[b + 1] as number) - ay;
    const uz = (positions[b + 2] as number) - az;
    const vx = (positions[c] as number) - ax;
    const vy = (positions[c + 1] as number) - ay;
    const vz = (positions[c + 2] as number) - az;
    vectors[at] = uy * vz - uz * vy;
    vectors[at + 1] = uz * vx - ux * vz;
    vectors[at + 2] = ux * vy - uy * vx;
  }
  return vectors;
}

/** Corners sorted by vertex: those of vertex v are `order[starts[v]]` up to `order[starts[v + 1]]`. */
function cornersByVertex(shape: Shape): { readonly starts: Uint32Array; readonly order: Uint32Array } {
  const { corners } = shape;
  const starts = new Uint32Array(shape.vertexCount + 1);
  for (const vertex of corners) starts[vertex + 1] = (starts[vertex + 1] as number) + 1;
  for (let v = 1; v < starts.length; v += 1) starts[v] = (starts[v] as number) + (starts[v - 1] as number);
  const next = starts.slice();
  const order = new Uint32Array(corners.length);
  for (let corner = 0; corner < corners.length; corner += 1) {
    const vertex = corners[corner] as number;
    const slot = next[vertex] as number;
    order[slot] = corner;
    next[vertex] = slot + 1;
  }
  return { starts, order };
}

function finishShape(shape: Shape, uvScale: number, out: PartArrays): void {
  const vectors = faceVectors(shape);
  const lengths = new Float64Array(vectors.length / 3);
  for (let face = 0; face < lengths.length; face += 1) {
    const x = vectors[face * 3] as number;
    const y = vectors[face * 3 + 1] as number;
    const z = vectors[face * 3 + 2] as number;
    lengths[face] = Math.sqrt(x * x + y * y + z * z);
  }
  const { starts, order } = cornersByVertex(shape);
  const limit = cos((shape.creaseDeg * Math.PI) / 180) - 1e-9;
  const finalOfCorner = new Uint32Array(shape.corners.length);

  for (let vertex = 0; vertex < shape.vertexCount; vertex += 1) {
    const from = starts[vertex] as number;
    const to = starts[vertex + 1] as number;
    const firstOutput = out.positions.length / 3;
    for (let at = from; at < to; at += 1) {
      const corner = order[at] as number;
      const face = Math.floor(corner / 3) * 3;
      const fx = vectors[face] as number;
      const fy = vectors[face + 1] as number;
      const fz = vectors[face + 2] as number;
      const ownLength = lengths[face / 3] as number;
      let nx = 0;
      let ny = 0;
      let nz = 0;
      for (let other = from; other < to; other += 1) {
        const otherFace = Math.floor((order[other] as number) / 3) * 3;
        const ox = vectors[otherFace] as number;
        const oy = vectors[otherFace + 1] as number;
        const oz = vectors[otherFace + 2] as number;
        const alike =
          otherFace === face || fx * ox + fy * oy + fz * oz >= limit * ownLength * (lengths[otherFace / 3] as number);
        if (!alike) continue;
        nx += ox;
        ny += oy;
        nz += oz;
      }
      let length = Math.sqrt(nx * nx + ny * ny + nz * nz);
      if (length < 1e-18) {
        // Only triangles without area meet here, or they cancel out: any unit vector will do.
        nx = 0;
        ny = 1;
        nz = 0;
        length = 1;
      }
      finalOfCorner[corner] = addFinalVertex(
        out,
        firstOutput,
        shape,
        vertex,
        nx / length,
        ny / length,
        nz / length,
        (shape.cornerUvs[corner * 2] as number) * uvScale,
        (shape.cornerUvs[corner * 2 + 1] as number) * uvScale,
      );
    }
  }
  for (const final of finalOfCorner) out.indices.push(final);
}

/** Reuses an output vertex of the same shape vertex with equal normal and uv, or adds one. */
function addFinalVertex(
  out: PartArrays,
  firstOutput: number,
  shape: Shape,
  vertex: number,
  nx: number,
  ny: number,
  nz: number,
  u: number,
  v: number,
): number {
  const count = out.positions.length / 3;
  for (let index = firstOutput; index < count; index += 1) {
    // Corners of one smooth group add the same faces in the same order, so their normals are equal to the bit.
    if (out.normals[index * 3] !== nx || out.normals[index * 3 + 1] !== ny || out.normals[index * 3 + 2] !== nz)
      continue;
    if (Math.abs((out.uvs[index * 2] as number) - u) + Math.abs((out.uvs[index * 2 + 1] as number) - v) < 1e-6)
      return index;
  }
  const at = vertex * 3;
  out.positions.push(
    shape.positions[at] as number,
    shape.positions[at + 1] as number,
    shape.positions[at + 2] as number,
  );
  out.normals.push(nx, ny, nz);
  out.uvs.push(u, v);
  return count;
}
