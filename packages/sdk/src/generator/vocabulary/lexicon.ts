import type { Family } from '../family.ts';
import { colorOf, isShade, type LinearColor } from './color-words.ts';
import { FOREIGN_ARTICLES, FOREIGN_LINKS, FOREIGN_NOUNS } from './foreign-nouns.ts';
import { MATERIAL_PHRASE_WORDS, materialOf } from './material-words.ts';
import {
  LINK_WORDS,
  type LinkKind,
  SIZE_WORDS,
  STOP_WORDS,
  STYLE_WORDS,
  TRANSPARENT_WORDS,
  WEAR_WORDS,
} from './modifier-words.ts';
import { singularForms, type Token } from './tokenise.ts';

/** A noun of a family. */
export interface NounSense {
  readonly noun: string;
  readonly family: string;
  readonly variant: string | null;
}

/** What one or more tokens mean. `text` is what the person wrote. A lexeme may carry several senses at once. */
export interface Lexeme {
  readonly text: string;
  readonly kind: 'word' | 'number' | 'break';
  readonly noun?: NounSense;
  readonly link?: LinkKind;
  readonly material?: string;
  readonly color?: LinearColor;
  readonly size?: number;
  readonly wear?: number;
  readonly style?: string;
  /** Stop words and words about the file rather than the object. */
  readonly isSilent?: boolean;
  /** `a`, `the`, `this`, `that`. */
  readonly isArticle?: boolean;
  /** The noun is in the plural. */
  readonly isPlural?: boolean;
  /** A noun of another language: what stands beside it will not be understood either. */
  readonly isForeign?: boolean;
  /** Singular of an unknown word. */
  readonly stem?: string;
}

/** Nouns of all families by phrase. Phrases have at most three words. */
export function createNounTable(families: readonly Family[]): ReadonlyMap<string, NounSense> {
  const table = new Map<string, NounSense>();
  for (const family of families) {
    for (const [noun, variant] of Object.entries(family.nouns)) {
      if (!table.has(noun)) table.set(noun, { noun, family: family.id, variant });
    }
  }
  return table;
}

const NOUN_PHRASE_WORDS = 3;

/** Reads tokens from left to right, longest phrase first. */
export function readLexemes(tokens: readonly Token[], nouns: ReadonlyMap<string, NounSense>): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let shades: string[] = [];
  for (let index = 0; index < tokens.length; ) {
    const token = tokens[index] as Token;
    if (token.kind !== 'word') {
      lexemes.push({ kind: token.kind, text: token.text });
      shades = [];
      index += 1;
      continue;
    }
    if ((token.text === 'low' || token.text === 'high') && tokens[index + 1]?.text.startsWith('poly')) {
      lexemes.push({ kind: 'word', text: `${token.text} poly`, isSilent: true });
      index += 2;
      continue;
    }
    if (isShade(token.text) && startsColor(tokens, index + 1)) {
      shades.push(token.text);
      index += 1;
      continue;
    }
    const phrase = longestPhrase(tokens, index, nouns);
    lexemes.push(phrase.length > 1 ? phrase.lexeme : readWord(token.text, shades, nouns));
    shades = [];
    index += phrase.length;
  }
  return lexemes;
}

function startsColor(tokens: readonly Token[], start: number): boolean {
  let index = start;
  while (tokens[index] !== undefined && isShade((tokens[index] as Token).text)) index += 1;
  return colorOf(tokens[index]?.text ?? '') !== undefined;
}

function longestPhrase(
  tokens: readonly Token[],
  start: number,
  nouns: ReadonlyMap<string, NounSense>,
): { readonly length: number; readonly lexeme: Lexeme } {
  const words: string[] = [];
  for (let length = 1; length <= NOUN_PHRASE_WORDS; length += 1) {
    const token = tokens[start + length - 1];
    if (token?.kind !== 'word') break;
    words.push(token.text);
  }
  for (let length = words.length; length > 1; length -= 1) {
    const head = words.slice(0, length - 1).join(' ');
    for (const last of singularForms(words[length - 1] as string)) {
      const text = `${head} ${last}`;
      // "tree house", but also "treehouse"
      const noun = nouns.get(text) ?? nouns.get(head.replaceAll(' ', '') + last);
      const isPlural = last !== words[length - 1];
      if (noun !== undefined) {
        const lexeme: Lexeme = { kind: 'word', text: words.slice(0, length).join(' '), noun };
        return { length, lexeme: isPlural ? { ...lexeme, isPlural } : lexeme };
      }
      const material = length <= MATERIAL_PHRASE_WORDS ? materialOf(text) : undefined;
      if (material !== undefined) return { length, lexeme: { kind: 'word', text, material } };
    }
  }
  return { length: 1, lexeme: { kind: 'word', text: words[0] ?? '' } };
}

/** What a single word means, all senses at once. */
export function readWord(word: string, shades: readonly string[], nouns: ReadonlyMap<string, NounSense>): Lexeme {
  const forms = singularForms(word);
  const senses: { -readonly [Key in keyof Lexeme]: Lexeme[Key] } = { kind: 'word', text: word };
  for (const form of forms) {
    const noun = nouns.get(form);
    if (noun !== undefined) {
      senses.noun = noun;
      if (form !== word) senses.isPlural = true;
      break;
    }
  }
  const foreign = senses.noun === undefined ? foreignNoun(forms, nouns) : undefined;
  if (foreign !== undefined) {
    senses.noun = foreign.sense;
    senses.isForeign = true;
    if (foreign.form !== word) senses.isPlural = true;
  }
  const material = materialOf(word);
  const color = colorOf(word, shades);
  const link = LINK_WORDS.get(word) ?? FOREIGN_LINKS.get(word);
  const size = SIZE_WORDS.get(word);
  const wear = WEAR_WORDS.get(word);
  const style = STYLE_WORDS.get(word);
  if (material !== undefined) senses.material = material;
  if (color !== undefined) senses.color = color;
  if (link !== undefined) senses.link = link;
  if (size !== undefined) senses.size = size;
  if (wear !== undefined) senses.wear = wear;
  if (style !== undefined) senses.style = style;
  if (word === 'a' || word === 'an' || word === 'the' || word === 'this' || word === 'that') senses.isArticle = true;
  const isSilent = STOP_WORDS.has(word) || TRANSPARENT_WORDS.has(word) || FOREIGN_ARTICLES.has(word) || isShade(word);
  if (isSilent) senses.isSilent = true;
  if (isMeaningless(senses)) senses.stem = forms.at(-1) as string;
  return senses;
}

function foreignNoun(
  forms: readonly string[],
  nouns: ReadonlyMap<string, NounSense>,
): { readonly form: string; readonly sense: NounSense } | undefined {
  for (const form of forms) {
    const english = FOREIGN_NOUNS.get(form);
    const sense = english === undefined ? undefined : nouns.get(english);
    if (sense !== undefined) return { form, sense };
  }
  return undefined;
}

function isMeaningless(lexeme: Lexeme): boolean {
  return lexeme.noun === undefined && !isModifier(lexeme) && lexeme.link === undefined && lexeme.isSilent !== true;
}

/** True for materials, colours, sizes, wear and style. */
export function isModifier(lexeme: Lexeme): boolean {
  return (
    lexeme.material !== undefined ||
    lexeme.color !== undefined ||
    lexeme.size !== undefined ||
    lexeme.wear !== undefined ||
    lexeme.style !== undefined
  );
}

/** True for a word nobody knows. It may be a noun we cannot make or an adjective we do not understand. */
export function isUnknown(lexeme: Lexeme): boolean {
  return lexeme.stem !== undefined;
}

const ADJECTIVE_ENDINGS = [
  'ed',
  'ful',
  'ous',
  'ic',
  'ish',
  'ive',
  'less',
  'able',
  'ible',
  'like',
  'esque',
  'ly',
  'ing',
  'al',
  'ant',
  'ent',
  'ary',
  'some',
  'ern',
];

/** True for unknown words that are more likely adjectives than nouns, judged by their ending. */
export function looksLikeAdjective(word: string): boolean {
  return word.length > 4 && ADJECTIVE_ENDINGS.some((ending) => word.endsWith(ending));
}
