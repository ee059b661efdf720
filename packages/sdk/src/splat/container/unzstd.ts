import { unreadable } from '../splat-errors.ts';
import { BoundedOutput, type OutputBounds } from './bounded-output.ts';
import type { HuffmanTable } from './huffman-table.ts';
import { damaged } from './zstd-error.ts';
import { readLiterals } from './zstd-literals.ts';
import { runSequences, type SequenceState } from './zstd-sequences.ts';

/** Largest content of a block. */
const MAX_BLOCK_BYTES = 128 * 1024;

const CHECKSUM_BYTES = 4;

/**
 * Decompresses a file of one Zstandard frame.
 *
 * Written for files of strangers: the libraries at hand go round for ever on a Huffman table of one symbol, or for minutes on
 * sequences that run past their block. Here every step is bounded by the size of the block. What has come out already
 * serves as the window, so a frame's word about its size costs no memory.
 *
 * The checksum that a frame may end with is not compared; the content's own structure is checked by its reader.
 *
 * @throws {@link SdkError} `ASSET_UNREADABLE` if it is damaged, cut off, followed by anything, needs a dictionary, or is more
 * than `bounds` allow.
 * @source RFC 8878.
 */
export function unzstd(bytes: Uint8Array, bounds: OutputBounds): Uint8Array {
  const { begin, contentBytes, hasChecksum } = readFrameHeader(bytes);
  if (contentBytes !== undefined && contentBytes > bounds.maxBytes) {
    throw unreadable('The Zstandard frame declares more than a splat can have.');
  }
  const output = new BoundedOutput(bounds);
  const state: SequenceState = { tables: undefined, offsets: [1, 4, 8] };
  let huffman: HuffmanTable | undefined;
  let at = begin;
  for (let isLast = false; !isLast; ) {
    const head = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    const type = (head >> 1) & 3;
    const size = head >> 3;
    const from = at + 3;
    at = from + (type === 1 ? 1 : size);
    if (at > bytes.length || size > MAX_BLOCK_BYTES || type === 3) throw damaged();
    const block = bytes.subarray(from, at);
    if (type === 0) output.append(block);
    else if (type === 1) {
      output.room(size).fill(block[0] as number, output.length, output.length + size);
      output.advance(size);
    } else {
      const literals = readLiterals(block, huffman, MAX_BLOCK_BYTES);
      huffman = literals.table;
      const target = output.room(MAX_BLOCK_BYTES);
      const rest = block.subarray(literals.end);
      output.advance(runSequences(rest, literals.bytes, state, target, output.length, MAX_BLOCK_BYTES));
    }
    isLast = (head & 1) === 1;
  }
  if (hasChecksum) at += CHECKSUM_BYTES;
  if (at !== bytes.length) throw unreadable('The Zstandard frame is cut off, or other data follow it.');
  const content = output.finish();
  if (contentBytes !== undefined && contentBytes !== content.length) throw damaged();
  return content;
}

interface FrameHeader {
  readonly begin: number;
  /** Undefined if the frame does not say. */
  readonly contentBytes: number | undefined;
  readonly hasChecksum: boolean;
}

/** @source RFC 8878 §3.1.1.1. */
function readFrameHeader(bytes: Uint8Array): FrameHeader {
  const descriptor = bytes[4] ?? 8;
  const isSingleSegment = (descriptor & 32) !== 0;
  if ((descriptor & 8) !== 0) throw damaged();
  if ((descriptor & 3) !== 0)
    throw unreadable('The Zstandard frame needs a dictionary, which splats do not come with.');
  const flag = descriptor >> 6;
  const sizeBytes = flag === 0 ? (isSingleSegment ? 1 : 0) : 2 ** flag;
  const sizeAt = isSingleSegment ? 5 : 6;
  const begin = sizeAt + sizeBytes;
  if (begin > bytes.length) throw damaged();
  let contentBytes = flag === 1 ? 256 : 0;
  for (let index = sizeBytes - 1, value = 0; index >= 0; index -= 1) {
    value = value * 256 + (bytes[sizeAt + index] as number);
    if (index === 0) contentBytes += value;
  }
  return {
    begin,
    contentBytes: sizeBytes === 0 ? undefined : contentBytes,
    hasChecksum: (descriptor & 4) !== 0,
  };
}
