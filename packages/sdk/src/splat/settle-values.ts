import type { SplatData } from './splat-data.ts';

/**
 * Logit of what is as good as opaque: one millionth less than 1.
 *
 * What SPZ writes as 255 would have an infinite logit. It is the commonest value of some files, so it must not be taken for
 * damage. Kept finite, it survives arithmetic and every reader; drawn on 8 or even 16 bits, it makes no difference.
 *
 * @source playcanvas/splat-transform 3.7.0, reader of SPZ: the same bound, so that both agree to the last digit.
 */
export const OPAQUE_LOGIT = 13.815509557935018;

/** Quaternions this close to length 1, squared, are left as they are, so that reading what was written changes no bit. */
const UNIT_TOLERANCE = 1e-6;

/**
 * Gives quaternions length 1, in place, as {@link SplatData} promises. Those without a direction stay, to be dropped and
 * counted later with everything else that is not finite.
 */
export function settleRotations({ rotations }: SplatData): void {
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
