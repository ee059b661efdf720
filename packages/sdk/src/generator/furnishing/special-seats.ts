import type { RandomStream } from '../../foundation/random.ts';
import { box } from '../kit/box.ts';
import { extrude } from '../kit/extrude.ts';
import { beam, cushion, slab, turnedPost } from '../kit/joinery.ts';
import { ballProfile, lathe, torus } from '../kit/lathe.ts';
import { smoothPath } from '../kit/loft.ts';
import { createPart } from '../kit/part.ts';
import { bevelCorners } from '../kit/profile.ts';
import { mergeShapes, type Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { finishOf, readSpec } from './finish.ts';
import { finial } from './seating.ts';

type LinearRgb = readonly [number, number, number];

const ROYAL_TINTS: readonly LinearRgb[] = [[0.26, 0.015, 0.03], [0.1, 0.02, 0.2], [0.02, 0.05, 0.22], [0.02, 0.12, 0.06]];
const HOME_TINTS: readonly LinearRgb[] = [[0.035, 0.1, 0.1], [0.3, 0.11, 0.025], [0.09, 0.11, 0.13], [0.22, 0.03, 0.04], [0.12, 0.15, 0.06], [0.36, 0.27, 0.16]];

const FRAME_CLASSES = ['wood', 'metal', 'stone', 'glass', 'ceramic', 'masonry'] as const;

/** Round seats on three or four splayed legs. */
export function stoolParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const reading = readSpec(spec);
  const isLow = spec.variant === 'footstool';
  const height = isLow ? 0.34 : spec.variant === 'barstool' ? style.range(0.7, 0.76) : style.range(0.44, 0.5);
  const radius = isLow ? 0.2 : style.range(0.165, 0.19);
  const count = style.chance(0.4) ? 3 : 4;
  const thickness = style.range(0.035, 0.045);
  const wood = finishOf(spec, palette, { classes: FRAME_CLASSES, fallback: style.pick(['oak', 'pine', 'walnut', 'birch']), parts: ['frame', 'leg'], colorIndex: 0 });
  const legShape = turnedPost(height - thickness * 0.6, 0.025, random.fork('leg'), 10);
  const shapes: Shape[] = [];
  const splay = 0.16;
  const footRadius = radius * 0.72 + (height - thickness) * splay;
  for (let index = 0; index < count; index += 1) {
    const leg = legShape.clone().map((x, y, z) => [x, y, z + (height - y) * splay]);
    shapes.push(leg.translate(0, 0, radius * 0.72 - thickness * splay).rotateY((index + 0.5) * ((2 * Math.PI) / count)));
  }
  const ringY = height * 0.3;
  const ringRadius = footRadius - ringY * splay;
  shapes.push(torus(ringRadius, 0.011, 28, 8).translate(0, ringY, 0));
  const seat = lathe(
    bevelCorners([[0, height - thickness], [radius * 0.88, height - thickness], [radius, height - thickness * 0.55], [radius, height - thickness * 0.1], [radius * 0.93, height], [radius * 0.6, height - 0.006], [0, height - 0.009]], 0.006, { minTurnDeg: 20 }),
    { segments: 28 },
  ).crease(45);
  const parts = [createPart('legs', wood, shapes), createPart('seat', wood, seat)];
  const wantsPad = reading.feature('cushion', 'pillow', 'seat') !== undefined || spec.materials.some((name) => ['fabric', 'leather'].includes(name));
  if (wantsPad || (spec.variant !== 'stool' && style.chance(0.7))) {
    const cloth = finishOf(spec, palette, { classes: ['soft'], fallback: 'leather', parts: ['cushion', 'pillow', 'seat'], colorIndex: 1, tint: style.pick(HOME_TINTS) });
    const pad = lathe([[0, 0], [radius * 0.9, 0], [radius * 0.99, 0.012], [radius, 0.026], [radius * 0.96, 0.041], [radius * 0.8, 0.052], [radius * 0.4, 0.058], [0, 0.06]], { segments: 28 }).crease(80);
    parts.push(createPart('cushion', cloth, pad.translate(0, height - 0.008, 0)));
  }
  return parts;
}

/** A club chair: cushions in an upholstered frame on short feet. */
export function armchairParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const width = style.range(0.8, 0.88);
  const depth = style.range(0.78, 0.84);
  const isLeather = style.chance(0.4);
  const cloth = finishOf(spec, palette, { classes: ['soft'], fallback: isLeather ? 'leather' : 'fabric', colorIndex: 0, tint: isLeather ? [0.2, 0.075, 0.028] : style.pick(HOME_TINTS) });
  const wood = finishOf(spec, palette, { classes: ['wood', 'metal'], fallback: 'walnut', parts: ['leg', 'foot', 'frame'] });
  const arm = 0.15;
  const seatTop = 0.43;
  const inner = width - 2 * arm;
  const backHeight = style.range(0.82, 0.94);
  const shapes: Shape[] = [];
  shapes.push(cushion(width - 0.03, 0.2, depth - 0.02, 0.02).translate(0, 0.12, 0));
  const armShape = cushion(depth - 0.06, arm, 0.36, 0.06).rotateX(Math.PI / 2).rotateY(Math.PI / 2);
  const armHeight = style.range(0.44, 0.48);
  shapes.push(armShape.clone().map((x, y, z) => [x, y, z]).translate(width / 2 - arm, armHeight - 0.08, 0.02).mirrored('x'));
  const wingRadius = 0.082;
  const roll = lathe(bevelCorners([[0, -depth / 2 + 0.05], [wingRadius, -depth / 2 + 0.05], [wingRadius, depth / 2 - 0.04], [0, depth / 2 - 0.04]], 0.022, { steps: 3 }), { segments: 18 }).crease(60).rotateX(Math.PI / 2);
  shapes.push(roll.translate(width / 2 - arm / 2 + 0.008, armHeight + 0.075, 0.02).mirrored('x'));
  const lean = (shape: Shape): Shape => shape.map((x, y, z) => [x, y, z - Math.max(0, y - 0.3) * 0.2]);
  const back = cushion(width - 0.04, 0.17, backHeight - 0.16, 0.05).rotateX(Math.PI / 2).translate(0, 0.14 + (backHeight - 0.16) / 2, -depth / 2 + 0.0);
  shapes.push(lean(back));
  const pads: Shape[] = [];
  pads.push(cushion(inner - 0.004, 0.15, depth - 0.2, 0.2).translate(0, seatTop - 0.155, 0.085));
  const pillowHeight = backHeight - seatTop - 0.02;
  pads.push(lean(cushion(inner - 0.006, 0.15, pillowHeight, 0.32).rotateX(Math.PI / 2).translate(0, seatTop + pillowHeight / 2 - 0.005, -depth / 2 + 0.15)));
  const feet: Shape[] = [];
  const foot = lathe([[0, 0], [0.02, 0], [0.024, 0.01], [0.036, 0.13], [0, 0.13]], { segments: 12 }).crease(40);
  for (const sx of [1, -1]) for (const sz of [1, -1]) feet.push(foot.clone().translate(sx * (width / 2 - 0.09), 0, sz * (depth / 2 - 0.09)));
  return [createPart('frame', cloth, shapes), createPart('cushions', cloth, pads), createPart('feet', wood, feet)];
}

/** A seat for a ruler: high pointed back, arms, a step, gilded edges and a padded seat. */
export function throneParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const width = style.range(0.74, 0.82);
  const depth = 0.64;
  const height = style.range(1.72, 1.95);
  const seatHeight = 0.5;
  const post = 0.085;
  const body = finishOf(spec, palette, { classes: FRAME_CLASSES, fallback: style.pick(['walnut', 'ebony', 'mahogany']), parts: ['frame'], colorIndex: 1 });
  const isGold = body.name === 'gold';
  const trim = finishOf(spec, palette, { classes: [], fallback: isGold ? 'dark-iron' : 'gold', parts: ['trim', 'ornament', 'decoration', 'edge'] });
  const cloth = finishOf(spec, palette, { classes: ['soft'], fallback: 'fabric', parts: ['cushion', 'upholstery', 'seat', 'pillow'], colorIndex: 0, tint: style.pick(ROYAL_TINTS) });
  const rear = -depth / 2 + post / 2;
  const front = depth / 2 - post / 2;
  const side = width / 2 - post / 2;
  const postTop = height * 0.86;

  const wood: Shape[] = [];
  wood.push(box(width + 0.16, 0.07, depth + 0.22, { bevel: 0.012 }).translate(0, 0.035, 0.05));
  wood.push(box(width + 0.04, 0.06, depth + 0.06, { bevel: 0.012 }).translate(0, 0.1, 0.01));
  wood.push(beam([[side, 0.1, rear], [side, postTop, rear]], post, post, { up: [0, 0, 1] }).mirrored('x'));
  const armY = seatHeight + 0.25;
  wood.push(beam([[side, 0.1, front], [side, armY, front]], post, post, { up: [0, 0, 1] }).mirrored('x'));
  wood.push(beam([[side, armY + 0.02, rear], [side, armY + 0.02, front + 0.07]], post * 1.15, 0.055, { bevel: 0.014 }).mirrored('x'));
  // closed sides and front below the seat
  wood.push(box(0.03, seatHeight - 0.12, depth - post * 1.6, { bevel: 0.004, grain: 'y' }).translate(side, (seatHeight + 0.12) / 2, 0).mirrored('x'));
  wood.push(box(0.026, armY - seatHeight - 0.04, depth - post * 1.6, { bevel: 0.004, grain: 'y' }).translate(side, (armY + seatHeight) / 2, 0).mirrored('x'));
  wood.push(box(width - post * 1.6, seatHeight - 0.12, 0.03, { bevel: 0.004, grain: 'y' }).translate(0, (seatHeight + 0.12) / 2, front));
  wood.push(box(width - 0.02, 0.05, depth, { bevel: 0.012, grain: 'x' }).translate(0, seatHeight - 0.025, 0.01));
  const arch = pointedBack(side, seatHeight - 0.02, postTop - 0.05, height, 0.05);
  wood.push(extrude(arch, { depth: 0.05, bevel: 0.01 }).translate(0, 0, rear));

  const gilded: Shape[] = [];
  const inset = pointedBack(side - 0.07, seatHeight + 0.12, postTop - 0.14, height - 0.13, 0);
  gilded.push(frameAround(inset, 0.024, 0.03).translate(0, 0, rear + 0.026));
  const knob = style.chance(0.5) ? finial(0.055) : spike(0.05, 0.2);
  gilded.push(knob.clone().translate(side, postTop, rear).mirrored('x'));
  gilded.push(spike(0.05, 0.17).translate(0, height - 0.012, rear));
  gilded.push(lathe(ballProfile(0.052, 8), { segments: 14 }).crease(70).translate(side, armY - 0.01, front + 0.07).mirrored('x'));
  for (const y of [0.165, seatHeight - 0.075]) gilded.push(beam([[-(side - post / 2), y, front + 0.016], [side - post / 2, y, front + 0.016]], 0.014, 0.022));
  gilded.push(lozenge(0.09, 0.028).translate(0, (0.165 + seatHeight - 0.075) / 2, front + 0.014));
  gilded.push(torus(post * 0.6, 0.014, 4, 6).rotateY(Math.PI / 4).translate(side, postTop - 0.02, rear).mirrored('x'));

  const padded = extrude(pointedBack(side - 0.085, seatHeight + 0.135, postTop - 0.15, height - 0.16, 0), { depth: 0.05, bevel: 0.018 }).translate(0, 0, rear + 0.02);
  const seatPad = cushion(width - post * 2.05, 0.095, depth - 0.13, 0.25).translate(0, seatHeight - 0.012, 0.035);
  return [createPart('body', body, wood), createPart('gilding', trim, gilded), createPart('upholstery', cloth, [padded.crease(60), seatPad])];
}

/** Gothic arch: straight sides to `shoulder`, then two curves that meet in a point at `top`. */
function pointedBack(half: number, low: number, shoulder: number, top: number, lift: number): Vec2[] {
  const right: Vec2[] = [[half, low], [half, shoulder]];
  for (let step = 1; step <= 5; step += 1) {
    const t = step / 6;
    right.push([half * (1 - t) * (1 + 0.35 * t), shoulder + (top - shoulder) * (t * (2 - t) * 0.75 + 0.25 * t)]);
  }
  const left = right.map(([x, y]): Vec2 => [-x, y]).reverse();
  return [...right, [0, top + lift * 0], ...left];
}

/** A moulding of square section along a closed outline in the xy plane. */
function frameAround(outline: readonly Vec2[], width: number, depth: number): Shape {
  const shapes = outline.map((point, index): Shape => {
    const next = outline[(index + 1) % outline.length] as Vec2;
    return beam([[point[0], point[1], 0], [next[0], next[1], 0]], width, depth, { up: [0, 0, 1], bevel: width * 0.2 });
  });
  return mergeShapes(shapes);
}

function spike(radius: number, height: number): Shape {
  return lathe([[0, 0], [radius * 0.9, 0], [radius, height * 0.08], [radius * 0.55, height * 0.16], [radius * 0.85, height * 0.34], [radius * 0.5, height * 0.5], [0, height]], { segments: 12 }).crease(35);
}

function lozenge(size: number, depth: number): Shape {
  return extrude([[-size * 1.4, 0], [0, -size * 0.8], [size * 1.4, 0], [0, size * 0.8]], { depth, bevel: depth * 0.48, bevelDepth: depth * 0.4 });
}

/** A plank on two shaped ends, or a park bench with a slatted back. */
export function benchParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const reading = readSpec(spec);
  const length = style.range(1.35, 1.65);
  const hasBack = reading.is('modern') || spec.noun?.startsWith('park') === true || (!reading.is('medieval', 'viking', 'rustic', 'simple') && style.chance(0.5));
  const wood = finishOf(spec, palette, { classes: FRAME_CLASSES, fallback: style.pick(['oak', 'pine', 'walnut']), parts: ['seat', 'slat', 'board'], colorIndex: 0 });
  if (hasBack) return slattedBench(spec, palette, style, length, wood);
  const height = 0.46;
  const depth = style.range(0.32, 0.38);
  const shapes: Shape[] = [];
  shapes.push(slab(bevelCorners([[-length / 2, -depth / 2], [length / 2, -depth / 2], [length / 2, depth / 2], [-length / 2, depth / 2]], 0.02, { closed: true, steps: 2 }), height - 0.055, 0.055, 0.01));
  const end: Vec2[] = [[-depth * 0.46, 0], [-depth * 0.2, 0], [-depth * 0.14, 0.07], [0, 0.11], [depth * 0.14, 0.07], [depth * 0.2, 0], [depth * 0.46, 0], [depth * 0.36, height * 0.5], [depth * 0.42, height - 0.05], [-depth * 0.42, height - 0.05], [-depth * 0.36, height * 0.5]];
  const board = extrude(end, { depth: 0.055, bevel: 0.008 }).rotateY(Math.PI / 2);
  for (const side of [1, -1]) shapes.push(board.clone().rotateZ(side * 0.07).translate(side * (length / 2 - 0.17), 0, 0));
  shapes.push(beam([[-length / 2 + 0.06, height * 0.42, 0], [length / 2 - 0.06, height * 0.42, 0]], 0.035, 0.09));
  const iron = palette.material('dark-iron');
  const pegs: Shape[] = [];
  for (const sx of [1, -1]) {
    pegs.push(box(0.03, 0.045, 0.02, { bevel: 0.004 }).translate(sx * (length / 2 - 0.08), height * 0.42, 0));
    for (const sz of [1, -1]) pegs.push(lathe([[0, 0], [0.012, 0], [0.01, 0.006], [0, 0.009]], { segments: 8 }).translate(sx * (length / 2 - 0.17), height - 0.002, sz * depth * 0.28));
  }
  return [createPart('bench', wood, shapes), createPart('nails', iron, pegs)];
}

function slattedBench(spec: ObjectSpec, palette: Palette, style: RandomStream, length: number, wood: GeneratedPart['material']): GeneratedPart[] {
  const material = wood as ReturnType<Palette['material']>;
  const iron = finishOf(spec, palette, { classes: ['metal'], fallback: 'dark-iron', parts: ['frame', 'leg', 'end'] });
  const slats: Shape[] = [];
  const seat: readonly Vec2[] = [[0.2, 0.435], [0.105, 0.428], [0.01, 0.425], [-0.085, 0.428]];
  for (const [z, y] of seat) slats.push(box(length, 0.026, 0.082, { bevel: 0.006 }).translate(0, y, z));
  const count = style.integer(3, 4);
  for (let index = 0; index < count; index += 1) {
    const y = 0.53 + index * 0.105;
    slats.push(box(length, 0.085, 0.024, { bevel: 0.006 }).rotateX(-0.2).translate(0, y, -0.165 - (y - 0.5) * 0.2));
  }
  const top = 0.53 + (count - 1) * 0.105 + 0.06;
  const ends: Shape[] = [];
  for (const side of [1, -1, 0]) {
    const x = side * (length / 2 - 0.12);
    const at = (y: number, z: number): Vec3 => [x, y, z];
    ends.push(beam(smoothPath([at(0, 0.235), at(0.14, 0.2), at(0.41, 0.215)], 4), 0.045, 0.04, { up: [0, 0, 1] }));
    ends.push(beam(smoothPath([at(0, -0.27), at(0.2, -0.2), at(0.42, -0.155), at(top, -0.19 - (top - 0.5) * 0.2)], 4), 0.045, 0.04, { up: [0, 0, 1] }));
    ends.push(beam([at(0.405, -0.15), at(0.4, 0.22)], 0.045, 0.03));
    if (side === 0) continue;
    ends.push(beam(smoothPath([at(0.62, -0.2), at(0.645, 0), at(0.63, 0.2), at(0.595, 0.24)], 3), 0.05, 0.03));
    ends.push(beam(smoothPath([at(0.4, 0.205), at(0.52, 0.17), at(0.625, 0.2)], 4), 0.04, 0.03, { up: [0, 0, 1] }));
    ends.push(torus(0.05, 0.012, 16, 6).rotateZ(Math.PI / 2).translate(x, 0.52, 0.02));
  }
  const bolts: Shape[] = [];
  for (const side of [1, -1]) for (const [z, y] of seat) bolts.push(lathe([[0, 0], [0.011, 0], [0.008, 0.006], [0, 0.008]], { segments: 8 }).translate(side * (length / 2 - 0.12), y + 0.012, z));
  return [createPart('slats', material, slats), createPart('ends', iron, ends), createPart('bolts', iron, bolts)];
}
