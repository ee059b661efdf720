import { SdkError } from '../foundation/errors.ts';
import { dropNonFinite } from '../splat/drop-non-finite.ts';
import { normaliseSplat } from '../splat/normalise-splat.ts';
import type { SplatData } from '../splat/splat-data.ts';
import type { Step } from './step.ts';

/** What the cleaning of a splat can be told. */
export interface SplatRecipeOptions {
  /** Axes of the raw file. */
  readonly frame: 'RUB' | 'RDF';
  /** Real height in metres; undefined keeps the raw size. */
  readonly heightM?: number | undefined;
}

/** The steps that make level 0 out of a raw splat. Read aloud, they say what happens to it. */
export function cleanSplatRecipe(options: SplatRecipeOptions): readonly Step<SplatData>[] {
  return [dropNonFiniteStep(), normaliseStep(options)];
}

function dropNonFiniteStep(): Step<SplatData> {
  return {
    name: 'drop-non-finite',
    needs: [],
    async run(input, context) {
      const { splat, dropped } = dropNonFinite(input);
      if (splat.count === 0) {
        throw new SdkError({
          code: 'ASSET_INVALID',
          message:
            dropped === 0
              ? 'The splat holds no gaussian.'
              : `None of the ${dropped} gaussians has finite numbers only.`,
        });
      }
      if (dropped > 0) {
        context.warn({
          code: 'GAUSSIANS_DROPPED',
          message: `${dropped} of ${input.count} gaussians hold numbers that are not finite and were left out.`,
          details: { dropped },
        });
      }
      context.report('drop-non-finite', { before: input.count, after: splat.count });
      return splat;
    },
  };
}

function normaliseStep({ frame, heightM }: SplatRecipeOptions): Step<SplatData> {
  return {
    name: 'normalise',
    needs: [],
    async run(input, context) {
      const { splat, report } = normaliseSplat(input, { frame, ...(heightM === undefined ? {} : { heightM }) });
      context.report('normalise', { ...report });
      return splat;
    },
  };
}
