import { cos, mix, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { ballProfile, lathe } from '../kit/lathe.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import { addVectors, scaleVector, type Vec3 } from '../kit/vector.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { foliageColor, type LinearColor, trunkMaterial } from './colors.ts';
import { type Clump, coverWithLeaves, createClumpCore, LeafBuilder, type LeafCover } from './foliage.ts';
import { createBranch, createTrunk, pointOnPath } from './wood.ts';

/** A tree with a crown of leaf clumps. Metres; ranges are drawn from by the seed. */
export interface BroadleafKind {
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

/** What a tree is unless the prompt says otherwise. */
export const OAK: BroadleafKind = {
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

/** Trees with leaves by the name of their variant. */
export const BROADLEAVES: Readonly<Record<string, BroadleafKind>> = {
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

/** Leaves given to a crown, those included that turn out to be hidden. */
const LEAF_COUNT = 4100;
/** Triangles a whole tree may have. */
const TRIANGLE_BUDGET = 11800;

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

/** A tree with a trunk, branches and a crown of leaf clumps. */
export function buildBroadleaf(
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
  const core = palette.shaded(palette.material('leaves', { tint }), variant === 'cherry' ? 0.95 : 0.86);
  const leaf = palette.material('leaf', { tint });
  const parts = [
    createPart('wood', bark, wood),
    createPart(
      'crown',
      core,
      clumps.map((clump, index) => createClumpCore(clump, spec.seed + index, 3)),
    ),
  ];
  if (variant === 'apple') parts.push(createFruit(clumps, palette, random.fork('fruit')));
  const spent = parts.reduce((sum, part) => sum + part.indices.length / 3, 0);

  const area = clumps.reduce((sum, clump) => sum + 2 * TAU * clump.radius * clump.radius, 0);
  const grow = (leafCount: number): { readonly leaves: LeafBuilder; readonly snow: LeafBuilder } => {
    const leaves = new LeafBuilder();
    const snow = new LeafBuilder();
    const cover: LeafCover = {
      leafLength: kind.leafLength,
      leafWidth: 0.36,
      density: leafCount / area,
      droop: kind.droop,
      topLimit: isSnowy ? 0.52 : 2,
    };
    const lightCentre: Vec3 = [centre[0], centre[1] - halfHeight * 0.35, centre[2]];
    coverWithLeaves(clumps, cover, lightCentre, random.fork('leaves'), leaves, snow);
    return { leaves, snow };
  };
  // How many leaves hide inside other clumps is known only afterwards; a crown that grew too dense is grown again thinner.
  let crown = grow(LEAF_COUNT);
  const grown = crown.leaves.leafCount + crown.snow.leafCount;
  const allowed = (TRIANGLE_BUDGET - spent) / 2;
  if (grown > allowed) crown = grow((LEAF_COUNT * allowed * 0.97) / grown);
  parts.push(crown.leaves.toPart('leaves', leaf));
  if (crown.snow.leafCount > 0) {
    parts.push(crown.snow.toPart('snow', { ...palette.material('snow'), doubleSided: true }));
  }
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
    const at = addVectors(clump.centre, scaleVector(out, clump.radius * 1.1));
    return lathe(ballProfile(0.085, 6), { segments: 8 })
      .crease(80)
      .translate(at[0], at[1] - 0.08, at[2]);
  });
  return createPart('fruit', palette.material('ceramic', { tint: [0.55, 0.03, 0.02], wear: 0, size: 64 }), apples);
}
