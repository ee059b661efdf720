import type { RandomStream } from '../../foundation/random.ts';
import { beam, roundedRectangle, slab, turnedProfile } from '../kit/joinery.ts';
import { lathe } from '../kit/lathe.ts';
import { smoothPath } from '../kit/loft.ts';
import { createPart } from '../kit/part.ts';
import { ellipse } from '../kit/profile.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec3 } from '../kit/vector.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import type { SpecReading } from './finish.ts';
import { finishes } from './table-tops.ts';

/** A round top on a turned column with three or four curved feet. */
export function pedestalTable(
  spec: ObjectSpec,
  palette: Palette,
  reading: SpecReading,
  style: RandomStream,
): GeneratedPart[] {
  const { top, base } = finishes(spec, palette, style, ['walnut', 'mahogany', 'oak', 'birch']);
  const radius = style.range(0.48, 0.6);
  const height = 0.74;
  const thickness = 0.036;
  const parts: GeneratedPart[] = [];
  const rim = slab(ellipse(radius, radius, 40), height - thickness, thickness, 0.012);
  parts.push(createPart('top', top, rim.crease(40)));
  const belly = style.range(0.05, 0.068);
  const column = lathe(
    turnedProfile([
      [0.058, 0.16],
      [0.075, 0.19],
      [0.05, 0.24],
      [belly, 0.33],
      [belly * 1.15, 0.4],
      [0.034, 0.52],
      [0.05, 0.56],
      [0.033, 0.59],
      [0.045, 0.65],
      [0.085, height - thickness - 0.02],
      [0.11, height - thickness],
    ]),
    { segments: 20 },
  ).crease(60);
  const count = reading.is('ornate') || style.chance(0.4) ? 4 : 3;
  const shapes: Shape[] = [
    column,
    slab(ellipse(radius * 0.55, radius * 0.55, 28), height - thickness - 0.026, 0.026, 0.006),
  ];
  for (let index = 0; index < count; index += 1) {
    const path = smoothPath(
      [
        [0, 0.25, 0.03],
        [0, 0.235, 0.12],
        [0, 0.13, radius * 0.42],
        [0, 0.04, radius * 0.62],
        [0, 0.028, radius * 0.74],
      ],
      4,
    );
    const legShape = beam(path, 0.05, 0.062, { steps: 2, bevel: 0.014, taper: (t) => 1.15 - 0.45 * t, up: [0, 1, 0] });
    legShape.append(
      lathe(
        [
          [0, 0],
          [0.028, 0],
          [0.036, 0.014],
          [0.034, 0.03],
          [0.022, 0.045],
          [0, 0.05],
        ],
        { segments: 12 },
      ).translate(0, 0, radius * 0.74),
    );
    shapes.push(legShape.rotateY(index * ((2 * Math.PI) / count)));
  }
  parts.push(createPart('base', base, shapes));
  return parts;
}

/** Coffee and side tables: a slim top on splayed legs, with a shelf or a bent frame. */
export function lowTable(
  spec: ObjectSpec,
  palette: Palette,
  reading: SpecReading,
  style: RandomStream,
): GeneratedPart[] {
  const { top, base } = finishes(spec, palette, style, ['oak', 'walnut', 'birch']);
  const isSide = spec.variant === 'side';
  const isDining = spec.variant === null;
  const height = isSide ? 0.52 : isDining ? 0.74 : 0.42;
  const length = isSide ? 0.46 : isDining ? style.range(1.5, 1.8) : style.range(0.95, 1.15);
  const depth = isSide ? 0.42 : isDining ? 0.85 : 0.58;
  const thickness = isDining ? 0.034 : 0.028;
  const under = height - thickness;
  const isRound = !isDining && style.chance(0.35);
  const outline = isRound
    ? ellipse(length * 0.46, (isSide ? length : depth) * 0.52, 56)
    : roundedRectangle(length, depth, Math.min(0.12, depth * 0.16), 16);
  const shapes: Shape[] = [];
  const x = length * (isRound ? 0.24 : 0.36);
  const z = depth * (isRound ? 0.24 : 0.32);
  const size = isDining ? 0.058 : 0.042;
  const splay = isDining ? 0.06 : 0.05;
  const frameKind = reading.is('modern') && style.chance(0.5) ? 'frame' : 'legs';
  if (frameKind === 'legs') {
    for (const sx of [1, -1])
      for (const sz of [1, -1])
        shapes.push(
          beam(
            [
              [sx * (x + splay), 0, sz * (z + splay * 0.8)],
              [sx * x, under, sz * z],
            ],
            size,
            size,
            { steps: 2, taper: (t) => 0.52 + 0.5 * t, bevel: size * 0.28, up: [0, 0, 1] },
          ),
        );
    for (const sz of [1, -1])
      shapes.push(
        beam(
          [
            [-x, under - 0.03, sz * z],
            [x, under - 0.03, sz * z],
          ],
          0.022,
          0.05,
        ),
      );
    for (const sx of [1, -1])
      shapes.push(
        beam(
          [
            [sx * x, under - 0.03, -z],
            [sx * x, under - 0.03, z],
          ],
          0.022,
          0.05,
        ),
      );
  } else {
    for (const sx of [1, -1]) {
      const at = (y: number, dz: number): Vec3 => [sx * (x + 0.03), y, dz];
      shapes.push(beam([at(0.014, -z * 1.1), at(0.014, z * 1.1)], 0.05, 0.028));
      shapes.push(beam([at(under - 0.014, -z * 1.1), at(under - 0.014, z * 1.1)], 0.05, 0.028));
      for (const sz of [1, -1]) shapes.push(beam([at(0, sz * z * 1.1), at(under, sz * z * 1.1)], 0.05, 0.028));
    }
  }
  const parts = [
    createPart('top', top, slab(outline, under, thickness, thickness * 0.35).crease(40)),
    createPart('base', base, shapes),
  ];
  if (!isDining && frameKind === 'legs' && style.chance(0.6)) {
    const shelf = slab(roundedRectangle(2 * x + 0.02, 2 * z + 0.02, 0.03), height * 0.36, 0.018);
    parts.push(createPart('shelf', base, shelf));
  }
  return parts;
}
