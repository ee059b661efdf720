import { cos, mix, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { box } from '../kit/box.ts';
import { extrude } from '../kit/extrude.ts';
import { lathe } from '../kit/lathe.ts';
import { loft } from '../kit/loft.ts';
import { bevelCorners } from '../kit/profile.ts';
import { mergeShapes, type Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';

/** Measures of a coopered barrel, metres. */
export interface BarrelDesign {
  readonly height: number;
  /** Radius in the middle and at the ends, outside. */
  readonly bilge: number;
  readonly head: number;
  readonly staves: number;
  readonly staveThickness: number;
  /** Hoop heights as shares of half the height, from the middle out; mirrored to the other half. */
  readonly hoops: readonly number[];
  readonly hoopWidth: number;
}

/** Outer radius of the staves at the height y, metres. */
export function radiusAt(design: BarrelDesign, y: number): number {
  const t = (2 * y) / design.height - 1;
  return mix(design.bilge, design.head, t * t * (1.12 - 0.12 * t * t));
}

/** Bent boards side by side; every one has its own thickness, length and piece of the texture. */
export function createStaves(design: BarrelDesign, wear: number, random: RandomStream): Shape[] {
  const weights = Array.from({ length: design.staves }, () => random.range(0.78, 1.22));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const staves: Shape[] = [];
  let angle = random.range(0, TAU);
  for (const weight of weights) {
    const width = (TAU * weight) / total;
    staves.push(createStave(design, angle, width, wear, random));
    angle += width;
  }
  return staves;
}

function createStave(design: BarrelDesign, angle: number, width: number, wear: number, random: RandomStream): Shape {
  const rows = 10;
  const bulge = random.range(-0.003, 0.003) * (0.5 + wear);
  const low = random.range(0, 0.006) * (0.4 + wear);
  const high = design.height - random.range(0, 0.008) * (0.4 + wear);
  const sections: Vec3[][] = [];
  for (let row = 0; row <= rows; row += 1) {
    const t = row / rows;
    const y = mix(low, high, t);
    const outer = radiusAt(design, y) + bulge;
    const inner = outer - design.staveThickness;
    const isEnd = row === 0 || row === rows;
    const bevel = 0.0065;
    const gap = 0.0011 / outer;
    const cut = bevel / outer;
    const from = angle + gap;
    const to = angle + width - gap;
    const rim = isEnd ? bevel * 0.6 : 0;
    const at = (radius: number, turn: number): Vec3 => [radius * sin(turn), y, radius * cos(turn)];
    // Counter-clockwise seen from above: outside from one seam to the other, then back along the inside.
    sections.push([
      at(outer - bevel - rim, from),
      at(outer - rim, from + cut),
      at(outer - rim, (from + to) / 2),
      at(outer - rim, to - cut),
      at(outer - bevel - rim, to),
      at(inner + rim, to),
      at(inner + rim, from),
    ]);
  }
  const stave = loft(sections).crease(40);
  const u = random.range(0, 3);
  const v = random.range(0, 3);
  return stave.mapUv((pu, pv) => [pu + u, pv + v]);
}

/** A head: boards cut to a circle, lying in the plane y = 0 with their upper face at `thickness` / 2. */
export function createHead(radius: number, thickness: number, boards: number, random: RandomStream): Shape[] {
  const pieces: Shape[] = [];
  const weights = Array.from({ length: boards }, () => random.range(0.8, 1.2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = -radius;
  for (const weight of weights) {
    const right = Math.min(radius, left + (2 * radius * weight) / total);
    const outline: Vec2[] = [];
    const steps = 7;
    const x0 = left + 0.0012;
    const x1 = right - 0.0012;
    for (let step = 0; step <= steps; step += 1) {
      const x = mix(x0, x1, step / steps);
      outline.push([x, -Math.sqrt(Math.max(1e-8, radius * radius - x * x))]);
    }
    for (let step = steps; step >= 0; step -= 1) {
      const x = mix(x0, x1, step / steps);
      outline.push([x, Math.sqrt(Math.max(1e-8, radius * radius - x * x))]);
    }
    const board = extrude(outline, { depth: thickness * random.range(0.9, 1.1), bevel: 0.004 })
      .crease(35)
      .rotateX(-Math.PI / 2);
    const u = random.range(0, 3);
    const v = random.range(0, 3);
    pieces.push(board.mapUv((pu, pv) => [pu + u, pv + v]));
    left = right;
  }
  return pieces;
}

/** A hoop that follows the barrel's slope, with the two rivets where its ends overlap. */
export function createHoop(design: BarrelDesign, y: number, angle: number): Shape {
  const half = design.hoopWidth / 2;
  const low = radiusAt(design, y - half);
  const high = radiusAt(design, y + half);
  const thick = 0.0065;
  const profile = bevelCorners(
    [
      [low - 0.004, y - half],
      [low + thick, y - half],
      [high + thick, y + half],
      [high - 0.004, y + half],
    ],
    [0, 0.0022, 0.0022, 0],
  );
  // open towards the staves, where nothing is seen of it
  const hoop = lathe(profile, { segments: 44 }).crease(40);
  const lap = loft(
    [-0.11, 0.11].map((turn) =>
      [
        [low + 0.003, -half * 0.96],
        [low + thick + 0.0035, -half * 0.96],
        [high + thick + 0.0035, half * 0.96],
        [high + 0.003, half * 0.96],
      ]
        .map(
          ([radius, dy]): Vec3 => [
            (radius as number) * sin(angle + turn),
            y + (dy as number),
            (radius as number) * cos(angle + turn),
          ],
        )
        .reverse(),
    ),
  ).crease(30);
  const rivets = [-0.06, 0.06].map((turn) => {
    const radius = (low + high) / 2 + thick + 0.003;
    return lathe(
      [
        [0.0085, 0],
        [0.0075, 0.0035],
        [0.004, 0.0058],
        [0, 0.0064],
      ],
      { segments: 8 },
    )
      .crease(60)
      .place([radius * sin(angle + turn), y, radius * cos(angle + turn)], [sin(angle + turn), 0, cos(angle + turn)]);
  });
  return mergeShapes([hoop, lap, ...rivets]);
}

/** A wooden tap that points to +Z from the origin. */
export function createTap(scale: number): Shape {
  const spout = lathe(
    bevelCorners(
      [
        [0, 0],
        [0.012, 0],
        [0.015, 0.03],
        [0.019, 0.034],
        [0.019, 0.05],
        [0.013, 0.056],
        [0.013, 0.1],
        [0.017, 0.106],
        [0.017, 0.12],
        [0, 0.12],
      ],
      0.002,
    ),
    { segments: 14 },
  )
    .crease(40)
    .rotateX(Math.PI / 2);
  const nozzle = lathe(
    bevelCorners(
      [
        [0, -0.04],
        [0.008, -0.04],
        [0.011, 0],
        [0, 0],
      ],
      0.0015,
    ),
    { segments: 12 },
  )
    .crease(40)
    .translate(0, -0.004, 0.108);
  const plug = lathe(
    bevelCorners(
      [
        [0, -0.022],
        [0.008, -0.022],
        [0.01, 0.03],
        [0, 0.03],
      ],
      0.002,
    ),
    { segments: 12 },
  )
    .crease(40)
    .translate(0, 0, 0.076);
  const key = box(0.052, 0.013, 0.014, { bevel: 0.003 }).translate(0, 0.034, 0.076);
  return mergeShapes([spout, nozzle, plug, key]).scale(scale);
}

/** Two saddles on a pair of runners, for a cask lying along z with its lowest line 7 cm above the ground. */
export function createCradle(design: BarrelDesign): Shape[] {
  const pieces: Shape[] = [];
  const radius = radiusAt(design, design.height * 0.2);
  const centre = design.bilge + 0.07;
  for (const side of [-1, 1]) {
    pieces.push(box(0.07, 0.06, design.height * 0.92, { bevel: 0.007 }).translate(side * radius * 0.62, 0.03, 0));
    const outline: Vec2[] = [
      [-radius * 0.86, 0.06],
      [radius * 0.86, 0.06],
      [radius * 0.86, centre - radius * 0.34],
    ];
    const steps = 10;
    for (let step = 0; step <= steps; step += 1) {
      const angle = mix(0.93, -0.93, step / steps);
      outline.push([(radius + 0.004) * sin(angle), centre - (radius + 0.004) * cos(angle)]);
    }
    outline.push([-radius * 0.86, centre - radius * 0.34]);
    pieces.push(
      extrude(outline, { depth: 0.07, bevel: 0.006 })
        .crease(35)
        .translate(0, 0, side * design.height * 0.3),
    );
  }
  return pieces;
}
