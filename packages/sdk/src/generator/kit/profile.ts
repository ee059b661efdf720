import { cos, sin, TAU } from '../../foundation/math.ts';
import type { Vec2 } from './vector.ts';

/**
 * Replaces corners of a polyline by short bevels or arcs.
 *
 * @param points - Polyline; not modified.
 * @param size - Metres cut off each of the two edges at a corner; never more than 45 % of an edge. One number for all
 *   corners, or one per point (0 keeps a corner).
 * @param options - `closed` treats the polyline as a loop (default false: both ends are kept); `steps` is the number of
 *   edges in a bevel (default 1, a chamfer); `minTurnDeg` leaves flatter corners alone (default 15).
 */
export function bevelCorners(
  points: readonly Vec2[],
  size: number | readonly number[],
  options: { readonly closed?: boolean; readonly steps?: number; readonly minTurnDeg?: number } = {},
): Vec2[] {
  const { closed = false, steps = 1, minTurnDeg = 15 } = options;
  const minCos = cos((minTurnDeg * Math.PI) / 180);
  const result: Vec2[] = [];
  const count = points.length;
  for (let index = 0; index < count; index += 1) {
    const point = points[index] as Vec2;
    const cut = typeof size === 'number' ? size : (size[index] ?? 0);
    const before = points[(index + count - 1) % count] as Vec2;
    const after = points[(index + 1) % count] as Vec2;
    const ax = before[0] - point[0];
    const ay = before[1] - point[1];
    const bx = after[0] - point[0];
    const by = after[1] - point[1];
    const la = Math.sqrt(ax * ax + ay * ay);
    const lb = Math.sqrt(bx * bx + by * by);
    const isEnd = !closed && (index === 0 || index === count - 1);
    const isFlat = -(ax * bx + ay * by) > minCos * la * lb;
    if (isEnd || cut <= 0 || isFlat || la === 0 || lb === 0) {
      result.push(point);
      continue;
    }
    const a = Math.min(cut, la * 0.45) / la;
    const b = Math.min(cut, lb * 0.45) / lb;
    for (let step = 0; step <= steps; step += 1) {
      // Quadratic curve with the corner as its control point.
      const t = step / steps;
      const wa = (1 - t) * (1 - t);
      const wb = t * t;
      result.push([point[0] + ax * a * wa + bx * b * wb, point[1] + ay * a * wa + by * b * wb]);
    }
  }
  return result;
}

/** A circle or ellipse, counter-clockwise, starting at +x. */
export function ellipse(radiusX: number, radiusY: number, count: number): Vec2[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = (TAU * index) / count;
    return [radiusX * cos(angle), radiusY * sin(angle)] as const;
  });
}

/** A rectangle centred on the origin, counter-clockwise, with bevelled corners. */
export function rectangle(width: number, height: number, bevel = 0, steps = 1): Vec2[] {
  const x = width / 2;
  const y = height / 2;
  return bevelCorners(
    [
      [-x, -y],
      [x, -y],
      [x, y],
      [-x, y],
    ],
    bevel,
    { closed: true, steps },
  );
}

/** Regular polygon, counter-clockwise, first corner at +x turned by `angle`. */
export function regularPolygon(radius: number, count: number, angle = 0): Vec2[] {
  return Array.from({ length: count }, (_, index) => {
    const turned = angle + (TAU * index) / count;
    return [radius * cos(turned), radius * sin(turned)] as const;
  });
}

/** Points of a smooth curve through `points` (Catmull-Rom), `steps` pieces between neighbours. */
export function smoothCurve(points: readonly Vec2[], steps: number): Vec2[] {
  const result: Vec2[] = [];
  for (let index = 0; index + 1 < points.length; index += 1) {
    const p1 = points[index] as Vec2;
    const p2 = points[index + 1] as Vec2;
    const p0 = points[index - 1] ?? p1;
    const p3 = points[index + 2] ?? p2;
    for (let step = 0; step < steps; step += 1) {
      const t = step / steps;
      result.push([catmull(p0[0], p1[0], p2[0], p3[0], t), catmull(p0[1], p1[1], p2[1], p3[1], t)]);
    }
  }
  result.push(points[points.length - 1] as Vec2);
  return result;
}

/** Cubic through b (t = 0) and c (t = 1) with the slopes of its neighbours. */
export function catmull(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}
