import { selectGaussians } from './select-gaussians.ts';
import { harmonicsCount, type SplatData } from './splat-data.ts';

/**
 * Leaves out gaussians that cannot be drawn: any of their numbers is not finite, or their quaternion has no direction.
 *
 * @param splat - Not modified; returned itself if nothing has to go.
 */
export function dropNonFinite(splat: SplatData): { splat: SplatData; dropped: number } {
  const chosen = finiteGaussians(splat);
  const dropped = splat.count - chosen.length;
  return { splat: dropped === 0 ? splat : selectGaussians(splat, chosen), dropped };
}

/** Numbers of the gaussians that can be drawn, ascending. */
export function finiteGaussians(splat: SplatData): Uint32Array {
  const { count, positions, scales, rotations, opacities, colors, harmonics } = splat;
  const rest = 3 * harmonicsCount(splat.shDegree);
  const chosen = new Uint32Array(count);
  let kept = 0;
  for (let index = 0; index < count; index += 1) {
    const [vector, turn] = [3 * index, 4 * index];
    // A sum is finite only if all of its terms are, and sums of 32-bit floats cannot overflow here.
    let sum = opacities[index] as number;
    let squared = 0;
    for (let axis = 0; axis < 3; axis += 1) {
      sum +=
        (positions[vector + axis] as number) + (scales[vector + axis] as number) + (colors[vector + axis] as number);
    }
    for (let component = 0; component < 4; component += 1) squared += (rotations[turn + component] as number) ** 2;
    for (let at = index * rest; at < (index + 1) * rest; at += 1) sum += harmonics[at] as number;
    if (Number.isFinite(sum) && Number.isFinite(squared) && squared > 0) chosen[kept++] = index;
  }
  return chosen.subarray(0, kept);
}
