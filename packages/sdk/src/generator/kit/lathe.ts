import { cos, sin, TAU } from '../../foundation/math.ts';
import { Shape } from './shape.ts';
import type { Vec2 } from './vector.ts';

/** How a profile is turned. */
export interface LatheOptions {
  /** Pieces around the axis, at least 3. */
  readonly segments: number;
  /** Joins the last profile point to the first: hoops and rings. Default false. */
  readonly closed?: boolean;
  /** Tile of the material, metres: the texture goes round a whole number of times, without a seam. Default: no rounding. */
  readonly tileM?: number;
  /** Turns the first segment, radians. Default 0: a vertex ring starts at +Z. */
  readonly phase?: number;
}

/**
 * Turns a profile about the y axis.
 *
 * @param profile - Points (radius, y), metres. Runs up along the outside: from the axis at the bottom outwards, up, and
 *   back to the axis at the top. A closed profile runs counter-clockwise in the (radius, y) plane. Points of radius 0 are poles.
 *   Not closed and not ending on the axis leaves a hole.
 * @returns Shape with V down the profile. Rings flatter than about 27° get planar texture coordinates (x, z) instead.
 */
export function lathe(profile: readonly Vec2[], options: LatheOptions): Shape {
  const { segments, closed = false, tileM, phase = 0 } = options;
  const shape = new Shape();
  const rings: number[][] = [];
  let widest = 0;
  for (const [radius, y] of profile) {
    widest = Math.max(widest, radius);
    if (radius <= 1e-9) {
      const pole = shape.addVertex(0, y, 0);
      rings.push(Array.from({ length: segments }, () => pole));
      continue;
    }
    const ring: number[] = [];
    for (let segment = 0; segment < segments; segment += 1) {
      const angle = phase + (TAU * segment) / segments;
      ring.push(shape.addVertex(radius * sin(angle), y, radius * cos(angle)));
    }
    rings.push(ring);
  }

  const around = tileM === undefined ? TAU * widest : Math.max(1, Math.floor((TAU * widest) / tileM + 0.5)) * tileM;
  let along = 0;
  const spans = closed ? profile.length : profile.length - 1;
  for (let span = 0; span < spans; span += 1) {
    const [r0, y0] = profile[span] as Vec2;
    const [r1, y1] = profile[(span + 1) % profile.length] as Vec2;
    const low = rings[span] as number[];
    const high = rings[(span + 1) % rings.length] as number[];
    const length = Math.sqrt((r1 - r0) * (r1 - r0) + (y1 - y0) * (y1 - y0));
    const isFlat = Math.abs(y1 - y0) < 0.5 * Math.abs(r1 - r0);
    for (let segment = 0; segment < segments; segment += 1) {
      const next = (segment + 1) % segments;
      const a = low[segment] as number;
      const b = low[next] as number;
      const c = high[next] as number;
      const d = high[segment] as number;
      if (isFlat) {
        const { positions } = shape;
        const u = (vertex: number): number => positions[vertex * 3] as number;
        const v = (vertex: number): number => positions[vertex * 3 + 2] as number;
        shape.addQuad(a, b, c, d, u(a), v(a), u(b), v(b), u(c), v(c), u(d), v(d));
      } else {
        const u0 = (around * segment) / segments;
        const u1 = (around * (segment + 1)) / segments;
        shape.addQuad(a, b, c, d, u0, -along, u1, -along, u1, -along - length, u0, -along - length);
      }
    }
    along += length;
  }
  return shape;
}

/** A torus about the y axis, centred on the origin. */
export function torus(ringRadius: number, tubeRadius: number, segments: number, sides: number, tileM?: number): Shape {
  const profile = Array.from({ length: sides }, (_, side): Vec2 => {
    const angle = (TAU * side) / sides;
    return [ringRadius + tubeRadius * cos(angle), tubeRadius * sin(angle)];
  });
  return lathe(profile, { segments, closed: true, ...(tileM === undefined ? {} : { tileM }) }).crease(80);
}

/** Half circle from pole to pole for {@link lathe}: a ball or, with `height`, an ellipsoid, resting at `y`. */
export function ballProfile(radius: number, rows: number, y = 0, height = radius * 2): Vec2[] {
  return Array.from({ length: rows + 1 }, (_, row): Vec2 => {
    const angle = (Math.PI * row) / rows;
    const isPole = row === 0 || row === rows;
    return [isPole ? 0 : radius * sin(angle), y + (height / 2) * (1 - cos(angle))];
  });
}
