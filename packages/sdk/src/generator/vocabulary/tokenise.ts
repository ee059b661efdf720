import { wordOfEmoji } from './foreign-nouns.ts';

/** One word, number or separator of a prompt. */
export interface Token {
  readonly kind: 'word' | 'number' | 'break';
  /** Lower case for words; the digits with a decimal point for numbers; `,` for a break. */
  readonly text: string;
}

/** Words beyond this one are not looked at: no sensible prompt is longer, and the work stays bounded. */
const TOKEN_LIMIT = 1024;
const WORD_LIMIT = 40;

// Latin letters with marks, by the plain letters they are read as. A table, because engines without ICU lack `normalize`.
const FOLDED = new Map<string, string>(
  [
    ['a', 'àáâãåÀÁÂÃÅ'],
    ['ae', 'äæÄÆ'],
    ['c', 'çÇ'],
    ['e', 'èéêëÈÉÊË'],
    ['i', 'ìíîïÌÍÎÏ'],
    ['n', 'ñÑ'],
    ['o', 'òóôõøÒÓÔÕØ'],
    ['oe', 'öœÖŒ'],
    ['u', 'ùúûÙÚÛ'],
    ['ue', 'üÜ'],
    ['ss', 'ß'],
    ['y', 'ýÿÝ'],
  ].flatMap(([plain, marked]) => [...(marked as string)].map((letter) => [letter, plain as string] as const)),
);

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** True for characters that form words. Beyond ASCII everything counts but spaces, controls and general punctuation. */
function isLetter(code: number): boolean {
  if (code < 0x80) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  if (code < 0xc0) return code === 0xaa || code === 0xb5 || code === 0xba;
  if (code === 0xd7 || code === 0xf7 || code === 0xfeff || code === 0xfffd) return false;
  if (code >= 0x2000 && code <= 0x2bff) return false; // punctuation, arrows, symbols
  if (code >= 0x3000 && code <= 0x303f) return false; // CJK punctuation
  if (code >= 0xd800 && code <= 0xf8ff) return false; // surrogates (emoji and the like) and private use
  if (code >= 0xfe00 && code <= 0xfe0f) return false; // variation selectors
  return !(code >= 0xff00 && code <= 0xff20);
}

const BREAKS = ',.;:!?()[]{}|/\n\r–—、。，；';

/**
 * Splits a prompt into words, numbers and breaks, in one pass over any input.
 *
 * Emoji that show an object become its noun. Hyphens split words (`low-poly`), apostrophes vanish (`king's` is `kings`), letters with marks are folded to ASCII and
 * ASCII is lower-cased. Numbers keep a decimal point or comma between digits; a unit glued to them becomes a word.
 */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let index = 0;
  const codeAt = (position: number): number => (position < text.length ? text.charCodeAt(position) : 32);
  while (index < text.length && tokens.length < TOKEN_LIMIT) {
    const code = codeAt(index);
    if (isDigit(code)) {
      const start = index;
      let point = -1;
      while (isDigit(codeAt(index)) || (point < 0 && isPoint(codeAt(index)) && isDigit(codeAt(index + 1)))) {
        if (!isDigit(codeAt(index))) point = index;
        index += 1;
      }
      const end = Math.min(index, start + WORD_LIMIT);
      tokens.push({ kind: 'number', text: text.slice(start, end).replace(',', '.') });
    } else if (isLetter(code)) {
      let word = '';
      while (isLetter(codeAt(index)) || isApostrophe(codeAt(index))) {
        if (word.length < WORD_LIMIT) word += plainLetters(text.charAt(index), word);
        index += 1;
      }
      if (word.length > 0) tokens.push({ kind: 'word', text: word });
    } else {
      const emoji = code < 0x80 ? undefined : wordOfEmoji(text.codePointAt(index) as number);
      if (emoji !== undefined) tokens.push({ kind: 'word', text: emoji });
      if (BREAKS.includes(text.charAt(index)) && tokens.at(-1)?.kind !== 'break')
        tokens.push({ kind: 'break', text: ',' });
      index += 1;
    }
  }
  return tokens;
}

function isPoint(code: number): boolean {
  return code === 46 || code === 44;
}

function isApostrophe(code: number): boolean {
  return code === 39 || code === 0x2019;
}

/** What a character adds to the word so far. A mark of its own (`e` and U+0301) adds nothing, but `u` and U+0308 are `ue`. */
function plainLetters(letter: string, before: string): string {
  const code = letter.charCodeAt(0);
  if (isApostrophe(code)) return '';
  if (code >= 0x300 && code <= 0x36f) return code === 0x308 && 'aou'.includes(before.slice(-1) || ' ') ? 'e' : '';
  if (code >= 65 && code <= 90) return String.fromCharCode(code + 32);
  return code < 0x80 ? letter : (FOLDED.get(letter) ?? letter);
}

const IRREGULAR_PLURALS: Readonly<Record<string, string>> = {
  knives: 'knife',
  leaves: 'leaf',
  shelves: 'shelf',
  torches: 'torch',
  axes: 'axe',
  vases: 'vase',
  houses: 'house',
  chaises: 'chaise',
  sabres: 'sabre',
  trees: 'tree',
  lodges: 'lodge',
  feet: 'foot',
  inches: 'inch',
  scimitars: 'scimitar',
  stories: 'storey',
  geese: 'goose',
  mice: 'mouse',
  men: 'man',
};

/** The word itself and what it may be the plural of, likeliest first. `glass` and `moss` have no singular. */
export function singularForms(word: string): string[] {
  const irregular = Object.hasOwn(IRREGULAR_PLURALS, word) ? IRREGULAR_PLURALS[word] : undefined;
  if (irregular !== undefined) return [word, irregular];
  if (word.length < 4 || !word.endsWith('s') || word.endsWith('ss')) return [word];
  if (word.endsWith('ies')) return [word, `${word.slice(0, -3)}y`];
  if (word.endsWith('ches') || word.endsWith('shes') || word.endsWith('xes') || word.endsWith('sses')) {
    return [word, word.slice(0, -2), word.slice(0, -1)];
  }
  return [word, word.slice(0, -1)];
}
