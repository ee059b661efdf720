import { Shape } from './shape.ts';
import type { Vec2 } from './vector.ts';

/** How an outline is given thickness. */
export interface ExtrudeOptions {
  /** Whole thickness along z, metres; the middle is z = 0. */
  readonly depth: number;
  /** Width of the chamfer along both rims, metres. Default 0. */
  readonly bevel?: number;
  /** Depth of the chamfer along z, metres. Default: `bevel`. */
  readonly bevelDepth?: number;
}

/**
 * Gives a flat outline thickness, with bevelled rims.
 *
 * @param outline - Simple polygon in the xy plane, counter-clockwise, metres; may be concave. Features should be wider
 *   than twice the bevel.
 * @returns Closed shape. Front and back are textured in (x, y), sides along the outline.
 */
export function extrude(outline: readonly Vec2[], options: ExtrudeOptions): Shape {
  const { depth, bevel = 0, bevelDepth = bevel } = options;
  const shape = new Shape();
  const count = outline.length;
  const inner = bevel > 0 ? insetPolygon(outline, bevel) : outline;
  const half = depth / 2;
  const addRing = (points: readonly Vec2[], z: number): number[] => points.map(([x, y]) => shape.addVertex(x, y, z));
  const levels: { ring: number[]; v: number }[] = [];
  const backFace = addRing(inner, -half);
  levels.push({ ring: backFace, v: 0 });
  if (bevel > 0) {
    levels.push({ ring: addRing(outline, -half + bevelDepth), v: bevel });
    levels.push({ ring: addRing(outline, half - bevelDepth), v: bevel + depth - 2 * bevelDepth });
  }
  const frontFace = addRing(inner, half);
  levels.push({ ring: frontFace, v: depth - 2 * bevelDepth + 2 * bevel });

  for (let index = 0; index + 1 < levels.length; index += 1) {
    const low = levels[index] as { ring: number[]; v: number };
    const high = levels[index + 1] as { ring: number[]; v: number };
    let along = 0;
    for (let side = 0; side < count; side += 1) {
      const next = (side + 1) % count;
      const [x0, y0] = outline[side] as Vec2;
      const [x1, y1] = outline[next] as Vec2;
      const length = Math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0));
      // U across the thickness, V along the outline: the grain follows the edge.
      shape.addQuad(
        low.ring[side] as number,
        low.ring[next] as number,
        high.ring[next] as number,
        high.ring[side] as number,
        low.v,
        along,
        low.v,
        along + length,
        high.v,
        along + length,
        high.v,
        along,
      );
      along += length;
    }
  }
  for (const [a, b, c] of triangulate(inner)) {
    const [ua, va] = inner[a] as Vec2;
    const [ub, vb] = inner[b] as Vec2;
    const [uc, vc] = inner[c] as Vec2;
    shape.addTriangle(
      frontFace[a] as number,
      frontFace[b] as number,
      frontFace[c] as number,
      ua,
      -va,
      ub,
      -vb,
      uc,
      -vc,
    );
    shape.addTriangle(
      backFace[a] as number,
      backFace[c] as number,
      backFace[b] as number,
      -ua,
      -va,
      -uc,
      -vc,
      -ub,
      -vb,
    );
  }
  return shape;
}

/** Moves every edge of a counter-clockwise polygon inwards by `distance`; corners move along their mitre, at most 3 times as far. */
export function insetPolygon(outline: readonly Vec2[], distance: number): Vec2[] {
  const count = outline.length;
  return outline.map((point, index): Vec2 => {
    const before = outline[(index + count - 1) % count] as Vec2;
    const after = outline[(index + 1) % count] as Vec2;
    const [ax, ay] = inwardNormal(before, point);
    const [bx, by] = inwardNormal(point, after);
    const mx = ax + bx;
    const my = ay + by;
    const along = mx * ax + my * ay;
    const factor = along > 1e-9 ? Math.min(1 / along, 3 / Math.sqrt(mx * mx + my * my)) : 1;
    return [point[0] + mx * factor * distance, point[1] + my * factor * distance];
  });
}

function inwardNormal(from: Vec2, to: Vec2): Vec2 {
  const x = to[0] - from[0];
  const y = to[1] - from[1];
  const length = Math.sqrt(x * x + y * y);
  return length > 0 ? [-y / length, x / length] : [0, 0];
}

function turn(a: Vec2, b: Vec2, c: Vec2): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/**
 * Cuts a simple counter-clockwise polygon into triangles by clipping ears, best-shaped ear first.
 *
 * @returns Triples of point numbers, counter-clockwise; n - 2 of them for a simple polygon.
 */
export function triangulate(polygon: readonly Vec2[]): [number, number, number][] {
  const rest = polygon.map((_, index) => index);
  const triangles: [number, number, number][] = [];
  while (rest.length > 3) {
    let best = -1;
    let bestQuality = -Infinity;
    for (let at = 0; at < rest.length; at += 1) {
      const a = polygon[rest[(at + rest.length - 1) % rest.length] as number] as Vec2;
      const b = polygon[rest[at] as number] as Vec2;
      const c = polygon[rest[(at + 1) % rest.length] as number] as Vec2;
      const area = turn(a, b, c);
      const cut = (c[0] - a[0]) * (c[0] - a[0]) + (c[1] - a[1]) * (c[1] - a[1]);
      const quality = area <= 0 ? area - 1e6 : -cut;
      if (quality <= bestQuality) continue;
      if (area > 0 && rest.some((index) => isInside(polygon[index] as Vec2, a, b, c))) continue;
      best = at;
      bestQuality = quality;
    }
    const at = Math.max(best, 0);
    triangles.push([
      rest[(at + rest.length - 1) % rest.length] as number,
      rest[at] as number,
      rest[(at + 1) % rest.length] as number,
    ]);
    rest.splice(at, 1);
  }
  if (rest.length === 3) triangles.push([rest[0] as number, rest[1] as number, rest[2] as number]);
  return triangles;
}

function isInside(point: Vec2, a: Vec2, b: Vec2, c: Vec2): boolean {
  if (point === a || point === b || point === c) return false;
  return turn(a, b, point) >= 0 && turn(b, c, point) >= 0 && turn(c, a, point) >= 0;
}
