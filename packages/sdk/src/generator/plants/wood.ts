import { cos, exp, mix, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { framesAlong, loft, smoothPath, tube } from '../kit/loft.ts';
import type { Shape } from '../kit/shape.ts';
import { addVectors, mixVectors, normalizeVector, scaleVector, type Vec3 } from '../kit/vector.ts';

/** A trunk: the line it follows and its thickness along the way. */
export interface Trunk {
  readonly path: readonly Vec3[];
  readonly shape: Shape;
}

/** How a trunk grows. Metres. */
export interface TrunkDesign {
  readonly height: number;
  readonly radius: number;
  /** Radius at the top as a share of that at the foot. */
  readonly taper: number;
  /** How far the top may stand from the axis. */
  readonly sway: number;
  /** How much the roots swell the foot, 0 for none. */
  readonly flare: number;
  readonly tileM: number;
}

/** A trunk with roots swelling at its foot, standing on y = 0. */
export function createTrunk(design: TrunkDesign, random: RandomStream): Trunk {
  const { height, radius, sway } = design;
  const knots: Vec3[] = [[0, -radius * 0.12, 0]];
  const turn = random.range(0, TAU);
  for (const t of [0.25, 0.5, 0.75, 1]) {
    const out = sway * t * random.range(0.4, 1);
    const angle = turn + random.range(-0.9, 0.9) + t * 1.5;
    knots.push([out * sin(angle), height * t, out * cos(angle)]);
  }
  const path = smoothPath(knots, 5);
  const frames = framesAlong(path, [0, 0, 1]);
  const sides = 16;
  const lobes = random.integer(4, 6);
  const phase = random.range(0, TAU);
  const sections = frames.map((frame, row) => {
    const t = row / (frames.length - 1);
    const y = Math.max(0, frame.position[1]);
    const root = design.flare * exp(-y / (radius * 1.5));
    const base = radius * mix(1, design.taper, t);
    return Array.from({ length: sides }, (_, side): Vec3 => {
      const angle = (TAU * side) / sides;
      const lobe = 0.5 + 0.5 * cos(lobes * angle + phase);
      const ripple = 1 + 0.05 * cos(3 * angle + phase + t * 5);
      const size = base * (ripple + root * (0.45 + 1.1 * lobe * lobe));
      return addVectors(
        frame.position,
        addVectors(scaleVector(frame.right, size * cos(angle)), scaleVector(frame.up, size * sin(angle))),
      );
    });
  });
  const shape = loft(sections, { tileM: design.tileM }).crease(75);
  shape.map((x, y, z) => [x, Math.max(0, y), z]);
  return { path, shape };
}

/** A point on a path, `t` from 0 at its start to 1 at its end. */
export function pointOnPath(path: readonly Vec3[], t: number): Vec3 {
  const at = Math.min(path.length - 1.0001, Math.max(0, t * (path.length - 1)));
  const index = Math.floor(at);
  return mixVectors(path[index] as Vec3, path[index + 1] as Vec3, at - index);
}

/** A branch from one point to another that first follows `start` and arrives bent upwards. */
export function createBranch(
  from: Vec3,
  to: Vec3,
  radius: number,
  tipRadius: number,
  sag: number,
  tileM: number,
  sides = 8,
): Shape {
  const middle = mixVectors(from, to, 0.5);
  const bow: Vec3 = [middle[0], middle[1] - sag, middle[2]];
  const path = smoothPath([from, mixVectors(from, bow, 0.55), mixVectors(bow, to, 0.45), to], 3);
  return tube(path, (t) => mix(radius, tipRadius, t), sides, { tileM });
}

/** Bare branches that fork again and again: dead trees, and the skeleton of leafy ones seen in winter. */
export function createTwigs(
  from: Vec3,
  direction: Vec3,
  length: number,
  radius: number,
  depth: number,
  tileM: number,
  random: RandomStream,
  out: Shape[],
): void {
  const points: Vec3[] = [from];
  let heading = direction;
  let at = from;
  for (let step = 0; step < 3; step += 1) {
    heading = normalizeVector([
      heading[0] + random.range(-0.38, 0.38),
      heading[1] + random.range(-0.2, 0.34),
      heading[2] + random.range(-0.38, 0.38),
    ]);
    at = addVectors(at, scaleVector(heading, length / 3));
    points.push(at);
  }
  const tip = depth === 0 ? 0 : radius * 0.55;
  out.push(tube(smoothPath(points, 2), (t) => mix(radius, tip, t), depth === 0 ? 5 : 7, { tileM }));
  if (depth === 0) return;
  const forks = random.integer(2, 3);
  const spin = random.range(0, TAU);
  for (let fork = 0; fork < forks; fork += 1) {
    const angle = spin + (TAU * fork) / forks + random.range(-0.4, 0.4);
    const spread = random.range(0.55, 0.95);
    const next = normalizeVector([
      heading[0] + spread * sin(angle),
      heading[1] + random.range(0, 0.35),
      heading[2] + spread * cos(angle),
    ]);
    const start = fork === 0 ? at : pointOnPath(points, random.range(0.5, 0.9));
    createTwigs(
      start,
      next,
      length * random.range(0.6, 0.8),
      radius * (fork === 0 ? 0.55 : 0.46),
      depth - 1,
      tileM,
      random,
      out,
    );
  }
}
