import type { RandomStream } from '../../foundation/random.ts';
import { readSpec } from '../furnishing/finish.ts';
import { box, plank } from '../kit/box.ts';
import { jitter } from '../kit/deform.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { block } from './block.ts';
import { chimney } from './chimney.ts';
import { type BuildingFinish, chooseFinish, finishBuilding, type RoofShapes } from './finishes.ts';
import { addDoor, addWindow, bar, createBuildingParts } from './openings.ts';
import {
  bargeBoards,
  type RoofPlan,
  ridgeCaps,
  roofDeck,
  roofUnderlay,
  slopeOf,
  snowLayer,
  thatchRoof,
  tiledRoof,
} from './roofs.ts';
import { addFramedWall, addGable, type BayKind, wallPlace } from './walls.ts';

/** The covering of a gable roof, deck and verge boards included. */
export function coverRoof(
  plan: RoofPlan,
  finish: BuildingFinish,
  timber: Shape[],
  random: RandomStream,
  spec: ObjectSpec,
): RoofShapes {
  const wear = spec.wear;
  const isSnowy = readSpec(spec).is('snowy');
  const seed = (spec.seed % 9973) + 7;
  if (finish.covering === 'thatch') {
    const thick = 0.3;
    return {
      light: [thatchRoof(plan, thick, seed)],
      dark: [],
      snow: isSnowy ? [snowLayer(plan, thick * 1.12, seed)] : [],
    };
  }
  const isWood = finish.covering === 'shingles';
  const [light, dark] = tiledRoof(
    plan,
    {
      row: isWood ? 0.42 : 0.4,
      width: isWood ? 0.34 : 0.44,
      thickness: isWood ? 0.035 : 0.045,
      irregularity: 0.3 + 0.7 * wear,
    },
    random.fork('tiles'),
  );
  timber.push(roofDeck(plan), bargeBoards(plan, 0.22, 0.07, random.fork('barge')));
  return {
    light: [roofUnderlay(plan), light],
    dark: [dark, ridgeCaps(plan, 0.34, 0.13, random.fork('ridge'), 0.05)],
    snow: isSnowy ? [snowLayer(plan, 0.09, seed)] : [],
  };
}

/** A two-storey timber-framed house: stone foot, jettied upper floor, steep tiled roof, gable to the front. */
export function timberHouseParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const reading = readSpec(spec);
  const finish = chooseFinish(spec, palette, style, {
    wall: 'plaster',
    timbers: ['oak', 'walnut', 'oak'],
    coverings: ['tiles', 'tiles', 'slate', 'shingles'],
  });
  const parts = createBuildingParts();
  const isMasonry = finish.wall.name !== 'plaster' && finish.wall.name !== 'planks';
  const width = style.range(4.4, 5.2);
  const depth = style.range(5.0, 6.2);
  const foot = 0.42;
  const lower = style.range(2.35, 2.6);
  const upper = style.range(2.1, 2.4);
  const jetty = isMasonry ? 0.06 : style.range(0.22, 0.34);
  const hasStoneFloor = !isMasonry && style.chance(0.45);
  const timber = 0.17;
  const top = foot + lower;

  parts.base.push(
    jitter(
      box(width + 0.3, foot + 0.1, depth + 0.3, { bevel: 0.05, subdivisions: [5, 1, 5] }),
      0.014,
      style.fork('foot'),
    ).translate(0, (foot + 0.1) / 2 - 0.05, 0),
  );
  const ground = box(width, lower + 0.1, depth, { bevel: 0.02, grain: 'y' }).translate(0, foot + lower / 2, 0);
  (hasStoneFloor ? parts.base : parts.walls).push(ground);
  const upperWidth = width + 2 * jetty;
  const upperDepth = depth + 2 * jetty;
  parts.walls.push(
    box(upperWidth, upper, upperDepth, { bevel: 0.02, grain: 'y' }).translate(0, top + upper / 2 + 0.04, 0),
  );

  const doorLeft = style.chance(0.5);
  const frontBays: BayKind[] = doorLeft ? ['door', 'brace', 'window'] : ['window', 'brace', 'door'];
  const shutters = style.chance(0.6);
  const flowers = !reading.is('spooky', 'simple') && spec.wear < 0.75 && style.chance(0.6);
  const arched = style.chance(0.5);
  for (let side = 0; side < 4; side += 1) {
    const place = wallPlace(side, width, depth);
    const span = side % 2 === 0 ? width : depth;
    const bays: BayKind[] =
      side === 0
        ? frontBays
        : side === 2
          ? ['brace', 'window', 'brace']
          : ['brace', 'window', 'plain', 'window'].map((kind) => kind as BayKind);
    const common = {
      width: span,
      low: foot,
      height: lower,
      timber,
      shutters: false,
      flowers: false,
      arched,
      threshold: foot,
    };
    if (hasStoneFloor || isMasonry) addMasonryOpenings(parts, place, span, bays, foot, lower, arched, style);
    else addFramedWall(parts, place, { ...common, bays }, style);

    const above = wallPlace(side, upperWidth, upperDepth);
    const upperSpan = side % 2 === 0 ? upperWidth : upperDepth;
    const upperBays: BayKind[] =
      side === 0
        ? ['cross', 'window', 'window', 'cross']
        : side === 2
          ? ['brace', 'window', 'brace']
          : ['brace', 'window', 'cross', 'window', 'brace'];
    if (isMasonry) addMasonryOpenings(parts, above, upperSpan, upperBays, top, upper, false, style);
    else
      addFramedWall(
        parts,
        above,
        {
          width: upperSpan,
          low: top + 0.04,
          height: upper,
          bays: upperBays,
          timber,
          shutters: shutters && side === 0,
          flowers: flowers && side === 0,
          arched: false,
          threshold: 0,
        },
        style,
      );
    if (!isMasonry) addJoists(parts.timber, side, span, side % 2 === 0 ? depth : width, top, jetty);
  }
  const plan: RoofPlan = {
    span: upperWidth,
    length: upperDepth,
    eaves: top + upper + 0.04,
    rise: upperWidth * style.range(0.56, 0.68),
    overhang: 0.36,
  };
  for (const side of [0, 2])
    addGable(
      parts,
      parts.walls,
      wallPlace(side, upperWidth, upperDepth),
      upperWidth,
      plan.eaves,
      plan.rise,
      isMasonry ? null : timber * 0.9,
      true,
      style,
    );
  const roof = coverRoof(plan, finish, parts.timber, random, spec);
  const stackX = upperWidth * 0.24 * (style.chance(0.7) ? 1 : -1);
  const stackZ = -upperDepth * style.range(0.12, 0.28);
  const slope = slopeOf(plan);
  const atRoof = slope.ridge - (Math.abs(stackX) / (upperWidth / 2)) * plan.rise;
  const built = chimney(0.72, 0.58, atRoof - 0.6, slope.ridge + 0.55, style.fork('chimney'));
  const stack = built.stack.map((shape) => shape.translate(stackX, 0, stackZ));
  const pots = built.pots.map((shape) => shape.translate(stackX, 0, stackZ));
  return [
    ...finishBuilding(parts, finish, roof, palette),
    createPart(
      'chimney',
      isMasonry ? finish.wall : palette.material(style.chance(0.5) ? 'brick' : 'cobblestone'),
      stack,
    ),
    createPart('chimney-pots', palette.material('sandstone', { tint: [0.36, 0.12, 0.06] }), pots),
  ];
}

/** Ends of the floor beams that carry the upper storey. */
function addJoists(timber: Shape[], side: number, span: number, depth: number, y: number, jetty: number): void {
  const count = Math.max(4, Math.floor(span / 0.62));
  for (let index = 0; index <= count; index += 1) {
    const x = -span / 2 + 0.06 + ((span - 0.12) * index) / count;
    timber.push(
      block(0.13, 0.16, jetty + 0.22, 0.02)
        .translate(x, y - 0.06, depth / 2 + jetty / 2)
        .rotateY((side * Math.PI) / 2),
    );
  }
}

/** Windows and doors of a stone or brick wall, with lintels. */
function addMasonryOpenings(
  parts: ReturnType<typeof createBuildingParts>,
  place: (shape: Shape) => Shape,
  span: number,
  bays: readonly BayKind[],
  low: number,
  height: number,
  arched: boolean,
  random: RandomStream,
): void {
  const bay = span / bays.length;
  for (const [index, kind] of bays.entries()) {
    const x = -span / 2 + bay * (index + 0.5);
    if (kind === 'window') {
      const h = Math.min(1.05, height * 0.44);
      const w = Math.min(0.78, bay * 0.56);
      const y = low + height * 0.55;
      addWindow(parts, place, x, y, {
        width: w,
        height: h,
        columns: 2,
        rows: 3,
        shutters: false,
        flowers: false,
        random,
      });
      parts.timber.push(
        place(bar(x - w / 2 - 0.26, y + h / 2 + 0.17, x + w / 2 + 0.26, y + h / 2 + 0.17, 0.18, 0.075)),
      );
    } else if (kind === 'door') addDoor(parts, place, x, low, { width: 1.0, height: 2.05, isArched: arched, random });
  }
}

/** A low cottage: one storey, deep thatch, eaves to the front, a big chimney at the gable. */
export function cottageParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const finish = chooseFinish(spec, palette, style, {
    wall: style.pick(['plaster', 'cobblestone', 'plaster']),
    timbers: ['oak', 'walnut'],
    coverings: ['thatch', 'thatch', 'thatch', 'shingles'],
  });
  const parts = createBuildingParts();
  const isMasonry = finish.wall.name !== 'plaster' && finish.wall.name !== 'planks';
  const width = style.range(3.9, 4.5);
  const depth = style.range(5.8, 6.8);
  const foot = 0.28;
  const height = style.range(2.25, 2.5);
  const timber = 0.16;
  parts.base.push(
    jitter(
      box(width + 0.24, foot + 0.1, depth + 0.24, { bevel: 0.05, subdivisions: [5, 1, 6] }),
      0.016,
      style.fork('foot'),
    ).translate(0, (foot + 0.1) / 2 - 0.05, 0),
  );
  parts.walls.push(box(width, height, depth, { bevel: 0.03, grain: 'y' }).translate(0, foot + height / 2, 0));
  const flowers = spec.wear < 0.8;
  // the long side, which gets the door, becomes the front by a quarter turn at the end
  const longBays: BayKind[] = style.chance(0.5) ? ['window', 'door', 'window'] : ['window', 'window', 'door', 'window'];
  for (let side = 0; side < 4; side += 1) {
    const place = wallPlace(side, width, depth);
    const span = side % 2 === 0 ? width : depth;
    const bays: BayKind[] =
      side === 1 ? longBays : side === 3 ? ['brace', 'window', 'window', 'brace'] : ['brace', 'window', 'brace'];
    if (isMasonry) addMasonryOpenings(parts, place, span, bays, foot, height, true, style);
    else
      addFramedWall(
        parts,
        place,
        {
          width: span,
          low: foot,
          height,
          bays,
          timber,
          shutters: side === 1 && style.chance(0.5),
          flowers: flowers && side === 1,
          arched: true,
          threshold: foot,
        },
        style,
      );
  }
  const plan: RoofPlan = {
    span: width,
    length: depth,
    eaves: foot + height,
    rise: width * style.range(0.58, 0.68),
    overhang: 0.42,
  };
  for (const side of [0, 2])
    addGable(
      parts,
      parts.walls,
      wallPlace(side, width, depth),
      width,
      plan.eaves,
      plan.rise,
      isMasonry ? null : timber,
      side === 0,
      style,
    );
  const roof = coverRoof(plan, finish, parts.timber, random, spec);
  if (finish.covering === 'thatch') parts.timber.push(roofDeck(plan, 0.05));
  const slope = slopeOf(plan);
  const end = -(depth / 2 + 0.14);
  const built = chimney(0.86, 0.66, 0, slope.ridge + 0.75, style.fork('chimney'));
  const shoulder = jitter(box(1.5, 1.9, 0.72, { bevel: 0.06, subdivisions: [2, 3, 1] }), 0.02, style.fork('shoulder'))
    .map((x, y, z) => [x * (y > 0.6 ? 0.74 : 1), y, z])
    .translate(0, 0.95, end);
  const stack = [...built.stack.map((shape) => shape.translate(0, 0, end)), shoulder];
  const woodpile: Shape[] = [];
  for (let row = 0; row < 3; row += 1) {
    for (let log = 0; log < 6 - row; log += 1) {
      const piece = plank(0.17, 0.17, 0.5, {
        random: style,
        bevel: 0.06,
        roughness: 0.8,
        grain: 'z',
        subdivisions: [1, 1, 1],
      }).rotateZ(style.range(0, 1.5));
      woodpile.push(
        piece
          .rotateY(Math.PI / 2)
          .translate(width / 2 + 0.32, 0.1 + row * 0.155, depth * 0.26 + (log + row * 0.5) * 0.18 - 0.4),
      );
    }
  }
  const hasPile = longBays.length === 3 && style.chance(0.6);
  const all = [
    ...finishBuilding(parts, finish, roof, palette),
    createPart('chimney', isMasonry ? finish.wall : palette.material('cobblestone'), stack),
    createPart(
      'chimney-pots',
      palette.material('sandstone', { tint: [0.36, 0.12, 0.06] }),
      built.pots.map((shape) => shape.translate(0, 0, end)),
    ),
    ...(hasPile ? [createPart('firewood', palette.material('bark'), woodpile)] : []),
  ];
  return all.map(quarterTurn);
}

/** Turns a part so that what faced +X faces +Z: (x, z) becomes (−z, x). */
export function quarterTurn(part: GeneratedPart): GeneratedPart {
  const turn = (values: Float32Array): Float32Array => {
    const turned = new Float32Array(values.length);
    for (let at = 0; at < values.length; at += 3) {
      turned[at] = -(values[at + 2] as number);
      turned[at + 1] = values[at + 1] as number;
      turned[at + 2] = values[at] as number;
    }
    return turned;
  };
  return { ...part, positions: turn(part.positions), normals: turn(part.normals) };
}
