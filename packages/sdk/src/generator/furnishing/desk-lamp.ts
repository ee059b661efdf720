import { cos, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { ballProfile, lathe } from '../kit/lathe.ts';
import { tube } from '../kit/loft.ts';
import { createPart } from '../kit/part.ts';
import { bevelCorners } from '../kit/profile.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { finishOf } from './finish.ts';
import { GLOW } from './lights.ts';

/** A lamp with a jointed arm, springs and a tilted head. */
export function deskLamp(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const paint = finishOf(spec, palette, {
    classes: ['metal', 'ceramic', 'wood'],
    fallback: 'ceramic',
    parts: ['shade', 'head', 'base'],
    colorIndex: 0,
    tint: style.pick([
      [0.4, 0.05, 0.03],
      [0.03, 0.12, 0.12],
      [0.05, 0.05, 0.055],
      [0.5, 0.28, 0.04],
    ] as const),
  });
  const metal = finishOf(spec, palette, {
    classes: [],
    fallback: style.pick(['brass', 'steel', 'dark-iron']),
    parts: ['arm', 'stand'],
  });
  const elbow: Vec3 = [0, 0.3, -0.15];
  const wrist: Vec3 = [0, 0.5, 0.1];
  const arms: Shape[] = [];
  for (const x of [0.016, -0.016]) {
    arms.push(
      tube(
        [
          [x, 0.045, 0],
          [x, elbow[1], elbow[2]],
        ],
        0.0055,
        8,
      ),
    );
    arms.push(
      tube(
        [
          [x, elbow[1], elbow[2]],
          [x, wrist[1], wrist[2]],
        ],
        0.0055,
        8,
      ),
    );
  }
  const pin = lathe(
    [
      [0, -0.028],
      [0.013, -0.028],
      [0.016, -0.02],
      [0.016, 0.02],
      [0.013, 0.028],
      [0, 0.028],
    ],
    { segments: 14 },
  )
    .crease(40)
    .rotateZ(Math.PI / 2);
  arms.push(pin.clone().translate(...elbow), pin.clone().translate(...wrist), pin.clone().translate(0, 0.05, 0));
  for (const side of [1, -1]) {
    const coil: Vec3[] = [];
    for (let step = 0; step <= 48; step += 1) {
      const t = step / 48;
      const angle = t * TAU * 8;
      coil.push([side * 0.027 + 0.006 * cos(angle), 0.085 + 0.1 * t, -0.02 - 0.05 * t + 0.006 * sin(angle)]);
    }
    arms.push(tube(coil, 0.0018, 5));
  }
  const base = lathe(
    bevelCorners(
      [
        [0, 0],
        [0.1, 0],
        [0.1, 0.012],
        [0.085, 0.024],
        [0.03, 0.032],
        [0.024, 0.05],
        [0, 0.052],
      ],
      0.005,
      { steps: 2 },
    ),
    { segments: 30 },
  ).crease(42);
  const outer: Vec2[] = [
    [0.098, 0],
    [0.092, 0.025],
    [0.07, 0.07],
    [0.042, 0.1],
    [0.03, 0.115],
    [0.028, 0.15],
    [0.018, 0.158],
  ];
  const skin = lathe(
    [
      [0, 0.155],
      [0.016, 0.15],
      [0.026, 0.112],
      [0.038, 0.097],
      [0.066, 0.066],
      [0.088, 0.023],
      [0.095, 0],
      ...outer,
      [0, 0.158],
    ],
    { segments: 28 },
  ).crease(55);
  const tilt = (shape: Shape): Shape =>
    shape
      .translate(0, -0.12, 0)
      .rotateX(-0.55)
      .translate(0, wrist[1] + 0.0, wrist[2] + 0.012);
  const bulb = lathe(ballProfile(0.034, 8), { segments: 14 }).crease(90).translate(0, 0.018, 0);
  return [
    createPart('paint', paint, [base, tilt(skin)]),
    createPart('arms', metal, arms),
    createPart('bulb', GLOW, tilt(bulb)),
  ];
}
