import type { RandomStream } from '../../foundation/random.ts';
import { turnedProfile } from '../kit/joinery.ts';
import { lathe, torus } from '../kit/lathe.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { finishOf, readSpec } from './finish.ts';
import { candle, FLAME, flame, WAX, wick } from './lights.ts';

/** A candle in a tall stick or in a dish with a ring. */
export function candleStick(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const metal = finishOf(spec, palette, {
    classes: ['metal', 'wood', 'ceramic', 'stone', 'glass'],
    fallback: style.pick(['brass', 'dark-iron', 'silver', 'copper']),
    parts: ['holder', 'stick', 'base'],
    colorIndex: 9,
  });
  const waxColor = readSpec(spec).colors[0];
  const wax = waxColor === undefined ? WAX : { ...WAX, baseColor: [waxColor[0], waxColor[1], waxColor[2], 1] as const };
  const radius = style.range(0.017, 0.021);
  const isTall = style.chance(0.5);
  const tall = style.range(0.11, 0.16);
  const shapes: Shape[] = [];
  let floor: number;
  if (isTall) {
    floor = tall;
    shapes.push(
      lathe(
        turnedProfile(
          [
            [0.06, 0],
            [0.062, 0.008],
            [0.045, 0.02],
            [0.02, 0.034],
            [0.014, 0.05],
            [0.024, 0.066],
            [0.013, 0.08],
            [0.016, floor - 0.024],
            [0.04, floor - 0.012],
            [0.042, floor - 0.006],
            [0.024, floor],
          ],
          3,
        ),
        { segments: 24 },
      ).crease(55),
    );
    shapes.push(
      lathe(
        [
          [radius * 1.1, floor - 0.004],
          [radius * 1.25, floor - 0.004],
          [radius * 1.3, floor + 0.02],
          [radius * 1.1, floor + 0.02],
        ],
        { segments: 20, closed: true },
      ).crease(40),
    );
  } else {
    floor = 0.014;
    shapes.push(
      lathe(
        [
          [0, 0],
          [0.052, 0],
          [0.074, 0.012],
          [0.078, 0.022],
          [0.074, 0.024],
          [0.068, 0.016],
          [0.05, 0.007],
          [0, 0.007],
        ],
        { segments: 28 },
      ).crease(45),
    );
    shapes.push(
      lathe(
        [
          [0, 0.006],
          [radius * 1.5, 0.006],
          [radius * 1.25, 0.014],
          [radius * 1.25, 0.038],
          [radius * 1.42, 0.042],
          [radius * 1.1, 0.043],
          [radius * 1.05, 0.014],
          [0, 0.014],
        ],
        { segments: 20 },
      ).crease(40),
    );
    shapes.push(
      torus(0.02, 0.0045, 18, 8)
        .rotateX(Math.PI / 2)
        .translate(0.092, 0.024, 0),
    );
  }
  const candleHeight = style.range(0.1, 0.17);
  const top = floor + candleHeight;
  return [
    createPart('holder', metal, shapes),
    createPart(
      'candle',
      wax,
      candle(radius, candleHeight, style).map((shape) => shape.translate(0, floor, 0)),
    ),
    createPart('wick', palette.material('ebony', { size: 16 }), wick(0.012, top - radius * 0.32)),
    createPart('flame', FLAME, flame(0.042).translate(0.002, top + 0.002, 0)),
  ];
}
