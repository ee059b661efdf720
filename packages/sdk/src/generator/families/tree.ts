import type { Family } from '../family.ts';
import { createModel } from '../kit/model.ts';
import { createPalette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import { BROADLEAVES, buildBroadleaf, OAK } from '../plants/broadleaf.ts';
import { buildConifer } from '../plants/conifer.ts';
import { buildDead } from '../plants/dead-tree.ts';
import { buildPalm } from '../plants/palm.ts';

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
