import type { RandomStream } from '../../foundation/random.ts';
import { extrude } from '../kit/extrude.ts';
import { beam, slab, turnedPost } from '../kit/joinery.ts';
import { ballProfile, lathe } from '../kit/lathe.ts';
import { smoothPath, sweep, tube } from '../kit/loft.ts';
import { bevelCorners } from '../kit/profile.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';

/** Measures of a chair, metres. The seat's middle is above the origin, the front towards +Z. */
export interface ChairPlan {
  readonly width: number;
  readonly depth: number;
  readonly seatHeight: number;
  readonly seatThickness: number;
  readonly height: number;
  /** How far the top of the back stands behind its foot. */
  readonly lean: number;
  /** Thickness of legs and posts. */
  readonly post: number;
}

/** z of the middle of the back posts at a height: feet stand back a little, the back leans. */
export function backZ(plan: ChairPlan, y: number): number {
  const rear = -plan.depth / 2 + plan.post / 2;
  if (y < plan.seatHeight) {
    const below = 1 - y / plan.seatHeight;
    return rear - 0.055 * below * below;
  }
  const above = (y - plan.seatHeight) / (plan.height - plan.seatHeight);
  return rear - plan.lean * (0.55 * above + 0.45 * above * above);
}

/** The two posts that are back legs below the seat and carry the back above it. */
export function backPosts(plan: ChairPlan, top = plan.height): Shape {
  const x = plan.width / 2 - plan.post / 2;
  const path: Vec3[] = [];
  for (let step = 0; step <= 8; step += 1) {
    const y = (top * step) / 8;
    path.push([x + 0.012 * (y / top), y, backZ(plan, y)]);
  }
  return beam(path, plan.post, plan.post * 1.1, {
    taper: (t) => (t < 0.45 ? 0.86 + 0.3 * t : 1.12 - 0.28 * t),
    up: [0, 0, 1],
  }).mirrored('x');
}

/** Two front legs, square and tapering to the foot. */
export function squareLegs(plan: ChairPlan): Shape {
  const x = plan.width / 2 - plan.post / 2;
  const z = plan.depth / 2 - plan.post / 2;
  const top = plan.seatHeight - plan.seatThickness * 0.5;
  return beam(
    [
      [x, 0, z],
      [x, top, z],
    ],
    plan.post,
    plan.post,
    { taper: (t) => 0.72 + 0.28 * Math.min(1, t * 1.3), up: [0, 0, 1] },
  ).mirrored('x');
}

/** Two front legs turned on a lathe. */
export function turnedLegs(plan: ChairPlan, random: RandomStream): Shape {
  const x = plan.width / 2 - plan.post / 2;
  const z = plan.depth / 2 - plan.post / 2;
  return turnedPost(plan.seatHeight - plan.seatThickness * 0.5, plan.post * 0.58, random, 12)
    .translate(x, 0, z)
    .mirrored('x');
}

/** Boards under the seat between the legs. */
export function aprons(plan: ChairPlan, height = 0.06): Shape {
  const x = plan.width / 2 - plan.post / 2;
  const front = plan.depth / 2 - plan.post / 2;
  const rear = backZ(plan, plan.seatHeight);
  const y = plan.seatHeight - plan.seatThickness - height / 2 + 0.004;
  const sides = beam(
    [
      [x, y, rear],
      [x, y, front],
    ],
    plan.post * 0.5,
    height,
  ).mirrored('x');
  sides.append(
    beam(
      [
        [-x, y, front],
        [x, y, front],
      ],
      plan.post * 0.5,
      height,
    ),
  );
  return sides.append(
    beam(
      [
        [-x, y, rear],
        [x, y, rear],
      ],
      plan.post * 0.5,
      height,
    ),
  );
}

/** Rails that tie the legs together near the floor: `h` joins the sides in the middle, `box` goes all round. */
export function stretchers(plan: ChairPlan, kind: 'h' | 'box', isRound: boolean): Shape {
  const x = plan.width / 2 - plan.post / 2;
  const front = plan.depth / 2 - plan.post / 2;
  const low = plan.seatHeight * 0.28;
  const size = plan.post * 0.58;
  const rail = (from: Vec3, to: Vec3): Shape =>
    isRound
      ? tube(
          [from, mid(from, to, 0.25), mid(from, to, 0.5), mid(from, to, 0.75), to],
          (t) => size * (0.36 + 0.62 * t * (1 - t)),
          10,
        )
      : beam([from, to], size * 0.8, size * 1.15);
  const shape = rail([x, low, backZ(plan, low)], [x, low, front]).mirrored('x');
  if (kind === 'h') {
    const z = (front + backZ(plan, low)) / 2;
    return shape.append(rail([-x, low, z], [x, low, z]));
  }
  const high = low + size * 1.6;
  shape.append(rail([-x, high, front], [x, high, front]));
  return shape.append(rail([-x, high, backZ(plan, high)], [x, high, backZ(plan, high)]));
}

function mid(from: Vec3, to: Vec3, t: number): Vec3 {
  return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t, from[2] + (to[2] - from[2]) * t];
}

/** Seat outline seen from above (x, −z): a little narrower behind, rounded corners. */
export function seatOutline(plan: ChairPlan, overhang: number, radius = 0.05): Vec2[] {
  const front = plan.width / 2 + overhang;
  const rear = plan.width / 2 - overhang * 0.2;
  const z0 = plan.depth / 2 + overhang;
  const z1 = plan.depth / 2 - overhang * 0.3;
  return bevelCorners(
    [
      [-front, -z0],
      [front, -z0],
      [rear, z1],
      [-rear, z1],
    ],
    radius,
    { closed: true, steps: 4 },
  );
}

/** A wooden seat board. */
export function seatBoard(plan: ChairPlan, overhang = 0.018): Shape {
  return slab(
    seatOutline(plan, overhang),
    plan.seatHeight - plan.seatThickness,
    plan.seatThickness,
    plan.seatThickness * 0.3,
  );
}

/** Bends a flat board that stands in the xy plane so that it lies in the chair's back, bowed backwards. */
export function fitToBack(plan: ChairPlan, shape: Shape, bow = 0.03): Shape {
  const half = plan.width / 2 - plan.post / 2;
  return shape.map((x, y, z) => [x, y, z + backZ(plan, y) - bow * (1 - (x / half) * (x / half))]);
}

/** A board across the back between heights `low` and `high`; `arch` raises the middle of its upper edge, `dip` that of its lower edge. */
export function backBoard(
  plan: ChairPlan,
  low: number,
  high: number,
  options: { arch?: number; dip?: number; thickness?: number; overhang?: number } = {},
): Shape {
  const { arch = 0, dip = 0, thickness = 0.018, overhang = 0 } = options;
  const half = plan.width / 2 - plan.post / 2 + overhang;
  const steps = 10;
  const points: Vec2[] = [];
  for (let step = 0; step <= steps; step += 1) {
    const s = (2 * step) / steps - 1;
    points.push([s * half, low + dip * (1 - s * s)]);
  }
  for (let step = steps; step >= 0; step -= 1) {
    const s = (2 * step) / steps - 1;
    points.push([s * half, high + arch * (1 - s * s)]);
  }
  const board = extrude(points, { depth: thickness, bevel: Math.min(thickness * 0.3, 0.006) });
  // the grain of a board across the back runs from side to side
  return fitToBack(
    plan,
    board.mapUv((u, v) => [v, u]),
  ).crease(40);
}

/** Upright rods from the seat to a rail of the back. */
export function spindles(plan: ChairPlan, count: number, low: number, high: number): Shape {
  const half = plan.width / 2 - plan.post * 1.4;
  const shapes = Array.from({ length: count }, (_, index) => {
    const s = count === 1 ? 0 : (2 * index) / (count - 1) - 1;
    const x = s * half;
    const bow = 0.03 * (1 - s * s);
    const path: Vec3[] = [0, 0.2, 0.5, 0.8, 1].map((t) => {
      const y = low + (high - low) * t;
      return [x * (0.92 + 0.08 * t), y, backZ(plan, y) - bow];
    });
    return tube(path, (t) => 0.0075 + 0.006 * 4 * t * (1 - t), 8);
  });
  const first = shapes[0] as Shape;
  for (const shape of shapes.slice(1)) first.append(shape);
  return first;
}

/** A carved board in the middle of the back, from the seat to the crest. */
export function backSplat(plan: ChairPlan, low: number, high: number, random: RandomStream): Shape {
  const tall = high - low;
  const waist = random.range(0.28, 0.4);
  const belly = random.range(0.75, 1);
  const half = plan.width * 0.2;
  const right: Vec2[] = [
    [0.62, 0],
    [0.5, 0.1],
    [waist, 0.24],
    [0.5, 0.38],
    [belly, 0.58],
    [belly * 0.96, 0.72],
    [0.55, 0.86],
    [0.75, 1],
  ];
  const smooth: Vec2[] = [];
  for (let index = 0; index + 1 < right.length; index += 1) {
    const [x0, y0] = right[index] as Vec2;
    const [x1, y1] = right[index + 1] as Vec2;
    for (let step = 0; step < 3; step += 1) {
      const t = step / 3;
      const ease = t * t * (3 - 2 * t);
      smooth.push([(x0 + (x1 - x0) * ease) * half, low + (y0 + (y1 - y0) * t) * tall]);
    }
  }
  smooth.push([0.75 * half, high]);
  const outline = [...smooth, ...[...smooth].reverse().map(([x, y]): Vec2 => [-x, y])];
  return fitToBack(plan, extrude(outline, { depth: 0.014, bevel: 0.004 })).crease(40);
}

/** Two arm rests on turned or square supports. */
export function armRests(plan: ChairPlan, random: RandomStream, isTurned: boolean): Shape {
  const x = plan.width / 2 + 0.008;
  const y = plan.seatHeight + 0.22;
  const front = plan.depth / 2;
  const rear = backZ(plan, y + 0.03);
  const path = smoothPath(
    [
      [x - 0.012, y + 0.035, rear],
      [x + 0.012, y + 0.02, rear * 0.3],
      [x + 0.016, y + 0.012, front * 0.6],
      [x + 0.008, y - 0.012, front + 0.03],
    ],
    4,
  );
  const rest = beam(path, 0.05, 0.026, { bevel: 0.008, taper: (t) => 0.8 + 0.35 * t });
  const support = isTurned
    ? turnedPost(y - plan.seatHeight + 0.03, plan.post * 0.46, random, 10).translate(
        x,
        plan.seatHeight - 0.02,
        front - plan.post,
      )
    : beam(
        [
          [x, plan.seatHeight - 0.05, front - plan.post],
          [x, y + 0.01, front - plan.post],
        ],
        plan.post * 0.8,
        plan.post * 0.8,
      );
  return rest.mirrored('x').append(support.mirrored('x')).crease(40);
}

/** Curved runners under the legs of a rocking chair; they touch the floor at y = 0 and carry the legs at `rise`. */
export function rockers(plan: ChairPlan, rise: number): Shape {
  const x = plan.width / 2 - plan.post / 2;
  const length = plan.depth * 1.75;
  const path: Vec3[] = [];
  for (let step = 0; step <= 12; step += 1) {
    const s = (2 * step) / 12 - 1;
    path.push([x, plan.post * 0.35 + rise * 1.1 * s * s, -0.06 + (s * length) / 2]);
  }
  return beam(path, plan.post * 0.75, plan.post * 0.7, { up: [0, 1, 0] }).mirrored('x');
}

/** A ball on a neck: the end of a post. */
export function finial(radius: number): Shape {
  return lathe(
    [
      [0, -radius * 0.3],
      [radius * 0.7, -radius * 0.3],
      [radius * 0.7, 0],
      [radius * 0.45, radius * 0.25],
      ...ballProfile(radius, 7, radius * 0.3).slice(2, -1),
      [0, radius * 2.5],
    ],
    { segments: 12 },
  ).crease(50);
}

/** A bent shell of seat and back in one piece. */
export function seatShell(plan: ChairPlan, thickness: number): Shape {
  const y = plan.seatHeight;
  const half = plan.depth / 2;
  const path = smoothPath(
    [
      [0, y - 0.012, half + 0.01],
      [0, y - 0.002, half * 0.7],
      [0, y - 0.022, 0],
      [0, y - 0.016, -half * 0.62],
      [0, y + 0.055, -half * 0.98],
      [0, y + 0.2, -half - plan.lean * 0.4],
      [0, plan.height - 0.06, -half - plan.lean * 0.92],
      [0, plan.height, -half - plan.lean],
    ],
    4,
  );
  const outline = (t: number): Vec2[] => {
    const isEnd = t < 0.001 || t > 0.999;
    const roundEnd = Math.min(1, t * 14 + 0.72, (1 - t) * 12 + 0.66);
    const waist = 1 - 0.16 * Math.max(0, 1 - Math.abs(t - 0.52) * 6);
    const half2 = (plan.width / 2) * roundEnd * waist;
    const thick = isEnd ? thickness * 0.4 : thickness;
    const dish = 0.03 * (t > 0.5 ? 1.2 : 0.8);
    const lower: Vec2[] = [];
    const upper: Vec2[] = [];
    for (let step = 0; step <= 8; step += 1) {
      const s = (2 * step) / 8 - 1;
      const lift = dish * s * s;
      const rim = Math.abs(s) > 0.99 ? 0.35 : 1;
      lower.push([s * half2, lift - (thick / 2) * rim]);
      upper.push([s * half2, lift + (thick / 2) * rim]);
    }
    return [...lower, ...upper.reverse()];
  };
  return sweep(path, outline, { up: [0, 1, 0] }).crease(50);
}
