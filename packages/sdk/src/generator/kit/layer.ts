import { smoothstep } from '../../foundation/math.ts';
import { vertexNormals } from './deform.ts';
import { fbm3, noise3 } from './noise.ts';
import { Shape } from './shape.ts';
import { projectBox } from './sphere.ts';

/** Where a layer lies and how thick it is. */
export interface LayerCover {
  /** How steeply a place must face up to be covered: 1 only level places, 0 also walls. */
  readonly limit: number;
  /** How ragged the border is, in the unit of `limit`. */
  readonly patchiness: number;
  /** Metres. */
  readonly thickness: number;
  /** Patches per metre. */
  readonly scale: number;
  /** What a place gains or loses besides facing up, in the unit of `limit`. */
  readonly favour?: (x: number, y: number, z: number) => number;
}

/**
 * A layer that lies on what faces upwards: moss or snow.
 *
 * The upper triangles are copied, pushed outwards by `thickness` where the surface is level and inwards at the border,
 * so that the layer sinks into the base instead of ending in mid-air.
 *
 * @param base - What is covered. Not modified.
 */
export function createTopLayer(base: Shape, cover: LayerCover, seed: number): Shape {
  const { limit, patchiness, thickness, scale, favour } = cover;
  const normals = vertexNormals(base);
  const amounts: number[] = [];
  for (let vertex = 0; vertex < base.vertexCount; vertex += 1) {
    const [x, y, z] = base.vertex(vertex);
    const up = normals[vertex * 3 + 1] as number;
    const patchy = patchiness * fbm3(x * scale, y * scale, z * scale, 3, seed);
    amounts.push(up + patchy - limit + (favour === undefined ? 0 : favour(x, y, z)));
  }
  const layer = new Shape().crease(75);
  const numbers = new Map<number, number>();
  const take = (vertex: number): number => {
    const known = numbers.get(vertex);
    if (known !== undefined) return known;
    const [x, y, z] = base.vertex(vertex);
    const amount = amounts[vertex] as number;
    const rise = amount > 0 ? thickness * smoothstep(0, 0.3, amount) + 0.1 * thickness : -thickness * 0.9;
    const fluff = 1 + 0.35 * noise3(x * scale * 3, y * scale * 3, z * scale * 3, seed + 4);
    const push = rise * (rise > 0 ? fluff : 1);
    const added = layer.addVertex(
      x + (normals[vertex * 3] as number) * push,
      y + (normals[vertex * 3 + 1] as number) * push,
      z + (normals[vertex * 3 + 2] as number) * push,
    );
    numbers.set(vertex, added);
    return added;
  };
  for (let corner = 0; corner < base.corners.length; corner += 3) {
    const triangle = [0, 1, 2].map((offset) => base.corners[corner + offset] as number);
    if (!triangle.some((vertex) => (amounts[vertex] as number) > 0)) continue;
    layer.addTriangle(
      take(triangle[0] as number),
      take(triangle[1] as number),
      take(triangle[2] as number),
      0,
      0,
      0,
      0,
      0,
      0,
    );
  }
  return projectBox(layer);
}
