/** Words for materials and the kit's name of each, one entry a kit material. Words may be phrases. */
const WORDS_BY_MATERIAL: Readonly<Record<string, string>> = {
  oak: 'oak, oaken, wood, wooden, timber, timbered, plank, planked, log, lumber, ash wood, beech, hardwood, teak, elm',
  pine: 'pinewood, softwood, spruce wood, birchwood, light wood, pale wood, bamboo, maple, birch wood',
  walnut: 'walnut, mahogany, rosewood, cherrywood, cherry wood, dark wood, dark oak, stained wood',
  ebony: 'ebony, blackwood, charred wood, burnt wood',
  iron: 'iron, cast iron, wrought iron, ironwork, black iron, metal, metallic, metals',
  steel: 'steel, stainless steel, chrome, chromed, aluminium, aluminum, tin, titanium, damascus, nickel, mithril',
  gold: 'gold, golden, gilded, gilt, rose gold',
  silver: 'silver, silvered, platinum',
  bronze: 'bronze',
  copper: 'copper',
  brass: 'brass',
  stone:
    'stone, rock, rocky, granite, cobblestone, fieldstone, basalt, slate, flint, concrete, cement, boulder, masonry',
  sandstone: 'sandstone, limestone, adobe, clay, mud, terracotta, earthen',
  marble: 'marble, alabaster, porcelain, ceramic, quartz',
  obsidian: 'obsidian, onyx, volcanic glass',
  brick: 'brick, bricks, brickwork',
  plaster: 'plaster, plastered, stucco, whitewashed, wattle, lime washed',
  leather: 'leather, leathery, hide, suede',
  fabric:
    'fabric, cloth, textile, linen, cotton, wool, woolen, woollen, velvet, silk, felt, upholstered, padded, cushioned',
  wicker: 'wicker, rattan, woven, cane',
  straw: 'straw, thatch, thatched, reed, hay',
  glass: 'glass, glassy, stained glass',
  crystal: 'crystal, crystalline, gem, gemstone, diamond, amethyst, jewelled, jeweled',
  ice: 'ice, frozen',
  bone: 'bone, skeletal, antler, horn',
  plastic: 'plastic, acrylic, resin, rubber',
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

/** Every material the prompt can name. */
export const MATERIAL_NAMES: readonly string[] = Object.keys(WORDS_BY_MATERIAL);
