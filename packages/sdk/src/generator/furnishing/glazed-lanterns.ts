import { cos, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { beam, turnedProfile } from '../kit/joinery.ts';
import { ballProfile, lathe, torus } from '../kit/lathe.ts';
import { smoothPath, tube } from '../kit/loft.ts';
import { createPart } from '../kit/part.ts';
import { bevelCorners } from '../kit/profile.ts';
import type { Shape } from '../kit/shape.ts';
import type { KitMaterial } from '../materials/material.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { finishOf } from './finish.ts';
import { bail, candle, FLAME, flame, GLOW, lantern, WAX } from './lights.ts';

function metalOf(spec: ObjectSpec, palette: Palette, style: RandomStream, choices: readonly string[]): KitMaterial {
  return finishOf(spec, palette, {
    classes: ['metal', 'wood'],
    fallback: style.pick(choices),
    parts: ['frame', 'body', 'post', 'pole'],
    colorIndex: 0,
  });
}

/** A glazed lantern to carry, with a candle inside. */
export function handLantern(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const metal = metalOf(spec, palette, style, ['dark-iron', 'iron', 'copper', 'brass']);
  const sides = style.pick([4, 4, 6]);
  const foot = style.range(0.068, 0.08);
  const built = lantern({
    sides,
    foot,
    shoulder: foot * style.range(0.98, 1.12),
    glazing: style.range(0.16, 0.2),
    roof: style.range(0.09, 0.12),
  });
  const frame = [...built.frame];
  for (let index = 0; index < sides; index += 1) {
    const angle = (TAU * (index + 0.5)) / sides;
    frame.push(
      lathe(ballProfile(0.011, 6), { segments: 10 })
        .crease(90)
        .translate(foot * 1.08 * sin(angle), -0.012, foot * 1.08 * cos(angle)),
    );
  }
  frame.push(bail(foot * 0.62, 0.1, built.top - 0.028));
  frame.push(
    torus(0.022, 0.004, 18, 6)
      .rotateX(Math.PI / 2)
      .translate(0, built.top + 0.092, 0),
  );
  const glass = palette.material(
    'glass',
    spec.colors.length > 1
      ? { tint: spec.colors[1] as readonly [number, number, number] }
      : { tint: [0.85, 0.62, 0.3] },
  );
  const candleHeight = style.range(0.065, 0.085);
  return [
    createPart('frame', metal, frame),
    createPart(
      'candle',
      WAX,
      [...candle(0.02, candleHeight, style)].map((shape) => shape.translate(0, built.floor, 0)),
    ),
    createPart('flame', FLAME, flame(0.05).translate(0, built.floor + candleHeight + 0.002, 0)),
    createPart('glass', glass, built.glass),
  ];
}

/** A cast lamp post with a ladder bar, scrolls and a glazed head. */
export function streetLamp(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const metal = metalOf(spec, palette, style, ['dark-iron', 'dark-iron', 'bronze']);
  const height = style.range(2.7, 3.1);
  const post = lathe(
    bevelCorners(
      [
        [0, 0],
        [0.2, 0],
        [0.2, 0.09],
        [0.165, 0.12],
        [0.15, 0.15],
        [0.15, 0.46],
        [0.17, 0.49],
        [0.17, 0.53],
        [0.1, 0.58],
        [0.085, 0.64],
        [0.092, 0.68],
        [0.068, 0.72],
        [0.058, height * 0.55],
        [0.07, height * 0.55 + 0.015],
        [0.07, height * 0.55 + 0.045],
        [0.055, height * 0.55 + 0.06],
        [0.045, height - 0.16],
        [0.065, height - 0.13],
        [0.07, height - 0.09],
        [0.045, height - 0.06],
        [0.06, height - 0.02],
        [0.1, height],
        [0, height],
      ],
      0.012,
    ),
    { segments: 12 },
  ).crease(28);
  const shapes: Shape[] = [post];
  const barY = height - 0.32;
  shapes.push(
    tube(
      [
        [-0.3, barY, 0],
        [0.3, barY, 0],
      ],
      0.016,
      8,
    ),
  );
  for (const side of [1, -1]) {
    shapes.push(
      lathe(ballProfile(0.03, 6), { segments: 10 })
        .crease(90)
        .translate(side * 0.3, barY - 0.03, 0),
    );
    const scroll = smoothPath(
      [
        [side * 0.05, barY - 0.34, 0],
        [side * 0.09, barY - 0.2, 0],
        [side * 0.2, barY - 0.16, 0],
        [side * 0.235, barY - 0.07, 0],
        [side * 0.17, barY - 0.03, 0],
        [side * 0.13, barY - 0.08, 0],
      ],
      4,
    );
    shapes.push(tube(scroll, (t) => 0.014 - 0.005 * t, 8));
  }
  for (let index = 0; index < 8; index += 1)
    shapes.push(
      beam(
        [
          [0, 0.18, 0.152],
          [0, 0.43, 0.152],
        ],
        0.05,
        0.014,
        { bevel: 0.005, up: [0, 0, 1] },
      ).rotateY((TAU * (index + 0.5)) / 8),
    );
  const sides = style.pick([4, 6, 6]);
  const head = lantern({ sides, foot: 0.13, shoulder: 0.215, glazing: 0.4, roof: 0.3 });
  for (const shape of head.frame) shapes.push(shape.translate(0, height, 0));
  shapes.push(
    lathe(
      [
        [0, 0],
        [0.03, 0],
        [0.035, 0.03],
        [0.018, 0.05],
        [0.028, 0.08],
        [0.02, 0.11],
        [0, 0.19],
      ],
      { segments: 10 },
    )
      .crease(50)
      .translate(0, height + head.top - 0.012, 0),
  );
  const bulb = lathe(
    turnedProfile(
      [
        [0.02, 0],
        [0.06, 0.08],
        [0.07, 0.15],
        [0.03, 0.24],
        [0.004, 0.27],
      ],
      3,
    ),
    { segments: 14 },
  ).crease(90);
  return [
    createPart('post', metal, shapes),
    createPart('light', GLOW, bulb.translate(0, height + head.floor, 0)),
    createPart('glass', palette.material('glass', { tint: [0.9, 0.74, 0.46] }), head.glass.translate(0, height, 0)),
  ];
}
