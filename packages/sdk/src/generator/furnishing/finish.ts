import type { KitMaterial } from '../materials/material.ts';
import { chooseMaterial, type MaterialClass, materialClassOf, type Palette } from '../materials/palette.ts';
import type { GeneratedModel, GeneratedPart } from '../model.ts';
import type { ObjectSpec, SpecFeature } from '../object-spec.ts';

/** Linear red, green, blue, [0, 1]. */
export type LinearRgb = readonly [number, number, number];

/** Materials that furniture and vessels can be made of, whatever is soft left out. */
export const SOLID_CLASSES = [
  'wood',
  'metal',
  'stone',
  'glass',
  'ceramic',
  'masonry',
] as const satisfies readonly MaterialClass[];

/** What a prompt says about the object itself, apart from the parts it describes one by one. */
export interface SpecReading {
  /** Materials of the object, without those of its features. */
  readonly materials: readonly string[];
  /** Colours of the object, without those of its features. */
  readonly colors: readonly LinearRgb[];
  /** What the prompt says about a part, asked for by any of its names. */
  feature(...nouns: readonly string[]): SpecFeature | undefined;
  /** True when the prompt has any of the styles. */
  is(...styles: readonly string[]): boolean;
}

/** Sorts a spec's materials and colours by what they belong to. */
export function readSpec(spec: ObjectSpec): SpecReading {
  const features = spec.features ?? [];
  const materialCount = features.reduce((sum, feature) => sum + feature.materials.length, 0);
  const colorCount = features.reduce((sum, feature) => sum + feature.colors.length, 0);
  return {
    materials: spec.materials.slice(0, spec.materials.length - materialCount),
    colors: spec.colors.slice(0, spec.colors.length - colorCount),
    feature: (...nouns) => features.find((feature) => nouns.includes(feature.noun)),
    is: (...styles) => styles.some((style) => spec.styles.includes(style)),
  };
}

/** How a material is chosen for a part. */
export interface FinishRequest {
  readonly classes: readonly MaterialClass[];
  /** Material when the prompt names none of the classes. */
  readonly fallback: string;
  /** Names under which the prompt may describe the part on its own. */
  readonly parts?: readonly string[];
  /** Number of the object's own colour this part takes; undefined for none. */
  readonly colorIndex?: number;
  /** Tint when the prompt gives no colour. */
  readonly tint?: LinearRgb;
}

/** The material of a part: what the prompt says about the part, else about the object, else the fallback. */
export function finishOf(spec: ObjectSpec, palette: Palette, request: FinishRequest): KitMaterial {
  const reading = readSpec(spec);
  const feature = request.parts === undefined ? undefined : reading.feature(...request.parts);
  const own = chooseMaterial({ ...spec, materials: reading.materials }, request.classes, request.fallback);
  const name = feature?.materials.find((material) => materialClassOf(material) !== null) ?? own;
  const color =
    feature?.colors[0] ??
    (request.colorIndex === undefined ? undefined : reading.colors[request.colorIndex]) ??
    request.tint;
  if (color === undefined) return palette.material(name);
  // paint covers wood; metals, cloth and stone take a colour on by themselves
  const isPainted = materialClassOf(name) === 'wood' && name !== 'planks' && color !== request.tint;
  return palette.material(isPainted ? 'painted-wood' : name, { tint: color });
}

/** Puts the finished parts on the ground, centred, and brings them to the size the prompt asked for. Empty parts are left out. */
export function finishModel(name: string, parts: readonly GeneratedPart[], sizeFactor: number): GeneratedModel {
  const solid = parts.filter((part) => part.indices.length > 0);
  const min = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const max = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { positions } of solid) {
    for (let at = 0; at < positions.length; at += 1) {
      const value = positions[at] as number;
      min[at % 3] = Math.min(min[at % 3] as number, value);
      max[at % 3] = Math.max(max[at % 3] as number, value);
    }
  }
  const shift = [
    -((min[0] as number) + (max[0] as number)) / 2,
    -(min[1] as number),
    -((min[2] as number) + (max[2] as number)) / 2,
  ];
  return {
    name,
    parts: solid.map((part) => ({
      ...part,
      positions: part.positions.map((value, at) => (value + (shift[at % 3] as number)) * sizeFactor),
    })),
  };
}
