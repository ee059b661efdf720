/** Words for materials and the kit's name of each, one entry a kit material. Words may be phrases. */
const WORDS_BY_MATERIAL: Readonly<Record<string, string>> = {
  oak: 'oak, oaken, wood, wooden, timber, timbered, lumber, beech, elm, hardwood',
  pine: 'pine, pinewood, pine wood, softwood, spruce, fir, larch, light wood, pale wood',
  birch: 'birch, birch wood, birchwood, maple, ash wood, ashwood',
  walnut: 'walnut, dark wood, dark oak, stained wood',
  mahogany: 'mahogany, rosewood, cherrywood, cherry wood, cherry, teak, red wood, redwood',
  ebony: 'ebony, blackwood, black wood, charred wood, burnt wood',
  bamboo: 'bamboo, wicker, rattan, cane, woven',
  driftwood: 'driftwood, grey wood, gray wood',
  planks: 'plank, planks, planked, clapboard',
  'painted-wood': 'painted, painted wood',
  bark: 'log, logs, bark',
  steel: 'steel, stainless steel, metal, metallic, metals, damascus, titanium, mithril, nickel',
  aluminium: 'aluminium, aluminum, tin, zinc, pewter',
  iron: 'iron',
  'dark-iron': 'wrought iron, cast iron, black iron, dark iron, black metal, blackened',
  rust: 'rusty metal, rusty iron, scrap metal',
  gold: 'gold, golden, gilded, gilt, rose gold',
  silver: 'silver, silvered, silvery, platinum, chrome, chromed',
  bronze: 'bronze',
  copper: 'copper',
  brass: 'brass',
  granite: 'stone, rock, rocky, granite, boulder, concrete, cement, stony, flint',
  sandstone: 'sandstone, adobe, mud, earthen',
  limestone: 'limestone, chalk, travertine, bone, skeletal, antler, horn',
  marble: 'marble, alabaster, quartz',
  slate: 'slate, shale',
  basalt: 'basalt, lava, volcanic, coal',
  obsidian: 'obsidian, onyx, volcanic glass',
  'stone-blocks': 'masonry, ashlar, stone blocks, stone block',
  cobblestone: 'cobblestone, cobblestones, cobble, cobbled, fieldstone, rubble',
  brick: 'brick, bricks, brickwork',
  plaster: 'plaster, plastered, stucco, whitewashed, wattle, clay',
  'roof-tiles': 'tile, tiled, tiles, terracotta',
  shingles: 'shingle, shingled, shingles',
  thatch: 'straw, thatch, thatched, reed, reeds, hay',
  leather: 'leather, leathery, hide, suede',
  fabric:
    'fabric, cloth, textile, linen, cotton, wool, woolen, woollen, velvet, silk, felt, upholstered, padded, cushioned, tweed, denim',
  paper: 'paper, parchment, cardboard',
  glass: 'glass, glassy, stained glass',
  crystal: 'crystal, crystalline, gemstone, gem, diamond, amethyst, jewelled, jeweled',
  ice: 'ice',
  ceramic: 'ceramic, porcelain, china, earthenware, enamel, plastic, acrylic, resin',
};

/** Longest phrase of this table, in words. */
export const MATERIAL_PHRASE_WORDS = 2;

const MATERIALS = new Map<string, string>(
  Object.entries(WORDS_BY_MATERIAL).flatMap(([material, words]) =>
    words.split(', ').map((word) => [word, material] as const),
  ),
);

/** Kit name of a material word or phrase, or undefined. */
export function materialOf(phrase: string): string | undefined {
  return MATERIALS.get(phrase);
}

/** Every word and phrase for a material. */
export const MATERIAL_WORDS: readonly string[] = [...MATERIALS.keys()];

/** Every material the prompt can name. */
export const MATERIAL_NAMES: readonly string[] = Object.keys(WORDS_BY_MATERIAL);
