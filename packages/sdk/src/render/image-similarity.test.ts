import { describe, expect, it } from 'vitest';
import { createRandom } from '../foundation/random.ts';
import type { RasterImage } from '../host/host.ts';
import { paint } from './__fixtures__/shapes.ts';
import { peakSignalToNoise, silhouetteOverlap, structuralSimilarity } from './image-similarity.ts';

const picture = paint(64, 48, (x, y) => [x * 4, y * 5, (x * y) % 256, 255]);

function noisy(image: RasterImage, amplitude: number): RasterImage {
  const random = createRandom(1);
  return {
    ...image,
    data: image.data.map((value) => Math.min(255, Math.max(0, value + random.range(-amplitude, amplitude)))),
  };
}

describe('structuralSimilarity', () => {
  it('is 1 for equal pictures and falls with noise', () => {
    expect(structuralSimilarity(picture, picture)).toBeCloseTo(1, 12);
    const slight = structuralSimilarity(picture, noisy(picture, 10));
    const strong = structuralSimilarity(picture, noisy(picture, 120));
    expect(slight).toBeLessThan(0.99);
    expect(strong).toBeLessThan(slight - 0.2);
  });

  it('is negative for structure turned round', () => {
    const stripes = paint(32, 32, (x) => (x % 4 < 2 ? [200, 200, 200, 255] : [60, 60, 60, 255]));
    const opposite = paint(32, 32, (x) => (x % 4 < 2 ? [60, 60, 60, 255] : [200, 200, 200, 255]));
    expect(structuralSimilarity(stripes, opposite)).toBeLessThan(-0.5);
  });

  it('matches the formula on flat pictures, where only brightness counts', () => {
    const flat = (value: number): RasterImage => paint(16, 16, () => [value, value, value, 255]);
    const c1 = 2.55 ** 2;
    expect(structuralSimilarity(flat(100), flat(150))).toBeCloseTo(
      (2 * 100 * 150 + c1) / (100 ** 2 + 150 ** 2 + c1),
      5,
    );
  });

  it('sees a change in the last row and column', () => {
    const changed = { ...picture, data: picture.data.slice() };
    changed.data.fill(0, changed.data.length - 8);
    expect(structuralSimilarity(picture, changed)).toBeLessThan(1);
  });

  it('refuses different sizes', () => {
    expect(() =>
      structuralSimilarity(
        picture,
        paint(63, 48, () => [0, 0, 0, 255]),
      ),
    ).toThrow('cannot be compared');
  });
});

describe('peakSignalToNoise', () => {
  it('is infinite for equal pictures and 20 dB for an error of a tenth everywhere', () => {
    expect(peakSignalToNoise(picture, picture)).toBe(Number.POSITIVE_INFINITY);
    const grey = paint(8, 8, () => [100, 100, 100, 255]);
    const lighter = paint(8, 8, () => [125.5, 125.5, 125.5, 0].map(Math.floor));
    expect(peakSignalToNoise(grey, lighter)).toBeCloseTo(20 * Math.log10(255 / 25), 6);
  });
});

describe('silhouetteOverlap', () => {
  const withBlock = (left: number): RasterImage =>
    paint(40, 40, (x, y) =>
      x >= left && x < left + 20 && y >= 10 && y < 30 ? [200, 30, 30, 255] : [128, 128, 128, 255],
    );

  it('is the shared area divided by the joint area', () => {
    expect(silhouetteOverlap(withBlock(5), withBlock(5), [0.5, 0.5, 0.5])).toBe(1);
    expect(silhouetteOverlap(withBlock(5), withBlock(10), [0.5, 0.5, 0.5])).toBeCloseTo(15 / 25, 12);
    expect(silhouetteOverlap(withBlock(0), withBlock(20), [0.5, 0.5, 0.5])).toBe(0);
  });

  it('counts two empty pictures as equal', () => {
    const empty = paint(4, 4, () => [128, 128, 128, 255]);
    expect(silhouetteOverlap(empty, empty, [0.5, 0.5, 0.5])).toBe(1);
  });
});
