import { refuseWithText } from './error-answers.ts';

const LOWEST = -2147483648;
const HIGHEST = 4294967295;

/**
 * Seed of a JSON body, or null for "random": what is left out, `null`, −1 and 4294967295. Upper values wrap to negative
 * ones, as a cast from u32 to i32 does.
 */
export function readJsonSeed(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < LOWEST || value > HIGHEST) {
    throw refuseWithText(400, 'data did not match any variant of untagged enum SeedValue');
  }
  return orRandom(value | 0);
}

/** Seed of a form field, as {@link readJsonSeed}. */
export function readTextSeed(text: string): number | null {
  const trimmed = text.trim();
  const value = /^[+-]?\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (value >= LOWEST && value <= HIGHEST) return orRandom(value | 0);
  const why =
    trimmed === ''
      ? 'cannot parse integer from empty string'
      : value > HIGHEST
        ? 'number too large to fit in target type'
        : 'invalid digit found in string';
  throw refuseWithText(400, `Invalid seed value: ${why}`);
}

/** A seed of the server's own choice: any i32 but −1. */
export function drawSeed(random: (byteLength: number) => Uint8Array): number {
  for (;;) {
    const [a = 0, b = 0, c = 0, d = 0] = random(4);
    const seed = (a << 24) | (b << 16) | (c << 8) | d;
    if (seed !== -1) return seed;
  }
}

function orRandom(seed: number): number | null {
  return seed === -1 ? null : seed;
}
