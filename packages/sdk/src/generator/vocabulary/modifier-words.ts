/** Factors of size words. Several multiply; the product is kept within the range of `ObjectSpec.sizeFactor`. */
export const SIZE_WORDS: ReadonlyMap<string, number> = new Map(
  [
    ['0.4', 'microscopic, minuscule, miniature'],
    ['0.5', 'tiny, mini, teeny, toy, doll, dollhouse'],
    ['0.7', 'small, little, short, compact, low, petite, dwarf, dwarven, child, childs, kids, young'],
    ['0.85', 'smallish, slim, thin'],
    ['1.25', 'tall, long, high, wide, broad, thick, heavy, chunky'],
    ['1.35', 'large, big, great, grand, oversized'],
    ['1.8', 'huge, giant, massive, enormous, monumental, towering'],
    ['2.5', 'gigantic, colossal, titanic, immense'],
  ].flatMap(([factor, words]) => (words as string).split(', ').map((word) => [word, Number(factor)] as const)),
);

/** Wear, 0 new to 1 ruined. The last word said wins, and `very` moves it on. */
export const WEAR_WORDS: ReadonlyMap<string, number> = new Map(
  [
    ['0', 'new, pristine, immaculate, unused, flawless, brand'],
    ['0.08', 'clean, polished, shiny, glossy, gleaming, sleek, smooth, perfect, shining, lacquered, freshly'],
    ['0.5', 'used, vintage, retro, antique, aged, dusty, scratched, faded, chipped'],
    [
      '0.7',
      'old, worn, weathered, dirty, rustic, battered, tarnished, grimy, stained, crooked, creaky, peeling, oxidized, muddy, sooty',
    ],
    [
      '0.85',
      'rusty, rusted, mossy, moss, overgrown, damaged, cracked, shabby, dilapidated, weatherbeaten, rotten, haunted, corroded, burnt, charred',
    ],
    [
      '1',
      'ancient, ruined, broken, abandoned, decayed, derelict, destroyed, forgotten, decrepit, shattered, crumbling, withered',
    ],
  ].flatMap(([wear, words]) => (words as string).split(', ').map((word) => [word, Number(wear)] as const)),
);

/** Style words and the kit's name of each. */
export const STYLE_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    medieval:
      'medieval, mediaeval, gothic, castle, knight, knights, kings, royal, tudor, renaissance, feudal, templar, tavern, inn, dungeon',
    fantasy:
      'fantasy, magic, magical, enchanted, elven, elvish, fairy, fairytale, mythical, wizard, wizards, witch, witchs, legendary, mystic, orcish, demonic, runic',
    ornate:
      'ornate, ornamental, decorated, decorative, baroque, carved, engraved, fancy, elegant, intricate, luxurious, rococo, victorian, jewelled, jeweled, detailed, regal, ceremonial',
    simple: 'simple, plain, basic, minimal, minimalist, minimalistic, humble, crude, primitive, bare, poor',
    modern:
      'modern, contemporary, scandinavian, sleek, industrial, futuristic, minimalist, designer, midcentury, nordic, scifi, cyberpunk',
    rustic:
      'rustic, farm, farmhouse, country, rural, folk, peasant, western, barn, village, handmade, handcrafted, homemade',
    viking: 'viking, norse, barbarian, saxon, celtic, nord',
    asian: 'japanese, samurai, chinese, zen, oriental, asian, korean, tibetan',
    pirate: 'pirate, nautical, sailor, naval, harbor, harbour',
    mossy: 'mossy, moss, overgrown, swampy, jungle, ivy',
    snowy: 'snowy, snow, winter, wintry, frosty, frozen, icy, christmas, arctic, snowcovered',
    autumn: 'autumn, autumnal, fall, october',
    spooky: 'spooky, haunted, halloween, creepy, cursed, sinister, dead, evil, dark fantasy, horror',
    cartoon: 'cartoon, cartoony, cute, stylized, stylised, toon, chibi, chunky, whimsical, toy, kawaii, playful',
    tropical: 'tropical, beach, island, desert',
    glowing: 'glowing, lit, burning, luminous, illuminated, radiant, shimmering, lighted, flaming, fiery',
  }).flatMap(([style, words]) => words.split(', ').map((word) => [word, style] as const)),
);

/** A style word may mean two things: `moss` is wear and style, `snow` style only. Kit names of every style. */
export const STYLE_NAMES: readonly string[] = [...new Set(STYLE_WORDS.values())];

/** How a word between noun phrases attaches what follows it. */
export type LinkKind = 'substance' | 'feature' | 'place' | 'without';

/** Words that end a noun phrase. `in` and `from` mean a substance before a bare material or colour, a place otherwise. */
export const LINK_WORDS: ReadonlyMap<string, LinkKind> = new Map(
  Object.entries({
    substance: 'of, made, built, crafted, carved, forged, from, out, using, in',
    feature: 'with, having, has, featuring, wearing, whose, its, that, which, plus, including',
    place:
      'on, at, near, beside, under, underneath, inside, behind, above, below, against, by, for, to, into, onto, over, beneath, around, between, among, next, within, along, across, through, standing, sitting, lying, stuck, surrounded, holding, leaning, growing, where, while, like, upon',
    without: 'without, no, not, minus, except',
  } as const).flatMap(([kind, words]) => words.split(', ').map((word) => [word, kind as LinkKind] as const)),
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/).filter((word) => word.length > 0));
}

/** Words that carry no meaning for a shape. */
export const STOP_WORDS = words(`
  a an the this that these those some any my your his her our their its it is are was be been being one two three four five six seven eight nine ten dozen several many few couple
  i me we you he she they us them myself make makes making create creates creating generate generating build give get show draw design model render produce want wants need needs would like could can should will let
  please thanks thank hello hi hey just really very quite rather so too extremely super fairly somewhat slightly bit most more much also only even still each every all both same other another
  as if then than or but yet either neither there here up down off again ever once who what when how why do does did done have had say says said using use
  kind kinds type types sort sorts piece pieces set sets pair pairs pile piles group bunch stack collection bundle version variant
`);

/** Words that may stand where the noun is but say what the file is for, not what the object is. */
export const TRANSPARENT_WORDS = words(`
  model models asset assets prop props mesh meshes object objects item items thing things game games gaming gameready ready low poly lowpoly high hires polygon polygons polygonal d three render rendered rendering
  style styled stylish scene pbr texture textures textured texturing unity unreal blender glb gltf obj fbx art artwork concept realistic photorealistic hyperrealistic realism quality resolution hd ultra k uhd
  nice beautiful good cool awesome pretty lovely amazing best great fine gorgeous stunning detailed highly masterpiece artstation trending cinematic unique interesting classic classical typical normal standard regular common generic
  wallpaper background picture image photo photograph painting drawing sketch illustration icon sculpted isolated centered centred full body front view side isometric color colored colour coloured colors colours single alone solid material made design designed framed
`);
