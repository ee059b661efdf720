import type { RandomStream } from '../../foundation/random.ts';
import { finishOf, readSpec } from '../furnishing/finish.ts';
import { box } from '../kit/box.ts';
import { beam } from '../kit/joinery.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import { icosphere } from '../kit/sphere.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { chooseFinish, finishBuilding } from './finishes.ts';
import { bar, createBuildingParts, type PlaceOnWall } from './openings.ts';
import { wallPlace } from './walls.ts';

/** Two offset storeys with flat roofs, wide glazing, a timber-clad upper floor and a terrace. */
export function modernHouseParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const finish = chooseFinish(spec, palette, style, {
    wall: 'plaster',
    wallTint: [0.82, 0.8, 0.76],
    timbers: ['oak'],
    coverings: ['slate'],
  });
  const cladding = finishOf(spec, palette, {
    classes: ['wood'],
    fallback: 'planks',
    parts: ['cladding', 'facade'],
    tint: style.pick([
      [0.3, 0.16, 0.07],
      [0.16, 0.09, 0.05],
      [0.4, 0.26, 0.13],
    ] as const),
  });
  const concrete = palette.material('plaster', { tint: [0.4, 0.39, 0.38], size: 256 });
  const metal = palette.material('dark-iron', { size: 64, wear: Math.min(spec.wear, 0.3) });
  const parts = createBuildingParts();
  const floor = 0.24;
  const width = style.range(8.2, 9.4);
  const depth = 5.6;
  const tall = 2.85;
  const lower = { x: 0, z: 0, width, depth };
  const shift = style.range(1.0, 1.7) * (style.chance(0.5) ? 1 : -1);
  const upper = { x: shift, z: 0.55, width: width * 0.68, depth: 5.2 };
  const slabs: Shape[] = [];
  const panes: Shape[] = [];
  const frames: Shape[] = [];
  const clad: Shape[] = [];
  parts.walls.push(box(lower.width, tall, lower.depth, { bevel: 0.02 }).translate(0, floor + tall / 2, 0));
  slabs.push(box(lower.width + 1.6, floor, lower.depth + 2.6, { bevel: 0.03 }).translate(0, floor / 2, 0.7));
  slabs.push(box(lower.width + 0.7, 0.22, lower.depth + 0.9, { bevel: 0.02 }).translate(0, floor + tall + 0.1, 0.1));
  const second = floor + tall + 0.21;
  clad.push(box(upper.width, 2.6, upper.depth, { bevel: 0.02, grain: 'y' }).translate(upper.x, second + 1.3, upper.z));
  slabs.push(
    box(upper.width + 0.7, 0.24, upper.depth + 0.8, { bevel: 0.02 }).translate(upper.x, second + 2.7, upper.z + 0.1),
  );
  const glaze = (place: PlaceOnWall, x: number, low: number, w: number, h: number, divisions: number): void => {
    panes.push(place(box(w, h, 0.03, { bevel: 0.003 }).translate(x, low + h / 2, 0.015)));
    for (let index = 0; index <= divisions; index += 1)
      frames.push(
        place(
          bar(
            x - w / 2 + (w * index) / divisions,
            low,
            x - w / 2 + (w * index) / divisions,
            low + h,
            index % divisions === 0 ? 0.08 : 0.05,
            0.07,
          ),
        ),
      );
    for (const y of [low, low + h]) frames.push(place(bar(x - w / 2 - 0.04, y, x + w / 2 + 0.04, y, 0.08, 0.075)));
  };
  const onLower = (side: number): PlaceOnWall => wallPlace(side, lower.width, lower.depth);
  const onUpper = (side: number): PlaceOnWall => {
    const place = wallPlace(side, upper.width, upper.depth);
    return (shape) => place(shape).translate(upper.x, 0, upper.z);
  };
  const doorX = shift > 0 ? -width * 0.36 : width * 0.36;
  const glassX = shift > 0 ? width * 0.13 : -width * 0.13;
  glaze(onLower(0), glassX, floor + 0.06, width * 0.6, 2.45, 5);
  glaze(onLower(1), 0.3, floor + 0.9, 2.6, 1.4, 2);
  glaze(onLower(3), -0.3, floor + 0.9, 2.6, 1.4, 2);
  glaze(onLower(2), 0, floor + 1.3, 3.6, 1.0, 3);
  glaze(onUpper(0), -upper.width * 0.17, second + 0.35, upper.width * 0.5, 1.9, 3);
  glaze(onUpper(0), upper.width * 0.33, second + 0.9, upper.width * 0.14, 1.35, 1);
  glaze(onUpper(1), 0, second + 0.7, 1.7, 1.5, 2);
  glaze(onUpper(3), 0, second + 0.7, 1.7, 1.5, 2);
  glaze(onUpper(2), 0, second + 1.1, 3.2, 0.9, 3);
  const front = onLower(0);
  parts.boards.push(front(box(1.05, 2.25, 0.09, { bevel: 0.012, grain: 'y' }).translate(doorX, floor + 1.14, 0.03)));
  frames.push(
    front(bar(doorX - 0.57, floor, doorX - 0.57, floor + 2.32, 0.08, 0.09)),
    front(bar(doorX + 0.57, floor, doorX + 0.57, floor + 2.32, 0.08, 0.09)),
    front(bar(doorX - 0.61, floor + 2.32, doorX + 0.61, floor + 2.32, 0.08, 0.09)),
  );
  frames.push(
    front(
      beam(
        [
          [doorX + 0.36, floor + 0.7, 0.13],
          [doorX + 0.36, floor + 1.6, 0.13],
        ],
        0.035,
        0.035,
      ),
    ),
  );
  for (let slat = 0; slat < 9; slat += 1)
    clad.push(
      front(
        box(0.07, tall - 0.05, 0.16, { bevel: 0.01, grain: 'y' }).translate(
          doorX + (shift > 0 ? 1 : -1) * (0.85 + slat * 0.14),
          floor + tall / 2,
          0.07,
        ),
      ),
    );
  // a railing along the part of the lower roof that the upper storey leaves free
  const freeFrom = shift > 0 ? -width / 2 - 0.2 : upper.x + upper.width / 2 + 0.1;
  const freeTo = shift > 0 ? upper.x - upper.width / 2 - 0.1 : width / 2 + 0.2;
  const railZ = lower.depth / 2 + 0.42;
  const railing: Shape[] = [
    box(freeTo - freeFrom, 0.85, 0.03, { bevel: 0.004 }).translate((freeFrom + freeTo) / 2, second + 0.45, railZ),
  ];
  frames.push(
    beam(
      [
        [freeFrom, second + 0.9, railZ],
        [freeTo, second + 0.9, railZ],
      ],
      0.06,
      0.05,
    ),
  );
  const hedge: Shape[] = [];
  for (let index = 0; index < 7; index += 1)
    hedge.push(
      icosphere(style.range(0.26, 0.38), 3)
        .map((x, y, z) => [x, y * 0.9, z])
        .translate(
          shift > 0 ? width / 2 - 0.4 - index * 0.42 : -width / 2 + 0.4 + index * 0.42,
          floor + 0.34,
          lower.depth / 2 + 1.5,
        ),
    );
  const planter = box(3.1, 0.42, 0.62, { bevel: 0.03 }).translate(
    shift > 0 ? width / 2 - 1.65 : -width / 2 + 1.65,
    floor + 0.2,
    lower.depth / 2 + 1.5,
  );
  parts.plants.push(...hedge);
  slabs.push(planter);
  const step = box(1.9, floor * 0.5, 0.6, { bevel: 0.02 }).translate(doorX, floor * 0.25, lower.depth / 2 + 2.28);
  slabs.push(step);
  const snow = readSpec(spec).is('snowy')
    ? [
        box(upper.width + 0.55, 0.16, upper.depth + 0.65, { bevel: 0.07 }).translate(
          upper.x,
          second + 2.88,
          upper.z + 0.1,
        ),
        box(lower.width + 0.55, 0.12, lower.depth + 0.75, { bevel: 0.05 }).translate(0, floor + tall + 0.23, 0.1),
      ]
    : [];
  return [
    ...finishBuilding(parts, finish, { light: [], dark: [], snow }, palette),
    createPart('concrete', concrete, slabs),
    createPart('cladding', cladding, clad),
    createPart('frames', metal, frames),
    createPart('glazing', finish.pane, panes),
    createPart('railing', palette.material('glass'), railing),
  ];
}
