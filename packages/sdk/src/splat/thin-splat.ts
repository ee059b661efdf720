import { SdkError } from '../foundation/errors.ts';
import { exp, log } from '../foundation/math.ts';
import { selectGaussians } from './select-gaussians.ts';
import type { SplatData } from './splat-data.ts';

/**
 * Keeps the most important gaussians: those with the largest product of opacity and area.
 *
 * The area is that of the ellipse of the two largest standard deviations, which is what a gaussian shows from its broad
 * side. Of equals, those that stay are scattered over the file, not its beginning: files are often written part by part, and
 * a whole part must not vanish because its gaussians are as large as the others. Those kept stay in order.
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
  let places = count;
  const equals: number[] = [];
  for (let index = 0; index < splat.count; index += 1) {
    const value = importance[index] as number;
    if (value > least) places -= 1;
    else if (value === least) equals.push(index);
  }
  equals.sort((a, b) => scatter(a) - scatter(b) || a - b);
  const staying = new Set(equals.slice(0, places));
  const chosen = new Uint32Array(count);
  let kept = 0;
  for (let index = 0; index < splat.count; index += 1) {
    if ((importance[index] as number) > least || staying.has(index)) chosen[kept++] = index;
  }
  return selectGaussians(splat, chosen);
}

/** A number that has nothing to do with its neighbours' numbers. @source Knuth, TAOCP 3, §6.4: multiplicative hashing */
function scatter(index: number): number {
  const mixed = Math.imul(index ^ (index >>> 15), 0x9e3779b1);
  return (mixed ^ (mixed >>> 16)) >>> 0;
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
