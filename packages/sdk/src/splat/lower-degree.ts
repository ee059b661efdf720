import { harmonicsCount, type ShDegree, type SplatData } from './splat-data.ts';

/**
 * Leaves out the harmonics of the orders above `degree`: what changes fastest with the direction of view.
 *
 * @param splat - Not modified; returned itself if it has no such orders. The other arrays are shared with the result.
 */
export function lowerDegree(splat: SplatData, degree: ShDegree): SplatData {
  if (degree >= splat.shDegree) return splat;
  const before = 3 * harmonicsCount(splat.shDegree);
  const after = 3 * harmonicsCount(degree);
  const harmonics = new Float32Array(after * splat.count);
  for (let index = 0; index < splat.count; index += 1) {
    harmonics.set(splat.harmonics.subarray(index * before, index * before + after), index * after);
  }
  return { ...splat, shDegree: degree, harmonics };
}
