import { FOREIGN_LINKS } from './foreign-nouns.ts';
import { isModifier, isUnknown, type Lexeme, looksLikeAdjective } from './lexicon.ts';
import type { LinkKind } from './modifier-words.ts';

/** A run of words that hang together. */
export interface Phrase {
  /** `main` names the object itself; the others follow a preposition. */
  readonly role: 'main' | LinkKind;
  readonly lexemes: Lexeme[];
  /** The word that names the phrase's thing was settled by an `of` inside it. */
  settledHead?: Lexeme;
}

const PARTICIPLES = new Set(['made', 'built', 'crafted', 'carved', 'forged']);

/** Splits lexemes at commas, `and` and prepositions. */
export function splitPhrases(lexemes: readonly Lexeme[]): Phrase[] {
  let phrase: Phrase = { role: 'main', lexemes: [] };
  const phrases: Phrase[] = [phrase];
  const open = (role: Phrase['role']): void => {
    if (phrase.lexemes.length === 0) phrases.pop();
    phrase = { role, lexemes: [] };
    phrases.push(phrase);
  };
  for (let index = 0; index < lexemes.length; index += 1) {
    const lexeme = lexemes[index] as Lexeme;
    const next = lexemes[index + 1];
    if (lexeme.kind === 'break') open('main');
    else if (lexeme.text === 'and') open(phrase.role);
    else if (lexeme.link === undefined || !isLinkHere(lexeme, next, phrase)) phrase.lexemes.push(lexeme);
    else {
      const role = roleOf(lexeme, next);
      const isOf = lexeme.text === 'of';
      if (isOf && phrase.role !== 'main' && phrase.lexemes.length > 0) {
        const settled = headOf(phrase);
        if (settled !== undefined) phrase.settledHead = settled;
      } else if (isOf && phrase.role === 'main' && headOf(phrase) === undefined) {
        // "a pile of rocks", "a picture of a house": what follows is still the object
      } else open(role);
    }
  }
  return phrases.filter((candidate) => candidate.lexemes.length > 0);
}

function isLinkHere(lexeme: Lexeme, next: Lexeme | undefined, phrase: Phrase): boolean {
  if (lexeme.text === 'that' || lexeme.text === 'which' || lexeme.text === 'like') return phrase.lexemes.length > 0;
  if (FOREIGN_LINKS.has(lexeme.text)) return phrase.lexemes.some(({ noun }) => noun !== undefined);
  if (PARTICIPLES.has(lexeme.text)) return next?.link !== undefined;
  return true;
}

function roleOf(lexeme: Lexeme, next: Lexeme | undefined): LinkKind {
  const isOpen = lexeme.text === 'in' || lexeme.text === 'from';
  if (!isOpen) return lexeme.link as LinkKind;
  return next !== undefined && next.link === undefined && isModifier(next) ? 'substance' : 'place';
}

/** The word that names the phrase's thing: its last noun or unknown word, where adjectives after it do not count. */
export function headOf(phrase: Phrase): Lexeme | undefined {
  if (phrase.settledHead !== undefined) return phrase.settledHead;
  // Where the noun is of another language, so are the unknown words around it: "silla roja".
  const foreign = phrase.lexemes.find((lexeme) => lexeme.isForeign === true);
  let adjective: Lexeme | undefined;
  for (let index = phrase.lexemes.length - 1; index >= 0; index -= 1) {
    const lexeme = phrase.lexemes[index] as Lexeme;
    if (lexeme.noun !== undefined) return lexeme;
    if (!isUnknown(lexeme) || foreign !== undefined) continue;
    if (!looksLikeAdjective(lexeme.text)) return lexeme;
    adjective ??= lexeme;
  }
  return adjective;
}

/** True for a noun that is nothing else as well: `stone` is also a material, `light` also a shade. */
export function isPlainNoun(lexeme: Lexeme): boolean {
  return lexeme.noun !== undefined && !isModifier(lexeme) && lexeme.isSilent !== true;
}
