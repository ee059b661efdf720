const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Numbers of the values in ascending order; equal values keep their order. Values must not be NaN. Leaves `values` as it is.
 *
 * A radix sort: 32-bit floats compare like their bits once the sign is dealt with.
 */
export function orderByValue(values: Float32Array): Uint32Array {
  const keys = new Uint32Array(values.length);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const counts = new Uint32Array(DIGITS * 3);
  for (let index = 0; index < keys.length; index += 1) {
    const raw = bits[index] as number;
    const key = (raw & 0x80000000) !== 0 ? ~raw >>> 0 : (raw | 0x80000000) >>> 0;
    keys[index] = key;
    for (let digit = 0; digit < 3; digit += 1) {
      const at = digit * DIGITS + ((key >>> (digit * DIGIT_BITS)) & (DIGITS - 1));
      counts[at] = (counts[at] as number) + 1;
    }
  }
  let from = new Uint32Array(keys.length);
  let to = new Uint32Array(keys.length);
  for (let index = 0; index < from.length; index += 1) from[index] = index;
  for (let digit = 0; digit < 3; digit += 1) {
    const starts = counts.subarray(digit * DIGITS, (digit + 1) * DIGITS);
    let start = 0;
    for (let value = 0; value < DIGITS; value += 1) {
      const count = starts[value] as number;
      starts[value] = start;
      start += count;
    }
    for (let at = 0; at < from.length; at += 1) {
      const index = from[at] as number;
      const value = ((keys[index] as number) >>> (digit * DIGIT_BITS)) & (DIGITS - 1);
      const target = starts[value] as number;
      starts[value] = target + 1;
      to[target] = index;
    }
    [from, to] = [to, from];
  }
  return from;
}
