import { nearestSpelling } from './edit-distance.ts';
import type { NounSense } from './lexicon.ts';
import { fieldOf } from './semantic-fields.ts';
import { singularForms } from './tokenise.ts';

/** A family found for a word that is none of its nouns. */
export interface NearestFamily {
  readonly family: string;
  /** The noun the word was read as, where one was. */
  readonly sense?: NounSense;
  readonly reason: 'spelling' | 'compound' | 'meaning';
  /** The field of meaning, for `meaning`. */
  readonly field?: string;
}

/**
 * The family closest to an unknown word: by its field of meaning, as a compound (`birdhouse`), or as a typing mistake.
 *
 * @param available - Ids of the families that exist.
 */
export function nearestFamily(
  word: string,
  nouns: ReadonlyMap<string, NounSense>,
  available: ReadonlySet<string>,
): NearestFamily | undefined {
  for (const form of singularForms(word)) {
    const field = fieldOf(form);
    if (field === undefined) continue;
    if (field.family === null || !available.has(field.family)) return undefined;
    return { family: field.family, reason: 'meaning', field: field.field };
  }
  const compound = nounAtEnd(word, nouns);
  if (compound !== undefined) return { family: compound.family, sense: compound, reason: 'compound' };
  for (const form of singularForms(word)) {
    const spelling = nearestSpelling(form, nouns.keys());
    const sense = spelling === undefined ? undefined : nouns.get(spelling);
    if (sense !== undefined) return { family: sense.family, sense, reason: 'spelling' };
  }
  return undefined;
}

function nounAtEnd(word: string, nouns: ReadonlyMap<string, NounSense>): NounSense | undefined {
  for (const form of singularForms(word)) {
    for (let start = 2; start <= form.length - 4; start += 1) {
      const sense = nouns.get(form.slice(start));
      if (sense !== undefined) return sense;
    }
  }
  return undefined;
}
