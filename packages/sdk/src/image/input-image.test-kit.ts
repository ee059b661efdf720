import { encode } from 'jpeg-js';
import { concatBytes } from '../foundation/bytes.ts';
import type { RasterImage } from '../host/host.ts';
import { encodePng } from './encode-png.ts';
import { crc32, writeUint32 } from './png-chunks.ts';

/** Colours of the quarters of {@link quarters}: top left, top right, bottom left, bottom right. */
export const QUARTER_COLORS = [
  [220, 40, 40],
  [40, 200, 60],
  [50, 60, 210],
  [240, 220, 60],
] as const;

/** A picture of four plain quarters. `alpha` is that of the bottom right one. */
export function quarters(width: number, height: number, alpha = 255): RasterImage {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const quarter = (y * 2 >= height ? 2 : 0) + (x * 2 >= width ? 1 : 0);
      data.set([...(QUARTER_COLORS[quarter] as readonly number[]), quarter === 3 ? alpha : 255], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

/** Mean colours, RGBA, of the middles of the four quarters of a picture, in the order of {@link QUARTER_COLORS}. */
export function quarterColors({ width, height, data }: RasterImage): number[][] {
  return [0, 1, 2, 3].map((quarter) => {
    const x = Math.floor(width * (quarter % 2 === 0 ? 0.25 : 0.75));
    const y = Math.floor(height * (quarter < 2 ? 0.25 : 0.75));
    return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
  });
}

/** Where the first row and the first column of a stored picture are to be seen. @source Exif 3.0 §4.6.5.1, tag Orientation */
const SIDES = [
  ['top', 'left'],
  ['top', 'right'],
  ['bottom', 'right'],
  ['bottom', 'left'],
  ['left', 'top'],
  ['right', 'top'],
  ['right', 'bottom'],
  ['left', 'bottom'],
] as const;

/** How a camera would store an upright picture under an orientation, 1 to 8, by the words of the standard. */
export function storedAs(upright: RasterImage, orientation: number): RasterImage {
  const [rowSide, columnSide] = SIDES[orientation - 1] as (typeof SIDES)[number];
  const swaps = rowSide === 'left' || rowSide === 'right';
  const width = swaps ? upright.height : upright.width;
  const height = swaps ? upright.width : upright.height;
  const data = new Uint8Array(upright.data.length);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const at = { x: 0, y: 0 };
      for (const [side, index] of [
        [rowSide, row],
        [columnSide, column],
      ] as const) {
        if (side === 'left') at.x = index;
        if (side === 'right') at.x = upright.width - 1 - index;
        if (side === 'top') at.y = index;
        if (side === 'bottom') at.y = upright.height - 1 - index;
      }
      const from = (at.y * upright.width + at.x) * 4;
      data.set(upright.data.subarray(from, from + 4), (row * width + column) * 4);
    }
  }
  return { width, height, data };
}

/** An Exif block with an orientation and, if wanted, a position: Berlin. */
export function exifBlock(orientation: number, options: { position?: boolean; little?: boolean } = {}): Uint8Array {
  const { position = false, little = false } = options;
  const bytes = new Uint8Array(position ? 130 : 38);
  const view = new DataView(bytes.buffer);
  const entry = (at: number, tag: number, type: number, count: number): void => {
    view.setUint16(at, tag, little);
    view.setUint16(at + 2, type, little);
    view.setUint32(at + 4, count, little);
  };
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 2, little);
  entry(10, 0x0112, 3, 1);
  view.setUint16(18, orientation, little);
  // the directory of the position, or the width of the picture in its place
  entry(22, position ? 0x8825 : 0x0100, 4, 1);
  view.setUint32(30, position ? 38 : 48, little);
  if (!position) return bytes;
  view.setUint16(38, 3, little);
  entry(40, 0, 1, 4);
  bytes.set([2, 3, 0, 0], 48);
  entry(52, 1, 2, 2);
  bytes.set([0x4e, 0], 60);
  entry(64, 2, 5, 3);
  view.setUint32(72, 80, little);
  [52, 1, 31, 1, 12, 1].forEach((value, index) => {
    view.setUint32(80 + index * 4, value, little);
  });
  return bytes;
}

/** Puts segments, each a marker's low byte and its content, behind the start of a JPEG. */
export function withSegments(
  jpeg: Uint8Array,
  ...segments: readonly [marker: number, content: Uint8Array][]
): Uint8Array {
  const parts = segments.map(([marker, content]) =>
    Uint8Array.of(0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255, ...content),
  );
  return concatBytes([jpeg.subarray(0, 2), ...parts, jpeg.subarray(2)]);
}

/** A JPEG by another encoder than ours, with an Exif block where one is given. */
export function jpegOf(image: RasterImage, exif?: Uint8Array): Uint8Array {
  const jpeg = new Uint8Array(encode(image, 95).data);
  return exif === undefined ? jpeg : withSegments(jpeg, [0xe1, concatBytes([ascii('Exif\0\0'), exif])]);
}

/** One PNG chunk with length and checksum. */
export function pngChunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  writeUint32(bytes, 0, content.length);
  bytes.set(ascii(type), 4);
  bytes.set(content, 8);
  writeUint32(bytes, content.length + 8, crc32(bytes, 4, content.length + 8));
  return bytes;
}

/** Puts a chunk behind the header, or in front of the end, of a PNG. */
export function withChunk(
  png: Uint8Array,
  type: string,
  content: Uint8Array,
  place: 'front' | 'back' = 'front',
): Uint8Array {
  const at = place === 'front' ? 33 : png.length - 12;
  return concatBytes([png.subarray(0, at), pngChunk(type, content), png.subarray(at)]);
}

/** A PNG, with an Exif block where one is given. */
export function pngOf(image: RasterImage, exif?: Uint8Array): Uint8Array {
  const png = encodePng(image, { level: 1 });
  return exif === undefined ? png : withChunk(png, 'eXIf', exif);
}

/** Latin-1 bytes of a text. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
