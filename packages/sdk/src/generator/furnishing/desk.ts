import type { RandomStream } from '../../foundation/random.ts';
import { box } from '../kit/box.ts';
import { beam, roundedRectangle, slab } from '../kit/joinery.ts';
import { lathe, torus } from '../kit/lathe.ts';
import { tube } from '../kit/loft.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { finishOf, SOLID_CLASSES } from './finish.ts';

/** A desk with one or two stacks of drawers, drawers towards +Z. */
export function deskParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const wood = finishOf(spec, palette, {
    classes: SOLID_CLASSES,
    fallback: style.pick(['walnut', 'oak', 'mahogany']),
    parts: ['body', 'frame'],
    colorIndex: 0,
  });
  const top = finishOf(spec, palette, {
    classes: [],
    fallback: wood.name === 'painted-wood' ? 'oak' : wood.name,
    parts: ['top', 'surface'],
    colorIndex: 1,
  });
  const metal = finishOf(spec, palette, {
    classes: [],
    fallback: style.pick(['brass', 'dark-iron']),
    parts: ['handle', 'knob', 'drawer'],
  });
  const length = style.range(1.3, 1.5);
  const depth = 0.68;
  const height = 0.76;
  const thickness = 0.036;
  const under = height - thickness;
  const cabinet = 0.36;
  const foot = 0.1;
  const isDouble = style.chance(0.6);
  const shapes: Shape[] = [];
  const knobs: Shape[] = [];
  const sides = isDouble ? [1, -1] : [1];
  for (const side of sides) {
    const x = side * (length / 2 - cabinet / 2 - 0.03);
    shapes.push(
      box(cabinet, under - foot, depth - 0.07, { bevel: 0.006, grain: 'y' }).translate(
        x,
        foot + (under - foot) / 2,
        -0.005,
      ),
    );
    for (const sx of [1, -1])
      for (const sz of [1, -1])
        shapes.push(
          beam(
            [
              [x + sx * (cabinet / 2 - 0.03), 0, sz * (depth / 2 - 0.075)],
              [x + sx * (cabinet / 2 - 0.03), foot + 0.01, sz * (depth / 2 - 0.075)],
            ],
            0.046,
            0.046,
            { taper: (t) => 0.62 + 0.38 * t },
          ),
        );
    const rows = [0.26, 0.2, 0.14].map((drawer) => (drawer * (under - foot - 0.03)) / 0.6);
    let y = foot + 0.012;
    for (const rowHeight of rows) {
      shapes.push(
        box(cabinet - 0.036, rowHeight - 0.016, 0.022, { bevel: 0.006, grain: 'x' }).translate(
          x,
          y + rowHeight / 2,
          depth / 2 - 0.035,
        ),
      );
      knobs.push(...handle(x, y + rowHeight / 2, depth / 2 - 0.024, metal.name === 'brass'));
      y += rowHeight;
    }
  }
  const left = isDouble ? -(length / 2 - cabinet - 0.03) : -(length / 2 - 0.07);
  const right = length / 2 - cabinet - 0.03;
  if (!isDouble) {
    for (const sz of [1, -1])
      shapes.push(
        beam(
          [
            [left, 0, sz * (depth / 2 - 0.07)],
            [left, under, sz * (depth / 2 - 0.07)],
          ],
          0.06,
          0.06,
          { taper: (t) => 0.66 + 0.34 * Math.min(1, t * 1.2) },
        ),
      );
    shapes.push(
      beam(
        [
          [left, under - 0.05, -(depth / 2 - 0.07)],
          [left, under - 0.05, depth / 2 - 0.07],
        ],
        0.024,
        0.09,
      ),
    );
  }
  shapes.push(
    box(right - left + 0.01, 0.1, 0.022, { bevel: 0.005, grain: 'x' }).translate(
      (left + right) / 2,
      under - 0.05,
      depth / 2 - 0.055,
    ),
  );
  shapes.push(
    box(right - left - 0.05, 0.074, 0.022, { bevel: 0.006, grain: 'x' }).translate(
      (left + right) / 2,
      under - 0.05,
      depth / 2 - 0.042,
    ),
  );
  knobs.push(...handle((left + right) / 2, under - 0.05, depth / 2 - 0.032, metal.name === 'brass'));
  shapes.push(
    box(right - left + 0.02, 0.36, 0.02, { bevel: 0.004, grain: 'x' }).translate(
      (left + right) / 2,
      under - 0.18,
      -(depth / 2 - 0.09),
    ),
  );
  const board = slab(roundedRectangle(length, depth, 0.02), under, thickness, 0.011);
  const parts = [createPart('body', wood, shapes), createPart('top', top, board), createPart('handles', metal, knobs)];
  if (style.chance(0.5)) {
    const inlay = slab(roundedRectangle(length * 0.62, depth * 0.62, 0.012), height - 0.004, 0.007, 0.002);
    parts.push(
      createPart(
        'inlay',
        palette.material('leather', {
          tint: style.pick([
            [0.03, 0.1, 0.05],
            [0.17, 0.03, 0.03],
            [0.12, 0.06, 0.03],
          ] as const),
        }),
        inlay,
      ),
    );
  }
  return parts;
}

function handle(x: number, y: number, z: number, isKnob: boolean): Shape[] {
  if (isKnob)
    return [
      lathe(
        [
          [0, 0],
          [0.008, 0],
          [0.007, 0.012],
          [0.015, 0.019],
          [0.014, 0.027],
          [0, 0.031],
        ],
        { segments: 12 },
      )
        .crease(50)
        .rotateX(Math.PI / 2)
        .translate(x, y, z),
    ];
  const rod = tube(
    [
      [x - 0.05, y, z],
      [x - 0.05, y, z + 0.022],
      [x - 0.02, y - 0.004, z + 0.028],
      [x + 0.02, y - 0.004, z + 0.028],
      [x + 0.05, y, z + 0.022],
      [x + 0.05, y, z],
    ],
    0.006,
    8,
  );
  return [
    rod,
    torus(0.008, 0.004, 10, 6)
      .rotateX(Math.PI / 2)
      .translate(x - 0.05, y, z + 0.003),
    torus(0.008, 0.004, 10, 6)
      .rotateX(Math.PI / 2)
      .translate(x + 0.05, y, z + 0.003),
  ];
}
