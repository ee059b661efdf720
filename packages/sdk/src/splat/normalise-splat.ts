import { SdkError } from '../foundation/errors.ts';
import type { SplatData } from './splat-data.ts';
import { invalid } from './splat-errors.ts';
import { transformSplat } from './transform-splat.ts';
import { visibleBounds } from './visible-bounds.ts';

/** Options of {@link normaliseSplat}. */
export interface NormaliseSplatOptions {
  /** Axes of the input: `RUB` as the canonical frame, or `RDF` (right, down, forward) as cameras see. */
  readonly frame: 'RUB' | 'RDF';
  /** Real height of the object in metres, > 0. Undefined keeps the size it has. */
  readonly heightM?: number;
}

/** What {@link normaliseSplat} did, in this order. */
export interface NormaliseSplatReport {
  /** Axes of the input. */
  readonly frame: 'RUB' | 'RDF';
  /** Factor all sizes were multiplied by. */
  readonly scale: number;
  /** Where the origin was moved from, with the sign turned; metres. */
  readonly offset: readonly [number, number, number];
}

/** From right-down-forward to right-up-back: half a turn about x. */
const RDF_TO_RUB = [1, 0, 0, 0] as const;

/**
 * Puts a splat into the canonical frame: metres, +Y up, centre of the base at the origin.
 *
 * Height and base are those of what can be seen ({@link visibleBounds}): floaters and haze move neither.
 *
 * @param splat - Finite. Not modified; arrays that do not change are shared with the result.
 * @throws {@link SdkError} `ASSET_INVALID` if it has no size, `INPUT_INVALID` if it is flat and shall have a height.
 */
export function normaliseSplat(
  splat: SplatData,
  { frame, heightM }: NormaliseSplatOptions,
): { splat: SplatData; report: NormaliseSplatReport } {
  const upright = frame === 'RDF' ? transformSplat(splat, { rotation: RDF_TO_RUB }) : splat;
  const { min, max, radius } = visibleBounds(upright);
  if (!(radius > 0 && radius < 1e18)) throw invalid('The splat has no ordinary size.');
  let scale = 1;
  if (heightM !== undefined) {
    const height = max[1] - min[1];
    if (!(height > radius * 1e-6)) {
      throw new SdkError({ code: 'INPUT_INVALID', message: 'The splat is flat, so it cannot be scaled to a height.' });
    }
    scale = heightM / height;
  }
  const offset = [(-(min[0] + max[0]) / 2) * scale, -min[1] * scale, (-(min[2] + max[2]) / 2) * scale] as const;
  return {
    splat: transformSplat(upright, { scale, translation: offset }),
    report: { frame, scale, offset },
  };
}
