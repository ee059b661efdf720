import { describe, expect, it } from 'vitest';
import { resizeImage } from './resize-image.ts';
import { fractionToLinear, fromLinear, toLinear } from './srgb.ts';

describe('sRGB', () => {
  it('round-trips every value', () => {
    for (let value = 0; value < 256; value += 1) expect(fromLinear(toLinear(value))).toBe(value);
  });

  it('knows published values and clamps', () => {
    expect(toLinear(128)).toBeCloseTo(0.2158605, 6);
    expect(fractionToLinear(0.5)).toBeCloseTo(0.2140411, 6);
    expect([fromLinear(-1), fromLinear(7), fromLinear(Number.NaN)]).toEqual([0, 255, 0]);
  });
});

describe('resizeImage', () => {
  const blackWhite = { width: 2, height: 1, data: Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 255) };

  it('averages light, or numbers where asked', () => {
    expect([...resizeImage(blackWhite, 1, 1).data]).toEqual([188, 188, 188, 255]);
    expect([...resizeImage(blackWhite, 1, 1, { colorSpace: 'linear' }).data]).toEqual([128, 128, 128, 255]);
  });

  it('weights by the area that is covered', () => {
    const three = { width: 3, height: 1, data: Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 255) };
    const [left] = resizeImage(three, 2, 1, { colorSpace: 'linear' }).data;
    expect(left).toBe(85);
  });

  it('gives transparent pixels no say in colour', () => {
    const image = { width: 2, height: 1, data: Uint8Array.of(200, 10, 10, 255, 0, 255, 0, 0) };
    expect([...resizeImage(image, 1, 1).data]).toEqual([200, 10, 10, 128]);
  });

  it('enlarges by repeating and keeps a picture of the same size', () => {
    expect([...resizeImage(blackWhite, 4, 2).data].filter((_, index) => index % 4 === 0)).toEqual([
      0, 0, 255, 255, 0, 0, 255, 255,
    ]);
    expect(resizeImage(blackWhite, 2, 1)).toEqual(blackWhite);
  });

  it.each([
    [0, 1],
    [1.5, 1],
    [Number.NaN, 1],
  ])('refuses %d × %d', (width, height) => {
    expect(() => resizeImage(blackWhite, width, height)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
