import type { ObjectSpec } from '../object-spec.ts';
import {
  createBark,
  createBirchBark,
  createDeadBark,
  createNeedles,
  createPlaster,
  createRoofTiles,
  createShingles,
  createThatch,
} from './coverings.ts';
import type { KitMaterial, MaterialOptions } from './material.ts';
import { createMetal, createPaintedMetal, METAL_NAMES, type MetalName } from './metals.ts';
import {
  createCeramic,
  createCrystal,
  createDiamondWrap,
  createFabric,
  createGlass,
  createGrass,
  createLeather,
  createLeaves,
  createPaper,
  createSingleLeaf,
  createSnow,
  createWrappedLeather,
} from './soft.ts';
import {
  createBrick,
  createCobblestone,
  createMoss,
  createStone,
  createStoneBlocks,
  STONE_NAMES,
  type StoneName,
} from './stones.ts';
import { createPaintedWood, createPlanks, createWood, WOOD_NAMES, type WoodName } from './woods.ts';

/** What a material behaves like; families ask for classes and take what the prompt named among them. */
export type MaterialClass =
  | 'wood'
  | 'metal'
  | 'stone'
  | 'masonry'
  | 'roofing'
  | 'soft'
  | 'glass'
  | 'ceramic'
  | 'plant'
  | 'cover';

interface PaletteEntry {
  readonly materialClass: MaterialClass;
  readonly create: (options: MaterialOptions) => KitMaterial;
}

const ENTRIES = new Map<string, PaletteEntry>();

function register(name: string, materialClass: MaterialClass, create: (options: MaterialOptions) => KitMaterial): void {
  ENTRIES.set(name, { materialClass, create });
}

for (const name of WOOD_NAMES) register(name, 'wood', (options) => createWood(name as WoodName, options));
register('painted-wood', 'wood', createPaintedWood);
register('planks', 'wood', createPlanks);
for (const name of METAL_NAMES) register(name, 'metal', (options) => createMetal(name as MetalName, options));
register('painted-metal', 'metal', createPaintedMetal);
for (const name of STONE_NAMES) register(name, 'stone', (options) => createStone(name as StoneName, options));
register('brick', 'masonry', createBrick);
register('stone-blocks', 'masonry', (options) => createStoneBlocks('granite', options));
register('sandstone-blocks', 'masonry', (options) => createStoneBlocks('sandstone', options));
register('cobblestone', 'masonry', (options) => createCobblestone('granite', options));
register('plaster', 'masonry', createPlaster);
register('thatch', 'roofing', createThatch);
register('roof-tiles', 'roofing', createRoofTiles);
register('shingles', 'roofing', createShingles);
register('leather', 'soft', createLeather);
register('wrapped-leather', 'soft', createWrappedLeather);
register('diamond-wrap', 'soft', createDiamondWrap);
register('fabric', 'soft', createFabric);
register('paper', 'soft', (options) => createPaper(options));
register('glowing-paper', 'soft', (options) => createPaper(options, [0.9, 0.62, 0.3]));
register('glass', 'glass', createGlass);
register('crystal', 'glass', (options) => createCrystal(options));
register('ice', 'glass', (options) => createCrystal({ tint: [0.42, 0.68, 0.86], ...options }, 'ice'));
register('ceramic', 'ceramic', createCeramic);
register('bark', 'plant', createBark);
register('birch-bark', 'plant', createBirchBark);
register('dead-bark', 'plant', createDeadBark);
register('needles', 'plant', createNeedles);
register('leaves', 'plant', createLeaves);
register('leaf', 'plant', createSingleLeaf);
register('grass', 'plant', createGrass);
register('moss', 'cover', createMoss);
register('snow', 'cover', createSnow);

/** Names of all materials, in kit words. */
export const MATERIAL_NAMES: readonly string[] = [...ENTRIES.keys()];

/** True for a material of the palette. */
export function isMaterialName(word: string): boolean {
  return ENTRIES.has(word);
}

/** Class of a material of the palette, or null for an unknown name. */
export function materialClassOf(name: string): MaterialClass | null {
  return ENTRIES.get(name)?.materialClass ?? null;
}

/**
 * The first material the prompt named that has one of the classes; `fallback` when it named none.
 *
 * @param skip - How many matches to pass over: 1 gives the second named material.
 */
export function chooseMaterial(
  spec: ObjectSpec,
  classes: readonly MaterialClass[],
  fallback: string,
  skip = 0,
): string {
  const matches = spec.materials.filter((name) => {
    const found = materialClassOf(name);
    return found !== null && classes.includes(found);
  });
  return matches[skip] ?? fallback;
}

/** Materials of one object: each made once, on first use, with the object's wear and seed. */
export interface Palette {
  /**
   * A material by name.
   *
   * @param options - Own values for this material; wear and seed default to the object's. Equal calls give the same object, so
   *   that parts share it in the file.
   */
  material(name: string, options?: MaterialOptions): KitMaterial;
  /**
   * A darker (< 1) or brighter copy that shares the textures of `material`: boards of one wood, leaves of one tree.
   *
   * Equal calls give the same object; factor 1 gives `material` itself.
   */
  shaded(material: KitMaterial, factor: number): KitMaterial;
}

/** A palette for one object. */
export function createPalette(spec: ObjectSpec): Palette {
  const made = new Map<string, KitMaterial>();
  const shades = new Map<KitMaterial, Map<number, KitMaterial>>();
  return {
    material(name, options = {}) {
      const entry = ENTRIES.get(name) ?? (ENTRIES.get('granite') as PaletteEntry);
      const complete = { wear: spec.wear, seed: (spec.seed % 1000003) + 1, ...options };
      const key = `${name} ${complete.wear} ${complete.seed} ${complete.size ?? ''} ${complete.tint?.join(',') ?? ''}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      const material = entry.create(complete);
      made.set(key, material);
      return material;
    },
    shaded(material, factor) {
      if (factor === 1) return material;
      const siblings = shades.get(material) ?? new Map<number, KitMaterial>();
      shades.set(material, siblings);
      const known = siblings.get(factor);
      if (known !== undefined) return known;
      const [r, g, b, a] = material.baseColor;
      const copy: KitMaterial = {
        ...material,
        name: `${material.name}-${siblings.size + 2}`,
        baseColor: [r * factor, g * factor, b * factor, a],
      };
      siblings.set(factor, copy);
      return copy;
    },
  };
}
