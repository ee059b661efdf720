import type { RandomStream } from '../../foundation/random.ts';
import { box, plank } from '../kit/box.ts';
import { extrude } from '../kit/extrude.ts';
import { beam } from '../kit/joinery.ts';
import { lathe, torus } from '../kit/lathe.ts';
import { smoothPath } from '../kit/loft.ts';
import { createPart } from '../kit/part.ts';
import { bevelCorners } from '../kit/profile.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { finishOf, readSpec, SOLID_CLASSES } from './finish.ts';

/** A plank on two shaped ends, or a park bench with a slatted back. */
export function benchParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const reading = readSpec(spec);
  const length = style.range(1.35, 1.65);
  const hasBack =
    reading.is('modern') ||
    spec.noun?.startsWith('park') === true ||
    (!reading.is('medieval', 'viking', 'rustic', 'simple') && style.chance(0.5));
  const wood = finishOf(spec, palette, {
    classes: SOLID_CLASSES,
    fallback: style.pick(['oak', 'pine', 'walnut']),
    parts: ['seat', 'slat', 'board'],
    colorIndex: 0,
  });
  if (hasBack) return slattedBench(spec, palette, style, length, wood);
  const height = 0.46;
  const depth = style.range(0.32, 0.38);
  const shapes: Shape[] = [];
  for (const side of [1, -1]) {
    const board = plank(length, 0.055, depth / 2 - 0.003, {
      random,
      bevel: 0.011,
      roughness: 0.3,
      subdivisions: [6, 1, 2],
    });
    shapes.push(board.translate(0, height - 0.0275, (side * depth) / 4));
  }
  const end: Vec2[] = [
    [-depth * 0.46, 0],
    [-depth * 0.2, 0],
    [-depth * 0.14, 0.07],
    [0, 0.11],
    [depth * 0.14, 0.07],
    [depth * 0.2, 0],
    [depth * 0.46, 0],
    [depth * 0.36, height * 0.5],
    [depth * 0.42, height - 0.05],
    [-depth * 0.42, height - 0.05],
    [-depth * 0.36, height * 0.5],
  ];
  const board = extrude(bevelCorners(end, 0.022, { closed: true, steps: 3 }), { depth: 0.055, bevel: 0.008 }).rotateY(
    Math.PI / 2,
  );
  for (const side of [1, -1])
    shapes.push(
      board
        .clone()
        .rotateZ(side * 0.07)
        .translate(side * (length / 2 - 0.17), 0, 0),
    );
  shapes.push(
    beam(
      [
        [-length / 2 + 0.06, height * 0.42, 0],
        [length / 2 - 0.06, height * 0.42, 0],
      ],
      0.035,
      0.09,
    ),
  );
  const iron = palette.material('dark-iron');
  const pegs: Shape[] = [];
  for (const sx of [1, -1]) {
    pegs.push(box(0.03, 0.045, 0.02, { bevel: 0.004 }).translate(sx * (length / 2 - 0.08), height * 0.42, 0));
    for (const sz of [1, -1])
      pegs.push(
        lathe(
          [
            [0, 0],
            [0.012, 0],
            [0.01, 0.006],
            [0, 0.009],
          ],
          { segments: 8 },
        ).translate(sx * (length / 2 - 0.17), height - 0.002, sz * depth * 0.28),
      );
  }
  return [createPart('bench', wood, shapes), createPart('nails', iron, pegs)];
}

function slattedBench(
  spec: ObjectSpec,
  palette: Palette,
  style: RandomStream,
  length: number,
  wood: GeneratedPart['material'],
): GeneratedPart[] {
  const material = wood as ReturnType<Palette['material']>;
  const iron = finishOf(spec, palette, { classes: ['metal'], fallback: 'dark-iron', parts: ['frame', 'leg', 'end'] });
  const slats: Shape[] = [];
  const seat: readonly Vec2[] = [
    [0.2, 0.435],
    [0.105, 0.428],
    [0.01, 0.425],
    [-0.085, 0.428],
  ];
  for (const [z, y] of seat) slats.push(box(length, 0.026, 0.082, { bevel: 0.006 }).translate(0, y, z));
  const count = style.integer(3, 4);
  for (let index = 0; index < count; index += 1) {
    const y = 0.53 + index * 0.105;
    slats.push(
      box(length, 0.085, 0.024, { bevel: 0.006 })
        .rotateX(-0.2)
        .translate(0, y, -0.165 - (y - 0.5) * 0.2),
    );
  }
  const top = 0.53 + (count - 1) * 0.105 + 0.06;
  const ends: Shape[] = [];
  for (const side of [1, -1, 0]) {
    const x = side * (length / 2 - 0.12);
    const at = (y: number, z: number): Vec3 => [x, y, z];
    ends.push(beam(smoothPath([at(0, 0.235), at(0.14, 0.2), at(0.41, 0.215)], 4), 0.045, 0.04, { up: [0, 0, 1] }));
    ends.push(
      beam(
        smoothPath([at(0, -0.27), at(0.2, -0.2), at(0.42, -0.155), at(top, -0.19 - (top - 0.5) * 0.2)], 4),
        0.045,
        0.04,
        { up: [0, 0, 1] },
      ),
    );
    ends.push(beam([at(0.405, -0.15), at(0.4, 0.22)], 0.045, 0.03));
    if (side === 0) continue;
    ends.push(beam(smoothPath([at(0.62, -0.2), at(0.645, 0), at(0.63, 0.2), at(0.595, 0.24)], 3), 0.05, 0.03));
    ends.push(beam(smoothPath([at(0.4, 0.205), at(0.52, 0.17), at(0.625, 0.2)], 4), 0.04, 0.03, { up: [0, 0, 1] }));
    ends.push(
      torus(0.05, 0.012, 16, 6)
        .rotateZ(Math.PI / 2)
        .translate(x, 0.52, 0.02),
    );
  }
  const bolts: Shape[] = [];
  for (const side of [1, -1])
    for (const [z, y] of seat)
      bolts.push(
        lathe(
          [
            [0, 0],
            [0.011, 0],
            [0.008, 0.006],
            [0, 0.008],
          ],
          { segments: 8 },
        ).translate(side * (length / 2 - 0.12), y + 0.012, z),
      );
  return [createPart('slats', material, slats), createPart('ends', iron, ends), createPart('bolts', iron, bolts)];
}
