import type { RandomStream } from '../../foundation/random.ts';
import { box } from './box.ts';
import { extrude } from './extrude.ts';
import { lathe } from './lathe.ts';
import { sweep } from './loft.ts';
import { bevelCorners, rectangle, smoothCurve } from './profile.ts';
import type { Shape } from './shape.ts';
import { addVectors, lengthOfVector, scaleVector, subtractVectors, type Vec2, type Vec3 } from './vector.ts';

/** How a beam is cut. */
export interface BeamOptions {
  /** Width of the chamfer along the edges and around both ends, metres. Default 12 % of the smaller side. */
  readonly bevel?: number;
  /** Size of the section at a share t of the way, as a factor. Default 1 everywhere. */
  readonly taper?: (t: number) => number;
  /** Edges in the rounding of an edge. Default 1, a chamfer; furniture that is seen from near takes 2. */
  readonly steps?: number;
  /** Where the section's height points. Default: up, or +Z for upright beams. */
  readonly up?: Vec3;
}

/**
 * A squared timber along a path, chamfered all round.
 *
 * @param path - At least two points, metres. Curves need several; see `smoothPath`.
 * @param width - Size of the section across `up`, metres.
 * @param height - Size of the section along `up`, metres.
 */
export function beam(path: readonly Vec3[], width: number, height: number, options: BeamOptions = {}): Shape {
  const first = path[0] as Vec3;
  const last = path[path.length - 1] as Vec3;
  const along = subtractVectors(last, first);
  const isUpright = Math.abs(along[1]) > 0.8 * lengthOfVector(along);
  const bevel = Math.min(options.bevel ?? Math.min(width, height) * 0.12, Math.min(width, height) * 0.4);
  const taper = options.taper ?? ((): number => 1);
  const points = withEnds(path, bevel);
  const outline = (t: number): readonly Vec2[] => {
    const factor = taper(t);
    const isEnd = t === 0 || t === 1;
    const cut = Math.min(bevel, Math.min(width, height) * factor * 0.4);
    const inset = isEnd ? 2 * cut : 0;
    return rectangle(width * factor - inset, height * factor - inset, isEnd ? cut * 0.4 : cut, options.steps ?? 1);
  };
  return sweep(points, outline, { up: options.up ?? (isUpright ? [0, 0, 1] : [0, 1, 0]) }).crease(38);
}

/** Adds a point a little inside of each end, where the chamfer begins. */
function withEnds(path: readonly Vec3[], inset: number): Vec3[] {
  const step = (from: Vec3, to: Vec3): Vec3 => {
    const way = subtractVectors(to, from);
    const length = lengthOfVector(way);
    return addVectors(from, scaleVector(way, Math.min(inset, length * 0.4) / length));
  };
  const count = path.length;
  const start = path[0] as Vec3;
  const end = path[count - 1] as Vec3;
  return [start, step(start, path[1] as Vec3), ...path.slice(1, -1), step(end, path[count - 2] as Vec3), end];
}

/**
 * A horizontal board with a chamfered rim, its grain along x; its outline is seen from above, x to the right and −z up
 * the page.
 *
 * @param y - Height of the underside, metres.
 */
export function slab(outline: readonly Vec2[], y: number, thickness: number, bevel = thickness * 0.25): Shape {
  const shape = extrude(outline, { depth: thickness, bevel })
    .rotateX(-Math.PI / 2)
    .translate(0, y + thickness / 2, 0);
  turnFlatFaces(shape);
  return shape;
}

/** Exchanges U and V on triangles that face up or down, so that grain runs along x there and along the rim at the sides. */
function turnFlatFaces(shape: Shape): void {
  const { corners, cornerUvs } = shape;
  for (let at = 0; at < corners.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((offset) => shape.vertex(corners[at + offset] as number)) as [Vec3, Vec3, Vec3];
    if (Math.abs(a[1] - b[1]) + Math.abs(a[1] - c[1]) > 1e-9) continue;
    for (let corner = at; corner < at + 3; corner += 1) {
      const u = cornerUvs[corner * 2] as number;
      cornerUvs[corner * 2] = cornerUvs[corner * 2 + 1] as number;
      cornerUvs[corner * 2 + 1] = u;
    }
  }
}

/** A rectangle with rounded corners, for {@link slab}. */
export function roundedRectangle(width: number, depth: number, radius: number, steps = 4): Vec2[] {
  return rectangle(width, depth, radius, steps);
}

/** A stuffed cushion resting on y = 0, centred in x and z: rounded edges and a swollen middle. */
export function cushion(width: number, height: number, depth: number, puff = 0.35): Shape {
  const radius = height * 0.48;
  const inner = [width / 2 - radius, height / 2 - radius, depth / 2 - radius] as const;
  const shape = box(width, height, depth, { bevel: height * 0.05, subdivisions: [10, 4, 10], grain: 'z' });
  return shape
    .map((x, y, z) => {
      const point = [x, y, z] as const;
      // points near the rim of the box are pulled onto a box with rounded edges
      const core = point.map((value, axis) =>
        Math.min(inner[axis] as number, Math.max(-(inner[axis] as number), value)),
      );
      const offset = point.map((value, axis) => value - (core[axis] as number)) as [number, number, number];
      const length = lengthOfVector(offset);
      const [rx, ry, rz] =
        length > radius * 0.999
          ? (core.map((value, axis) => value + ((offset[axis] as number) * radius) / length) as [
              number,
              number,
              number,
            ])
          : [x, y, z];
      const swell = (1 - pow4((2 * rx) / width)) * (1 - pow4((2 * rz) / depth));
      return [rx, ry * (1 + puff * swell) + height / 2, rz];
    })
    .crease(85);
}

function pow4(value: number): number {
  const square = value * value;
  return square * square;
}

/** Named outlines of turned posts: pairs of height and radius, both as shares, from the foot up. */
const TURNINGS: readonly (readonly Vec2[])[] = [
  // baluster
  [
    [0, 0.62],
    [0.05, 0.62],
    [0.08, 0.42],
    [0.12, 0.7],
    [0.16, 0.45],
    [0.3, 0.72],
    [0.5, 1],
    [0.62, 0.8],
    [0.7, 0.5],
    [0.73, 0.85],
    [0.77, 0.85],
    [0.8, 0.6],
    [0.83, 1],
    [1, 1],
  ],
  // vase
  [
    [0, 0.5],
    [0.03, 0.6],
    [0.08, 0.42],
    [0.25, 0.6],
    [0.45, 0.95],
    [0.55, 0.98],
    [0.66, 0.6],
    [0.69, 0.55],
    [0.71, 0.8],
    [0.75, 0.8],
    [0.77, 0.62],
    [0.82, 1],
    [1, 1],
  ],
  // bobbins
  [
    [0, 0.55],
    [0.06, 0.75],
    [0.12, 0.5],
    [0.2, 0.8],
    [0.28, 0.5],
    [0.38, 0.88],
    [0.48, 0.52],
    [0.58, 0.94],
    [0.68, 0.55],
    [0.72, 0.85],
    [0.76, 0.6],
    [0.8, 1],
    [1, 1],
  ],
  // plain taper
  [
    [0, 0.5],
    [0.02, 0.58],
    [0.7, 0.95],
    [0.74, 0.7],
    [0.77, 0.95],
    [0.8, 0.8],
    [0.83, 1],
    [1, 1],
  ],
];

/** A post turned on a lathe, from y = 0 to `height`; the profile is drawn by `random`. */
export function turnedPost(height: number, radius: number, random: RandomStream, segments = 12): Shape {
  const turning = random.pick(TURNINGS);
  const curve = turning.map(([share, size]): Vec2 => [size * radius, share * height]);
  const profile: Vec2[] = [[0, 0], ...bevelCorners(curve, radius * 0.12, { minTurnDeg: 25 }), [0, height]];
  return lathe(profile, { segments }).crease(42);
}

/** A smooth turned profile through (radius, y) points, closed to the axis at both ends. */
export function turnedProfile(points: readonly Vec2[], steps = 3): Vec2[] {
  const curve = smoothCurve(points, steps).map(([radius, y]): Vec2 => [Math.max(radius, 0.0005), y]);
  const low = points[0] as Vec2;
  const high = points[points.length - 1] as Vec2;
  return [[0, low[1]], ...curve, [0, high[1]]];
}
