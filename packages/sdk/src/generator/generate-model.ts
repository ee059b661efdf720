import { SdkError } from '../foundation/errors.ts';
import { createRandom } from '../foundation/random.ts';
import type { Warning } from '../foundation/warning.ts';
import { FAMILIES } from './families.generated.ts';
import type { Family } from './family.ts';
import type { GeneratedModel } from './model.ts';
import type { ObjectSpec, SpecMeasure } from './object-spec.ts';
import { type UnderstandOptions, understandPrompt } from './vocabulary/understand-prompt.ts';

/** A generated object with the reading of the prompt that led to it. */
export interface Generation {
  readonly model: GeneratedModel;
  readonly spec: ObjectSpec;
  /** What the person should know about the reading. */
  readonly warnings: readonly Warning[];
}

/**
 * Turns a prompt into an object, at once and offline. A function of its arguments only.
 *
 * @param text - The prompt, English.
 * @param seed - Chooses among the objects the prompt allows.
 * @throws {@link SdkError} `INPUT_INVALID` when the prompt holds no word or `options.family` does not exist.
 */
export function generateModel(text: string, seed: number, options: UnderstandOptions = {}): Generation {
  const { spec, warnings } = understandPrompt(text, seed, FAMILIES, options);
  return { model: buildModel(spec), spec, warnings };
}

/**
 * Builds the object of a spec and brings it to the size given in numbers, if one is.
 *
 * @throws {@link SdkError} `INPUT_INVALID` when none of `families` has the spec's id.
 */
export function buildModel(spec: ObjectSpec, families: readonly Family[] = FAMILIES): GeneratedModel {
  const family = families.find((candidate) => candidate.id === spec.family);
  if (family === undefined) {
    throw new SdkError({ code: 'INPUT_INVALID', message: `There is no family "${spec.family}".` });
  }
  const model = family.build(spec, createRandom(`${family.id}/${spec.seed}`));
  return spec.measure === undefined ? model : toMeasure(model, spec.measure);
}

/** Scales the whole object evenly until it measures what was asked for. */
function toMeasure(model: GeneratedModel, measure: SpecMeasure): GeneratedModel {
  const extent = [0, 1, 2].map((axis) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const { positions } of model.parts) {
      for (let index = axis; index < positions.length; index += 3) {
        low = Math.min(low, positions[index] as number);
        high = Math.max(high, positions[index] as number);
      }
    }
    return high - low;
  }) as [number, number, number];
  const [width, height, depth] = extent;
  const size = { width, height, depth, longest: Math.max(width, height, depth) }[measure.along];
  if (!(size > 0)) return model;
  const factor = measure.metres / size;
  return {
    ...model,
    parts: model.parts.map((part) => ({ ...part, positions: part.positions.map((value) => value * factor) })),
  };
}
