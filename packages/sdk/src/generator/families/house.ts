import { cabinParts } from '../building/cabin.ts';
import { cottageParts, timberHouseParts } from '../building/dwellings.ts';
import { modernHouseParts } from '../building/modern-house.ts';
import { towerParts } from '../building/tower.ts';
import type { Family } from '../family.ts';
import { finishModel, readSpec } from '../furnishing/finish.ts';
import { createPalette } from '../materials/palette.ts';

/** Timber-framed houses, cottages, log cabins, huts, towers and modern houses; doors towards +Z. */
export const houseFamily: Family = {
  id: 'house',
  nouns: {
    house: null,
    building: null,
    home: null,
    'town house': 'timber',
    townhouse: 'timber',
    'timber house': 'timber',
    'half timbered house': 'timber',
    tavern: 'timber',
    inn: 'timber',
    shop: 'timber',
    cottage: 'cottage',
    farmhouse: 'cottage',
    'farm house': 'cottage',
    'country house': 'cottage',
    cabin: 'cabin',
    'log cabin': 'cabin',
    lodge: 'cabin',
    shack: 'cabin',
    shed: 'cabin',
    hut: 'hut',
    tower: 'tower',
    watchtower: 'tower',
    'watch tower': 'tower',
    'wizard tower': 'tower',
    turret: 'tower',
    villa: 'modern',
    bungalow: 'modern',
    'modern house': 'modern',
  },
  typicalHeightM: 7.5,
  styles: ['medieval', 'modern', 'viking', 'rustic', 'fantasy', 'snowy', 'spooky', 'simple', 'glowing'],
  build(spec, random) {
    const palette = createPalette(spec);
    const reading = readSpec(spec);
    const variant = spec.variant ?? (reading.is('modern') ? 'modern' : reading.is('viking') ? 'cabin' : null);
    const named = reading.materials[0];
    const isThatched = [...spec.materials].includes('thatch');
    // a house nobody described is now and then a cottage
    const isPlain =
      variant === null && named === undefined && spec.styles.length === 0 && random.fork('kind').chance(0.35);
    const parts = (): ReturnType<typeof timberHouseParts> => {
      if (variant === 'tower') return towerParts(spec, palette, random, false);
      if (variant === 'hut') return towerParts(spec, palette, random, true);
      if (variant === 'cabin' || named === 'bark') return cabinParts(spec, palette, random);
      if (variant === 'modern') return modernHouseParts(spec, palette, random);
      if (variant === 'cottage' || isThatched || reading.is('rustic') || isPlain)
        return cottageParts(spec, palette, random);
      return timberHouseParts(spec, palette, random);
    };
    return finishModel(spec.variant ?? 'house', parts(), spec.sizeFactor);
  },
};
