import { clamp, cos, mix, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import type { Family } from '../family.ts';
import { type BoulderDesign, createBoulder } from '../geology/boulder.ts';
import { createCrystalCluster, createTuft, footprintAt } from '../geology/growths.ts';
import { createTopLayer } from '../kit/layer.ts';
import { createModel } from '../kit/model.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec3 } from '../kit/vector.ts';
import { chooseMaterial, createPalette, type Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';

/** What covers the rock, from the prompt's style words. */
function layerOf(spec: ObjectSpec): 'moss' | 'snow' | null {
  if (spec.styles.includes('snowy') || spec.materials.includes('snow')) return 'snow';
  if (spec.styles.includes('mossy') || spec.materials.includes('moss')) return 'moss';
  return spec.wear > 0.7 ? 'moss' : null;
}

interface Placed {
  readonly shape: Shape;
  readonly size: number;
}

/** The boulders of a variant, largest first. */
function createBoulders(variant: string, tileM: number, random: RandomStream): Placed[] {
  const main = random.fork('main');
  const isStone = variant === 'stone';
  const radius = isStone ? main.range(0.16, 0.22) : main.range(0.62, 0.85);
  const isTall = variant === 'menhir' || (variant === 'boulder' && main.chance(0.2));
  const stretch: Vec3 = isStone
    ? [main.range(1, 1.3), main.range(0.6, 0.75), main.range(0.85, 1.05)]
    : isTall
      ? [main.range(0.7, 0.85), main.range(1.35, 1.75), main.range(0.6, 0.78)]
      : variant === 'slab'
        ? [main.range(1.4, 1.6), main.range(0.38, 0.48), main.range(1, 1.2)]
        : [main.range(1, 1.3), main.range(0.78, 1), main.range(0.85, 1.1)];
  const design: BoulderDesign = {
    radius,
    stretch,
    cuts: isStone ? 6 : main.integer(17, 25),
    cutDepth: isStone ? 0.1 : 0.34,
    bumps: isStone ? 0.5 : 1,
    frequency: isStone ? 12 : variant === 'pile' ? 11 : 15,
  };
  const boulders: Placed[] = [{ shape: createBoulder(design, tileM, main).rotateY(main.range(0, TAU)), size: radius }];
  if (isStone || variant === 'menhir') return boulders;
  const companions = variant === 'pile' ? 7 : random.integer(1, 3);
  let angle = random.range(0, TAU);
  for (let index = 0; index < companions; index += 1) {
    const stone = random.fork(`stone ${index}`);
    const size = radius * (variant === 'pile' ? stone.range(0.4, 0.62) : stone.range(0.2, 0.4));
    const shape = createBoulder(
      {
        radius: size,
        stretch: [stone.range(0.9, 1.3), stone.range(0.65, 0.95), stone.range(0.9, 1.2)],
        cuts: 12,
        cutDepth: 0.28,
        bumps: 0.8,
        frequency: variant === 'pile' ? 6 : size > radius * 0.36 ? 8 : 7,
      },
      tileM,
      stone,
    );
    const reach = radius * 0.86 * mix(stretch[0], stretch[2], Math.abs(cos(angle))) + size * 0.35;
    boulders.push({
      shape: shape.rotateY(stone.range(0, TAU)).translate(reach * sin(angle), 0, reach * cos(angle)),
      size,
    });
    angle += stone.range(0.9, 1.7) + (variant === 'pile' ? 0 : stone.range(0, 2));
  }
  return boulders;
}

/** Rocks: boulders with companions, single stones, slabs, piles, standing stones and crystals. */
export const rockFamily: Family = {
  id: 'rock',
  typicalHeightM: 1.1,
  styles: ['snowy', 'mossy'],
  nouns: {
    rock: null,
    boulder: 'boulder',
    stone: 'stone',
    pebble: 'stone',
    cobble: 'stone',
    cliff: 'boulder',
    slab: 'slab',
    menhir: 'menhir',
    monolith: 'menhir',
    'standing stone': 'menhir',
    rubble: 'pile',
    'pile of stones': 'pile',
    'pile of rocks': 'pile',
    'heap of stones': 'pile',
    'stone pile': 'pile',
    'rock pile': 'pile',
    cairn: 'pile',
    crystal: 'crystal',
    gem: 'crystal',
    geode: 'crystal',
    meteorite: 'boulder',
  },
  build(spec, random) {
    const palette = createPalette(spec);
    const draw = random.fork('rock');
    const variant = spec.variant ?? 'rock';
    const parts: GeneratedPart[] =
      variant === 'crystal' ? buildCrystal(spec, draw, palette) : buildRock(spec, variant, draw, palette);
    return createModel(variant, parts, spec.sizeFactor);
  },
};

function rockMaterial(spec: ObjectSpec, draw: RandomStream, palette: Palette) {
  const name = chooseMaterial(
    spec,
    ['stone', 'metal', 'glass', 'wood', 'ceramic'],
    draw.pick(['granite', 'limestone', 'granite', 'sandstone', 'slate', 'granite']),
  );
  const tint = spec.colors[0];
  return palette.material(name, tint === undefined ? {} : { tint });
}

function buildRock(spec: ObjectSpec, variant: string, draw: RandomStream, palette: Palette): GeneratedPart[] {
  const material = rockMaterial(spec, draw, palette);
  const boulders = createBoulders(variant, material.repeatM, draw);
  const parts: GeneratedPart[] = [
    createPart(
      'stone',
      material,
      boulders.map((boulder) => boulder.shape),
    ),
  ];
  const layer = layerOf(spec);
  if (layer !== null) {
    const limit = layer === 'snow' ? 0.5 : clamp(0.78 - spec.wear * 0.35, 0.3, 0.8);
    const layers = boulders.map(({ shape, size }, index) =>
      createTopLayer(
        shape,
        {
          limit,
          patchiness: layer === 'snow' ? 0.12 : 0.3,
          thickness: size * (layer === 'snow' ? 0.07 : 0.035),
          scale: 1.6 / size,
        },
        spec.seed + index,
      ),
    );
    parts.push(
      createPart(
        layer,
        palette.material(layer),
        layers.filter((shape) => shape.triangleCount > 0),
      ),
    );
  }
  if (variant !== 'stone' && layer !== 'snow') {
    const tufts: Shape[] = [];
    const grass = draw.fork('grass');
    const { shape: largest, size } = boulders[0] as Placed;
    const count = grass.integer(6, 10);
    let angle = grass.range(0, TAU);
    for (let index = 0; index < count; index += 1) {
      angle += grass.range(0.5, 1.5);
      const reach = footprintAt(largest, sin(angle), cos(angle), size * 0.2) + grass.range(-0.01, 0.05);
      tufts.push(
        createTuft(grass.range(0.16, 0.32) * size, grass).translate(reach * sin(angle), 0, reach * cos(angle)),
      );
    }
    parts.push(createPart('grass', palette.material('grass', { size: 64 }), tufts));
  }
  return parts;
}

function buildCrystal(spec: ObjectSpec, draw: RandomStream, palette: Palette): GeneratedPart[] {
  const hues = [
    [0.28, 0.1, 0.62],
    [0.05, 0.4, 0.62],
    [0.06, 0.5, 0.2],
    [0.72, 0.12, 0.3],
    [0.8, 0.4, 0.06],
  ] as const;
  const tint = spec.colors[0] ?? (spec.materials.length > 0 ? undefined : draw.pick(hues));
  const name = chooseMaterial(spec, ['glass', 'metal'], 'crystal');
  const baseStone = palette.material(chooseMaterial(spec, ['stone'], 'basalt'));
  const base = createBoulder(
    { radius: 0.34, stretch: [1.15, 0.62, 1.05], cuts: 14, cutDepth: 0.28, bumps: 1, frequency: 11 },
    baseStone.repeatM,
    draw.fork('base'),
  );
  return [
    createPart(
      'crystals',
      palette.material(name, tint === undefined ? {} : { tint }),
      createCrystalCluster(draw.range(0.62, 0.8), draw.fork('crystals')).map((shape) => shape.translate(0, 0.1, 0)),
    ),
    createPart('stone', baseStone, base),
  ];
}
