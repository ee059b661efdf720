import type { SdkError } from '../../foundation/errors.ts';
import { invalid, quoteForeign, unreadable } from '../splat-errors.ts';
import type { SplatLimits } from '../splat-limits.ts';

/** Types of numbers in a PLY. The format has two names for each. */
export type PlyType = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'float32' | 'float64';

/** One column of an element. */
export interface PlyProperty {
  readonly name: string;
  readonly type: PlyType;
  /** Bytes from the beginning of a row. */
  readonly offset: number;
}

/** A table in a PLY: rows with the same properties. */
export interface PlyElement {
  readonly name: string;
  readonly count: number;
  readonly properties: readonly PlyProperty[];
  /** Bytes of a binary row. Without meaning if the element {@link hasLists}. */
  readonly rowBytes: number;
  /** True if rows hold lists, so that they differ in size. */
  readonly hasLists: boolean;
}

/** What the text at the beginning of a PLY says. */
export interface PlyHeader {
  readonly encoding: 'ascii' | 'little' | 'big';
  readonly elements: readonly PlyElement[];
  /** Where the data begin. */
  readonly bodyOffset: number;
}

const TYPES: Readonly<Record<string, PlyType>> = {
  char: 'int8',
  int8: 'int8',
  uchar: 'uint8',
  uint8: 'uint8',
  short: 'int16',
  int16: 'int16',
  ushort: 'uint16',
  uint16: 'uint16',
  int: 'int32',
  int32: 'int32',
  uint: 'uint32',
  uint32: 'uint32',
  float: 'float32',
  float32: 'float32',
  double: 'float64',
  float64: 'float64',
};

/** Bytes of a number of each type. */
export const PLY_TYPE_BYTES: Readonly<Record<PlyType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  float64: 8,
};

const ENCODINGS: Readonly<Record<string, PlyHeader['encoding']>> = {
  ascii: 'ascii',
  binary_little_endian: 'little',
  binary_big_endian: 'big',
};

/**
 * Parses the header of a PLY. Lines end with a line feed, with or without a carriage return before it.
 *
 * @throws {@link SdkError} `ASSET_UNREADABLE` without an end within `limits.headerBytes`, `ASSET_INVALID` for a line that means
 * nothing.
 * @source Greg Turk, The PLY Polygon File Format, 1994.
 */
export function parsePlyHeader(bytes: Uint8Array, limits: SplatLimits): PlyHeader {
  const { lines, bodyOffset } = takeLines(bytes, limits.headerBytes);
  let encoding: PlyHeader['encoding'] | undefined;
  const elements: ElementDraft[] = [];
  for (const line of lines) {
    const [keyword, ...words] = line.split(' ').filter((word) => word !== '');
    switch (keyword) {
      case undefined:
      case 'ply':
      case 'comment':
      case 'obj_info':
        break;
      case 'format':
        encoding = Object.hasOwn(ENCODINGS, words[0] ?? '') ? ENCODINGS[words[0] ?? ''] : undefined;
        if (encoding === undefined) throw invalidLine(line);
        break;
      case 'element':
        elements.push({ name: words[0] ?? '', count: parseCount(words[1], line), columns: [], hasLists: false });
        break;
      case 'property':
        addProperty(elements.at(-1), words, line);
        break;
      default:
        throw invalidLine(line);
    }
  }
  if (encoding === undefined) throw invalid('The PLY does not say how its data are encoded.');
  return { encoding, elements: elements.map(placeProperties), bodyOffset };
}

function invalidLine(line: string): SdkError {
  return invalid(`The PLY header has a line that means nothing: ${quoteForeign(line)}.`);
}

function takeLines(bytes: Uint8Array, limit: number): { lines: string[]; bodyOffset: number } {
  const lines: string[] = [];
  const end = Math.min(bytes.length, limit);
  let line = '';
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte !== 10) {
      // tabs separate words too; a carriage return ends up at the end of the line, where it is cut off as a space
      line += byte === 9 || byte === 13 ? ' ' : String.fromCharCode(byte);
      continue;
    }
    const text = line.trim();
    if (text === 'end_header') return { lines, bodyOffset: at + 1 };
    lines.push(text);
    line = '';
  }
  throw unreadable(
    bytes.length > limit ? `The PLY header is longer than ${limit} bytes.` : 'The PLY ends within its header.',
  );
}

function parseCount(word: string | undefined, line: string): number {
  if (word === undefined || !/^\d{1,15}$/.test(word)) throw invalidLine(line);
  return Number(word);
}

interface ElementDraft {
  readonly name: string;
  readonly count: number;
  readonly columns: { readonly name: string; readonly type: PlyType }[];
  hasLists: boolean;
}

function addProperty(element: ElementDraft | undefined, words: readonly string[], line: string): void {
  if (element === undefined) throw invalidLine(line);
  if (words[0] === 'list') {
    if (typeOf(words[1]) === undefined || typeOf(words[2]) === undefined || words[3] === undefined) {
      throw invalidLine(line);
    }
    element.hasLists = true;
    return;
  }
  const type = typeOf(words[0]);
  const name = words[1];
  if (type === undefined || name === undefined) throw invalidLine(line);
  if (element.columns.some((column) => column.name === name)) {
    throw invalid(`The PLY declares the property ${quoteForeign(name)} twice.`);
  }
  element.columns.push({ name, type });
}

function typeOf(word: string | undefined): PlyType | undefined {
  return word !== undefined && Object.hasOwn(TYPES, word) ? TYPES[word] : undefined;
}

function placeProperties({ name, count, columns, hasLists }: ElementDraft): PlyElement {
  let rowBytes = 0;
  const properties = columns.map((column) => {
    const placed = { ...column, offset: rowBytes };
    rowBytes += PLY_TYPE_BYTES[column.type];
    return placed;
  });
  return { name, count, properties, rowBytes, hasLists };
}
