import { SdkError } from '../foundation/errors.ts';
import type { RasterImage } from '../host/host.ts';

/** Side of the windows that SSIM compares, pixels. */
const WINDOW = 8;
/** Distance between two windows, pixels. */
const STRIDE = 4;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/**
 * Structural similarity of two pictures of one size: 1 for equal ones, about 0 for unrelated ones, below 0 for inverted.
 *
 * Mean over all 8 × 8 windows at steps of 4 pixels, unweighted, of the luma (BT.601) of the stored sRGB values; alpha is
 * ignored. Pictures smaller than a window are one window. Throws `INPUT_INVALID` if the sizes differ.
 *
 * @source Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural similarity", 2004.
 */
export function structuralSimilarity(one: RasterImage, other: RasterImage): number {
  assertSameSize(one, other);
  const { width, height } = one;
  const a = lumaOf(one);
  const b = lumaOf(other);
  let sum = 0;
  let windows = 0;
  for (const top of windowStarts(height)) {
    for (const left of windowStarts(width)) {
      sum += windowSimilarity(a, b, width, left, top, Math.min(width, left + WINDOW), Math.min(height, top + WINDOW));
      windows += 1;
    }
  }
  return sum / windows;
}

function windowStarts(length: number): number[] {
  const starts: number[] = [];
  for (let start = 0; start + WINDOW <= length; start += STRIDE) starts.push(start);
  // The last window ends at the border, so that every pixel counts.
  const last = Math.max(0, length - WINDOW);
  if (starts[starts.length - 1] !== last) starts.push(last);
  return starts;
}

function windowSimilarity(
  a: Float32Array,
  b: Float32Array,
  width: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): number {
  let sumA = 0;
  let sumB = 0;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      const valueA = a[y * width + x] as number;
      const valueB = b[y * width + x] as number;
      sumA += valueA;
      sumB += valueB;
      squaresA += valueA * valueA;
      squaresB += valueB * valueB;
      products += valueA * valueB;
    }
  }
  const count = (right - left) * (bottom - top);
  const meanA = sumA / count;
  const meanB = sumB / count;
  const varianceA = squaresA / count - meanA * meanA;
  const varianceB = squaresB / count - meanB * meanB;
  const covariance = products / count - meanA * meanB;
  return (
    ((2 * meanA * meanB + C1) * (2 * covariance + C2)) /
    ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2))
  );
}

/**
 * Peak signal-to-noise ratio over the stored red, green and blue values, decibels; Infinity for equal pictures.
 *
 * Throws `INPUT_INVALID` if the sizes differ.
 */
export function peakSignalToNoise(one: RasterImage, other: RasterImage): number {
  assertSameSize(one, other);
  let squares = 0;
  for (let index = 0; index < one.data.length; index += 1) {
    if (index % 4 === 3) continue;
    squares += ((one.data[index] as number) - (other.data[index] as number)) ** 2;
  }
  const mean = squares / (one.width * one.height * 3);
  return mean === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10((255 * 255) / mean);
}

/** A pixel that differs from the background by more than this in any channel shows the object. */
const BACKGROUND_TOLERANCE = 10;

/**
 * Overlap of the silhouettes of two pictures with one plain background: pixels both objects cover, divided by pixels either
 * covers, [0, 1]. Two empty pictures overlap fully.
 *
 * @param background - sRGB, [0, 1]: what was given to the renderer. The object should not have the same colour.
 */
export function silhouetteOverlap(
  one: RasterImage,
  other: RasterImage,
  background: readonly [number, number, number],
): number {
  assertSameSize(one, other);
  let both = 0;
  let either = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    const inOne = differs(one.data, at, background);
    const inOther = differs(other.data, at, background);
    if (inOne && inOther) both += 1;
    if (inOne || inOther) either += 1;
  }
  return either === 0 ? 1 : both / either;
}

function differs(data: Uint8Array, at: number, background: readonly [number, number, number]): boolean {
  for (let channel = 0; channel < 3; channel += 1) {
    const distance = (data[at + channel] as number) - (background[channel] as number) * 255;
    if (Math.abs(distance) > BACKGROUND_TOLERANCE) return true;
  }
  return false;
}

function lumaOf(image: RasterImage): Float32Array {
  const luma = new Float32Array(image.width * image.height);
  for (let pixel = 0; pixel < luma.length; pixel += 1) {
    const at = pixel * 4;
    luma[pixel] =
      0.299 * (image.data[at] as number) +
      0.587 * (image.data[at + 1] as number) +
      0.114 * (image.data[at + 2] as number);
  }
  return luma;
}

function assertSameSize(one: RasterImage, other: RasterImage): void {
  if (one.width === other.width && one.height === other.height) return;
  throw new SdkError({
    code: 'INPUT_INVALID',
    message: `Pictures of ${one.width} × ${one.height} and ${other.width} × ${other.height} pixels cannot be compared.`,
  });
}
