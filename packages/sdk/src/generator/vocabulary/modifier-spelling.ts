import type { Warning } from '../../foundation/warning.ts';
import { COLOR_NAMES } from './color-words.ts';
import { nearestSpelling } from './edit-distance.ts';
import { isUnknown, type Lexeme, type NounSense, readWord } from './lexicon.ts';
import { MATERIAL_WORDS } from './material-words.ts';
import { SIZE_WORDS, STYLE_WORDS, WEAR_WORDS } from './modifier-words.ts';
import type { Phrase } from './phrases.ts';
import { fieldOf } from './semantic-fields.ts';

/** Shorter words have too many neighbours to be guessed. */
const SHORTEST = 6;
const CORRECTION_LIMIT = 8;
const NO_NOUNS: ReadonlyMap<string, NounSense> = new Map();

const CORRECTABLE: readonly string[] = [
  ...new Set([...STYLE_WORDS.keys(), ...WEAR_WORDS.keys(), ...SIZE_WORDS.keys(), ...MATERIAL_WORDS, ...COLOR_NAMES]),
].filter((word) => word.length >= SHORTEST && !word.includes(' '));

/** Phrases with misspelt adjectives read as what they were meant to be. */
export interface Respelling {
  readonly phrases: readonly Phrase[];
  /** What was read as what, in the order of the prompt. */
  readonly corrections: readonly { readonly word: string; readonly read: string }[];
}

/** Corrects unknown words other than `head` that are a letter or two from a known adjective. */
export function respellModifiers(phrases: readonly Phrase[], head: Lexeme | undefined): Respelling {
  const corrections: { word: string; read: string }[] = [];
  const respell = (lexeme: Lexeme, phrase: Phrase): Lexeme => {
    const isFixed = lexeme === head || lexeme === phrase.settledHead || !isUnknown(lexeme);
    if (isFixed || lexeme.text.length < SHORTEST || fieldOf(lexeme.text) !== undefined) return lexeme;
    if (corrections.length >= CORRECTION_LIMIT) return lexeme;
    const read = nearestSpelling(lexeme.text, CORRECTABLE);
    if (read === undefined) return lexeme;
    corrections.push({ word: lexeme.text, read });
    return { ...readWord(read, [], NO_NOUNS), text: lexeme.text };
  };
  const respelt = phrases.map((phrase) => ({
    ...phrase,
    lexemes: phrase.lexemes.map((lexeme) => respell(lexeme, phrase)),
  }));
  return { phrases: respelt, corrections };
}

/** `WORDS_CORRECTED`. */
export function wordsCorrected(corrections: Respelling['corrections']): Warning {
  const list = corrections.map(({ word, read }) => `"${word}" was read as "${read}"`).join(', ');
  return { code: 'WORDS_CORRECTED', message: `${list}.`, details: { words: corrections.map(({ word }) => word) } };
}
