import type { SplatData } from './splat-data.ts';

/**
 * Logit of what is as good as opaque: one millionth less than 1.
 *
 * A gaussian that is exactly opaque has an infinite logit. It is a sound value, the commonest one in some files (SPZ's
 * 255), so it must not be taken for damage. Kept finite, it survives arithmetic and every reader; drawn on 8 or even 16 bits,
 * it makes no difference.
 *
 * @source playcanvas/splat-transform 3.7.0, reader of SPZ: the same bound, so that both agree to the last digit.
 */
export const OPAQUE_LOGIT = 13.815509557935018;

/** Log scale that stands for no thickness at all, e^-30: files of flat gaussians (surfels) have an infinite one. */
const FLAT_LOG_SCALE = -30;

/** Quaternions this close to length 1, squared, are left as they are, so that reading what was written changes no bit. */
const UNIT_TOLERANCE = 1e-6;

/**
 * Brings values that are sound but not canonical into the form {@link SplatData} promises, in place: quaternions get
 * length 1, infinitely opaque and infinitely thin get finite numbers. What is not sound (NaN, other infinities, quaternions
 * without direction) stays, to be dropped and counted later.
 */
export function settleValues({ opacities, scales, rotations }: SplatData): void {
  for (let index = 0; index < opacities.length; index += 1) {
    if (opacities[index] === Number.POSITIVE_INFINITY) opacities[index] = OPAQUE_LOGIT;
  }
  for (let index = 0; index < scales.length; index += 1) {
    if (scales[index] === Number.NEGATIVE_INFINITY) scales[index] = FLAT_LOG_SCALE;
  }
  for (let at = 0; at < rotations.length; at += 4) {
    const x = rotations[at] as number;
    const y = rotations[at + 1] as number;
    const z = rotations[at + 2] as number;
    const w = rotations[at + 3] as number;
    const squared = x * x + y * y + z * z + w * w;
    if (Math.abs(squared - 1) <= UNIT_TOLERANCE || !(squared > 0 && squared < Number.POSITIVE_INFINITY)) continue;
    const length = Math.sqrt(squared);
    rotations[at] = x / length;
    rotations[at + 1] = y / length;
    rotations[at + 2] = z / length;
    rotations[at + 3] = w / length;
  }
}
