import { zlibSync } from 'fflate';

import type { RasterImage } from '../host/host.ts';
import { assertRasterImage } from './image-limits.ts';
import { crc32, PNG_SIGNATURE, paeth, writeUint32 } from './png-chunks.ts';

/** Options of {@link encodePng}. */
export interface EncodePngOptions {
  /** Effort of compression: 0 stores, 9 is smallest. Default 6. */
  readonly level?: number;
}

/**
 * Writes a picture as PNG: 8 bits a channel, RGB if every pixel is opaque and RGBA otherwise, not interlaced.
 *
 * The same picture gives the same bytes on every engine. Throws `INPUT_INVALID` if size and length of data disagree.
 *
 * @source PNG 3rd edition; row filters by the minimum sum of absolute differences of §12.7.
 */
export function encodePng(image: RasterImage, options: EncodePngOptions = {}): Uint8Array {
  const { width, height, data } = image;
  assertRasterImage(image);
  const channels = isOpaque(data) ? 3 : 4;
  const level = Math.min(9, Math.max(0, Math.round(options.level ?? 6))) as 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
  const compressed = zlibSync(filterRows(image, channels), { level });

  const bytes = new Uint8Array(8 + 25 + 12 + compressed.length + 12);
  bytes.set(PNG_SIGNATURE);
  const header = new Uint8Array(13);
  writeUint32(header, 0, width);
  writeUint32(header, 4, height);
  header[8] = 8;
  header[9] = channels === 3 ? 2 : 6;
  let offset = writeChunk(bytes, 8, 'IHDR', header);
  offset = writeChunk(bytes, offset, 'IDAT', compressed);
  writeChunk(bytes, offset, 'IEND', new Uint8Array(0));
  return bytes;
}

function isOpaque(data: Uint8Array): boolean {
  for (let index = 3; index < data.length; index += 4) if (data[index] !== 255) return false;
  return true;
}

function writeChunk(bytes: Uint8Array, offset: number, type: string, content: Uint8Array): number {
  writeUint32(bytes, offset, content.length);
  for (let index = 0; index < 4; index += 1) bytes[offset + 4 + index] = type.charCodeAt(index);
  bytes.set(content, offset + 8);
  const end = offset + 8 + content.length;
  writeUint32(bytes, end, crc32(bytes, offset + 4, end));
  return end + 4;
}

/** Packs pixels and puts the filter in front of each row that leaves the smallest differences. */
function filterRows(image: RasterImage, channels: number): Uint8Array {
  const { width, height, data } = image;
  const stride = width * channels;
  const filtered = new Uint8Array(height * (stride + 1));
  const candidates = Array.from({ length: 5 }, () => new Uint8Array(stride));
  let row = new Uint8Array(stride);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0, from = y * width * 4, to = 0; x < width; x += 1, from += 4) {
      for (let channel = 0; channel < channels; channel += 1) row[to++] = data[from + channel] as number;
    }
    const best = chooseFilter(row, above, channels, candidates);
    filtered[y * (stride + 1)] = best;
    filtered.set(candidates[best] as Uint8Array, y * (stride + 1) + 1);
    [row, above] = [above, row];
  }
  return filtered;
}

function chooseFilter(row: Uint8Array, above: Uint8Array, channels: number, candidates: readonly Uint8Array[]): number {
  const [none, sub, up, average, paethed] = candidates as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const sums: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  for (let index = 0; index < row.length; index += 1) {
    const value = row[index] as number;
    const left = index >= channels ? (row[index - channels] as number) : 0;
    const top = above[index] as number;
    const corner = index >= channels ? (above[index - channels] as number) : 0;
    none[index] = value;
    sub[index] = value - left;
    up[index] = value - top;
    average[index] = value - ((left + top) >> 1);
    paethed[index] = value - paeth(left, top, corner);
    // Differences count as signed bytes. Written out, because this is the hottest place in an interpreter.
    sums[0] += value < 128 ? value : 256 - value;
    sums[1] += Math.abs(((value - left) << 24) >> 24);
    sums[2] += Math.abs(((value - top) << 24) >> 24);
    sums[3] += Math.abs(((average[index] as number) << 24) >> 24);
    sums[4] += Math.abs(((paethed[index] as number) << 24) >> 24);
  }
  return sums.indexOf(Math.min(...sums));
}
