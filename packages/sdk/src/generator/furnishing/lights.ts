import { cos, sin, TAU } from '../../foundation/math.ts';
import { beam } from '../kit/joinery.ts';
import { lathe, torus } from '../kit/lathe.ts';
import { smoothPath, tube } from '../kit/loft.ts';
import { bevelCorners, smoothCurve } from '../kit/profile.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';
import type { KitMaterial } from '../materials/material.ts';

/** A flame: shines by itself, warm. */
export const FLAME: KitMaterial = {
  name: 'flame',
  repeatM: 1,
  baseColor: [1, 0.72, 0.3, 1],
  metallic: 0,
  roughness: 1,
  emissive: [1, 0.55, 0.14],
};

/** A lit bulb or pane. */
export const GLOW: KitMaterial = {
  name: 'glow',
  repeatM: 1,
  baseColor: [1, 0.88, 0.66, 1],
  metallic: 0,
  roughness: 0.6,
  emissive: [1, 0.78, 0.45],
};

/** The white of the inside of a shade or the wax of a candle. */
export const WAX: KitMaterial = {
  name: 'wax',
  repeatM: 1,
  baseColor: [0.86, 0.77, 0.58, 1],
  metallic: 0,
  roughness: 0.55,
};

/** A flame standing on y = 0. */
export function flame(height: number): Shape {
  const curve = smoothCurve(
    [
      [0.0005, 0],
      [height * 0.17, height * 0.12],
      [height * 0.2, height * 0.3],
      [height * 0.11, height * 0.62],
      [0.0005, height],
    ],
    3,
  );
  return lathe([[0, 0], ...curve.slice(1, -1), [0, height]], { segments: 10 }).crease(90);
}

/** A candle with a melted rim and drips, standing on y = 0. */
export function candle(
  radius: number,
  height: number,
  random: { range(low: number, high: number): number; integer(low: number, high: number): number },
): Shape[] {
  const body = lathe(
    [
      [0, 0],
      [radius * 1.02, 0],
      [radius, height * 0.5],
      [radius * 0.99, height - radius * 0.2],
      [radius * 0.92, height],
      [radius * 0.7, height - radius * 0.1],
      [radius * 0.3, height - radius * 0.3],
      [0, height - radius * 0.32],
    ],
    { segments: 16 },
  ).crease(55);
  const drips: Shape[] = [body];
  const count = random.integer(3, 5);
  for (let index = 0; index < count; index += 1) {
    const angle = (TAU * (index + random.range(0.1, 0.6))) / count;
    const length = height * random.range(0.15, 0.5);
    const x = radius * 0.97 * sin(angle);
    const z = radius * 0.97 * cos(angle);
    const path: Vec3[] = [
      [x * 0.85, height - radius * 0.12, z * 0.85],
      [x, height - radius * 0.25, z],
      [x * 1.02, height - length * 0.7, z * 1.02],
      [x * 1.03, height - length, z * 1.03],
    ];
    drips.push(tube(path, (t) => radius * (0.12 + 0.1 * t), 6));
    drips.push(
      lathe(
        [
          [0, 0],
          [radius * 0.24, radius * 0.12],
          [radius * 0.2, radius * 0.36],
          [0, radius * 0.46],
        ],
        { segments: 6 },
      )
        .crease(90)
        .translate(x * 1.02, height - length - radius * 0.14, z * 1.02),
    );
  }
  return drips;
}

/** A thin black thread with a bend. */
export function wick(height: number, y: number): Shape {
  return tube(
    [
      [0, y, 0],
      [0.001, y + height * 0.6, 0],
      [0.004, y + height, 0.001],
    ],
    0.0016,
    5,
  );
}

/**
 * A lamp shade: cloth or paper between two rings, open at both ends.
 *
 * @returns The skin with a thickness of 2 mm, and the rings along its rims.
 */
export function lampShade(
  low: number,
  high: number,
  y: number,
  height: number,
  sides = 36,
): { readonly skin: Shape; readonly rims: Shape } {
  const thick = 0.0025;
  const outer: Vec2[] = [];
  const steps = 4;
  for (let step = 0; step <= steps; step += 1) {
    const t = step / steps;
    outer.push([low + (high - low) * t - 0.01 * (low - high) * 4 * t * (1 - t), y + height * t]);
  }
  const inner = [...outer].reverse().map(([radius, at]): Vec2 => [radius - thick, at]);
  const skin = lathe([...outer, ...inner], { segments: sides, closed: true, tileM: 0.4 }).crease(60);
  const rims = torus(low, 0.0045, sides, 6)
    .translate(0, y, 0)
    .append(torus(high, 0.0045, sides, 6).translate(0, y + height, 0));
  return { skin, rims };
}

/** Measures of a lantern: a glazed box on y = 0. */
export interface LanternPlan {
  readonly sides: number;
  /** Radius of the corners at the foot and below the roof. */
  readonly foot: number;
  readonly shoulder: number;
  /** Height of the glazed part. */
  readonly glazing: number;
  readonly roof: number;
}

/** Parts of a lantern, each to get its own material. */
export interface Lantern {
  readonly frame: Shape[];
  readonly glass: Shape;
  /** Height of the candle's foot. */
  readonly floor: number;
  readonly top: number;
}

/** The frame and panes of a lantern with a hipped roof. Flat sides face the front. */
export function lantern(plan: LanternPlan): Lantern {
  const { sides, foot, shoulder, glazing, roof } = plan;
  const phase = TAU / sides / 2;
  const baseHeight = foot * 0.22;
  const top = baseHeight + glazing;
  const polygonal = (points: readonly Vec2[]): Shape => lathe(points, { segments: sides, phase }).crease(30);
  const frame: Shape[] = [];
  frame.push(
    polygonal(
      bevelCorners(
        [
          [0, 0],
          [foot * 1.16, 0],
          [foot * 1.16, baseHeight * 0.5],
          [foot * 1.02, baseHeight],
          [0, baseHeight],
        ],
        foot * 0.05,
      ),
    ),
  );
  frame.push(
    polygonal([
      [0, top - 0.001],
      [shoulder * 1.0, top - 0.001],
      [shoulder * 1.22, top + roof * 0.03],
      [shoulder * 1.22, top + roof * 0.09],
      [shoulder * 0.9, top + roof * 0.24],
      [shoulder * 0.5, top + roof * 0.56],
      [shoulder * 0.34, top + roof * 0.64],
      [shoulder * 0.36, top + roof * 0.78],
      [shoulder * 0.5, top + roof * 0.8],
      [shoulder * 0.3, top + roof * 0.92],
      [0, top + roof],
    ]),
  );
  const size = foot * 0.13;
  const corner = (index: number, radius: number, y: number): Vec3 => {
    const angle = phase + (TAU * index) / sides;
    return [radius * sin(angle), y, radius * cos(angle)];
  };
  for (let index = 0; index < sides; index += 1) {
    frame.push(
      beam([corner(index, foot, baseHeight - 0.002), corner(index, shoulder, top + 0.002)], size, size, {
        up: corner(index, 1, 0),
        bevel: size * 0.2,
      }),
    );
    for (const t of [0.06, 0.94]) {
      const radius = foot + (shoulder - foot) * t;
      const y = baseHeight + glazing * t;
      frame.push(
        beam([corner(index, radius, y), corner(index + 1, radius, y)], size * 0.7, size * 0.9, { bevel: size * 0.16 }),
      );
    }
    const at = (t: number): Vec3 => {
      const radius = foot + (shoulder - foot) * t;
      const a = corner(index, radius, 0);
      const b = corner(index + 1, radius, 0);
      return [(a[0] + b[0]) / 2, baseHeight + glazing * t, (a[2] + b[2]) / 2];
    };
    frame.push(beam([at(0.05), at(0.95)], size * 0.4, size * 0.4, { up: at(0.5), bevel: size * 0.08 }));
  }
  const glass = lathe(
    [
      [foot * 0.97, baseHeight],
      [shoulder * 0.97, top],
    ],
    { segments: sides, phase },
  ).crease(30);
  return { frame, glass, floor: baseHeight, top: top + roof };
}

/** A carrying handle: half a hoop standing on both sides, with a ring in the middle. */
export function bail(width: number, height: number, y: number): Shape {
  const path = smoothPath(
    [
      [-width, y, 0],
      [-width * 0.96, y + height * 0.5, 0],
      [-width * 0.5, y + height * 0.93, 0],
      [0, y + height, 0],
      [width * 0.5, y + height * 0.93, 0],
      [width * 0.96, y + height * 0.5, 0],
      [width, y, 0],
    ],
    4,
  );
  return tube(path, width * 0.045, 8);
}
