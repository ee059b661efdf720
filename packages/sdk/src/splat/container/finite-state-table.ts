import { bitsAt, highestBit } from './bits.ts';
import { damaged } from './zstd-error.ts';

/**
 * A decoding table of finite state entropy: in state s the symbol is `symbols[s]`, and the next state is `next[s]` plus as many
 * bits as `bits[s]` says.
 */
export interface FiniteStateTable {
  /** The table has two to the power of this many states. */
  readonly accuracy: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly next: Uint16Array;
}

/** The table of a single symbol, which takes no bits. */
export function singleSymbolTable(symbol: number): FiniteStateTable {
  return { accuracy: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), next: new Uint16Array(1) };
}

/**
 * Reads a table's description.
 *
 * @param maxAccuracy - And `maxSymbol`: largest that may occur.
 * @returns The table and where its description ends.
 * @source RFC 8878 §4.1.1.
 */
export function readFiniteStateTable(
  bytes: Uint8Array,
  offset: number,
  maxAccuracy: number,
  maxSymbol: number,
): { table: FiniteStateTable; end: number } {
  const accuracy = bitsAt(bytes, 8 * offset, 4) + 5;
  if (accuracy > maxAccuracy) throw damaged();
  let position = 8 * offset + 4;
  let remaining = 1 << accuracy;
  const probabilities: number[] = [];
  while (remaining > 0 && probabilities.length <= maxSymbol) {
    // values are written with one bit less where the largest cannot occur any more
    const size = highestBit(remaining + 1) + 1;
    const half = (1 << (size - 1)) - 1;
    const spared = (1 << size) - 2 - remaining;
    let value = bitsAt(bytes, position, size);
    position += size;
    if ((value & half) < spared) {
      value &= half;
      position -= 1;
    } else if (value > half) value -= spared;
    probabilities.push(value - 1);
    remaining -= Math.abs(value - 1);
    if (value !== 1) continue;
    for (let repeats = 3; repeats === 3; position += 2) {
      repeats = bitsAt(bytes, position, 2);
      for (let index = 0; index < repeats; index += 1) probabilities.push(0);
      if (probabilities.length > maxSymbol + 1) throw damaged();
    }
  }
  const end = (position + 7) >> 3;
  if (remaining !== 0 || probabilities.length > maxSymbol + 1 || end > bytes.length) throw damaged();
  return { table: buildFiniteStateTable(accuracy, probabilities), end };
}

/**
 * Builds a table.
 *
 * @param probabilities - Of each symbol, in shares of two to the power of `accuracy`; -1 for less than one share.
 */
export function buildFiniteStateTable(accuracy: number, probabilities: readonly number[]): FiniteStateTable {
  const size = 1 << accuracy;
  const symbols = new Uint8Array(size);
  let high = size;
  probabilities.forEach((probability, symbol) => {
    if (probability < 0) symbols[--high] = symbol;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let place = 0;
  probabilities.forEach((probability, symbol) => {
    for (let index = 0; index < probability; index += 1) {
      symbols[place] = symbol;
      do place = (place + step) & (size - 1);
      while (place >= high);
    }
  });
  if (place !== 0) throw damaged();
  const bits = new Uint8Array(size);
  const next = new Uint16Array(size);
  const occurrences = probabilities.map(Math.abs);
  for (let state = 0; state < size; state += 1) {
    const symbol = symbols[state] as number;
    const occurrence = occurrences[symbol] as number;
    occurrences[symbol] = occurrence + 1;
    const count = accuracy - highestBit(occurrence);
    bits[state] = count;
    next[state] = (occurrence << count) - size;
  }
  return { accuracy, symbols, bits, next };
}
