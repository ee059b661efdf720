import type { Warning } from '../../foundation/warning.ts';
import { isShade } from './color-words.ts';
import { isModifier, isUnknown, type Lexeme } from './lexicon.ts';
import { headOf, isPlainNoun, type Phrase } from './phrases.ts';

const IGNORED_LIMIT = 8;

/**
 * Words that had no effect, as the person wrote them.
 *
 * @param used - Lexemes that had one, besides the head.
 * @param styles - Styles the chosen family shows; undefined: all.
 */
export function ignoredWords(
  phrases: readonly Phrase[],
  head: Lexeme | undefined,
  used: ReadonlySet<Lexeme>,
  styles: readonly string[] | undefined,
): string[] {
  const words = new Set<string>();
  for (const lexeme of phrases.flatMap((phrase) => phrase.lexemes)) {
    if (lexeme === head || lexeme.kind !== 'word' || lexeme.text.length < 3) continue;
    if (used.has(lexeme) && !isOnlyStyleOutside(lexeme, styles)) continue;
    const isModifying = isModifier(lexeme) && lexeme.isSilent !== true;
    // "dark" says something of the colour after it; without one it says nothing that is understood
    const isBareShade = isShade(lexeme.text) && lexeme.noun === undefined && lexeme.link === undefined;
    if (isUnknown(lexeme) || isPlainNoun(lexeme) || isModifying || isBareShade) words.add(lexeme.text);
    if (words.size >= IGNORED_LIMIT) break;
  }
  return [...words];
}

/** True for a word that is a style and nothing else, where the family does not show that style. */
function isOnlyStyleOutside(lexeme: Lexeme, styles: readonly string[] | undefined): boolean {
  if (lexeme.style === undefined || styles === undefined || styles.includes(lexeme.style)) return false;
  const { material, color, size, wear } = lexeme;
  return material === undefined && color === undefined && size === undefined && wear === undefined;
}

/** `WORDS_IGNORED`. */
export function wordsIgnored(words: readonly string[]): Warning {
  return {
    code: 'WORDS_IGNORED',
    message: `These words had no effect: ${words.join(', ')}.`,
    details: { words: [...words] },
  };
}

const COUNTS = new Set('two three four five six seven eight nine ten dozen several many few couple'.split(' '));

/** True when the prompt asks for several of the thing `head` names: by the plural, or by a number before it. */
export function asksForSeveral(
  phrases: readonly Phrase[],
  head: Lexeme | undefined,
  noun: string | undefined,
): boolean {
  if (head === undefined || noun === undefined) return false;
  const isCorrectedPlural = isUnknown(head) && head.text.endsWith('s') && !noun.endsWith('s');
  if (head.isPlural === true || isCorrectedPlural) return true;
  const phrase = phrases.find(({ lexemes }) => lexemes.includes(head));
  if (phrase === undefined || headOf(phrase) !== head) return false;
  // Only words that are understood may stand between: "two red chair" counts, "two-handed sword" does not.
  let index = phrase.lexemes.indexOf(head) - 1;
  while (index >= 0 && isModifier(phrase.lexemes[index] as Lexeme)) index -= 1;
  const count = phrase.lexemes[index];
  return count !== undefined && (count.kind === 'number' ? Number(count.text) >= 2 : COUNTS.has(count.text));
}

/** `COUNT_IGNORED`. */
export function countIgnored(noun: string): Warning {
  return {
    code: 'COUNT_IGNORED',
    message: `The built-in generator makes one thing at a time: one ${noun} was made.`,
    details: { noun },
  };
}
