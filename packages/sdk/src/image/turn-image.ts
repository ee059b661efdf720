import type { RasterImage } from '../host/host.ts';
import type { Orientation } from './exif.ts';
import { assertRasterImage } from './image-limits.ts';

/**
 * The upright picture of one that is stored otherwise. For orientation 1 the picture itself; else a copy, of which 5 to 8 swap
 * width and height. Throws `INPUT_INVALID` if size and length of data disagree.
 */
export function turnUpright(image: RasterImage, orientation: Orientation): RasterImage {
  assertRasterImage(image);
  if (orientation === 1) return image;
  const { width, height } = image;
  const swaps = orientation >= 5;
  const source = pixelsOf(image.data);
  const turned = new Uint32Array(source.length);
  const [columns, rows] = swaps ? [height, width] : [width, height];
  // Where the upright picture's first pixel is stored, and how far away its neighbours to the right and below are.
  const right = [2, 3, 7, 8].includes(orientation) ? width - 1 : 0;
  const bottom = [3, 4, 6, 7].includes(orientation) ? height - 1 : 0;
  const alongX = right > 0 ? -1 : 1;
  const alongY = bottom > 0 ? -width : width;
  const [nextColumn, nextRow] = swaps ? [alongY, alongX] : [alongX, alongY];
  const first = bottom * width + right;
  let to = 0;
  for (let row = 0; row < rows; row += 1) {
    let from = first + row * nextRow;
    for (let column = 0; column < columns; column += 1) {
      turned[to++] = source[from] as number;
      from += nextColumn;
    }
  }
  return { width: columns, height: rows, data: new Uint8Array(turned.buffer) };
}

/** Whole pixels, so that four bytes move at once. Their order inside does not matter: they are only moved. */
function pixelsOf(data: Uint8Array): Uint32Array {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}
