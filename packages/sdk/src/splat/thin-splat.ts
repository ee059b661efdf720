import { SdkError } from '../foundation/errors.ts';
import { exp, log } from '../foundation/math.ts';
import { selectGaussians } from './select-gaussians.ts';
import type { SplatData } from './splat-data.ts';

/**
 * Keeps the most important gaussians: those with the largest product of opacity and area.
 *
 * The area is that of the ellipse of the two largest standard deviations, which is what a gaussian shows from its broad
 * side. Of equals, the earlier in the file stay. Those kept stay in order.
 *
 * @param splat - Finite. Not modified; returned itself if it has no more than `count`.
 * @param count - Gaussians to keep, a whole number ≥ 0.
 * @throws {@link SdkError} `INPUT_INVALID` for another count.
 */
export function thinSplat(splat: SplatData, count: number): SplatData {
  if (!Number.isInteger(count) || count < 0) {
    throw new SdkError({ code: 'INPUT_INVALID', message: 'The number of gaussians to keep has to be a whole number.' });
  }
  if (count >= splat.count) return splat;
  const importance = logImportance(splat);
  // the smallest that still belongs to the kept, and how many of its equals do
  const sorted = importance.slice().sort();
  const least = sorted[splat.count - count] ?? Number.POSITIVE_INFINITY;
  let equals = count;
  for (const value of importance) if (value > least) equals -= 1;
  const chosen = new Uint32Array(count);
  let kept = 0;
  for (let index = 0; index < splat.count; index += 1) {
    const value = importance[index] as number;
    if (value < least || (value === least && equals === 0)) continue;
    if (value === least) equals -= 1;
    chosen[kept++] = index;
  }
  return selectGaussians(splat, chosen);
}

/**
 * Logarithm of opacity × area, but for a constant. Logarithms order alike, neither overflow nor vanish, and gaussians of
 * equal area stay equal: the product of their deviations is a sum.
 */
function logImportance({ count, scales, opacities }: SplatData): Float64Array {
  const importance = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    const a = scales[3 * index] as number;
    const b = scales[3 * index + 1] as number;
    const c = scales[3 * index + 2] as number;
    const value = a + b + c - Math.min(a, b, c) - log(1 + exp(-(opacities[index] as number)));
    importance[index] = Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  }
  return importance;
}
