/** A seeded stream of numbers. The same seed gives the same numbers on every engine. */
export interface RandomStream {
  /** Next number, [0, 1), 32 bits of it random. */
  next(): number;
  /** Next number, [low, high). */
  range(low: number, high: number): number;
  /** Next whole number, low ≤ n ≤ high. */
  integer(low: number, high: number): number;
  /** One of the items, each equally likely. The list must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** True with the given probability, [0, 1]. */
  chance(probability: number): boolean;
  /** An independent stream that depends on this stream's seed and the label only, not on how much was drawn. */
  fork(label: string): RandomStream;
}

/** 32-bit FNV-1a over UTF-16 code units. @source http://www.isthe.com/chongo/tech/comp/fnv/ */
export function hash32(text: string, basis = 0x811c9dc5): number {
  let hash = basis >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash;
}

/**
 * Makes a stream from a seed of any size.
 *
 * @source sfc32 of PractRand (Chris Doty-Humphrey), seeded through FNV-1a and 15 rounds of mixing.
 */
export function createRandom(seed: number | string): RandomStream {
  const label = String(seed);
  let a = hash32(label);
  let b = hash32(label, a ^ 0x9e3779b9);
  let c = hash32(label, b ^ 0x85ebca6b);
  let counter = 1;
  const bits = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round += 1) bits();
  const next = (): number => bits() / 4294967296;
  return {
    next,
    range: (low, high) => low + (high - low) * next(),
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
    chance: (probability) => next() < probability,
    fork: (name) => createRandom(`${label}/${name}`),
  };
}
