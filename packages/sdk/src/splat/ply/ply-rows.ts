import { unreadable } from '../splat-errors.ts';
import type { PlyColumn } from './ply-columns.ts';
import type { PlyElement, PlyHeader, PlyProperty, PlyType } from './ply-header.ts';

/** A property of the file and where its values go. */
export interface PlyAssignment {
  readonly property: PlyProperty;
  readonly column: PlyColumn;
}

/** Rows turned at once: small enough for a block and the strips it goes to to stay in the processor's cache. */
export const BLOCK_ROWS = 4096;

/** True where typed arrays have the byte order of binary PLYs; every engine in use today does. */
export const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Spreads binary rows over columns.
 *
 * @param body - Exactly the rows of the element. Not modified.
 */
export function readBinaryRows(
  body: Uint8Array,
  element: PlyElement,
  isLittle: boolean,
  assignments: readonly PlyAssignment[],
): void {
  const { count, rowBytes, properties } = element;
  const isFloats = isLittle && IS_LITTLE_ENDIAN && properties.every(({ type }) => type === 'float32');
  // A copy per block: the body begins wherever the header ends, and floats can only be viewed at multiples of four.
  const block = new Uint8Array(Math.min(count, BLOCK_ROWS) * rowBytes);
  const floats = isFloats ? new Float32Array(block.buffer) : new Float32Array(0);
  const view = new DataView(block.buffer);
  for (let first = 0; first < count; first += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, count - first);
    block.set(body.subarray(first * rowBytes, (first + rows) * rowBytes));
    for (const { property, column } of assignments) {
      const { array, stride } = column;
      let to = first * stride + column.offset;
      if (isFloats) {
        const step = rowBytes / 4;
        let from = property.offset / 4;
        for (let row = 0; row < rows; row += 1) {
          array[to] = floats[from] as number;
          from += step;
          to += stride;
        }
      } else {
        const readNumber = NUMBER_READERS[property.type];
        for (let row = 0; row < rows; row += 1) {
          array[to] = readNumber(view, row * rowBytes + property.offset, isLittle);
          to += stride;
        }
      }
    }
  }
}

const NUMBER_READERS: Readonly<Record<PlyType, (view: DataView, at: number, isLittle: boolean) => number>> = {
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  int16: (view, at, isLittle) => view.getInt16(at, isLittle),
  uint16: (view, at, isLittle) => view.getUint16(at, isLittle),
  int32: (view, at, isLittle) => view.getInt32(at, isLittle),
  uint32: (view, at, isLittle) => view.getUint32(at, isLittle),
  float32: (view, at, isLittle) => view.getFloat32(at, isLittle),
  float64: (view, at, isLittle) => view.getFloat64(at, isLittle),
};

/** Longest number in a text body. Longer words cannot be one and would only cost time. */
const MAX_WORD = 64;

/** Reads the words of a text body one after the other. */
export interface PlyWords {
  /** The next word, or undefined at the end of the file. */
  next(): string | undefined;
}

/** Words of a text body, wherever its lines end. */
export function plyWords(bytes: Uint8Array): PlyWords {
  let at = 0;
  return {
    next() {
      while (at < bytes.length && (bytes[at] as number) <= 32) at += 1;
      if (at === bytes.length) return undefined;
      let word = '';
      for (; at < bytes.length && (bytes[at] as number) > 32; at += 1) {
        if (word.length === MAX_WORD) throw unreadable('The PLY has a number of more than 64 characters.');
        word += String.fromCharCode(bytes[at] as number);
      }
      return word;
    },
  };
}

/** Spreads rows of text over columns. Returns how many rows there were. */
export function readTextRows(words: PlyWords, element: PlyElement, assignments: readonly PlyAssignment[]): number {
  const targets = element.properties.map(
    (property) => assignments.find((assignment) => assignment.property === property)?.column,
  );
  for (let row = 0; row < element.count; row += 1) {
    for (const column of targets) {
      const word = words.next();
      if (word === undefined) return row;
      if (column !== undefined) column.array[row * column.stride + column.offset] = parseNumber(word);
    }
  }
  return element.count;
}

function parseNumber(word: string): number {
  const value = Number(word);
  if (!Number.isNaN(value)) return value;
  const text = word.toLowerCase();
  if (/^[+-]?(?:nan|1\.#(?:ind|qnan).*)(?:\(.*\))?$/.test(text)) return Number.NaN;
  if (/^\+?(?:inf|infinity)$/.test(text)) return Number.POSITIVE_INFINITY;
  if (/^-(?:inf|infinity)$/.test(text)) return Number.NEGATIVE_INFINITY;
  throw unreadable('The PLY has a word where a number belongs.');
}

/** Where the binary rows of `element` begin, or undefined if that cannot be known without reading lists. */
export function offsetOfElement(header: PlyHeader, element: PlyElement): number | undefined {
  let offset = header.bodyOffset;
  for (const other of header.elements) {
    if (other === element) return offset;
    if (other.hasLists) return undefined;
    offset += other.count * other.rowBytes;
  }
  return undefined;
}

/** False if a text file of `fileBytes` is too short for what its header declares: a number and its gap take two bytes. */
export function textCanHold(header: PlyHeader, fileBytes: number): boolean {
  let words = 0;
  for (const element of header.elements) {
    if (!element.hasLists) words += element.count * element.properties.length;
    if (element.name === 'vertex') break;
  }
  return 2 * words - 1 <= fileBytes - header.bodyOffset;
}
