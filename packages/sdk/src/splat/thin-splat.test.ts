import { describe, expect, it } from 'vitest';
import { dropNonFinite } from './drop-non-finite.ts';
import { inspectSplat } from './inspect-splat.ts';
import { lowerDegree } from './lower-degree.ts';
import { selectGaussians } from './select-gaussians.ts';
import { arraysOf, makeSplat } from './splat.test-kit.ts';
import { thinSplat } from './thin-splat.ts';

describe('thinSplat', () => {
  it('keeps what brute force finds most important, in the order of the file', () => {
    for (const count of [0, 1, 2, 500, 999]) {
      const splat = makeSplat(1000, 1, `thin ${count}`);
      const importance = Array.from({ length: 1000 }, (_, index) => {
        const [a, b] = [...splat.scales.subarray(3 * index, 3 * index + 3)].map(Math.exp).sort((x, y) => y - x) as [
          number,
          number,
        ];
        return (Math.PI * a * b) / (1 + Math.exp(-(splat.opacities[index] as number)));
      });
      const chosen = [...importance.keys()]
        .sort((a, b) => (importance[b] as number) - (importance[a] as number))
        .slice(0, count)
        .sort((a, b) => a - b);
      expect(arraysOf(thinSplat(splat, count))).toEqual(arraysOf(selectGaussians(splat, Uint32Array.from(chosen))));
    }
  });

  it('scatters those that stay of equals over the whole file', () => {
    const splat = makeSplat(1000, 0, 'equals');
    splat.opacities.fill(1);
    // the same sum of the two largest, in different ways
    for (let index = 0; index < 1000; index += 1) {
      splat.scales.set(index % 2 === 0 ? [-5, -5, -9] : [-4.5, -7, -5.5], 3 * index);
    }
    for (let index = 0; index < 1000; index += 1) splat.positions[3 * index] = index;
    const kept = [...thinSplat(splat, 200).positions].filter((_, at) => at % 3 === 0);
    expect(kept).toHaveLength(200);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = kept.filter((index) => Math.floor(index / 100) === tenth).length;
      expect(share, `tenth ${tenth}`).toBeGreaterThan(10);
      expect(share, `tenth ${tenth}`).toBeLessThan(30);
    }
    expect(thinSplat(splat, 200)).toEqual(thinSplat(splat, 200));
  });

  it('returns the splat itself if there is nothing to thin, and refuses other counts', () => {
    const splat = makeSplat(5, 0, 1);
    expect(thinSplat(splat, 5)).toBe(splat);
    expect(thinSplat(splat, 50)).toBe(splat);
    for (const count of [-1, 2.5, Number.NaN]) expect(() => thinSplat(splat, count)).toThrow('whole number');
  });
});

describe('lowerDegree', () => {
  it('keeps the lower orders as they are', () => {
    const splat = makeSplat(20, 3, 'degree');
    const lower = lowerDegree(splat, 1);
    expect(lower.shDegree).toBe(1);
    for (let index = 0; index < 20; index += 1) {
      expect(lower.harmonics.subarray(9 * index, 9 * index + 9)).toEqual(
        splat.harmonics.subarray(45 * index, 45 * index + 9),
      );
    }
    expect(lowerDegree(splat, 0).harmonics).toHaveLength(0);
    expect(lowerDegree(splat, 3)).toBe(splat);
    expect(lowerDegree(lower, 2)).toBe(lower);
  });
});

describe('dropNonFinite', () => {
  it('drops gaussians with any number that is not finite, and no others', () => {
    for (const name of ['positions', 'scales', 'rotations', 'opacities', 'colors', 'harmonics'] as const) {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const splat = makeSplat(30, 2, name);
        const width = splat[name].length / 30;
        for (const index of [0, 7, 29]) splat[name][index * width + (index % width)] = value;
        const { splat: left, dropped } = dropNonFinite(splat);
        expect(dropped).toBe(3);
        const kept = Uint32Array.from({ length: 30 }, (_, index) => index).filter(
          (index) => ![0, 7, 29].includes(index),
        );
        expect(arraysOf(left)).toEqual(arraysOf(selectGaussians(makeSplat(30, 2, name), kept)));
      }
    }
  });

  it('drops infinities of opposite sign, and quaternions without direction', () => {
    const splat = makeSplat(3, 0, 'pairs');
    splat.positions.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 0);
    splat.rotations.fill(0, 4, 8);
    expect(dropNonFinite(splat)).toMatchObject({ dropped: 2, splat: { count: 1 } });
  });

  it('keeps the largest numbers there are, and returns the splat itself if nothing has to go', () => {
    const splat = makeSplat(4, 3, 'large');
    for (const array of Object.values(arraysOf(splat))) array.fill(3.4e38);
    expect(dropNonFinite(splat)).toEqual({ splat, dropped: 0 });
    expect(dropNonFinite(splat).splat).toBe(splat);
  });
});

describe('inspectSplat', () => {
  it('tells what a file holds', () => {
    const splat = makeSplat(3, 1, 'inspect');
    splat.positions.set([1, 2, 3, -4, 5, 6, 1e9, 1e9, 1e9]);
    splat.opacities[2] = Number.NaN;
    const inspection = inspectSplat(
      { splat, format: 'spz', version: 2, container: 'zstd', antialiased: true, mediaType: 'application/spz' },
      123,
    );
    expect(inspection).toEqual({
      kind: 'splat',
      bytes: 123,
      mediaType: 'application/spz',
      format: 'spz',
      version: 2,
      container: 'zstd',
      antialiased: true,
      bounds: { min: [-4, 2, 3], max: [1, 5, 6], radius: Math.hypot(5, 3, 3) / 2 },
      gaussians: 3,
      nonFinite: 1,
      shDegree: 1,
    });
    const empty = {
      splat: makeSplat(0, 0, 0),
      format: 'ply',
      container: 'none',
      mediaType: 'application/ply',
    } as const;
    expect(inspectSplat(empty, 9)).toMatchObject({ bounds: null, gaussians: 0 });
  });
});
