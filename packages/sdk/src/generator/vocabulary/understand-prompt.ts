import { SdkError } from '../../foundation/errors.ts';
import type { Warning } from '../../foundation/warning.ts';
import type { Family } from '../family.ts';
import type { ObjectSpec, SpecFeature } from '../object-spec.ts';
import type { LinearColor } from './color-words.ts';
import { createNounTable, isModifier, isUnknown, type Lexeme, type NounSense, readLexemes } from './lexicon.ts';
import { takeMeasure } from './measures.ts';
import { respellModifiers, wordsCorrected } from './modifier-spelling.ts';
import { type NearestFamily, nearestFamily } from './nearest-family.ts';
import { headOf, isPlainNoun, type Phrase, splitPhrases } from './phrases.ts';
import { tokenise } from './tokenise.ts';
import { asksForSeveral, countIgnored, ignoredWords, wordsIgnored } from './word-notes.ts';

/** A prompt in the generator's words, and what the person should know about the reading. */
export interface Understanding {
  readonly spec: ObjectSpec;
  /**
   * `NOUN_UNKNOWN` where the nearest family was taken, `COUNT_IGNORED` where several were asked for, `WORDS_CORRECTED`
   * for misspelt adjectives, `WORDS_IGNORED` for words that had no effect.
   */
  readonly warnings: readonly Warning[];
}

/** Overrides of the reading. */
export interface UnderstandOptions {
  /** Id of the family to make whatever the prompt says. Must be one of the families. */
  readonly family?: string;
  /** Style words added to those of the prompt, kit vocabulary. */
  readonly styles?: readonly string[];
}

/** The family that stands in when nothing in the prompt comes close to any. */
const FALLBACK_FAMILY = 'rock';
const USUAL_WEAR = 0.3;

/**
 * Reads a prompt: which object, which variant, and how it should look.
 *
 * English nouns, adjectives and prepositions are looked up in tables; there is no model behind it. Work grows linearly
 * with the length of the text, and any string is safe. A function of its arguments only.
 *
 * @param text - The prompt, any length.
 * @param seed - Goes into the spec unchanged.
 * @param families - What can be made. Earlier families win where two claim a noun. Not empty.
 * @throws {@link SdkError} `INPUT_INVALID` when the text holds no word, or `options.family` is none of `families`.
 */
export function understandPrompt(
  text: string,
  seed: number,
  families: readonly Family[],
  options: UnderstandOptions = {},
): Understanding {
  const { measure, rest } = takeMeasure(tokenise(text));
  if (!rest.some((token) => token.kind === 'word')) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: 'The prompt holds no words.',
      remedy: 'Name an object, for instance "a medieval sword".',
    });
  }
  const nouns = createNounTable(families);
  const written = splitPhrases(readLexemes(rest, nouns));
  const choice = chooseNoun(written, nouns, families, options.family);
  const { phrases, corrections } = respellModifiers(written, choice.head);
  const traits = gatherTraits(phrases, choice.head);
  const styles = [...new Set([...traits.styles, ...(options.styles ?? [])])];
  const shown = families.find(({ id }) => id === choice.family)?.styles;
  const unshown = (options.styles ?? []).filter((style) => shown?.includes(style) === false);
  const ignored = [...new Set([...ignoredWords(phrases, choice.head, traits.used, shown), ...unshown])];
  const isSeveral = asksForSeveral(phrases, choice.head, choice.sense?.noun);
  return {
    spec: {
      family: choice.family,
      noun: choice.sense === undefined ? null : (choice.head as Lexeme).text,
      variant: choice.sense?.variant ?? null,
      materials: [...traits.materials, ...traits.features.flatMap((feature) => feature.materials)],
      colors: [...traits.colors, ...traits.features.flatMap((feature) => feature.colors)],
      sizeFactor: Math.min(4, Math.max(0.25, traits.sizeFactor)),
      wear: Math.min(1, Math.max(0, traits.wear ?? USUAL_WEAR)),
      styles,
      seed,
      ...(traits.features.length === 0 ? {} : { features: traits.features }),
      ...(measure === undefined ? {} : { measure }),
    },
    warnings: [
      ...(choice.warning === undefined ? [] : [choice.warning]),
      ...(isSeveral ? [countIgnored((choice.sense as NounSense).noun)] : []),
      ...(corrections.length === 0 ? [] : [wordsCorrected(corrections)]),
      ...(ignored.length === 0 ? [] : [wordsIgnored(ignored)]),
    ],
  };
}

interface NounChoice {
  readonly family: string;
  readonly sense?: NounSense;
  /** The word that decided, or the unknown one that could not. */
  readonly head?: Lexeme;
  readonly warning?: Warning;
}

function chooseNoun(
  phrases: readonly Phrase[],
  nouns: ReadonlyMap<string, NounSense>,
  families: readonly Family[],
  forced: string | undefined,
): NounChoice {
  const ids = new Set(families.map((family) => family.id));
  if (forced !== undefined && !ids.has(forced)) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `The built-in generator has no family "${forced.slice(0, 40)}".`,
      remedy: `Use one of: ${[...ids].join(', ')}.`,
    });
  }
  const known = knownHead(phrases);
  if (forced !== undefined) {
    const isSame = known?.noun?.family === forced;
    return { family: forced, ...(isSame ? { sense: known.noun as NounSense, head: known } : {}) };
  }
  const unknown = unknownHead(phrases);
  if (known?.noun !== undefined) return { family: known.noun.family, sense: known.noun, head: known };

  if (unknown !== undefined) {
    const nearest = nearestFamily(unknown.text, nouns, ids);
    if (nearest !== undefined) return fromNearest(unknown, nearest, ids);
  }
  const inside = phrases.filter((phrase) => phrase.role === 'main').flatMap((phrase) => [...phrase.lexemes].reverse());
  const modifying = inside.find((lexeme) => lexeme.noun !== undefined);
  if (modifying?.noun !== undefined) return fromMention(unknown, modifying, modifying.noun, ids);
  for (const lexeme of inside) {
    if (lexeme.isSilent === true || lexeme.kind !== 'word') continue;
    const nearest = nearestFamily(lexeme.text, nouns, ids);
    const isGuess = nearest !== undefined && nearest.reason !== 'meaning' && !isUnknown(lexeme);
    if (nearest !== undefined && !isGuess) return fromNearest(lexeme, nearest, ids);
  }
  const elsewhere = phrases.flatMap((phrase) => phrase.lexemes).find((lexeme) => lexeme.noun !== undefined);
  if (elsewhere?.noun !== undefined) return fromMention(unknown, elsewhere, elsewhere.noun, ids);
  return fromNothing(unknown, ids.has(FALLBACK_FAMILY) ? FALLBACK_FAMILY : (families[0] as Family).id, ids);
}

/** The first known noun that names a main phrase. Words like `stone` wait until plain nouns had their turn, unless the phrase is complete. */
function knownHead(phrases: readonly Phrase[]): Lexeme | undefined {
  let doubtful: Lexeme | undefined;
  for (const [index, phrase] of phrases.entries()) {
    if (phrase.role !== 'main') continue;
    const head = headOf(phrase);
    if (head?.noun === undefined) continue;
    if (isPlainNoun(head)) return head;
    const next = phrases[index + 1];
    const hasArticle = phrase.lexemes.some((lexeme) => lexeme.isArticle === true);
    const isComplete =
      hasArticle && (next === undefined || next.role !== 'main' || next.lexemes[0]?.isArticle === true);
    if (isComplete) return head;
    doubtful ??= head;
  }
  return doubtful;
}

/** The unknown word that most likely names the object. */
function unknownHead(phrases: readonly Phrase[]): Lexeme | undefined {
  const heads = phrases.filter((phrase) => phrase.role === 'main').map(headOf);
  return heads.find((head) => head !== undefined && isUnknown(head));
}

function fromNearest(head: Lexeme, nearest: NearestFamily, ids: ReadonlySet<string>): NounChoice {
  const how =
    nearest.reason === 'meaning'
      ? `belongs to ${nearest.field}, and the nearest family is "${nearest.family}"`
      : `was read as "${nearest.sense?.noun}" of the family "${nearest.family}"`;
  return {
    family: nearest.family,
    head,
    ...(nearest.sense === undefined ? {} : { sense: nearest.sense }),
    warning: {
      code: 'NOUN_UNKNOWN',
      message: `"${head.text}" is not a noun the built-in generator knows; it ${how}.${nearest.reason === 'meaning' ? whatItKnows(ids) : ''}`,
      details: { word: head.text, family: nearest.family, reason: nearest.reason },
    },
  };
}

function fromMention(
  unknown: Lexeme | undefined,
  mention: Lexeme,
  sense: NounSense,
  ids: ReadonlySet<string>,
): NounChoice {
  const word = unknown?.text ?? mention.text;
  return {
    family: sense.family,
    sense,
    head: mention,
    warning: {
      code: 'NOUN_UNKNOWN',
      message:
        unknown === undefined
          ? `The prompt names no object of its own; "${mention.text}" was taken from it, of the family "${sense.family}".`
          : `"${word}" is not a noun the built-in generator knows; "${mention.text}" in the same prompt was taken instead, of the family "${sense.family}".${whatItKnows(ids)}`,
      details: { word, family: sense.family, reason: 'mention' },
    },
  };
}

function fromNothing(unknown: Lexeme | undefined, family: string, ids: ReadonlySet<string>): NounChoice {
  return {
    family,
    ...(unknown === undefined ? {} : { head: unknown }),
    warning: {
      code: 'NOUN_UNKNOWN',
      message:
        unknown === undefined
          ? `The prompt names no object; a plain "${family}" was made.${whatItKnows(ids)}`
          : `"${unknown.text}" is not a noun the built-in generator knows and resembles none; a plain "${family}" was made.${whatItKnows(ids)}`,
      details: { ...(unknown === undefined ? {} : { word: unknown.text }), family, reason: 'fallback' },
    },
  };
}

/** A sentence with the names of all families. */
function whatItKnows(ids: ReadonlySet<string>): string {
  const names = [...ids];
  const last = names.pop() as string;
  return ` It knows ${names.length === 0 ? last : `${names.join(', ')} and ${last}`}.`;
}

interface Traits {
  readonly materials: readonly string[];
  readonly colors: readonly LinearColor[];
  readonly styles: readonly string[];
  readonly features: readonly SpecFeature[];
  readonly sizeFactor: number;
  readonly wear: number | undefined;
  /** Lexemes that had an effect, besides the head. */
  readonly used: ReadonlySet<Lexeme>;
}

const STRENGTHENERS = new Set(['very', 'extremely', 'really', 'super', 'so', 'too']);

function gatherTraits(phrases: readonly Phrase[], head: Lexeme | undefined): Traits {
  const materials: string[] = [];
  const colors: LinearColor[] = [];
  const styles: string[] = [];
  const features: SpecFeature[] = [];
  const used = new Set<Lexeme>();
  let sizeFactor = 1;
  let wear: number | undefined;
  for (const phrase of phrases) {
    if (phrase.role === 'place' || phrase.role === 'without' || isAboutSomethingElse(phrase, head)) continue;
    const own: SpecFeature & { materials: string[]; colors: LinearColor[] } = { noun: '', materials: [], colors: [] };
    for (const [index, lexeme] of phrase.lexemes.entries()) {
      if ((lexeme === head && lexeme.noun !== undefined) || !isModifier(lexeme)) continue;
      used.add(lexeme);
      if (lexeme.material !== undefined) own.materials.push(lexeme.material);
      if (lexeme.color !== undefined) own.colors.push(lexeme.color);
      if (lexeme.style !== undefined) styles.push(lexeme.style);
      if (lexeme.wear !== undefined) {
        const isStrong = STRENGTHENERS.has(phrase.lexemes[index - 1]?.text ?? '');
        wear = lexeme.wear + (isStrong ? (lexeme.wear > USUAL_WEAR ? 0.15 : -0.1) : 0);
      }
      if (lexeme.size !== undefined && phrase.role !== 'feature') sizeFactor *= lexeme.size;
    }
    const part = phrase.role === 'feature' ? headOf(phrase) : undefined;
    if (part === undefined) {
      materials.push(...own.materials);
      colors.push(...own.colors);
    } else {
      used.add(part);
      features.push({ ...own, noun: part.noun?.noun ?? part.stem ?? part.text });
    }
  }
  return { materials: [...new Set(materials)], colors, styles, features, sizeFactor, wear, used };
}

/** A main phrase with a plain noun that was not chosen: `… and a golden chair`. */
function isAboutSomethingElse(phrase: Phrase, head: Lexeme | undefined): boolean {
  if (phrase.role !== 'main' || (head !== undefined && phrase.lexemes.includes(head))) return false;
  const other = headOf(phrase);
  return other !== undefined && isPlainNoun(other);
}
