import type { RandomStream } from '../../foundation/random.ts';
import { finishOf } from '../furnishing/finish.ts';
import { box, plank } from '../kit/box.ts';
import { beam } from '../kit/joinery.ts';
import { tube } from '../kit/loft.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec3 } from '../kit/vector.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { chimney } from './chimney.ts';
import { coverRoof } from './dwellings.ts';
import { chooseFinish, finishBuilding } from './finishes.ts';
import { addDoor, addWindow, createBuildingParts } from './openings.ts';
import { type RoofPlan, slopeOf } from './roofs.ts';
import { wallPlace } from './walls.ts';

/** A log cabin with crossing corners and a porch under the front of its roof. */
export function cabinParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const finish = chooseFinish(spec, palette, style, {
    wall: 'planks',
    timbers: ['oak', 'walnut'],
    coverings: ['shingles', 'shingles', 'slate', 'thatch'],
  });
  const logs = finishOf(spec, palette, {
    classes: [],
    fallback: 'oak',
    parts: ['log', 'wall'],
    colorIndex: 0,
    tint: style.pick([
      [0.22, 0.115, 0.05],
      [0.3, 0.17, 0.08],
      [0.16, 0.1, 0.06],
    ] as const),
  });
  const parts = createBuildingParts();
  const width = style.range(4.3, 5.0);
  const depth = style.range(4.6, 5.4);
  const thick = 0.27;
  const pitch = thick * 0.9;
  const floor = 0.38;
  const rows = style.integer(9, 10);
  const eaves = floor + rows * pitch;
  const shapes: Shape[] = [];
  const log = (from: Vec3, to: Vec3): void => {
    const size = (thick / 2) * style.range(0.95, 1.05);
    const turn = style.range(0, 4);
    shapes.push(
      tube([from, to], size, 8)
        .mapUv((u, v) => [u + turn, v + turn * 1.7])
        .crease(50),
    );
  };
  const out = 0.3;
  for (let row = 0; row < rows; row += 1) {
    const y = floor + pitch * (row + 0.5);
    const over = (): number => out + style.range(-0.06, 0.06);
    for (const side of [1, -1]) {
      log([-width / 2 - over(), y, (side * depth) / 2], [width / 2 + over(), y, (side * depth) / 2]);
      if (row < rows - 1)
        log(
          [(side * width) / 2, y + pitch / 2, -depth / 2 - over()],
          [(side * width) / 2, y + pitch / 2, depth / 2 + over()],
        );
    }
  }
  const rise = width * style.range(0.38, 0.48);
  for (let row = 0; row < 12; row += 1) {
    const y = eaves + pitch * (row + 0.5);
    const half = (width / 2 + 0.1) * (1 - (y - eaves + pitch * 0.7) / rise);
    if (half < 0.25) break;
    for (const side of [1, -1]) log([-half, y, (side * depth) / 2], [half, y, (side * depth) / 2]);
  }
  parts.walls.push(box(width - 0.1, eaves - floor, depth - 0.1, { bevel: 0.01 }).translate(0, (eaves + floor) / 2, 0));
  // stones under the corners and the porch
  const porch = 1.45;
  for (const sx of [1, 0, -1])
    for (const z of [depth / 2 + porch - 0.15, depth / 2, 0, -depth / 2])
      parts.base.push(
        plank(0.6, floor, 0.6, { random: style, bevel: 0.07, roughness: 0.9, subdivisions: [1, 1, 1] }).translate(
          sx * (width / 2),
          floor / 2 - 0.04,
          z,
        ),
      );
  const boards: Shape[] = [];
  const count = 9;
  for (let index = 0; index < count; index += 1)
    boards.push(
      plank((width + 0.5) / count - 0.012, 0.08, porch + 0.1, {
        random: style.fork(`porch ${index}`),
        bevel: 0.012,
        grain: 'z',
      }).translate(-width / 2 - 0.25 + ((width + 0.5) * (index + 0.5)) / count, floor, depth / 2 + porch / 2),
    );
  const plan: RoofPlan = { span: width + 0.15, length: depth + porch, eaves, rise, overhang: 0.42 };
  for (const sx of [1, -1]) {
    parts.timber.push(
      beam(
        [
          [sx * (width / 2 - 0.02), floor, depth / 2 + porch - 0.15],
          [sx * (width / 2 - 0.02), eaves + 0.06, depth / 2 + porch - 0.15],
        ],
        0.19,
        0.19,
        { bevel: 0.05 },
      ),
    );
    parts.timber.push(
      beam(
        [
          [sx * (width / 2 - 0.05), eaves - 0.6, depth / 2 + porch - 0.15],
          [sx * (width / 2 - 0.6), eaves + 0.02, depth / 2 + porch - 0.15],
        ],
        0.11,
        0.11,
        { bevel: 0.025 },
      ),
    );
    parts.timber.push(
      beam(
        [
          [sx * (width / 2 - 0.06), eaves - 0.12, -depth / 2 - 0.2],
          [sx * (width / 2 - 0.06), eaves - 0.12, depth / 2 + porch + 0.1],
        ],
        0.18,
        0.18,
        { bevel: 0.04 },
      ),
    );
    const rail = floor + 0.82;
    const inner = 0.62;
    parts.timber.push(
      beam(
        [
          [sx * (width / 2 - 0.02), rail, depth / 2 + porch - 0.15],
          [sx * inner, rail, depth / 2 + porch - 0.15],
        ],
        0.1,
        0.08,
        { bevel: 0.025 },
      ),
    );
    parts.timber.push(
      beam(
        [
          [sx * inner, floor, depth / 2 + porch - 0.15],
          [sx * inner, rail + 0.06, depth / 2 + porch - 0.15],
        ],
        0.12,
        0.12,
        { bevel: 0.03 },
      ),
    );
    for (let index = 1; index < 7; index += 1) {
      const x = inner + ((width / 2 - 0.02 - inner) * index) / 7;
      parts.timber.push(
        box(0.05, rail - floor, 0.05, { bevel: 0.012, grain: 'y' }).translate(
          sx * x,
          (rail + floor) / 2,
          depth / 2 + porch - 0.15,
        ),
      );
    }
  }
  parts.timber.push(
    beam(
      [
        [-width / 2 - 0.1, eaves - 0.1, depth / 2 + porch - 0.15],
        [width / 2 + 0.1, eaves - 0.1, depth / 2 + porch - 0.15],
      ],
      0.18,
      0.18,
      { bevel: 0.04 },
    ),
  );
  const front = wallPlace(0, width, depth);
  const lift = (shape: Shape): Shape => front(shape.translate(0, 0, thick * 0.46));
  addDoor(parts, front, 0, floor + 0.04, {
    width: 0.98,
    height: 1.95,
    isArched: false,
    random: style,
    forward: thick * 0.42,
  });
  for (const side of [1, -1])
    addWindow(parts, lift, side * width * 0.31, floor + 1.32, {
      width: 0.72,
      height: 0.78,
      columns: 2,
      rows: 2,
      shutters: false,
      flowers: false,
      random: style,
    });
  for (const side of [1, 3]) {
    const place = wallPlace(side, width, depth);
    for (const at of [-0.24, 0.24])
      addWindow(parts, (shape) => place(shape.translate(0, 0, thick * 0.46)), depth * at, floor + 1.32, {
        width: 0.78,
        height: 0.8,
        columns: 2,
        rows: 2,
        shutters: true,
        flowers: false,
        random: style,
      });
  }
  for (let step = 0; step < 2; step += 1)
    parts.base.push(
      plank(1.3 + step * 0.1, 0.19, 0.36, { random: style, bevel: 0.03, roughness: 0.7 }).translate(
        0,
        0.29 - step * 0.19,
        depth / 2 + porch + 0.12 + step * 0.3,
      ),
    );
  const roof = coverRoof(plan, finish, parts.timber, random, spec);
  const shift = (list: readonly Shape[]): void => {
    for (const shape of list) shape.translate(0, 0, porch / 2);
  };
  shift([...roof.light, ...roof.dark, ...roof.snow]);
  // deck and verge boards were the last two pieces of timber that the covering added
  if (finish.covering !== 'thatch') shift(parts.timber.slice(-2));
  const slope = slopeOf(plan);
  const built = chimney(0.9, 0.62, 0, slope.ridge + 0.5, style.fork('chimney'));
  const stack = built.stack.map((shape) => shape.rotateY(Math.PI / 2).translate(-width / 2 - 0.32, 0, -depth * 0.12));
  return [
    ...finishBuilding(parts, finish, roof, palette),
    createPart('logs', logs, shapes),
    createPart('porch', finish.timber, boards),
    createPart('chimney', palette.material('cobblestone'), stack),
    createPart(
      'chimney-pots',
      palette.material('sandstone', { tint: [0.36, 0.12, 0.06] }),
      built.pots.map((shape) => shape.translate(-width / 2 - 0.32, 0, -depth * 0.12)),
    ),
  ];
}
