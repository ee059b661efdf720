import { cos, mix, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import type { Family } from '../family.ts';
import { ballProfile, lathe } from '../kit/lathe.ts';
import { tube } from '../kit/loft.ts';
import { createModel } from '../kit/model.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import { addVectors, normalizeVector, scaleVector, type Vec3 } from '../kit/vector.ts';
import { chooseMaterial, createPalette, type Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import {
  addPalmFrond,
  type Clump,
  coverWithLeaves,
  createClumpCore,
  createConiferFrond,
  LeafBuilder,
  type LeafCover,
} from '../plants/foliage.ts';
import { createBranch, createTrunk, createTwigs, pointOnPath } from '../plants/wood.ts';

type LinearColor = readonly [number, number, number];

/** A tree with a crown of leaf clumps. Metres; ranges are drawn from by the seed. */
interface BroadleafKind {
  readonly height: readonly [number, number];
  /** Trunk radius as a share of the height. */
  readonly girth: number;
  /** Half width of the crown as a share of the height. */
  readonly spread: readonly [number, number];
  /** Height of the crown relative to its width. */
  readonly tallness: number;
  readonly clumps: readonly [number, number];
  readonly clumpSize: number;
  readonly leafLength: number;
  readonly droop: number;
  readonly sway: number;
  readonly bark: string;
  readonly foliage: readonly LinearColor[];
}

const OAK: BroadleafKind = {
  height: [4.6, 5.6],
  girth: 0.048,
  spread: [0.36, 0.42],
  tallness: 0.74,
  clumps: [12, 15],
  clumpSize: 0.42,
  leafLength: 0.27,
  droop: 0.15,
  sway: 0.28,
  bark: 'bark',
  foliage: [
    [0.24, 0.35, 0.035],
    [0.3, 0.38, 0.04],
    [0.18, 0.31, 0.04],
  ],
};

const BROADLEAVES: Readonly<Record<string, BroadleafKind>> = {
  oak: OAK,
  maple: {
    ...OAK,
    tallness: 0.86,
    foliage: [
      [0.55, 0.12, 0.025],
      [0.62, 0.22, 0.03],
      [0.5, 0.06, 0.03],
    ],
  },
  cherry: {
    ...OAK,
    height: [3.6, 4.4],
    tallness: 0.68,
    leafLength: 0.2,
    foliage: [
      [0.82, 0.28, 0.38],
      [0.86, 0.42, 0.5],
    ],
  },
  apple: { ...OAK, height: [3.4, 4], tallness: 0.8, foliage: [[0.24, 0.38, 0.05]] },
  birch: {
    ...OAK,
    height: [5.4, 6.4],
    girth: 0.022,
    spread: [0.19, 0.23],
    tallness: 1.85,
    clumps: [15, 18],
    clumpSize: 0.5,
    leafLength: 0.19,
    droop: 0.4,
    sway: 0.3,
    bark: 'birch-bark',
    foliage: [
      [0.3, 0.42, 0.06],
      [0.42, 0.42, 0.05],
    ],
  },
  poplar: {
    ...OAK,
    height: [6, 7],
    girth: 0.026,
    spread: [0.13, 0.15],
    tallness: 2.9,
    clumps: [11, 13],
    clumpSize: 0.72,
    leafLength: 0.2,
    foliage: [[0.2, 0.36, 0.06]],
  },
  bush: {
    ...OAK,
    height: [1.2, 1.5],
    girth: 0.03,
    spread: [0.54, 0.62],
    tallness: 0.84,
    clumps: [10, 12],
    clumpSize: 0.48,
    leafLength: 0.12,
    sway: 0.06,
    foliage: [
      [0.2, 0.36, 0.05],
      [0.15, 0.32, 0.07],
    ],
  },
};

const AUTUMN: readonly LinearColor[] = [
  [0.62, 0.24, 0.02],
  [0.6, 0.13, 0.02],
  [0.7, 0.4, 0.04],
];

function foliageColor(spec: ObjectSpec, own: readonly LinearColor[], random: RandomStream): LinearColor {
  const isAutumn = spec.styles.some((style) => style === 'autumn' || style === 'autumnal' || style === 'fall');
  return spec.colors[0] ?? random.pick(isAutumn ? AUTUMN : own);
}

/** The material of trunk and branches; a prompt can ask for a golden or a stone tree. */
function trunkMaterial(spec: ObjectSpec, palette: Palette, own: string) {
  return palette.material(chooseMaterial(spec, ['metal', 'stone', 'glass', 'plant'], own));
}

/** Clumps on the shell of an egg about `centre`, and one in the middle. */
function placeClumps(kind: BroadleafKind, centre: Vec3, halfWidth: number, random: RandomStream): Clump[] {
  const clumps: Clump[] = [
    { centre, radius: halfWidth * kind.clumpSize * 1.25, squash: Math.min(1.15, kind.tallness) },
  ];
  const count = random.integer(kind.clumps[0], kind.clumps[1]);
  const spin = random.range(0, TAU);
  for (let index = 0; index < count; index += 1) {
    const y = 0.94 - (1.62 * (index + 0.5)) / count + random.range(-0.07, 0.07);
    const ring = Math.sqrt(Math.max(0, 1 - y * y));
    const angle = spin + index * 2.399963 + random.range(-0.3, 0.3);
    const reach = halfWidth * (1 - kind.clumpSize * 0.72) * random.range(0.84, 1.2);
    // Lower clumps are larger and lie further out: a crown is wider below than above.
    const wide = mix(1.12, 0.82, (y + 1) / 2);
    clumps.push({
      centre: [
        centre[0] + ring * sin(angle) * reach * wide,
        centre[1] + y * halfWidth * (kind.tallness - kind.clumpSize * 0.5) * random.range(0.94, 1.06),
        centre[2] + ring * cos(angle) * reach * wide,
      ],
      radius: halfWidth * kind.clumpSize * random.range(0.76, 1.16) * mix(1.06, 0.86, (y + 1) / 2),
      squash: random.range(0.82, 0.96),
    });
  }
  return clumps;
}

function buildBroadleaf(
  kind: BroadleafKind,
  variant: string,
  spec: ObjectSpec,
  random: RandomStream,
  palette: Palette,
): GeneratedPart[] {
  const draw = random.fork('broadleaf');
  const height = draw.range(kind.height[0], kind.height[1]);
  const halfWidth = height * draw.range(kind.spread[0], kind.spread[1]);
  const halfHeight = halfWidth * kind.tallness;
  const bark = trunkMaterial(spec, palette, kind.bark);
  const radius = height * kind.girth * draw.range(0.9, 1.15);
  const trunk = createTrunk(
    {
      height: height - halfHeight * 1.05,
      radius,
      taper: 0.42,
      sway: kind.sway * draw.range(0.4, 1),
      flare: variant === 'birch' ? 0.3 : 0.62,
      tileM: bark.repeatM,
    },
    random.fork('trunk'),
  );
  const top = trunk.path[trunk.path.length - 1] as Vec3;
  // Bushes carry their leaves down to the ground.
  const centre: Vec3 = [top[0], variant === 'bush' ? halfHeight * 0.78 : height - halfHeight, top[2]];
  const clumps = placeClumps(kind, centre, halfWidth, random.fork('clumps'));

  const wood: Shape[] = [trunk.shape];
  const branches = random.fork('branches');
  clumps.forEach((clump, index) => {
    if (index === 0 || (index % 2 === 0 && index > 6)) return;
    const from = pointOnPath(trunk.path, branches.range(0.62, 0.96));
    wood.push(createBranch(from, clump.centre, radius * 0.4, radius * 0.1, height * 0.015, bark.repeatM));
  });

  const tint = foliageColor(spec, kind.foliage, random.fork('color'));
  const isSnowy = spec.styles.includes('snowy');
  const core = palette.shaded(palette.material('leaves', { tint }), variant === 'cherry' ? 0.72 : 0.4);
  const leaf = palette.material('leaf', { tint });
  const area = clumps.reduce((sum, clump) => sum + 2 * TAU * clump.radius * clump.radius, 0);
  // The budget of leaves is shared over the crown; small crowns get small leaves rather than many.
  const cover: LeafCover = {
    leafLength: kind.leafLength,
    leafWidth: 0.36,
    density: 4100 / area,
    droop: kind.droop,
    topLimit: isSnowy ? 0.52 : 2,
  };
  const leaves = new LeafBuilder();
  const snow = new LeafBuilder();
  coverWithLeaves(
    clumps,
    cover,
    [centre[0], centre[1] - halfHeight * 0.35, centre[2]],
    random.fork('leaves'),
    leaves,
    snow,
  );
  const parts = [
    createPart('wood', bark, wood),
    createPart(
      'crown',
      core,
      clumps.map((clump, index) => createClumpCore(clump, spec.seed + index, 3)),
    ),
    leaves.toPart('leaves', leaf),
  ];
  if (snow.leafCount > 0) parts.push(snow.toPart('snow', { ...palette.material('snow'), doubleSided: true }));
  if (variant === 'apple') parts.push(createFruit(clumps, palette, random.fork('fruit')));
  return parts;
}

/** Apples on the outside of the crown. */
function createFruit(clumps: readonly Clump[], palette: Palette, random: RandomStream): GeneratedPart {
  const apples = Array.from({ length: 22 }, () => {
    const clump = random.pick(clumps);
    const angle = random.range(0, TAU);
    const y = random.range(-0.7, 0.35);
    const ring = Math.sqrt(1 - y * y);
    const out: Vec3 = [ring * sin(angle), y * clump.squash, ring * cos(angle)];
    const at = addVectors(clump.centre, scaleVector(out, clump.radius * 1.02));
    return lathe(ballProfile(0.06, 5), { segments: 7 })
      .crease(80)
      .translate(at[0], at[1] - 0.08, at[2]);
  });
  return createPart('fruit', palette.material('ceramic', { tint: [0.55, 0.03, 0.02], wear: 0 }), apples);
}

function buildConifer(spec: ObjectSpec, random: RandomStream, palette: Palette): GeneratedPart[] {
  const draw = random.fork('conifer');
  const height = draw.range(5, 6.4);
  const spread = height * draw.range(0.24, 0.3);
  const bark = trunkMaterial(spec, palette, 'bark');
  const trunk = createTrunk(
    {
      height: height * 0.94,
      radius: height * 0.026,
      taper: 0.12,
      sway: height * 0.012,
      flare: 0.55,
      tileM: bark.repeatM,
    },
    random.fork('trunk'),
  );
  const tint = foliageColor(
    spec,
    [
      [0.115, 0.2, 0.04],
      [0.14, 0.22, 0.04],
      [0.09, 0.18, 0.06],
    ],
    random.fork('color'),
  );
  const needles = { ...palette.material('needles', { tint }), doubleSided: true };
  const isSnowy = spec.styles.includes('snowy');
  const tiers = draw.integer(12, 14);
  const bottom = height * draw.range(0.13, 0.19);
  const fronds: Shape[] = [];
  const snow: Shape[] = [];
  const core: [number, number][] = [[0, bottom + height * 0.05]];
  const grow = random.fork('fronds');
  for (let tier = 0; tier < tiers; tier += 1) {
    const t = tier / (tiers - 1);
    const y = mix(bottom + spread * 0.32, height * 0.94, t * (0.72 + 0.28 * t));
    const length = spread * ((height * 1.03 - y) / (height - bottom)) * grow.range(0.92, 1.06);
    const count = Math.floor(mix(15, 7, t));
    const spin = grow.range(0, TAU);
    core.push([length * 0.34, y - length * 0.36]);
    for (let frond = 0; frond < count; frond += 1) {
      const angle = spin + (TAU * frond) / count + grow.range(-0.14, 0.14);
      const own = length * grow.range(0.84, 1.12);
      const foot = pointOnPath(trunk.path, Math.min(0.99, y / (height * 0.94)));
      const rise = -own * grow.range(0.52, 0.72);
      const start: Vec3 = [foot[0], y + grow.range(-0.05, 0.05), foot[2]];
      const shape = createConiferFrond(start, angle, own, own * grow.range(0.25, 0.31), rise, grow);
      fronds.push(shape);
      if (isSnowy && grow.chance(0.85)) {
        const cap = shape.clone();
        const middle: Vec3 = [start[0] + sin(angle) * own * 0.5, 0, start[2] + cos(angle) * own * 0.5];
        snow.push(cap.map((px, py, pz) => [mix(middle[0], px, 0.86), py + 0.035, mix(middle[2], pz, 0.86)]));
      }
    }
  }
  core.push([0.01, height * 0.97], [0, height]);
  const inside = lathe(core, { segments: 14, tileM: needles.repeatM }).crease(80);
  const tip = trunk.path[trunk.path.length - 1] as Vec3;
  inside.map((x, y, z) => [x + (tip[0] * y) / height, y, z + (tip[2] * y) / height]);
  const dark = palette.shaded(palette.material('needles', { tint }), 0.5);
  const parts = [
    createPart('wood', bark, trunk.shape),
    createPart('inside', dark, inside),
    createPart('needles', needles, fronds),
  ];
  if (snow.length > 0) parts.push(createPart('snow', { ...palette.material('snow'), doubleSided: true }, snow));
  return parts;
}

function buildPalm(spec: ObjectSpec, random: RandomStream, palette: Palette): GeneratedPart[] {
  const draw = random.fork('palm');
  const height = draw.range(4, 5.2);
  const bark = trunkMaterial(spec, palette, 'bark');
  const lean = draw.range(0.4, 1.2);
  const turn = draw.range(0, TAU);
  const rings = 17;
  const path: Vec3[] = [];
  const radii: number[] = [];
  for (let ring = 0; ring <= rings; ring += 1) {
    // Each ring of old leaf bases swells and then steps back.
    for (const [part, swell] of [
      [0, 0.9],
      [0.72, 1.12],
      [0.98, 1.08],
    ] as const) {
      const t = (ring + part) / (rings + 1);
      path.push([lean * t * t * sin(turn), height * t, lean * t * t * cos(turn)]);
      radii.push(mix(0.15, 0.085, t) * swell * (1 + 0.55 * Math.max(0, 1 - t * 9)));
    }
  }
  const trunk = tube(path, (t) => radii[Math.floor(t * (radii.length - 1) + 0.5)] as number, 12, {
    tileM: bark.repeatM,
  }).crease(35);
  trunk.map((x, y, z) => [x, Math.max(0, y), z]);
  const top = path[path.length - 1] as Vec3;
  const leaves = new LeafBuilder();
  const count = draw.integer(15, 19);
  const tint = foliageColor(
    spec,
    [
      [0.16, 0.32, 0.04],
      [0.1, 0.28, 0.06],
    ],
    random.fork('color'),
  );
  const leaf = palette.material('leaf', { tint });
  for (let frond = 0; frond < count; frond += 1) {
    const level = frond / count;
    const angle = frond * 2.399963 + draw.range(-0.15, 0.15);
    addPalmFrond(
      [top[0], top[1] - 0.02, top[2]],
      angle,
      draw.range(1.8, 2.25),
      mix(0.95, 0.05, level),
      mix(0.62, 0.72, level),
      draw,
      leaves,
    );
  }
  const nuts = Array.from({ length: draw.integer(3, 6) }, (_, index) => {
    const angle = index * 1.3 + draw.range(-0.2, 0.2);
    return lathe(ballProfile(0.095, 8, 0, 0.22), { segments: 12 })
      .crease(80)
      .translate(top[0] + 0.14 * sin(angle), top[1] - 0.3, top[2] + 0.14 * cos(angle));
  });
  return [
    createPart('trunk', bark, trunk),
    leaves.toPart('leaves', leaf),
    createPart('coconuts', palette.material('walnut'), nuts),
  ];
}

function buildDead(spec: ObjectSpec, random: RandomStream, palette: Palette): GeneratedPart[] {
  const draw = random.fork('dead');
  const height = draw.range(1.9, 2.4);
  const bark = trunkMaterial(spec, palette, 'dead-bark');
  const radius = draw.range(0.19, 0.25);
  const trunk = createTrunk(
    { height, radius, taper: 0.62, sway: 0.3, flare: 0.8, tileM: bark.repeatM },
    random.fork('trunk'),
  );
  const wood: Shape[] = [trunk.shape];
  const count = draw.integer(4, 5);
  const spin = draw.range(0, TAU);
  for (let branch = 0; branch < count; branch += 1) {
    const angle = spin + (TAU * branch) / count + draw.range(-0.4, 0.4);
    const t = branch === 0 ? 0.97 : draw.range(0.6, 0.95);
    const up = branch === 0 ? 1.2 : draw.range(0.35, 0.9);
    const direction = normalizeVector([
      sin(angle) * (branch === 0 ? 0.3 : 1),
      up,
      cos(angle) * (branch === 0 ? 0.3 : 1),
    ]);
    createTwigs(
      pointOnPath(trunk.path, t),
      direction,
      draw.range(0.95, 1.35),
      radius * (branch === 0 ? 0.6 : draw.range(0.34, 0.46)),
      3,
      bark.repeatM,
      draw,
      wood,
    );
  }
  return [createPart('wood', bark, wood)];
}

/** Trees: oaks and other broadleaves, conifers, palms, bare ones and bushes. */
export const treeFamily: Family = {
  id: 'tree',
  typicalHeightM: 5.2,
  nouns: {
    tree: null,
    oak: 'oak',
    maple: 'maple',
    birch: 'birch',
    poplar: 'poplar',
    cypress: 'poplar',
    pine: 'pine',
    fir: 'pine',
    spruce: 'pine',
    conifer: 'pine',
    'christmas tree': 'pine',
    palm: 'palm',
    'palm tree': 'palm',
    'pine tree': 'pine',
    'oak tree': 'oak',
    'cherry tree': 'cherry',
    sakura: 'cherry',
    'apple tree': 'apple',
    'dead tree': 'dead',
    snag: 'dead',
    bush: 'bush',
    shrub: 'bush',
    hedge: 'bush',
  },
  build(spec, random) {
    const palette = createPalette(spec);
    const isDead = spec.styles.some((style) => style === 'dead' || style === 'bare' || style === 'spooky');
    const variant = isDead && spec.variant !== 'palm' ? 'dead' : (spec.variant ?? 'oak');
    let parts: GeneratedPart[];
    if (variant === 'pine') parts = buildConifer(spec, random, palette);
    else if (variant === 'palm') parts = buildPalm(spec, random, palette);
    else if (variant === 'dead') parts = buildDead(spec, random, palette);
    else parts = buildBroadleaf(BROADLEAVES[variant] ?? OAK, variant, spec, random, palette);
    return createModel(variant === 'bush' ? 'bush' : 'tree', parts, spec.sizeFactor);
  },
};
