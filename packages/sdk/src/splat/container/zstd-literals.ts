import { decodeHuffman, type HuffmanTable, readHuffmanTable } from './huffman-table.ts';
import { damaged } from './zstd-error.ts';

/** Bytes that a block copies out, the table they were coded with, and where their section ends. */
export interface Literals {
  readonly bytes: Uint8Array;
  readonly table: HuffmanTable | undefined;
  readonly end: number;
}

/**
 * Reads the literals at the beginning of a block.
 *
 * @param previous - Table of the block before, which may be used again.
 * @param maxBytes - Largest size of a block.
 * @source RFC 8878 §3.1.1.3.1.
 */
export function readLiterals(block: Uint8Array, previous: HuffmanTable | undefined, maxBytes: number): Literals {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0] = block;
  const type = b0 & 3;
  const format = (b0 >> 2) & 3;
  if (type < 2) {
    const [headBytes, size] =
      format === 1 ? [2, (b0 >> 4) | (b1 << 4)] : format === 3 ? [3, (b0 >> 4) | (b1 << 4) | (b2 << 12)] : [1, b0 >> 3];
    const end = headBytes + (type === 0 ? size : 1);
    if (size > maxBytes || end > block.length) throw damaged();
    const bytes = type === 0 ? block.subarray(headBytes, end) : new Uint8Array(size).fill(block[headBytes] as number);
    return { bytes, table: previous, end };
  }
  const width = format < 2 ? 10 : format === 2 ? 14 : 18;
  const headBytes = format < 2 ? 3 : format === 2 ? 4 : 5;
  // up to 36 bits of sizes: more than integers of 32 bits hold
  const sizes = Math.floor(
    (b0 + 256 * (b1 + 256 * (b2 + 256 * ((headBytes > 3 ? b3 : 0) + 256 * (headBytes > 4 ? b4 : 0))))) / 16,
  );
  const size = sizes % 2 ** width;
  const end = headBytes + Math.floor(sizes / 2 ** width);
  if (size > maxBytes || size === 0 || end > block.length) throw damaged();
  let begin = headBytes;
  let table = previous;
  if (type === 2) {
    const described = readHuffmanTable(block.subarray(0, end), headBytes);
    table = described.table;
    begin = described.end;
  }
  if (table === undefined) throw damaged();
  const bytes = new Uint8Array(size);
  if (format === 0) decodeHuffman(block.subarray(begin, end), table, bytes);
  else decodeFourStreams(block.subarray(begin, end), table, bytes);
  return { bytes, table, end };
}

function decodeFourStreams(streams: Uint8Array, table: HuffmanTable, target: Uint8Array): void {
  const quarter = (target.length + 3) >> 2;
  if (streams.length < 6 || target.length < 3 * quarter) throw damaged();
  let from = 6;
  for (let index = 0; index < 4; index += 1) {
    const size = (streams[2 * index] as number) | ((streams[2 * index + 1] as number) << 8);
    const end = index < 3 ? from + size : streams.length;
    if (end > streams.length) throw damaged();
    const part = target.subarray(index * quarter, index < 3 ? (index + 1) * quarter : target.length);
    decodeHuffman(streams.subarray(from, end), table, part);
    from = end;
  }
}
