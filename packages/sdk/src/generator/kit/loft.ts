import { cos, sin, TAU } from '../../foundation/math.ts';
import { Shape } from './shape.ts';
import {
  addVectors,
  crossVectors,
  dotVectors,
  lengthOfVector,
  mixVectors,
  normalizeVector,
  perpendicularTo,
  scaleVector,
  subtractVectors,
  type Vec2,
  type Vec3,
} from './vector.ts';

/** How sections are joined. */
export interface LoftOptions {
  /** Closes both ends with a fan about the section's centre. Default true. Sections should then be star-shaped. */
  readonly caps?: boolean;
  /** Tile of the material, metres: the texture goes round a whole number of times. Default: no rounding. */
  readonly tileM?: number;
}

/**
 * Joins sections with equal numbers of points into a skin.
 *
 * @param sections - Loops of points, metres, from start to end; each runs counter-clockwise seen from the end looking
 *   back to the start. A section whose points all coincide is a tip.
 * @returns Shape with U around the widest section and V along the way between the sections' centres.
 */
export function loft(sections: readonly (readonly Vec3[])[], options: LoftOptions = {}): Shape {
  const { caps = true, tileM } = options;
  const shape = new Shape();
  const count = (sections[0] as readonly Vec3[]).length;
  const centres = sections.map((section) => scaleVector(section.reduce(addVectors, [0, 0, 0]), 1 / count));
  const isTip = sections.map((section, index) =>
    section.every((point) => lengthOfVector(subtractVectors(point, centres[index] as Vec3)) < 1e-7),
  );
  const rings = sections.map((section, index) => {
    if (!isTip[index]) return section.map((point) => shape.addVertex(point[0], point[1], point[2]));
    const [x, y, z] = centres[index] as Vec3;
    const tip = shape.addVertex(x, y, z);
    return section.map(() => tip);
  });

  // U follows the widest section, so that straight features of the texture stay straight along the whole length.
  let steps: number[] = [];
  let around = 0;
  for (const section of sections) {
    const lengths: number[] = [0];
    let sum = 0;
    for (let index = 0; index < count; index += 1) {
      sum += lengthOfVector(subtractVectors(section[(index + 1) % count] as Vec3, section[index] as Vec3));
      lengths.push(sum);
    }
    if (sum > around) {
      around = sum;
      steps = lengths;
    }
  }
  const stretch = tileM === undefined ? 1 : (Math.max(1, Math.floor(around / tileM + 0.5)) * tileM) / around;

  let along = 0;
  for (let index = 0; index + 1 < sections.length; index += 1) {
    const length = lengthOfVector(subtractVectors(centres[index + 1] as Vec3, centres[index] as Vec3));
    const low = rings[index] as number[];
    const high = rings[index + 1] as number[];
    for (let side = 0; side < count; side += 1) {
      const next = (side + 1) % count;
      const u0 = (steps[side] as number) * stretch;
      const u1 = (steps[side + 1] as number) * stretch;
      shape.addQuad(
        low[side] as number,
        low[next] as number,
        high[next] as number,
        high[side] as number,
        u0,
        -along,
        u1,
        -along,
        u1,
        -along - length,
        u0,
        -along - length,
      );
    }
    along += length;
  }
  if (caps) {
    const last = sections.length - 1;
    if (!isTip[0]) addCap(shape, rings[0] as number[], centres[0] as Vec3, true);
    if (!isTip[last]) addCap(shape, rings[last] as number[], centres[last] as Vec3, false);
  }
  return shape;
}

/** Fan about `centre`. Texture coordinates are measured in the plane of the ring. */
function addCap(shape: Shape, ring: readonly number[], centre: Vec3, reverse: boolean): void {
  const middle = shape.addVertex(centre[0], centre[1], centre[2]);
  const first = normalizeVector(subtractVectors(shape.vertex(ring[0] as number), centre));
  const other = subtractVectors(shape.vertex(ring[Math.floor(ring.length / 4)] as number), centre);
  const second = normalizeVector(subtractVectors(other, scaleVector(first, dotVectors(other, first))));
  const uv = (vertex: number): Vec2 => {
    const offset = subtractVectors(shape.vertex(vertex), centre);
    return [dotVectors(offset, first), dotVectors(offset, second)];
  };
  for (let index = 0; index < ring.length; index += 1) {
    const a = ring[index] as number;
    const b = ring[(index + 1) % ring.length] as number;
    const [ua, va] = uv(a);
    const [ub, vb] = uv(b);
    if (reverse) shape.addTriangle(middle, b, a, 0, 0, ub, vb, ua, va);
    else shape.addTriangle(middle, a, b, 0, 0, ua, va, ub, vb);
  }
}

/** Position and axes at one point of a path: `right` × `up` = `forward`. */
export interface PathFrame {
  readonly position: Vec3;
  readonly right: Vec3;
  readonly up: Vec3;
  readonly forward: Vec3;
}

/**
 * Frames along a path that turn as little as possible (parallel transport).
 *
 * @param up - Where `up` should point at the start. Default: any direction across the path.
 */
export function framesAlong(path: readonly Vec3[], up?: Vec3): PathFrame[] {
  const frames: PathFrame[] = [];
  let previousUp: Vec3 | undefined = up;
  for (let index = 0; index < path.length; index += 1) {
    const before = path[Math.max(0, index - 1)] as Vec3;
    const after = path[Math.min(path.length - 1, index + 1)] as Vec3;
    const forward = normalizeVector(subtractVectors(after, before));
    const wanted: Vec3 = previousUp ?? perpendicularTo(forward);
    const across = subtractVectors(wanted, scaleVector(forward, dotVectors(wanted, forward)));
    const upright = lengthOfVector(across) > 1e-6 ? normalizeVector(across) : perpendicularTo(forward);
    frames.push({ position: path[index] as Vec3, right: crossVectors(upright, forward), up: upright, forward });
    previousUp = upright;
  }
  return frames;
}

/**
 * Sweeps an outline along a path.
 *
 * @param outline - Outline at a share t of the path's points, [0, 1]: points (right, up), counter-clockwise seen from
 *   the end looking back, always equally many.
 */
export function sweep(
  path: readonly Vec3[],
  outline: (t: number) => readonly Vec2[],
  options: LoftOptions & { readonly up?: Vec3 } = {},
): Shape {
  const frames = framesAlong(path, options.up);
  const sections = frames.map((frame, index) =>
    outline(index / Math.max(1, frames.length - 1)).map(
      ([right, up]): Vec3 =>
        addVectors(frame.position, addVectors(scaleVector(frame.right, right), scaleVector(frame.up, up))),
    ),
  );
  return loft(sections, options);
}

/** Round tube along a path: ropes, handles, branches. `radius` may change along the way; 0 makes a tip. */
export function tube(
  path: readonly Vec3[],
  radius: number | ((t: number) => number),
  sides: number,
  options: LoftOptions & { readonly up?: Vec3 } = {},
): Shape {
  const outline = (t: number): Vec2[] => {
    const size = typeof radius === 'number' ? radius : radius(t);
    return Array.from({ length: sides }, (_, side): Vec2 => {
      const angle = (TAU * side) / sides;
      return [size * cos(angle), size * sin(angle)];
    });
  };
  return sweep(path, outline, options).crease(75);
}

/** Points of a smooth curve through `points` (Catmull-Rom), `steps` pieces between neighbours. */
export function smoothPath(points: readonly Vec3[], steps: number): Vec3[] {
  const path: Vec3[] = [];
  for (let index = 0; index + 1 < points.length; index += 1) {
    const b = points[index] as Vec3;
    const c = points[index + 1] as Vec3;
    const a = points[index - 1] ?? b;
    const d = points[index + 2] ?? c;
    for (let step = 0; step < steps; step += 1) {
      const t = step / steps;
      const inBetween = mixVectors(b, c, t);
      const t2 = t * t;
      const wa = -0.5 * t * (1 - t) * (1 - t);
      const wd = -0.5 * t2 * (1 - t);
      // Catmull-Rom weights of the inner points, written as a correction of the straight line.
      const wb = 1 + t2 * (1.5 * t - 2.5) - (1 - t);
      const wc = -wa - wb - wd;
      path.push([
        inBetween[0] + wa * a[0] + wb * b[0] + wc * c[0] + wd * d[0],
        inBetween[1] + wa * a[1] + wb * b[1] + wc * c[1] + wd * d[1],
        inBetween[2] + wa * a[2] + wb * b[2] + wc * c[2] + wd * d[2],
      ]);
    }
  }
  path.push(points[points.length - 1] as Vec3);
  return path;
}
