import type { LinkKind } from './modifier-words.ts';

/** Nouns of other languages by the English noun, without marks: `ä` is `ae`, `é` is `e`. German, French, Spanish, Italian. */
const FOREIGN_BY_NOUN: Readonly<Record<string, string>> = {
  chair: 'stuhl stuehle chaise silla sedia sedie',
  armchair: 'sessel fauteuil sillon poltrona',
  stool: 'hocker schemel tabouret taburete sgabello',
  throne: 'thron trono',
  table: 'tisch tische mesa tavolo tavoli',
  desk: 'schreibtisch escritorio scrivania',
  sword: 'schwert schwerter epee espada spada',
  dagger: 'dolch poignard punal pugnale',
  tree: 'baum baeume arbre arbol arboles albero alberi',
  'oak tree': 'eiche chene roble quercia',
  'pine tree': 'tanne kiefer sapin pino',
  'palm tree': 'palme palmier palmera',
  house: 'haus haeuser maison casa',
  hut: 'huette choza capanna',
  cabin: 'cabane blockhaus',
  tower: 'turm tuerme torre',
  barrel: 'fass faesser tonneau tonneaux barril barriles barile botte',
  rock: 'stein steine rocher roche roca roccia rocce piedra pietra',
  boulder: 'fels felsen',
  crystal: 'kristall cristal cristallo',
  lamp: 'lampe lampen lampara lampada',
  lantern: 'laterne lanterne linterna lanterna farol',
  candle: 'kerze bougie candela',
};

/** English noun of a word of another language, already folded to plain letters. */
export const FOREIGN_NOUNS: ReadonlyMap<string, string> = new Map(
  Object.entries(FOREIGN_BY_NOUN).flatMap(([noun, words]) => words.split(' ').map((word) => [word, noun] as const)),
);

/** Prepositions of the same languages. They count only after a noun: `fleur-de-lis` is none. */
export const FOREIGN_LINKS: ReadonlyMap<string, LinkKind> = new Map([
  ...['de', 'del', 'della', 'di', 'du', 'en', 'aus'].map((word) => [word, 'substance'] as const),
  ...['mit', 'avec', 'con'].map((word) => [word, 'feature'] as const),
]);

/** Articles of the same languages. */
export const FOREIGN_ARTICLES: ReadonlySet<string> = new Set(
  'der das ein eine einen le la les un une el los las una il lo gli uno'.split(' '),
);

/** Emoji by the words they stand for. */
const EMOJI_WORDS: readonly (readonly [string, string])[] = [
  ['🪑', 'chair'],
  ['🌳', 'tree'],
  ['🌲', 'pine tree'],
  ['🎄', 'christmas tree'],
  ['🌴', 'palm tree'],
  ['🏠', 'house'],
  ['🏡', 'cottage'],
  ['🛖', 'hut'],
  ['🏰', 'castle'],
  ['🗡', 'dagger'],
  ['⚔', 'sword'],
  ['💡', 'lamp'],
  ['🕯', 'candle'],
  ['🏮', 'paper lantern'],
  ['🪨', 'rock'],
  ['🛢', 'oil drum'],
  ['💎', 'crystal'],
];

const WORD_BY_CODE_POINT: ReadonlyMap<number, string> = new Map(
  EMOJI_WORDS.map(([emoji, word]) => [emoji.codePointAt(0) as number, word] as const),
);

/** What an emoji stands for, or undefined. The first code point decides; colours and presentations do not. */
export function wordOfEmoji(codePoint: number): string | undefined {
  return WORD_BY_CODE_POINT.get(codePoint);
}
