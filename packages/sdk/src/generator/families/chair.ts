import type { RandomStream } from '../../foundation/random.ts';
import type { Family } from '../family.ts';
import { benchParts } from '../furnishing/benches.ts';
import { finishModel, finishOf, readSpec, type SpecReading } from '../furnishing/finish.ts';
import {
  aprons,
  armRests,
  backBoard,
  backPosts,
  backSplat,
  backZ,
  type ChairPlan,
  finial,
  rockers,
  seatBoard,
  seatShell,
  spindles,
  squareLegs,
  stretchers,
  turnedLegs,
} from '../furnishing/seating.ts';
import { armchairParts, stoolParts } from '../furnishing/stools-and-armchairs.ts';
import { throneParts } from '../furnishing/throne.ts';
import { beam, cushion } from '../kit/joinery.ts';
import { createPart } from '../kit/part.ts';
import { mergeShapes, type Shape } from '../kit/shape.ts';
import { createPalette, type Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';

/** Chairs, stools, thrones, armchairs, benches and rocking chairs. */
export const chairFamily: Family = {
  id: 'chair',
  nouns: {
    chair: null,
    'dining chair': null,
    'kitchen chair': null,
    seat: null,
    stool: 'stool',
    barstool: 'barstool',
    'bar stool': 'barstool',
    footstool: 'footstool',
    armchair: 'armchair',
    'arm chair': 'armchair',
    'easy chair': 'armchair',
    'club chair': 'armchair',
    throne: 'throne',
    bench: 'bench',
    pew: 'bench',
    'park bench': 'bench',
    'rocking chair': 'rocking',
    rocker: 'rocking',
    'office chair': 'modern',
    'desk chair': 'modern',
    'lounge chair': 'modern',
  },
  typicalHeightM: 0.95,
  styles: ['modern', 'ornate', 'medieval', 'rustic', 'viking', 'simple', 'pirate'],
  build(spec, random) {
    const palette = createPalette(spec);
    const reading = readSpec(spec);
    return finishModel(spec.variant ?? 'chair', partsOf(spec, palette, reading, random), spec.sizeFactor);
  },
};

function partsOf(spec: ObjectSpec, palette: Palette, reading: SpecReading, random: RandomStream): GeneratedPart[] {
  switch (spec.variant) {
    case 'stool':
    case 'barstool':
    case 'footstool':
      return stoolParts(spec, palette, random);
    case 'armchair':
      return armchairParts(spec, palette, random);
    case 'throne':
      return throneParts(spec, palette, random);
    case 'bench':
      return benchParts(spec, palette, random);
    case 'modern':
      return modernChair(spec, palette, random);
    default:
      return reading.is('modern') && spec.variant === null
        ? modernChair(spec, palette, random)
        : sideChair(spec, palette, reading, random);
  }
}

function sideChair(spec: ObjectSpec, palette: Palette, reading: SpecReading, random: RandomStream): GeneratedPart[] {
  const isRocking = spec.variant === 'rocking';
  const isOrnate = reading.is('ornate');
  const isCrude = reading.is('medieval', 'rustic', 'viking', 'simple', 'pirate');
  const measures = random.fork('measures');
  const style = random.fork('style');
  const plan: ChairPlan = {
    width: measures.range(0.43, 0.5) * (isRocking ? 1.12 : 1),
    depth: measures.range(0.41, 0.46) * (isRocking ? 1.08 : 1),
    seatHeight: isRocking ? 0.42 : measures.range(0.44, 0.47),
    seatThickness: isCrude ? 0.036 : 0.026,
    height: isRocking ? measures.range(1.04, 1.14) : measures.range(0.9, 1.04) + (isOrnate ? 0.08 : 0),
    lean: measures.range(0.07, 0.12) + (isRocking ? 0.07 : 0),
    post: (isCrude ? 0.05 : 0.04) * measures.range(0.95, 1.1),
  };
  const isTurned = isOrnate || (!isCrude && style.chance(0.4));
  const back = isRocking
    ? 'spindles'
    : isOrnate
      ? 'splat'
      : style.pick(isCrude ? ['ladder', 'boards'] : ['ladder', 'spindles', 'splat', 'boards']);
  const woods = isCrude ? ['oak', 'oak', 'pine', 'walnut'] : ['oak', 'walnut', 'mahogany', 'birch'];
  const wood = finishOf(spec, palette, {
    classes: ['wood', 'metal', 'stone', 'glass', 'ceramic'],
    fallback: style.pick(woods),
    parts: ['frame', 'leg'],
    colorIndex: 0,
  });

  const frame: Shape[] = [
    backPosts(plan),
    isTurned ? turnedLegs(plan, random.fork('leg')) : squareLegs(plan),
    aprons(plan),
  ];
  if (!isRocking) frame.push(stretchers(plan, style.chance(0.5) ? 'h' : 'box', isTurned));
  frame.push(...backShapes(plan, back, style, isOrnate));
  const hasCushion =
    spec.materials.some((name) => ['fabric', 'leather'].includes(name)) ||
    reading.feature('cushion', 'pillow', 'upholstery') !== undefined ||
    (!isCrude && style.chance(0.55));
  const parts: GeneratedPart[] = [];
  if (isRocking) {
    frame.push(armRests(plan, random.fork('arm'), isTurned));
    const rise = 0.09;
    const raised = mergeShapes([mergeShapes(frame).translate(0, rise * 0.72, 0), rockers(plan, rise)]).crease(40);
    parts.push(
      createPart('frame', wood, raised),
      createPart('seat', wood, seatBoard(plan).translate(0, rise * 0.72, 0)),
    );
    if (hasCushion) parts.push(cushionPart(spec, palette, plan, style, rise * 0.72));
    return parts;
  }
  if (isOrnate) {
    const gilding = palette.material(reading.materials.includes('silver') ? 'silver' : 'gold');
    const top = plan.height - 0.005;
    const x = plan.width / 2 - plan.post / 2 + 0.012;
    parts.push(createPart('finials', gilding, finial(0.024).translate(x, top, backZ(plan, top)).mirrored('x')));
  }
  parts.push(createPart('frame', wood, frame), createPart('seat', wood, seatBoard(plan)));
  if (hasCushion) parts.push(cushionPart(spec, palette, plan, style, 0));
  return parts;
}

/** What fills the back between the posts. */
function backShapes(plan: ChairPlan, kind: string, style: RandomStream, isOrnate: boolean): Shape[] {
  const top = plan.height;
  const crestLow = top - style.range(0.085, 0.12);
  const arch = style.range(0.012, 0.05) + (isOrnate ? 0.03 : 0);
  const crest = backBoard(plan, crestLow, top - 0.012, {
    arch,
    dip: arch * 0.35,
    thickness: 0.024,
    overhang: kind === 'ladder' ? 0 : 0.02,
  });
  const railLow = plan.seatHeight + 0.1;
  if (kind === 'ladder') {
    const count = style.integer(2, 3);
    const slats = Array.from({ length: count }, (_, index) => {
      const y = plan.seatHeight + 0.14 + ((crestLow - 0.06 - plan.seatHeight - 0.14) * index) / count;
      return backBoard(plan, y, y + 0.055 + 0.012 * index, { arch: arch * 0.7, dip: arch * 0.35 });
    });
    return [crest, ...slats];
  }
  if (kind === 'spindles')
    return [crest, spindles(plan, style.integer(5, 7), plan.seatHeight - 0.01, crestLow + arch * 0.4 + 0.01)];
  const rail = backBoard(plan, railLow - 0.025, railLow + 0.02);
  if (kind === 'splat') return [crest, rail, backSplat(plan, railLow, crestLow + arch * 0.4 + 0.01, style)];
  const count = style.integer(3, 5);
  const gap = (plan.width - plan.post * 2) / count;
  const boards = Array.from({ length: count }, (_, index) => {
    const x = -(plan.width - plan.post * 2) / 2 + gap * (index + 0.5);
    const bow = 0.03 * (1 - (2 * x) / plan.width) * (1 + (2 * x) / plan.width);
    const at = (y: number): readonly [number, number, number] => [x, y, backZ(plan, y) - bow];
    return beam([at(railLow), at((railLow + crestLow) / 2), at(crestLow + 0.02)], gap * 0.68, 0.014, {
      up: [0, 0, 1],
      bevel: 0.004,
    });
  });
  return [crest, rail, ...boards];
}

function cushionPart(
  spec: ObjectSpec,
  palette: Palette,
  plan: ChairPlan,
  style: RandomStream,
  lift: number,
): GeneratedPart {
  const cloth = finishOf(spec, palette, {
    classes: ['soft'],
    fallback: style.chance(0.6) ? 'fabric' : 'leather',
    parts: ['cushion', 'pillow', 'seat', 'upholstery'],
    colorIndex: 1,
    tint: style.pick(CLOTH_TINTS),
  });
  const pad = cushion(plan.width * 0.93, 0.055, plan.depth * 0.9, 0.45).translate(
    0,
    plan.seatHeight - 0.003 + lift,
    0.012,
  );
  return createPart('cushion', cloth, pad);
}

/** Quiet dyes, linear RGB. */
export const CLOTH_TINTS: readonly (readonly [number, number, number])[] = [
  [0.24, 0.03, 0.035],
  [0.03, 0.11, 0.09],
  [0.035, 0.06, 0.19],
  [0.42, 0.31, 0.17],
  [0.3, 0.13, 0.03],
  [0.1, 0.05, 0.13],
  [0.13, 0.17, 0.07],
];

function modernChair(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const plan: ChairPlan = {
    width: style.range(0.44, 0.5),
    depth: style.range(0.42, 0.46),
    seatHeight: 0.45,
    seatThickness: 0.014,
    height: style.range(0.8, 0.88),
    lean: style.range(0.1, 0.14),
    post: 0.03,
  };
  const shell = finishOf(spec, palette, {
    classes: ['wood', 'ceramic', 'soft', 'metal', 'glass', 'stone'],
    fallback: style.pick(['birch', 'oak', 'walnut']),
    parts: ['seat', 'shell', 'back'],
    colorIndex: 0,
  });
  const legs = finishOf(spec, palette, {
    classes: [],
    fallback: style.pick(['dark-iron', 'steel', 'birch']),
    parts: ['leg', 'frame'],
    colorIndex: 1,
  });
  const x = plan.width / 2;
  const z = plan.depth / 2;
  const top = plan.seatHeight - 0.03;
  const leg = (sx: number, sz: number): Shape =>
    beam(
      [
        [sx * (x + 0.02), 0, sz * (z + 0.015)],
        [sx * (x - 0.12), top, sz * (z - 0.12)],
      ],
      plan.post,
      plan.post,
      { taper: (t) => 0.6 + 0.45 * t, bevel: 0.009, up: [0, 0, 1] },
    );
  const frame = [leg(1, 1), leg(-1, 1), leg(1, -1), leg(-1, -1)];
  for (const sz of [1, -1])
    frame.push(
      beam(
        [
          [-(x - 0.1), top - 0.012, sz * (z - 0.12)],
          [x - 0.1, top - 0.012, sz * (z - 0.12)],
        ],
        0.024,
        0.024,
      ),
    );
  for (const sx of [1, -1])
    frame.push(
      beam(
        [
          [sx * (x - 0.12), top - 0.012, -(z - 0.12)],
          [sx * (x - 0.12), top - 0.012, z - 0.12],
        ],
        0.024,
        0.024,
      ),
    );
  const parts = [createPart('shell', shell, seatShell(plan, plan.seatThickness)), createPart('legs', legs, frame)];
  const wantsCushion = style.chance(0.6) && !spec.materials.some((name) => ['leather', 'fabric'].includes(name));
  if (wantsCushion) {
    const cloth = finishOf(spec, palette, {
      classes: ['soft'],
      fallback: 'fabric',
      parts: ['cushion', 'pillow'],
      colorIndex: 1,
      tint: style.pick(CLOTH_TINTS),
    });
    parts.push(
      createPart(
        'cushion',
        cloth,
        cushion(plan.width * 0.8, 0.035, plan.depth * 0.72, 0.3).translate(0, plan.seatHeight - 0.016, 0.02),
      ),
    );
  }
  return parts;
}
