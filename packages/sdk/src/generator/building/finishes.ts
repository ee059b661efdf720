import type { RandomStream } from '../../foundation/random.ts';
import { finishOf, readSpec } from '../furnishing/finish.ts';
import { GLOW } from '../furnishing/lights.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import type { KitMaterial } from '../materials/material.ts';
import { materialClassOf, type Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import type { BuildingParts } from './openings.ts';

type LinearRgb = readonly [number, number, number];

/** Dark glass of windows by day: smooth and opaque. */
const PANE: KitMaterial = {
  name: 'pane',
  repeatM: 1,
  baseColor: [0.035, 0.06, 0.085, 1],
  metallic: 0.1,
  roughness: 0.12,
};

const LIT_PANE: KitMaterial = {
  ...GLOW,
  name: 'lit-pane',
  baseColor: [0.9, 0.6, 0.25, 1],
  emissive: [0.75, 0.42, 0.12],
  roughness: 0.3,
};

const PAINTS: readonly LinearRgb[] = [
  [0.03, 0.09, 0.12],
  [0.22, 0.03, 0.025],
  [0.03, 0.1, 0.05],
  [0.03, 0.05, 0.16],
  [0.3, 0.16, 0.03],
];

/** Materials of a building. */
export interface BuildingFinish {
  readonly wall: KitMaterial;
  readonly base: KitMaterial;
  readonly timber: KitMaterial;
  readonly boards: KitMaterial;
  readonly trim: KitMaterial;
  readonly pane: KitMaterial;
  readonly roof: KitMaterial;
  readonly roofDark: KitMaterial;
  /** What the roof is covered with. */
  readonly covering: 'tiles' | 'slate' | 'shingles' | 'thatch';
}

/** What a building is made of unless the prompt says otherwise. */
export interface FinishDefaults {
  readonly wall: string;
  readonly wallTint?: LinearRgb;
  readonly timbers: readonly string[];
  readonly coverings: readonly BuildingFinish['covering'][];
}

const ROOF_TINTS: Readonly<Record<BuildingFinish['covering'], readonly LinearRgb[]>> = {
  tiles: [
    [0.36, 0.105, 0.048],
    [0.3, 0.075, 0.045],
    [0.38, 0.15, 0.06],
  ],
  slate: [
    [0.085, 0.1, 0.125],
    [0.07, 0.075, 0.085],
    [0.1, 0.1, 0.12],
  ],
  shingles: [
    [0.2, 0.125, 0.07],
    [0.15, 0.1, 0.065],
    [0.22, 0.16, 0.1],
  ],
  thatch: [[0.53, 0.36, 0.13]],
};

/** Chooses the materials of a building from the prompt. */
export function chooseFinish(
  spec: ObjectSpec,
  palette: Palette,
  random: RandomStream,
  defaults: FinishDefaults,
): BuildingFinish {
  const reading = readSpec(spec);
  const roofWords = reading.feature('roof', 'tile', 'roofing', 'shingle');
  const named = [
    ...(roofWords?.materials ?? []),
    ...reading.materials.filter((name) => materialClassOf(name) === 'roofing'),
  ][0];
  const covering = coveringOf(named) ?? random.pick(defaults.coverings);
  const base = random.pick(ROOF_TINTS[covering]);
  const tint = roofWords?.colors[0] ?? reading.colors[1] ?? base;
  const darker: LinearRgb = [tint[0] * 0.68, tint[1] * 0.68, tint[2] * 0.7];
  const surface = { tiles: 'sandstone', slate: 'slate', shingles: 'oak', thatch: 'thatch' }[covering];
  const wallColor = reading.feature('wall')?.colors[0] ?? reading.colors[0] ?? defaults.wallTint;
  const wallName =
    masonryOf(
      reading.feature('wall')?.materials[0] ??
        reading.materials.find((name) => ['stone', 'masonry', 'wood'].includes(materialClassOf(name) ?? '')),
    ) ?? defaults.wall;
  const timber = finishOf(spec, palette, {
    classes: [],
    fallback: random.pick(defaults.timbers),
    parts: ['timber', 'beam', 'frame', 'framing'],
    tint: random.pick([
      [0.075, 0.042, 0.022],
      [0.1, 0.058, 0.03],
      [0.055, 0.034, 0.022],
    ] as const),
  });
  const doorTint = reading.feature('door')?.colors[0] ?? reading.feature('shutter')?.colors[0] ?? random.pick(PAINTS);
  const isLit = reading.is('glowing') || random.chance(0.3);
  const size = 256;
  return {
    wall: palette.material(wallName, { ...(wallColor === undefined ? {} : { tint: wallColor }), size }),
    base: palette.material(wallName === 'cobblestone' ? 'stone-blocks' : 'cobblestone'),
    timber,
    boards: palette.material('painted-wood', { tint: doorTint }),
    trim: timber,
    pane: isLit ? LIT_PANE : PANE,
    roof: palette.material(surface, { tint }),
    roofDark: covering === 'thatch' ? palette.material(surface, { tint }) : palette.material(surface, { tint: darker }),
    covering,
  };
}

function coveringOf(name: string | undefined): BuildingFinish['covering'] | undefined {
  if (name === undefined) return undefined;
  if (name === 'thatch') return 'thatch';
  if (name === 'slate' || materialClassOf(name) === 'stone' || materialClassOf(name) === 'metal') return 'slate';
  if (name === 'shingles' || materialClassOf(name) === 'wood') return 'shingles';
  return 'tiles';
}

/** The wall made of a named material: stone becomes masonry, wood becomes boards. */
function masonryOf(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (materialClassOf(name) === 'wood') return name === 'oak' || name === 'painted-wood' ? undefined : 'planks';
  if (name === 'granite') return 'cobblestone';
  if (name === 'sandstone' || name === 'limestone') return 'sandstone-blocks';
  return materialClassOf(name) === 'stone' ? 'stone-blocks' : name;
}

/** What lies on a roof: the covering in two shades, and snow. */
export interface RoofShapes {
  readonly light: Shape[];
  readonly dark: Shape[];
  readonly snow: Shape[];
}

/** Parts of the file from the shapes of a building. */
export function finishBuilding(
  parts: BuildingParts,
  finish: BuildingFinish,
  roof: RoofShapes,
  palette: Palette,
): GeneratedPart[] {
  return [
    createPart('walls', finish.wall, parts.walls),
    createPart('base', finish.base, parts.base),
    createPart('timber', finish.timber, [...parts.timber, ...parts.trim]),
    createPart('boards', finish.boards, parts.boards),
    createPart('panes', finish.pane, parts.panes),
    createPart('iron', palette.material('dark-iron', { size: 64 }), parts.iron),
    createPart('plants', palette.material('leaves'), parts.plants),
    createPart('roof', finish.roof, roof.light),
    createPart('roof-shade', finish.roofDark, roof.dark),
    createPart('snow', palette.material('snow'), roof.snow),
  ].filter((part) => part.indices.length > 0);
}
