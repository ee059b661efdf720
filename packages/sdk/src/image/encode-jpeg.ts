import { SdkError } from '../foundation/errors.ts';
import type { RasterImage } from '../host/host.ts';
import { assertRasterImage } from './image-limits.ts';
import { HUFFMAN, type HuffmanTable, QUANTIZATION, ZIGZAG } from './jpeg-tables.ts';

/** Scale of each row and column that the fast cosine transform leaves to the quantisation. @source Arai, Agui, Nakajima 1988 */
const TRANSFORM_SCALE = [1, 1.387039845, 1.306562965, 1.175875602, 1, 0.785694958, 0.5411961, 0.275899379] as const;

/** Larger ones have no code in baseline JPEG. @source ITU-T T.81 table F.2 */
const LARGEST_COEFFICIENT = 1023;

/** Codes by symbol. */
interface Codes {
  readonly bits: Uint16Array;
  readonly lengths: Uint8Array;
}

/**
 * Writes a picture as baseline JPEG, YCbCr with full colour resolution (4:4:4). Alpha is ignored.
 *
 * The same picture and quality give the same bytes on every engine: nothing but sums, products and rounding.
 *
 * Not the encoder of `jpeg-js`: it needs Node's `Buffer` wherever modules exist, which script engines lack.
 *
 * @param quality - Whole number in [1, 100], as in libjpeg: 92 shows no loss to the eye.
 * @throws {@link SdkError} `INPUT_INVALID` if size and length of data disagree, or for a quality outside its range.
 * @source ITU-T T.81; ITU-T T.871 for the colours; the scale of quality is the Independent JPEG Group's
 */
export function encodeJpeg(image: RasterImage, quality: number): Uint8Array {
  assertRasterImage(image);
  if (!Number.isInteger(quality) || quality < 1 || quality > 100 || image.width > 0xffff || image.height > 0xffff) {
    throw new SdkError({ code: 'INPUT_INVALID', message: `A JPEG of quality ${quality} cannot be written.` });
  }
  const tables = [scaleSteps(QUANTIZATION.luminance, quality), scaleSteps(QUANTIZATION.chrominance, quality)] as const;
  const output = createBitWriter(Math.max(1024, image.width * image.height));
  writeHeader(output, image, tables);
  writeScan(output, image, tables);
  return output.finish();
}

function scaleSteps(steps: Uint8Array, quality: number): Uint8Array {
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - quality * 2;
  return steps.map((step) => Math.min(255, Math.max(1, Math.floor((step * percent + 50) / 100))));
}

function writeHeader(output: BitWriter, image: RasterImage, tables: readonly [Uint8Array, Uint8Array]): void {
  const segment = (marker: number, content: readonly number[]): void =>
    output.bytes([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255, ...content]);
  output.bytes([0xff, 0xd8]);
  segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  tables.forEach((table, index) => {
    segment(0xdb, [index, ...Array.from(ZIGZAG, (place) => table[place] as number)]);
  });
  const { width, height } = image;
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  segment(0xc0, [8, ...size, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]);
  [HUFFMAN.luminance, HUFFMAN.chrominance].forEach(({ dc, ac }, index) => {
    segment(0xc4, [index, ...dc.counts, ...dc.symbols]);
    segment(0xc4, [0x10 | index, ...ac.counts, ...ac.symbols]);
  });
  segment(0xda, [3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0]);
}

function writeScan(output: BitWriter, image: RasterImage, tables: readonly [Uint8Array, Uint8Array]): void {
  const divisors = tables.map((table) =>
    Float64Array.from(
      table,
      (step, at) => 1 / (step * (TRANSFORM_SCALE[at >> 3] as number) * (TRANSFORM_SCALE[at & 7] as number) * 8),
    ),
  );
  const codes = [HUFFMAN.luminance, HUFFMAN.chrominance].map(({ dc, ac }) => ({ dc: codesOf(dc), ac: codesOf(ac) }));
  const planes = [new Float64Array(64), new Float64Array(64), new Float64Array(64)] as const;
  const quantized = new Int32Array(64);
  const previous: [number, number, number] = [0, 0, 0];
  for (let top = 0; top < image.height; top += 8) {
    for (let left = 0; left < image.width; left += 8) {
      readBlock(image, left, top, planes);
      for (let component = 0; component < 3; component += 1) {
        const kind = component === 0 ? 0 : 1;
        const block = planes[component] as Float64Array;
        const divisor = divisors[kind] as Float64Array;
        transform(block);
        for (let index = 0; index < 64; index += 1) {
          const place = ZIGZAG[index] as number;
          const value = Math.round((block[place] as number) * (divisor[place] as number));
          quantized[index] = Math.min(LARGEST_COEFFICIENT, Math.max(-LARGEST_COEFFICIENT, value));
        }
        const { dc, ac } = codes[kind] as { dc: Codes; ac: Codes };
        writeBlock(output, quantized, previous[component] as number, dc, ac);
        previous[component] = quantized[0] as number;
      }
    }
  }
}

/** Eight by eight pixels as brightness and two colour differences around zero. The last row and column repeat beyond the edge. */
function readBlock(image: RasterImage, left: number, top: number, planes: readonly Float64Array[]): void {
  const { width, height, data } = image;
  const [brightness, blueness, redness] = planes as [Float64Array, Float64Array, Float64Array];
  for (let row = 0, index = 0; row < 8; row += 1) {
    const line = Math.min(height - 1, top + row) * width;
    for (let column = 0; column < 8; column += 1, index += 1) {
      const at = (line + Math.min(width - 1, left + column)) * 4;
      const red = data[at] as number;
      const green = data[at + 1] as number;
      const blue = data[at + 2] as number;
      brightness[index] = 0.299 * red + 0.587 * green + 0.114 * blue - 128;
      blueness[index] = -0.168735892 * red - 0.331264108 * green + 0.5 * blue;
      redness[index] = 0.5 * red - 0.418687589 * green - 0.081312411 * blue;
    }
  }
}

/** The cosine transform in place, rows then columns, but for {@link TRANSFORM_SCALE}. */
function transform(block: Float64Array): void {
  for (let row = 0; row < 64; row += 8) transformLine(block, row, 1);
  for (let column = 0; column < 8; column += 1) transformLine(block, column, 8);
}

function transformLine(block: Float64Array, first: number, step: number): void {
  const at = (index: number): number => block[first + index * step] as number;
  const [a, b, c, d] = [at(0) + at(7), at(1) + at(6), at(2) + at(5), at(3) + at(4)];
  const [e, f, g, h] = [at(3) - at(4), at(2) - at(5), at(1) - at(6), at(0) - at(7)];
  // even part
  const [outer, inner, innerDifference, outerDifference] = [a + d, b + c, b - c, a - d];
  const evenTurn = (innerDifference + outerDifference) * Math.SQRT1_2;
  block[first] = outer + inner;
  block[first + 4 * step] = outer - inner;
  block[first + 2 * step] = outerDifference + evenTurn;
  block[first + 6 * step] = outerDifference - evenTurn;
  // odd part
  const [low, middle, high] = [e + f, f + g, g + h];
  const shared = (low - high) * 0.382683433;
  const lowTurn = 0.5411961 * low + shared;
  const highTurn = 1.306562965 * high + shared;
  const middleTurn = middle * Math.SQRT1_2;
  const [sum, difference] = [h + middleTurn, h - middleTurn];
  block[first + 5 * step] = difference + lowTurn;
  block[first + 3 * step] = difference - lowTurn;
  block[first + step] = sum + highTurn;
  block[first + 7 * step] = sum - highTurn;
}

function writeBlock(output: BitWriter, block: Int32Array, before: number, dc: Codes, ac: Codes): void {
  const difference = (block[0] as number) - before;
  const size = magnitudeOf(difference);
  output.bits(dc.bits[size] as number, dc.lengths[size] as number);
  output.bits(difference < 0 ? difference + (1 << size) - 1 : difference, size);
  let zeros = 0;
  for (let index = 1; index < 64; index += 1) {
    const value = block[index] as number;
    if (value === 0) {
      zeros += 1;
      continue;
    }
    for (; zeros > 15; zeros -= 16) output.bits(ac.bits[0xf0] as number, ac.lengths[0xf0] as number);
    const length = magnitudeOf(value);
    const symbol = (zeros << 4) | length;
    output.bits(ac.bits[symbol] as number, ac.lengths[symbol] as number);
    output.bits(value < 0 ? value + (1 << length) - 1 : value, length);
    zeros = 0;
  }
  if (zeros > 0) output.bits(ac.bits[0] as number, ac.lengths[0] as number);
}

/** Bits that the absolute value takes. */
function magnitudeOf(value: number): number {
  return 32 - Math.clz32(Math.abs(value));
}

/** @source ITU-T T.81 annex C */
function codesOf(table: HuffmanTable): Codes {
  const codes = { bits: new Uint16Array(256), lengths: new Uint8Array(256) };
  let code = 0;
  let next = 0;
  table.counts.forEach((count, index) => {
    for (let entry = 0; entry < count; entry += 1) {
      const symbol = table.symbols[next++] as number;
      codes.bits[symbol] = code++;
      codes.lengths[symbol] = index + 1;
    }
    code <<= 1;
  });
  return codes;
}

interface BitWriter {
  /** Whole bytes. Only where no bits are waiting. */
  bytes(values: readonly number[]): void;
  /** The lowest `length` bits of a value, at most 16. */
  bits(value: number, length: number): void;
  /** Fills the last byte with ones, ends the picture and gives everything written. */
  finish(): Uint8Array;
}

function createBitWriter(capacity: number): BitWriter {
  let buffer = new Uint8Array(capacity);
  let used = 0;
  let waiting = 0;
  let waitingLength = 0;
  const put = (value: number): void => {
    if (used === buffer.length) {
      const larger = new Uint8Array(buffer.length * 2);
      larger.set(buffer);
      buffer = larger;
    }
    buffer[used++] = value;
  };
  const bits = (value: number, length: number): void => {
    waiting = (waiting << length) | value;
    waitingLength += length;
    while (waitingLength >= 8) {
      const byte = (waiting >> (waitingLength - 8)) & 255;
      put(byte);
      // a zero says that this is no marker
      if (byte === 0xff) put(0);
      waitingLength -= 8;
    }
    waiting &= (1 << waitingLength) - 1;
  };
  return {
    bytes: (values) => values.forEach(put),
    bits,
    finish() {
      if (waitingLength > 0) bits((1 << (8 - waitingLength)) - 1, 8 - waitingLength);
      put(0xff);
      put(0xd9);
      return buffer.slice(0, used);
    },
  };
}
