import { bitsAt, endOfBits, highestBit } from './bits.ts';
import { readFiniteStateTable } from './finite-state-table.ts';
import { damaged } from './zstd-error.ts';

/** A decoding table: looked up with the next `depth` bits, it tells the symbol and how many of them belong to it. */
export interface HuffmanTable {
  /** Length of the longest code. */
  readonly depth: number;
  readonly symbols: Uint8Array;
  readonly lengths: Uint8Array;
}

const MAX_DEPTH = 11;
const MAX_WEIGHT_ACCURACY = 6;
const MAX_WEIGHTS = 255;

/**
 * Reads a table's description.
 *
 * @returns The table and where its description ends.
 * @source RFC 8878 §4.2.1.
 */
export function readHuffmanTable(bytes: Uint8Array, offset: number): { table: HuffmanTable; end: number } {
  const head = bytes[offset] ?? 0;
  const begin = offset + 1;
  const end = begin + (head < 128 ? head : (head - 126) >> 1);
  if (end > bytes.length) throw damaged();
  const description = bytes.subarray(begin, end);
  const weights = head < 128 ? readWeights(description) : [...description].flatMap((byte) => [byte >> 4, byte & 15]);
  if (head >= 128) weights.length = head - 127;
  return { table: buildHuffmanTable(weights), end };
}

/** Two chains of states take turns; both read from the end of the same bits. */
function readWeights(description: Uint8Array): number[] {
  const { table, end } = readFiniteStateTable(description, 0, MAX_WEIGHT_ACCURACY, MAX_DEPTH + 1);
  const stream = description.subarray(end);
  let position = endOfBits(stream) - 2 * table.accuracy;
  if (position < 0) throw damaged();
  let current = bitsAt(stream, position + table.accuracy, table.accuracy);
  let other = bitsAt(stream, position, table.accuracy);
  const weights: number[] = [];
  for (;;) {
    weights.push(table.symbols[current] as number);
    position -= table.bits[current] as number;
    // a chain that finds no bits any more ends them; the other one still has its symbol
    if (position < 0) {
      weights.push(table.symbols[other] as number);
      break;
    }
    const following = (table.next[current] as number) + bitsAt(stream, position, table.bits[current] as number);
    // states without bits could go on for ever
    if (weights.length > MAX_WEIGHTS) throw damaged();
    current = other;
    other = following;
  }
  return weights;
}

/** The weight of the last symbol is not written: it makes the sum a power of two. */
function buildHuffmanTable(weights: readonly number[]): HuffmanTable {
  let sum = 0;
  for (const weight of weights) {
    if (weight > MAX_DEPTH + 1) throw damaged();
    if (weight > 0) sum += 1 << (weight - 1);
  }
  if (sum === 0 || weights.length > MAX_WEIGHTS) throw damaged();
  const depth = highestBit(sum) + 1;
  const rest = (1 << depth) - sum;
  if (depth > MAX_DEPTH || (rest & (rest - 1)) !== 0) throw damaged();
  const all = [...weights, highestBit(rest) + 1];
  const symbols = new Uint8Array(1 << depth);
  const lengths = new Uint8Array(1 << depth);
  let place = 0;
  for (let weight = 1; weight <= depth; weight += 1) {
    all.forEach((own, symbol) => {
      if (own !== weight) return;
      const next = place + (1 << (weight - 1));
      symbols.fill(symbol, place, next);
      lengths.fill(depth + 1 - weight, place, next);
      place = next;
    });
  }
  if (place !== 1 << depth) throw damaged();
  return { depth, symbols, lengths };
}

/** Fills `target` with symbols read from the end of `stream`, which must hold exactly as many. */
export function decodeHuffman(stream: Uint8Array, table: HuffmanTable, target: Uint8Array): void {
  const { depth, symbols, lengths } = table;
  let position = endOfBits(stream);
  let index = 0;
  for (; index < target.length && position >= depth; index += 1) {
    const code = bitsAt(stream, position - depth, depth);
    target[index] = symbols[code] as number;
    position -= lengths[code] as number;
  }
  for (; index < target.length; index += 1) {
    // near the beginning, what is missing to a full code counts as zeros
    const code = bitsAt(stream, 0, position) << (depth - position);
    target[index] = symbols[code] as number;
    position -= lengths[code] as number;
    if (position < 0) throw damaged();
  }
  if (position !== 0) throw damaged();
}
