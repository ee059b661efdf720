import type { Family } from '../family.ts';
import { createModel } from '../kit/model.ts';
import { createPalette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { BROADLEAVES, buildBroadleaf, OAK } from '../plants/broadleaf.ts';
import { buildConifer } from '../plants/conifer.ts';
import { buildDead } from '../plants/dead-tree.ts';
import { buildPalm } from '../plants/palm.ts';

/** A tree named by its wood, as in "a tree of birch", when no noun says which. */
function variantOfWood(spec: ObjectSpec): string {
  return spec.materials.find((name) => name === 'birch' || name === 'pine') ?? 'oak';
}

/** Trees: oaks and other broadleaves, conifers, palms, bare ones and bushes. */
export const treeFamily: Family = {
  id: 'tree',
  typicalHeightM: 5.2,
  styles: ['autumn', 'snowy', 'spooky'],
  nouns: {
    tree: null,
    oak: 'oak',
    'oak tree': 'oak',
    maple: 'maple',
    'maple tree': 'maple',
    birch: 'birch',
    'birch tree': 'birch',
    aspen: 'birch',
    poplar: 'poplar',
    'poplar tree': 'poplar',
    cypress: 'poplar',
    'cypress tree': 'poplar',
    pine: 'pine',
    'pine tree': 'pine',
    fir: 'pine',
    'fir tree': 'pine',
    spruce: 'pine',
    'spruce tree': 'pine',
    conifer: 'pine',
    evergreen: 'pine',
    'christmas tree': 'pine',
    palm: 'palm',
    'palm tree': 'palm',
    'coconut palm': 'palm',
    'coconut tree': 'palm',
    'cherry tree': 'cherry',
    'cherry blossom': 'cherry',
    'cherry blossom tree': 'cherry',
    sakura: 'cherry',
    'apple tree': 'apple',
    'fruit tree': 'apple',
    'dead tree': 'dead',
    'bare tree': 'dead',
    snag: 'dead',
    bush: 'bush',
    shrub: 'bush',
    hedge: 'bush',
  },
  build(spec, random) {
    const palette = createPalette(spec);
    const isDead = spec.styles.some((style) => style === 'dead' || style === 'bare' || style === 'spooky');
    const variant = isDead && spec.variant !== 'palm' ? 'dead' : (spec.variant ?? variantOfWood(spec));
    let parts: GeneratedPart[];
    if (variant === 'pine') parts = buildConifer(spec, random, palette);
    else if (variant === 'palm') parts = buildPalm(spec, random, palette);
    else if (variant === 'dead') parts = buildDead(spec, random, palette);
    else parts = buildBroadleaf(BROADLEAVES[variant] ?? OAK, variant, spec, random, palette);
    return createModel(variant === 'bush' ? 'bush' : 'tree', parts, spec.sizeFactor);
  },
};
