import { describe, expect, it } from 'vitest';
import { cellValue, createWorleyHit, fbm3, hashCell, noise3, tileFbm, tileNoise, tileWorley } from './noise.ts';

const steps = Array.from({ length: 60 }, (_, index) => index * 0.137);

describe('noise', () => {
  it('stays in range, varies, and is smooth', () => {
    const values = steps.flatMap((x) => steps.map((y) => noise3(x, y, 0.4, 7)));
    expect(Math.max(...values)).toBeGreaterThan(0.4);
    expect(Math.min(...values)).toBeLessThan(-0.4);
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(1.1);
    for (const x of steps) expect(Math.abs(noise3(x, 1.3, 2.1, 7) - noise3(x + 1e-4, 1.3, 2.1, 7))).toBeLessThan(1e-3);
    expect(Math.abs(fbm3(0.3, 0.6, 0.9, 4, 1))).toBeLessThan(1.2);
  });

  it('repeats after its period in both directions', () => {
    const one = createWorleyHit();
    const other = createWorleyHit();
    for (const x of steps) {
      expect(tileNoise(x + 5, 0.37 + 3, 5, 3, 9)).toBeCloseTo(tileNoise(x, 0.37, 5, 3, 9), 9);
      expect(tileFbm(x + 4, x * 0.5 + 4, 4, 4, 3, 2)).toBeCloseTo(tileFbm(x, x * 0.5, 4, 4, 3, 2), 9);
      tileWorley(x + 6, 1.2 - 6, 6, 6, 3, one);
      tileWorley(x, 1.2, 6, 6, 3, other);
      expect(one.nearest).toBeCloseTo(other.nearest, 9);
      expect(one.id).toBe(other.id);
      expect(one.second).toBeGreaterThanOrEqual(one.nearest);
    }
  });

  it('hashes to the same bits everywhere', () => {
    // Recorded once; a change here changes every generated object.
    expect(hashCell(1, 2, 3, 4)).toBe(1912517338);
    expect(cellValue(1, 2, 3, 4)).toBe(1912517338 / 4294967296);
    expect(new Set(steps.map((_, index) => hashCell(index, 0, 0, 1))).size).toBe(steps.length);
  });
});
