import { SdkError } from '../foundation/errors.ts';
import type { RasterImage } from '../host/host.ts';
import { assertImageSize, assertRasterImage } from './image-limits.ts';
import { fromLinear, SRGB_TO_LINEAR } from './srgb.ts';

/** Options of {@link resizeImage}. */
export interface ResizeImageOptions {
  /** `srgb` averages light, as colours need; `linear` averages the numbers, as normals and roughness need. Default `srgb`. */
  readonly colorSpace?: 'srgb' | 'linear';
}

/** Share of each old cell in each new one along one axis. */
interface Span {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * A copy of a picture in another size. Every new pixel is the average of the area it covers; enlarging repeats pixels.
 *
 * Colours are averaged in linear light, weighted by alpha, so that cut-outs get no dark or bright fringe. Throws
 * `INPUT_INVALID` for sizes that are not whole and positive, `ASSET_TOO_LARGE` beyond the limits.
 */
export function resizeImage(
  image: RasterImage,
  width: number,
  height: number,
  options: ResizeImageOptions = {},
): RasterImage {
  assertRasterImage(image);
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new SdkError({ code: 'INPUT_INVALID', message: `${width} × ${height} is not a size of a picture.` });
  }
  assertImageSize(width, height);
  const srgb = (options.colorSpace ?? 'srgb') === 'srgb';
  const columns = spansOf(image.width, width);
  const rows = spansOf(image.height, height);
  const data = new Uint8Array(width * height * 4);
  const sums = new Float64Array(width * 5);
  for (let y = 0; y < height; y += 1) {
    const row = rows[y] as Span;
    sums.fill(0);
    for (let step = 0; step < row.weights.length; step += 1) {
      const line = (row.first + step) * image.width * 4;
      const rowWeight = row.weights[step] as number;
      for (let x = 0; x < width; x += 1) {
        const column = columns[x] as Span;
        for (let cell = 0; cell < column.weights.length; cell += 1) {
          const at = line + (column.first + cell) * 4;
          const weight = rowWeight * (column.weights[cell] as number);
          addPixel(image.data, at, weight, srgb, sums, x * 5);
        }
      }
    }
    for (let x = 0; x < width; x += 1) writePixel(sums, x * 5, srgb, data, (y * width + x) * 4);
  }
  return { width, height, data };
}

function addPixel(data: Uint8Array, at: number, weight: number, srgb: boolean, sums: Float64Array, to: number): void {
  const alpha = data[at + 3] as number;
  for (let channel = 0; channel < 3; channel += 1) {
    const stored = data[at + channel] as number;
    const value = srgb ? (SRGB_TO_LINEAR[stored] as number) : stored;
    sums[to + channel] = (sums[to + channel] as number) + value * weight * (srgb ? alpha : 255);
  }
  sums[to + 3] = (sums[to + 3] as number) + alpha * weight;
  sums[to + 4] = (sums[to + 4] as number) + weight;
}

function writePixel(sums: Float64Array, from: number, srgb: boolean, data: Uint8Array, at: number): void {
  const alpha = sums[from + 3] as number;
  const weight = sums[from + 4] as number;
  const divisor = srgb ? alpha : weight * 255;
  for (let channel = 0; channel < 3; channel += 1) {
    const value = divisor > 0 ? (sums[from + channel] as number) / divisor : 0;
    data[at + channel] = srgb ? fromLinear(value) : Math.round(value);
  }
  data[at + 3] = Math.round(alpha / weight);
}

function spansOf(from: number, to: number): Span[] {
  return Array.from({ length: to }, (_, index) => {
    const start = (index * from) / to;
    const end = ((index + 1) * from) / to;
    if (to >= from) return { first: Math.min(from - 1, Math.floor((start + end) / 2)), weights: [1] };
    const first = Math.floor(start);
    const weights: number[] = [];
    for (let cell = first; cell < end && cell < from; cell += 1) {
      const share = Math.min(end, cell + 1) - Math.max(start, cell);
      if (share > 1e-9 || weights.length === 0) weights.push(share);
    }
    return { first, weights };
  });
}
