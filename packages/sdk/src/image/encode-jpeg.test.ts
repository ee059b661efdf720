import { describe, expect, it } from 'vitest';
import { createRandom } from '../foundation/random.ts';
import type { RasterImage } from '../host/host.ts';
import { decodeJpeg } from './decode-jpeg.ts';
import { encodeJpeg } from './encode-jpeg.ts';

function smooth(width: number, height: number): RasterImage {
  const data = new Uint8Array(width * height * 4);
  for (let index = 0; index < width * height; index += 1) {
    const [x, y] = [index % width, Math.floor(index / width)];
    data.set([(x * 255) / width, (y * 255) / height, 255 - (x * 200) / width, 255], index * 4);
  }
  return { width, height, data };
}

/** Decibels. */
function signalToNoise(a: RasterImage, b: RasterImage): number {
  let sum = 0;
  for (let index = 0; index < a.data.length; index += 1)
    sum += ((a.data[index] as number) - (b.data[index] as number)) ** 2;
  return 10 * Math.log10((255 * 255 * a.data.length) / Math.max(sum, 1e-9));
}

describe('encodeJpeg', () => {
  it.each([
    [1, 1],
    [8, 8],
    [9, 17],
    [31, 3],
    [200, 120],
  ])('writes %i × %i pixels that another decoder reads', (width, height) => {
    const image = smooth(width, height);
    const decoded = decodeJpeg(encodeJpeg(image, 92));
    expect([decoded.width, decoded.height]).toEqual([width, height]);
    expect(signalToNoise(image, decoded)).toBeGreaterThan(34);
  });

  it('gets smaller and worse with the quality', () => {
    const image = smooth(160, 160);
    const random = createRandom(5);
    for (let index = 0; index < image.data.length; index += 1) {
      if (index % 4 !== 3) image.data[index] = Math.min(255, (image.data[index] as number) + random.integer(0, 30));
    }
    const files = [100, 92, 70, 30, 1].map((quality) => encodeJpeg(image, quality));
    const noise = files.map((file) => signalToNoise(image, decodeJpeg(file)));
    for (let index = 1; index < files.length; index += 1) {
      expect((files[index] as Uint8Array).length).toBeLessThan((files[index - 1] as Uint8Array).length);
      expect(noise[index]).toBeLessThan(noise[index - 1] as number);
    }
    expect(noise[0]).toBeGreaterThan(45);
  });

  it('keeps the largest contrasts there are', () => {
    const data = Uint8Array.from({ length: 64 * 64 * 4 }, (_, index) => {
      const [x, y] = [(index >> 2) % 64, index >> 8];
      return index % 4 === 3 || (x + y) % 2 === 0 ? 255 : 0;
    });
    const image = { width: 64, height: 64, data };
    expect(signalToNoise(image, decodeJpeg(encodeJpeg(image, 100)))).toBeGreaterThan(30);
  });

  it('writes the same bytes again, whatever alpha says', () => {
    const image = smooth(50, 40);
    const first = encodeJpeg(image, 85);
    for (let index = 3; index < image.data.length; index += 4) image.data[index] = 7;
    expect(encodeJpeg(image, 85)).toEqual(first);
  });

  it.each([0, 101, 91.5, Number.NaN])('refuses the quality %d', (quality) => {
    expect(() => encodeJpeg(smooth(4, 4), quality)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
