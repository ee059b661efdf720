import { atan2, TAU } from '../../foundation/math.ts';
import { Shape } from './shape.ts';
import { addVectors, crossVectors, normalizeVector, scaleVector, subtractVectors, type Vec3 } from './vector.ts';

const GOLDEN = 1.618033988749895;
const CORNERS: readonly Vec3[] = [
  [-1, GOLDEN, 0],
  [1, GOLDEN, 0],
  [-1, -GOLDEN, 0],
  [1, -GOLDEN, 0],
  [0, -1, GOLDEN],
  [0, 1, GOLDEN],
  [0, -1, -GOLDEN],
  [0, 1, -GOLDEN],
  [GOLDEN, 0, -1],
  [GOLDEN, 0, 1],
  [-GOLDEN, 0, -1],
  [-GOLDEN, 0, 1],
];
const FACES: readonly (readonly [number, number, number])[] = [
  [0, 11, 5],
  [0, 5, 1],
  [0, 1, 7],
  [0, 7, 10],
  [0, 10, 11],
  [1, 5, 9],
  [5, 11, 4],
  [11, 10, 2],
  [10, 7, 6],
  [7, 1, 8],
  [3, 9, 4],
  [3, 4, 2],
  [3, 2, 6],
  [3, 6, 8],
  [3, 8, 9],
  [4, 9, 5],
  [2, 4, 11],
  [6, 2, 10],
  [8, 6, 7],
  [9, 8, 1],
];

/**
 * A ball of even triangles.
 *
 * @param radius - Metres.
 * @param frequency - Pieces along each edge of the icosahedron, at least 1; 20·frequency² triangles.
 * @returns Closed shape, texture coordinates by {@link projectBox}.
 */
export function icosphere(radius: number, frequency: number): Shape {
  const shape = new Shape().crease(80);
  const known = new Map<string, number>();
  const inner = new Map<number, number>();
  const vertexAt = (a: number, b: number, c: number, i: number, j: number): number => {
    const k = frequency - i - j;
    // Points on an edge or corner belong to several faces; corner numbers with their weights, in order, name them.
    const isInside = i > 0 && j > 0 && k > 0;
    const name = isInside
      ? ''
      : [
          [a, k],
          [b, i],
          [c, j],
        ]
          .filter((pair) => (pair[1] as number) > 0)
          .sort((x, y) => (x[0] as number) - (y[0] as number))
          .map((pair) => pair.join(':'))
          .join(' ');
    const found = isInside ? inner.get(i * frequency + j) : known.get(name);
    if (found !== undefined) return found;
    const [p, q, r] = [CORNERS[a] as Vec3, CORNERS[b] as Vec3, CORNERS[c] as Vec3];
    const x = p[0] * k + q[0] * i + r[0] * j;
    const y = p[1] * k + q[1] * i + r[1] * j;
    const z = p[2] * k + q[2] * i + r[2] * j;
    const scale = radius / Math.sqrt(x * x + y * y + z * z);
    const vertex = shape.addVertex(x * scale, y * scale, z * scale);
    if (isInside) inner.set(i * frequency + j, vertex);
    else known.set(name, vertex);
    return vertex;
  };
  for (const [a, b, c] of FACES) {
    inner.clear();
    for (let i = 0; i < frequency; i += 1) {
      for (let j = 0; i + j < frequency; j += 1) {
        const first = vertexAt(a, b, c, i, j);
        const second = vertexAt(a, b, c, i + 1, j);
        const third = vertexAt(a, b, c, i, j + 1);
        shape.addTriangle(first, second, third, 0, 0, 0, 0, 0, 0);
        if (i + j + 1 < frequency) {
          shape.addTriangle(second, vertexAt(a, b, c, i + 1, j + 1), third, 0, 0, 0, 0, 0, 0);
        }
      }
    }
  }
  return projectBox(shape);
}

/**
 * Gives every triangle the texture coordinates of the side of a box it faces most: for rocks, clumps and anything
 * without a grain. Call it after deforming.
 */
export function projectBox(shape: Shape): Shape {
  const { corners, cornerUvs, positions } = shape;
  for (let at = 0; at < corners.length; at += 3) {
    const a = (corners[at] as number) * 3;
    const b = (corners[at + 1] as number) * 3;
    const c = (corners[at + 2] as number) * 3;
    const edge = (to: number, axis: number): number =>
      (positions[to + axis] as number) - (positions[a + axis] as number);
    const nx = edge(b, 1) * edge(c, 2) - edge(b, 2) * edge(c, 1);
    const ny = edge(b, 2) * edge(c, 0) - edge(b, 0) * edge(c, 2);
    const nz = edge(b, 0) * edge(c, 1) - edge(b, 1) * edge(c, 0);
    const [sx, sy, sz] = [Math.abs(nx), Math.abs(ny), Math.abs(nz)];
    for (let corner = 0; corner < 3; corner += 1) {
      const vertex = (corners[at + corner] as number) * 3;
      const x = positions[vertex] as number;
      const y = positions[vertex + 1] as number;
      const z = positions[vertex + 2] as number;
      const uv = (at + corner) * 2;
      if (sy >= sx && sy >= sz) {
        cornerUvs[uv] = x;
        cornerUvs[uv + 1] = ny > 0 ? z : -z;
      } else if (sx >= sz) {
        cornerUvs[uv] = nx > 0 ? -z : z;
        cornerUvs[uv + 1] = -y;
      } else {
        cornerUvs[uv] = nz > 0 ? x : -x;
        cornerUvs[uv + 1] = -y;
      }
    }
  }
  return shape;
}

/**
 * Wraps the texture once round the y axis, and lays it flat on what faces up or down.
 *
 * For boulders: unlike {@link projectBox} there is no visible border between front and sides.
 *
 * @param tileM - Tile of the material, metres; the texture goes round a whole number of times.
 */
export function projectAround(shape: Shape, tileM: number): Shape {
  const { corners, cornerUvs, positions } = shape;
  const { min, max } = shape.bounds();
  const centreX = (min[0] + max[0]) / 2;
  const centreY = (min[1] + max[1]) / 2;
  const centreZ = (min[2] + max[2]) / 2;
  const girth = TAU * 0.25 * (max[0] - min[0] + (max[2] - min[2]));
  const around = Math.max(1, Math.floor(girth / tileM + 0.5)) * tileM;
  for (let at = 0; at < corners.length; at += 3) {
    const point = (offset: number): Vec3 => shape.vertex(corners[at + offset] as number);
    const normal = normalizeVector(
      crossVectors(subtractVectors(point(1), point(0)), subtractVectors(point(2), point(0))),
    );
    // Mostly by place and a little by slope: by slope alone, bumps would break the border into shards of texture.
    const middle = scaleVector(addVectors(point(0), addVectors(point(1), point(2))), 1 / 3);
    const outwards = normalizeVector([
      (middle[0] - centreX) / (max[0] - min[0]),
      (middle[1] - centreY) / (max[1] - min[1]),
      (middle[2] - centreZ) / (max[2] - min[2]),
    ]);
    const facing = 0.3 * normal[1] + 0.7 * outwards[1];
    const isFlat = Math.abs(facing) > 0.76;
    let first = 0;
    for (let corner = 0; corner < 3; corner += 1) {
      const vertex = (corners[at + corner] as number) * 3;
      const x = (positions[vertex] as number) - centreX;
      const y = positions[vertex + 1] as number;
      const z = (positions[vertex + 2] as number) - centreZ;
      const uv = (at + corner) * 2;
      if (isFlat) {
        cornerUvs[uv] = x;
        cornerUvs[uv + 1] = facing > 0 ? z : -z;
        continue;
      }
      let turn = atan2(x, z) / TAU;
      if (corner === 0) first = turn;
      else if (turn - first > 0.5) turn -= 1;
      else if (turn - first < -0.5) turn += 1;
      cornerUvs[uv] = turn * around;
      cornerUvs[uv + 1] = -y;
    }
  }
  return shape;
}
