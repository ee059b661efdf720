import { bitsAt, endOfBits } from './bits.ts';
import {
  buildFiniteStateTable,
  type FiniteStateTable,
  readFiniteStateTable,
  singleSymbolTable,
} from './finite-state-table.ts';
import { damaged } from './zstd-error.ts';

/** Tables for the lengths of literals, the offsets and the lengths of matches. */
export type SequenceTables = readonly [FiniteStateTable, FiniteStateTable, FiniteStateTable];

/** What a block's sequences are read with, and what they leave to the next block. */
export interface SequenceState {
  tables: SequenceTables | undefined;
  /** The last three offsets, the latest first. */
  offsets: [number, number, number];
}

/** A kind of code: how finely its table may be divided, its largest value, and its table unless another is given. */
interface CodeKind {
  readonly maxAccuracy: number;
  readonly maxSymbol: number;
  readonly accuracy: number;
  readonly probabilities: readonly number[];
}

const ones = (count: number): number[] => new Array<number>(count).fill(1);
const twos = (count: number): number[] => new Array<number>(count).fill(2);
const rare = (count: number): number[] => new Array<number>(count).fill(-1);

/** @source RFC 8878 §3.1.1.3.2.2. */
const KINDS: readonly CodeKind[] = [
  {
    maxAccuracy: 9,
    maxSymbol: 35,
    accuracy: 6,
    probabilities: [4, 3, ...twos(11), 1, 1, 1, ...twos(9), 3, 2, ...ones(5), ...rare(4)],
  },
  { maxAccuracy: 8, maxSymbol: 31, accuracy: 5, probabilities: [...ones(6), 2, 2, 2, ...ones(15), ...rare(5)] },
  { maxAccuracy: 9, maxSymbol: 52, accuracy: 6, probabilities: [1, 4, 3, ...twos(6), ...ones(37), ...rare(7)] },
];

const LITERAL_BITS = [
  ...new Array<number>(16).fill(0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
];
const MATCH_BITS = [
  ...new Array<number>(32).fill(0),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
];
const LITERAL_BASES = basesOf(LITERAL_BITS, 0);
const MATCH_BASES = basesOf(MATCH_BITS, 3);

function basesOf(bits: readonly number[], first: number): number[] {
  let base = first;
  return bits.map((count) => {
    const own = base;
    base += 2 ** count;
    return own;
  });
}

/** Largest number of bits of an offset that is read: beyond it, no window that is accepted reaches. */
const MAX_OFFSET_CODE = 28;

/**
 * Carries out a block's sequences: each copies literals, then repeats what is already there.
 *
 * @param block - The block from its sequences on.
 * @param target - Where output goes, from `begin`; before it lies what earlier blocks made. Has room for `maxBytes`.
 * @returns Bytes written.
 * @source RFC 8878 §3.1.1.3.2, §3.1.1.4, §3.1.1.5.
 */
export function runSequences(
  block: Uint8Array,
  literals: Uint8Array,
  state: SequenceState,
  target: Uint8Array,
  begin: number,
  maxBytes: number,
): number {
  const [b0 = 0, b1 = 0, b2 = 0] = block;
  const [headBytes, count] =
    b0 < 128 ? [1, b0] : b0 < 255 ? [2, ((b0 - 128) << 8) | b1] : [3, (b1 | (b2 << 8)) + 0x7f00];
  const limit = begin + maxBytes;
  let to = begin;
  let literal = 0;
  if (count > 0) {
    const { tables, end } = readTables(block, headBytes, state.tables);
    state.tables = tables;
    const [literalTable, offsetTable, matchTable] = tables;
    const stream = block.subarray(end);
    let position = endOfBits(stream);
    const take = (bits: number): number => {
      position -= bits;
      if (position < 0) throw damaged();
      return bits <= 24
        ? bitsAt(stream, position, bits)
        : bitsAt(stream, position, 24) + 2 ** 24 * bitsAt(stream, position + 24, bits - 24);
    };
    let literalState = take(literalTable.accuracy);
    let offsetState = take(offsetTable.accuracy);
    let matchState = take(matchTable.accuracy);
    for (let rest = count; rest > 0; rest -= 1) {
      const offsetCode = offsetTable.symbols[offsetState] as number;
      const matchCode = matchTable.symbols[matchState] as number;
      const literalCode = literalTable.symbols[literalState] as number;
      if (offsetCode > MAX_OFFSET_CODE) throw damaged();
      const offsetValue = 2 ** offsetCode + take(offsetCode);
      const matchLength = (MATCH_BASES[matchCode] as number) + take(MATCH_BITS[matchCode] as number);
      const literalLength = (LITERAL_BASES[literalCode] as number) + take(LITERAL_BITS[literalCode] as number);
      if (rest > 1) {
        literalState = (literalTable.next[literalState] as number) + take(literalTable.bits[literalState] as number);
        matchState = (matchTable.next[matchState] as number) + take(matchTable.bits[matchState] as number);
        offsetState = (offsetTable.next[offsetState] as number) + take(offsetTable.bits[offsetState] as number);
      }
      const offset = nextOffset(state.offsets, offsetValue, literalLength);
      if (literal + literalLength > literals.length || to + literalLength + matchLength > limit) throw damaged();
      for (let index = 0; index < literalLength; index += 1) target[to++] = literals[literal++] as number;
      if (offset < 1 || offset > to) throw damaged();
      // byte by byte: a match may run into what it has just written
      for (const last = to + matchLength; to < last; to += 1) target[to] = target[to - offset] as number;
    }
    if (position !== 0) throw damaged();
  } else if (headBytes !== block.length) throw damaged();
  const left = literals.length - literal;
  if (to + left > limit) throw damaged();
  target.set(literals.subarray(literal), to);
  return to + left - begin;
}

/** Values up to 3 mean one of the last offsets. */
function nextOffset(offsets: [number, number, number], value: number, literalLength: number): number {
  const [first, second, third] = offsets;
  const place = value > 3 ? 4 : value - (literalLength > 0 ? 1 : 0);
  if (place === 0) return first;
  const offset = place === 4 ? value - 3 : place === 1 ? second : place === 2 ? third : first - 1;
  offsets[0] = offset;
  offsets[1] = first;
  if (place > 1) offsets[2] = second;
  return offset;
}

function readTables(
  block: Uint8Array,
  headBytes: number,
  previous: SequenceTables | undefined,
): { tables: SequenceTables; end: number } {
  const modes = block[headBytes];
  if (modes === undefined || (modes & 3) !== 0) throw damaged();
  let end = headBytes + 1;
  const tables = KINDS.map((kind, index) => {
    const mode = (modes >> (6 - 2 * index)) & 3;
    if (mode === 0) return buildFiniteStateTable(kind.accuracy, kind.probabilities);
    if (mode === 1) {
      const symbol = block[end];
      end += 1;
      if (symbol === undefined || symbol > kind.maxSymbol) throw damaged();
      return singleSymbolTable(symbol);
    }
    if (mode === 3) {
      const table = previous?.[index];
      if (table === undefined) throw damaged();
      return table;
    }
    const described = readFiniteStateTable(block, end, kind.maxAccuracy, kind.maxSymbol);
    end = described.end;
    return described.table;
  });
  return { tables: tables as unknown as SequenceTables, end };
}
