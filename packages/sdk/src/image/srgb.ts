/** Linear value in [0, 1] of each 8-bit sRGB value. @source IEC 61966-2-1 */
const DECODED = new Float32Array(256);
for (let value = 0; value < 256; value += 1) {
  const encoded = value / 255;
  DECODED[value] = encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}

// Fine enough that neighbouring 8-bit values keep at least 1.2 entries each in the darkest part of the curve.
const STEPS = 4096;
const ENCODED = new Uint8Array(STEPS + 1);
for (let step = 0; step <= STEPS; step += 1) {
  const linear = step / STEPS;
  const encoded = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
  ENCODED[step] = Math.round(encoded * 255);
}

/** Linear light, [0, 1], of an 8-bit sRGB value. The argument must be a whole number in [0, 255]. */
export function toLinear(value: number): number {
  return DECODED[value] as number;
}

/** 8-bit sRGB value of linear light; values outside [0, 1] are clamped, NaN gives 0. */
export function fromLinear(linear: number): number {
  if (!(linear > 0)) return 0;
  if (linear >= 1) return 255;
  return ENCODED[(linear * STEPS + 0.5) | 0] as number;
}

/** Linear light of an sRGB fraction in [0, 1]. */
export function fractionToLinear(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}

/** The table behind {@link toLinear}, for inner loops. Must not be modified. */
export const SRGB_TO_LINEAR: Float32Array = DECODED;
