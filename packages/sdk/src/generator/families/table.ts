import type { RandomStream } from '../../foundation/random.ts';
import type { Family } from '../family.ts';
import { finishModel, finishOf, readSpec, type SpecReading } from '../furnishing/finish.ts';
import { deskParts, workbenchParts } from '../furnishing/work-tables.ts';
import { box, plank } from '../kit/box.ts';
import { extrude } from '../kit/extrude.ts';
import { beam, roundedRectangle, slab, turnedPost, turnedProfile } from '../kit/joinery.ts';
import { lathe } from '../kit/lathe.ts';
import { smoothPath } from '../kit/loft.ts';
import { createPart } from '../kit/part.ts';
import { ellipse } from '../kit/profile.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';
import { createPalette, type Palette } from '../materials/palette.ts';
import type { KitMaterial } from '../materials/material.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';

/** Dining tables on legs, trestles or a pedestal, coffee tables, desks and workbenches. */
export const tableFamily: Family = {
  id: 'table',
  nouns: {
    table: null,
    'dining table': null,
    'kitchen table': null,
    'dinner table': null,
    'trestle table': 'trestle',
    'banquet table': 'trestle',
    'tavern table': 'trestle',
    'picnic table': 'trestle',
    'round table': 'round',
    'pedestal table': 'round',
    'tea table': 'round',
    'coffee table': 'coffee',
    'side table': 'side',
    'end table': 'side',
    'bedside table': 'side',
    nightstand: 'side',
    desk: 'desk',
    'writing desk': 'desk',
    'writing table': 'desk',
    bureau: 'desk',
    workbench: 'workbench',
    'work bench': 'workbench',
    'work table': 'workbench',
    worktable: 'workbench',
  },
  typicalHeightM: 0.75,
  build(spec, random) {
    const palette = createPalette(spec);
    return finishModel(spec.variant ?? 'table', partsOf(spec, palette, readSpec(spec), random), spec.sizeFactor);
  },
};

const CLASSES = ['wood', 'metal', 'stone', 'glass', 'ceramic', 'masonry'] as const;

function partsOf(spec: ObjectSpec, palette: Palette, reading: SpecReading, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  if (spec.variant === 'desk') return deskParts(spec, palette, random);
  if (spec.variant === 'workbench') return workbenchParts(spec, palette, random);
  if (spec.variant === 'round') return pedestalTable(spec, palette, reading, style);
  if (spec.variant === 'coffee' || spec.variant === 'side' || reading.is('modern')) return lowTable(spec, palette, reading, style);
  if (spec.variant === 'trestle' || reading.is('medieval', 'viking', 'pirate')) return trestleTable(spec, palette, style);
  const kind = reading.is('ornate') ? 'legs' : style.pick(['legs', 'legs', 'trestle', 'pedestal']);
  if (kind === 'pedestal') return pedestalTable(spec, palette, reading, style);
  return kind === 'trestle' ? trestleTable(spec, palette, style) : leggedTable(spec, palette, reading, style);
}

interface TableFinish {
  readonly top: KitMaterial;
  readonly base: KitMaterial;
}

function finishes(spec: ObjectSpec, palette: Palette, style: RandomStream, woods: readonly string[]): TableFinish {
  const fallback = style.pick(woods);
  const top = finishOf(spec, palette, { classes: CLASSES, fallback, parts: ['top', 'tabletop', 'surface', 'plate'], colorIndex: 0 });
  const named = readSpec(spec).materials;
  // a glass or stone top wants something else to stand on, unless it is all the prompt names for the legs too
  const isHeavyTop = top.name === 'glass' || top.name === 'marble' || top.name === 'crystal';
  const second = named.length > 1 ? (named[1] as string) : undefined;
  const baseName = second ?? (isHeavyTop ? style.pick(['dark-iron', 'brass', 'walnut']) : undefined);
  const base =
    baseName === undefined
      ? finishOf(spec, palette, { classes: CLASSES, fallback, parts: ['leg', 'base', 'frame', 'foot'], colorIndex: readSpec(spec).colors.length > 1 ? 1 : 0 })
      : finishOf(spec, palette, { classes: [], fallback: baseName, parts: ['leg', 'base', 'frame', 'foot'], colorIndex: 1 });
  return { top, base };
}

/** Boards side by side with bread-board ends. */
function plankTop(length: number, depth: number, y: number, thickness: number, random: RandomStream): Shape[] {
  const count = random.integer(4, 5);
  const width = depth / count;
  const end = 0.085;
  const shapes: Shape[] = [];
  for (let index = 0; index < count; index += 1) {
    const z = -depth / 2 + width * (index + 0.5);
    const board = plank(length - 2 * end, thickness, width - 0.003, { random: random.fork(`board ${index}`), bevel: 0.006, roughness: 0.3 });
    shapes.push(board.translate(0, y + thickness / 2 + random.range(-0.0015, 0.0015), z));
  }
  for (const side of [1, -1]) {
    const cap = plank(end - 0.003, thickness * 1.04, depth + 0.012, { random: random.fork(`end ${side}`), bevel: 0.007, roughness: 0.2 });
    shapes.push(cap.translate(side * (length / 2 - end / 2), y + thickness / 2, 0));
  }
  return shapes;
}

function leggedTable(spec: ObjectSpec, palette: Palette, reading: SpecReading, style: RandomStream): GeneratedPart[] {
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
        shapes.push(beam([[sx * x, 0, sz * z], [sx * x, under, sz * z]], post, post, { taper: (t) => 0.66 + 0.34 * Math.min(1, t * 1.25) }));
      } else {
        shapes.push(leg.clone().translate(sx * x, 0, sz * z));
        shapes.push(box(post, blockHeight, post, { bevel: 0.006, grain: 'y' }).translate(sx * x, under - blockHeight / 2, sz * z));
      }
    }
  }
  const apron = (span: number, isLong: boolean): Shape => {
    const drop = 0.11;
    const arch = style.range(0.01, 0.035);
    const points: Vec2[] = [[span / 2, 0], [-span / 2, 0], [-span / 2, -drop]];
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
    const knob = lathe([[0, 0], [0.009, 0], [0.007, 0.012], [0.016, 0.02], [0.014, 0.03], [0, 0.033]], { segments: 12 }).rotateX(Math.PI / 2);
    const drawer = box(0.4, 0.085, 0.02, { bevel: 0.006, grain: 'x' }).translate(0, under - 0.052, z + 0.012);
    parts.push(createPart('drawer', base, drawer), createPart('knob', palette.material('brass'), knob.translate(0, under - 0.052, z + 0.02)));
  }
  return parts;
}

function classOfTop(material: KitMaterial): string {
  return ['oak', 'pine', 'walnut', 'birch', 'mahogany', 'ebony', 'bamboo', 'driftwood', 'painted-wood', 'planks'].includes(material.name) ? 'wood' : material.name;
}

function trestleTable(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const { top, base } = finishes(spec, palette, style, ['oak', 'oak', 'walnut', 'pine']);
  const length = style.range(1.7, 2.1);
  const depth = style.range(0.8, 0.9);
  const height = 0.76;
  const thickness = 0.055;
  const under = height - thickness;
  const board = classOfTop(top) === 'wood' ? plankTop(length, depth, under, thickness, style) : [slab(roundedRectangle(length, depth, 0.03), under, thickness)];
  const x = length * 0.32;
  const shapes: Shape[] = [];
  const isCrossed = style.chance(0.45);
  for (const side of [1, -1]) {
    const at = (y: number, z: number, dx = 0): Vec3 => [side * x + dx, y, z];
    shapes.push(beam([at(under - 0.045, -depth * 0.42), at(under - 0.045, depth * 0.42)], 0.085, 0.09, { bevel: 0.014 }));
    if (isCrossed) {
      shapes.push(beam([at(0, -depth * 0.38, 0.018), at(under - 0.05, depth * 0.3, 0.018)], 0.055, 0.1, { up: [0, 1, 0] }));
      shapes.push(beam([at(0, depth * 0.38, -0.018), at(under - 0.05, -depth * 0.3, -0.018)], 0.055, 0.1, { up: [0, 1, 0] }));
    } else {
      const w = depth * 0.16;
      const waist = style.range(0.55, 0.75);
      const outline: Vec2[] = [[-w * 1.1, 0.06], [w * 1.1, 0.06], [w * 0.95, 0.16], [w * waist, 0.27], [w * waist, 0.4], [w, 0.54], [w * 1.25, under - 0.08], [-w * 1.25, under - 0.08], [-w, 0.54], [-w * waist, 0.4], [-w * waist, 0.27], [-w * 0.95, 0.16]];
      shapes.push(extrude(outline, { depth: 0.07, bevel: 0.01 }).rotateY(Math.PI / 2).translate(side * x, 0, 0));
      const foot: Vec2[] = [[-depth * 0.4, 0], [-depth * 0.27, 0], [-depth * 0.22, 0.022], [depth * 0.22, 0.022], [depth * 0.27, 0], [depth * 0.4, 0], [depth * 0.39, 0.045], [depth * 0.2, 0.1], [-depth * 0.2, 0.1], [-depth * 0.39, 0.045]];
      shapes.push(extrude(foot, { depth: 0.095, bevel: 0.012 }).mapUv((u, v) => [v, u]).rotateY(Math.PI / 2).translate(side * x, 0, 0));
    }
  }
  const railY = isCrossed ? under * 0.47 : 0.3;
  shapes.push(beam([[-x - 0.15, railY, 0], [x + 0.15, railY, 0]], 0.045, 0.105, { bevel: 0.008 }));
  const wedges: Shape[] = [];
  for (const side of [1, -1]) wedges.push(beam([[side * (x + 0.085), railY - 0.1, 0], [side * (x + 0.075), railY + 0.1, 0]], 0.03, 0.026, { taper: (t) => 0.75 + 0.4 * t, up: [0, 0, 1] }));
  shapes.push(...wedges);
  const parts = [createPart('top', top, board), createPart('trestles', base, shapes)];
  const nail = lathe([[0, 0], [0.0125, 0], [0.01, 0.005], [0, 0.007]], { segments: 7 });
  const nails: Shape[] = [];
  for (const side of [1, -1]) for (const z of [-0.36, -0.18, 0, 0.18, 0.36]) nails.push(nail.clone().translate(side * x, height - 0.002, z * depth * 0.95 + 0.03));
  parts.push(createPart('nails', palette.material('dark-iron'), nails));
  return parts;
}

function pedestalTable(spec: ObjectSpec, palette: Palette, reading: SpecReading, style: RandomStream): GeneratedPart[] {
  const { top, base } = finishes(spec, palette, style, ['walnut', 'mahogany', 'oak', 'birch']);
  const radius = style.range(0.48, 0.6);
  const height = 0.74;
  const thickness = 0.036;
  const parts: GeneratedPart[] = [];
  const rim = slab(ellipse(radius, radius, 40), height - thickness, thickness, 0.012);
  parts.push(createPart('top', top, rim.crease(40)));
  const belly = style.range(0.05, 0.068);
  const column = lathe(
    turnedProfile([[0.058, 0.16], [0.075, 0.19], [0.05, 0.24], [belly, 0.33], [belly * 1.15, 0.4], [0.034, 0.52], [0.05, 0.56], [0.033, 0.59], [0.045, 0.65], [0.085, height - thickness - 0.02], [0.11, height - thickness]]),
    { segments: 20 },
  ).crease(60);
  const count = reading.is('ornate') || style.chance(0.4) ? 4 : 3;
  const shapes: Shape[] = [column, slab(ellipse(radius * 0.55, radius * 0.55, 28), height - thickness - 0.026, 0.026, 0.006)];
  for (let index = 0; index < count; index += 1) {
    const path = smoothPath([[0, 0.25, 0.03], [0, 0.235, 0.12], [0, 0.13, radius * 0.42], [0, 0.04, radius * 0.62], [0, 0.028, radius * 0.74]], 4);
    const legShape = beam(path, 0.05, 0.062, { bevel: 0.014, taper: (t) => 1.15 - 0.45 * t, up: [0, 1, 0] });
    legShape.append(lathe([[0, 0], [0.028, 0], [0.036, 0.014], [0.034, 0.03], [0.022, 0.045], [0, 0.05]], { segments: 12 }).translate(0, 0, radius * 0.74));
    shapes.push(legShape.rotateY(index * ((2 * Math.PI) / count)));
  }
  parts.push(createPart('base', base, shapes));
  return parts;
}

/** Coffee and side tables: a slim top on splayed legs, with a shelf or a bent frame. */
function lowTable(spec: ObjectSpec, palette: Palette, reading: SpecReading, style: RandomStream): GeneratedPart[] {
  const { top, base } = finishes(spec, palette, style, ['oak', 'walnut', 'birch']);
  const isSide = spec.variant === 'side';
  const isDining = spec.variant === null;
  const height = isSide ? 0.52 : isDining ? 0.74 : 0.42;
  const length = isSide ? 0.46 : isDining ? style.range(1.5, 1.8) : style.range(0.95, 1.15);
  const depth = isSide ? 0.42 : isDining ? 0.85 : 0.58;
  const thickness = isDining ? 0.034 : 0.028;
  const under = height - thickness;
  const isRound = !isDining && style.chance(0.35);
  const outline = isRound ? ellipse(length * 0.46, (isSide ? length : depth) * 0.52, 36) : roundedRectangle(length, depth, Math.min(0.12, depth * 0.16), 5);
  const shapes: Shape[] = [];
  const x = length * (isRound ? 0.24 : 0.36);
  const z = depth * (isRound ? 0.24 : 0.32);
  const size = isDining ? 0.058 : 0.042;
  const splay = isDining ? 0.06 : 0.05;
  const frameKind = reading.is('modern') && style.chance(0.5) ? 'frame' : 'legs';
  if (frameKind === 'legs') {
    for (const sx of [1, -1]) for (const sz of [1, -1]) shapes.push(beam([[sx * (x + splay), 0, sz * (z + splay * 0.8)], [sx * x, under, sz * z]], size, size, { taper: (t) => 0.52 + 0.5 * t, bevel: size * 0.28, up: [0, 0, 1] }));
    for (const sz of [1, -1]) shapes.push(beam([[-x, under - 0.03, sz * z], [x, under - 0.03, sz * z]], 0.022, 0.05));
    for (const sx of [1, -1]) shapes.push(beam([[sx * x, under - 0.03, -z], [sx * x, under - 0.03, z]], 0.022, 0.05));
  } else {
    for (const sx of [1, -1]) {
      const at = (y: number, dz: number): Vec3 => [sx * (x + 0.03), y, dz];
      shapes.push(beam([at(0.014, -z * 1.1), at(0.014, z * 1.1)], 0.05, 0.028));
      shapes.push(beam([at(under - 0.014, -z * 1.1), at(under - 0.014, z * 1.1)], 0.05, 0.028));
      for (const sz of [1, -1]) shapes.push(beam([at(0, sz * z * 1.1), at(under, sz * z * 1.1)], 0.05, 0.028));
    }
  }
  const parts = [createPart('top', top, slab(outline, under, thickness, thickness * 0.35).crease(40)), createPart('base', base, shapes)];
  if (!isDining && frameKind === 'legs' && style.chance(0.6)) {
    const shelf = slab(roundedRectangle(2 * x + 0.02, 2 * z + 0.02, 0.03), height * 0.36, 0.018);
    parts.push(createPart('shelf', base, shelf));
  }
  return parts;
}
