import type { RandomStream } from '../../foundation/random.ts';
import { box } from '../kit/box.ts';
import { extrude } from '../kit/extrude.ts';
import { beam, roundedRectangle, slab, turnedPost } from '../kit/joinery.ts';
import { lathe } from '../kit/lathe.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import type { SpecReading } from './finish.ts';
import { classOfTop, finishes, plankTop } from './table-tops.ts';

/** Four legs, turned or square, aprons with an arch, a plank or solid top and sometimes a drawer. */
export function leggedTable(
  spec: ObjectSpec,
  palette: Palette,
  reading: SpecReading,
  style: RandomStream,
): GeneratedPart[] {
  const { top, base } = finishes(spec, palette, style, ['oak', 'walnut', 'mahogany', 'pine', 'birch']);
  const isOrnate = reading.is('ornate');
  const length = style.range(1.5, 1.9);
  const depth = style.range(0.84, 0.95);
  const height = 0.75;
  const thickness = 0.04;
  const post = 0.078;
  const isTurned = isOrnate || style.chance(0.6);
  const x = length / 2 - 0.11;
  const z = depth / 2 - 0.1;
  const isSolid = !['wood'].includes(classOfTop(top)) || isOrnate;
  const board = isSolid
    ? [slab(roundedRectangle(length, depth, isOrnate ? 0.09 : 0.02, 5), height - thickness, thickness, 0.011)]
    : plankTop(length, depth, height - thickness, thickness, style);
  const shapes: Shape[] = [];
  const under = height - thickness;
  const blockHeight = 0.16;
  const leg = isTurned ? turnedPost(under - blockHeight + 0.02, post * 0.56, style.fork('leg'), 14) : undefined;
  for (const sx of [1, -1]) {
    for (const sz of [1, -1]) {
      if (leg === undefined) {
        shapes.push(
          beam(
            [
              [sx * x, 0, sz * z],
              [sx * x, under, sz * z],
            ],
            post,
            post,
            { steps: 2, taper: (t) => 0.66 + 0.34 * Math.min(1, t * 1.25) },
          ),
        );
      } else {
        shapes.push(leg.clone().translate(sx * x, 0, sz * z));
        shapes.push(
          box(post, blockHeight, post, { bevel: 0.006, grain: 'y' }).translate(sx * x, under - blockHeight / 2, sz * z),
        );
      }
    }
  }
  const apron = (span: number, isLong: boolean): Shape => {
    const drop = 0.11;
    const arch = style.range(0.01, 0.035);
    const points: Vec2[] = [
      [span / 2, 0],
      [-span / 2, 0],
      [-span / 2, -drop],
    ];
    for (let step = 1; step < 10; step += 1) {
      const s = (2 * step) / 10 - 1;
      points.push([(s * span) / 2, -drop + arch * (1 - s * s)]);
    }
    points.push([span / 2, -drop]);
    const shape = extrude(points, { depth: 0.026, bevel: 0.004 }).mapUv((u, v) => [v, u]);
    return (isLong ? shape : shape.rotateY(Math.PI / 2)).translate(0, under, 0);
  };
  for (const side of [1, -1]) {
    shapes.push(apron(2 * x - post * 0.9, true).translate(0, 0, side * z));
    shapes.push(apron(2 * z - post * 0.9, false).translate(side * x, 0, 0));
  }
  const parts = [createPart('top', top, board), createPart('base', base, shapes)];
  if (style.chance(0.4)) {
    const knob = lathe(
      [
        [0, 0],
        [0.009, 0],
        [0.007, 0.012],
        [0.016, 0.02],
        [0.014, 0.03],
        [0, 0.033],
      ],
      { segments: 12 },
    ).rotateX(Math.PI / 2);
    const drawer = box(0.4, 0.085, 0.02, { bevel: 0.006, grain: 'x' }).translate(0, under - 0.052, z + 0.012);
    parts.push(
      createPart('drawer', base, drawer),
      createPart('knob', palette.material('brass'), knob.translate(0, under - 0.052, z + 0.02)),
    );
  }
  return parts;
}

/** A long plank top on two trestles, shaped or crossed, joined by a wedged rail. */
export function trestleTable(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const { top, base } = finishes(spec, palette, style, ['oak', 'oak', 'walnut', 'pine']);
  const length = style.range(1.7, 2.1);
  const depth = style.range(0.8, 0.9);
  const height = 0.76;
  const thickness = 0.055;
  const under = height - thickness;
  const board =
    classOfTop(top) === 'wood'
      ? plankTop(length, depth, under, thickness, style)
      : [slab(roundedRectangle(length, depth, 0.03), under, thickness)];
  const x = length * 0.32;
  const shapes: Shape[] = [];
  const isCrossed = style.chance(0.45);
  for (const side of [1, -1]) {
    const at = (y: number, z: number, dx = 0): Vec3 => [side * x + dx, y, z];
    shapes.push(
      beam([at(under - 0.045, -depth * 0.42), at(under - 0.045, depth * 0.42)], 0.085, 0.09, {
        steps: 2,
        bevel: 0.014,
      }),
    );
    if (isCrossed) {
      shapes.push(
        beam([at(0, -depth * 0.38, 0.018), at(under - 0.05, depth * 0.3, 0.018)], 0.055, 0.1, {
          steps: 2,
          up: [0, 1, 0],
        }),
      );
      shapes.push(
        beam([at(0, depth * 0.38, -0.018), at(under - 0.05, -depth * 0.3, -0.018)], 0.055, 0.1, {
          steps: 2,
          up: [0, 1, 0],
        }),
      );
    } else {
      const w = depth * 0.16;
      const waist = style.range(0.55, 0.75);
      const outline: Vec2[] = [
        [-w * 1.1, 0.06],
        [w * 1.1, 0.06],
        [w * 0.95, 0.16],
        [w * waist, 0.27],
        [w * waist, 0.4],
        [w, 0.54],
        [w * 1.25, under - 0.08],
        [-w * 1.25, under - 0.08],
        [-w, 0.54],
        [-w * waist, 0.4],
        [-w * waist, 0.27],
        [-w * 0.95, 0.16],
      ];
      shapes.push(
        extrude(outline, { depth: 0.07, bevel: 0.01 })
          .rotateY(Math.PI / 2)
          .translate(side * x, 0, 0),
      );
      const foot: Vec2[] = [
        [-depth * 0.4, 0],
        [-depth * 0.27, 0],
        [-depth * 0.22, 0.022],
        [depth * 0.22, 0.022],
        [depth * 0.27, 0],
        [depth * 0.4, 0],
        [depth * 0.39, 0.045],
        [depth * 0.2, 0.1],
        [-depth * 0.2, 0.1],
        [-depth * 0.39, 0.045],
      ];
      shapes.push(
        extrude(foot, { depth: 0.095, bevel: 0.012 })
          .mapUv((u, v) => [v, u])
          .rotateY(Math.PI / 2)
          .translate(side * x, 0, 0),
      );
    }
  }
  const railY = isCrossed ? under * 0.47 : 0.3;
  shapes.push(
    beam(
      [
        [-x - 0.15, railY, 0],
        [x + 0.15, railY, 0],
      ],
      0.045,
      0.105,
      { steps: 2, bevel: 0.008 },
    ),
  );
  const wedges: Shape[] = [];
  for (const side of [1, -1])
    wedges.push(
      beam(
        [
          [side * (x + 0.085), railY - 0.1, 0],
          [side * (x + 0.075), railY + 0.1, 0],
        ],
        0.03,
        0.026,
        { steps: 2, taper: (t) => 0.75 + 0.4 * t, up: [0, 0, 1] },
      ),
    );
  shapes.push(...wedges);
  const parts = [createPart('top', top, board), createPart('trestles', base, shapes)];
  const nail = lathe(
    [
      [0, 0],
      [0.0125, 0],
      [0.01, 0.005],
      [0, 0.007],
    ],
    { segments: 7 },
  );
  const nails: Shape[] = [];
  for (const side of [1, -1])
    for (const z of [-0.36, -0.18, 0, 0.18, 0.36])
      nails.push(nail.clone().translate(side * x, height - 0.002, z * depth * 0.95 + 0.03));
  parts.push(createPart('nails', palette.material('dark-iron'), nails));
  return parts;
}
