import { unzlibSync } from 'fflate';
import { concatBytes } from '../foundation/bytes.ts';
import type { RasterImage } from '../host/host.ts';
import { assertImageSize, unreadable } from './image-limits.ts';
import { crc32, PNG_SIGNATURE, paeth, readUint32 } from './png-chunks.ts';

/** What the chunks in front of the pixels say. */
interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colorType: number;
  readonly interlaced: boolean;
}

/** Channels and allowed bit depths per colour type. @source PNG 3rd edition, table 8 */
const COLOR_TYPES: Readonly<Record<number, { readonly channels: number; readonly depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};

/** Adam7: first column, first row, column step, row step of each pass. @source PNG 3rd edition §8.1 */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Reads a PNG of any colour type, bit depth and interlacing as 8-bit RGBA. 16-bit samples keep their upper half;
 * gamma, profiles and animation are ignored, as glTF asks.
 *
 * Memory is bounded by the declared size, whatever the compressed data expand to. Throws `ASSET_UNREADABLE` for damaged
 * and cut files and `ASSET_TOO_LARGE` beyond the limits.
 *
 * @source PNG 3rd edition. Not `fast-png`: it needs a global TextDecoder when loaded, which script engines lack.
 */
export function decodePng(bytes: Uint8Array): RasterImage {
  if (!PNG_SIGNATURE.every((value, index) => bytes[index] === value)) throw unreadable('is not a PNG');
  let header: PngHeader | undefined;
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  const parts: Uint8Array[] = [];
  let offset = 8;
  for (let ended = false; !ended; ) {
    if (offset + 12 > bytes.length) throw unreadable('is cut off: a PNG without its end');
    const length = readUint32(bytes, offset);
    const end = offset + 8 + length;
    if (end + 4 > bytes.length) throw unreadable('is cut off in the middle of a PNG chunk');
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    const critical = ((bytes[offset + 4] as number) & 0x20) === 0;
    if (critical && crc32(bytes, offset + 4, end) !== readUint32(bytes, end)) {
      throw unreadable(`is damaged: a checksum of a PNG chunk does not match`);
    }
    const content = bytes.subarray(offset + 8, end);
    if (type === 'IHDR') header ??= readHeader(content);
    else if (header === undefined) throw unreadable('is damaged: a PNG that does not begin with its header');
    else if (type === 'PLTE') palette = content;
    else if (type === 'tRNS') transparency = content;
    else if (type === 'IDAT') parts.push(content);
    else if (type === 'IEND') ended = true;
    else if (critical) throw unreadable('uses a PNG chunk that is not known');
    offset = end + 4;
  }
  if (header === undefined || parts.length === 0) throw unreadable('is damaged: a PNG without pixels');
  if (header.colorType === 3 && (palette === undefined || palette.length === 0)) {
    throw unreadable('is damaged: an indexed PNG without palette');
  }
  return readPixels(header, inflate(header, concatBytes(parts)), palette, transparency);
}

function readHeader(content: Uint8Array): PngHeader {
  if (content.length !== 13) throw unreadable('is damaged: a PNG header of the wrong length');
  const [bitDepth, colorType, compression, filter, interlace] = content.subarray(8) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  const width = readUint32(content, 0);
  const height = readUint32(content, 4);
  if (!COLOR_TYPES[colorType]?.depths.includes(bitDepth) || compression !== 0 || filter !== 0 || interlace > 1) {
    throw unreadable('is damaged: a PNG header with impossible values');
  }
  assertImageSize(width, height);
  return { width, height, bitDepth, colorType, interlaced: interlace === 1 };
}

/** Sizes of the passes that hold pixels. */
function passesOf(
  header: PngHeader,
): { x: number; y: number; dx: number; dy: number; width: number; height: number }[] {
  const passes = header.interlaced ? PASSES : ([[0, 0, 1, 1]] as const);
  return passes
    .map(([x, y, dx, dy]) => ({
      x,
      y,
      dx,
      dy,
      width: Math.ceil((header.width - x) / dx),
      height: Math.ceil((header.height - y) / dy),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

function bitsPerPixel(header: PngHeader): number {
  return header.bitDepth * (COLOR_TYPES[header.colorType]?.channels ?? 1);
}

function inflate(header: PngHeader, compressed: Uint8Array): Uint8Array {
  let length = 0;
  for (const pass of passesOf(header)) length += pass.height * (1 + Math.ceil((pass.width * bitsPerPixel(header)) / 8));
  let inflated: Uint8Array;
  try {
    // With a target of fixed size a bomb writes past the end, which typed arrays ignore.
    inflated = unzlibSync(compressed, { out: new Uint8Array(length) });
  } catch (cause) {
    throw unreadable('is damaged: its PNG data cannot be decompressed', cause);
  }
  if (inflated.length < length) throw unreadable('is damaged: its PNG data end too early');
  return inflated;
}

function readPixels(
  header: PngHeader,
  raw: Uint8Array,
  palette: Uint8Array | undefined,
  transparency: Uint8Array | undefined,
): RasterImage {
  const { width, height } = header;
  const data = new Uint8Array(width * height * 4);
  const bits = bitsPerPixel(header);
  const step = Math.max(1, bits >> 3);
  const write = createPixelWriter(header, palette, transparency);
  let offset = 0;
  for (const pass of passesOf(header)) {
    const stride = Math.ceil((pass.width * bits) / 8);
    let above = new Uint8Array(stride);
    for (let row = 0; row < pass.height; row += 1) {
      const filter = raw[offset] as number;
      const line = raw.subarray(offset + 1, offset + 1 + stride);
      unfilter(filter, line, above, step);
      for (let column = 0; column < pass.width; column += 1) {
        write(line, column, data, ((pass.y + row * pass.dy) * width + pass.x + column * pass.dx) * 4);
      }
      above = line as Uint8Array<ArrayBuffer>;
      offset += stride + 1;
    }
  }
  return { width, height, data };
}

function unfilter(filter: number, line: Uint8Array, above: Uint8Array, step: number): void {
  if (filter > 4) throw unreadable('is damaged: a PNG row with an unknown filter');
  if (filter === 0) return;
  for (let index = 0; index < line.length; index += 1) {
    const left = index >= step ? (line[index - step] as number) : 0;
    const top = above[index] as number;
    const corner = index >= step ? (above[index - step] as number) : 0;
    const predicted =
      filter === 1 ? left : filter === 2 ? top : filter === 3 ? (left + top) >> 1 : paeth(left, top, corner);
    line[index] = (line[index] as number) + predicted;
  }
}

type PixelWriter = (line: Uint8Array, column: number, data: Uint8Array, at: number) => void;

function createPixelWriter(
  header: PngHeader,
  palette: Uint8Array | undefined,
  transparency: Uint8Array | undefined,
): PixelWriter {
  const { bitDepth, colorType } = header;
  const channels = COLOR_TYPES[colorType]?.channels ?? 1;
  const wide = bitDepth === 16 ? 2 : 1;
  if (colorType === 3) {
    const colors = palette as Uint8Array;
    return (line, column, data, at) => {
      const entry = packedSample(line, column, bitDepth);
      if (entry * 3 + 2 >= colors.length) throw unreadable('is damaged: a PNG pixel outside its palette');
      data[at] = colors[entry * 3] as number;
      data[at + 1] = colors[entry * 3 + 1] as number;
      data[at + 2] = colors[entry * 3 + 2] as number;
      data[at + 3] = transparency?.[entry] ?? 255;
    };
  }
  // Grey and RGB may name one colour, at full depth, that is transparent.
  const key =
    transparency !== undefined && (colorType === 0 || colorType === 2) && transparency.length >= channels * 2
      ? Array.from(
          { length: channels },
          (_, channel) => ((transparency[channel * 2] as number) << 8) | (transparency[channel * 2 + 1] as number),
        )
      : undefined;
  const hasAlpha = colorType === 4 || colorType === 6;
  const grey = colorType === 0 || colorType === 4;
  const scale = bitDepth < 8 ? 255 / ((1 << bitDepth) - 1) : 1;
  return (line, column, data, at) => {
    const from = column * channels * wide;
    let matches = key !== undefined;
    for (let channel = 0; channel < 3; channel += 1) {
      const index = from + (grey ? 0 : channel) * wide;
      const sample = bitDepth < 8 ? packedSample(line, column, bitDepth) : (line[index] as number);
      data[at + channel] = sample * scale;
      const full = wide === 2 ? (sample << 8) | (line[index + 1] as number) : sample;
      if (key !== undefined && full !== key[grey ? 0 : channel]) matches = false;
    }
    data[at + 3] = hasAlpha ? (line[from + (channels - 1) * wide] as number) : matches ? 0 : 255;
  };
}

/** A sample of 1, 2, 4 or 8 bits; the leftmost pixel is in the highest bits. */
function packedSample(line: Uint8Array, column: number, bitDepth: number): number {
  if (bitDepth === 8) return line[column] as number;
  const bit = column * bitDepth;
  return ((line[bit >> 3] as number) >> (8 - bitDepth - (bit & 7))) & ((1 << bitDepth) - 1);
}
