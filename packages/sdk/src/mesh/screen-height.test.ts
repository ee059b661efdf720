import { expect, it } from 'vitest';
import { screenHeights } from './screen-height.ts';

it('hands over to the next level once its error is a pixel of 1080', () => {
  const [first, second, last] = screenHeights([0, 0.01, 0.05]);
  // an object that fills `first` of 1080 pixels has a radius of half that
  expect(((first as number) * 1080 * 0.01) / 2).toBeCloseTo(1);
  expect(((second as number) * 1080 * 0.05) / 2).toBeCloseTo(1);
  expect(last).toBe(0);
});

it('falls strictly and stays within 0 and 1, whatever the errors', () => {
  for (const errors of [[0], [0, 0, 0, 0], [0, 1e-9, 1e-9, 0.5], [0, 3, 3, 3]]) {
    const heights = screenHeights(errors);
    expect(heights.length).toBe(errors.length);
    expect(heights[heights.length - 1]).toBe(0);
    heights.forEach((height, level) => {
      expect(height).toBeLessThanOrEqual(1);
      if (level > 0) expect(height).toBeLessThan(heights[level - 1] as number);
    });
  }
});
