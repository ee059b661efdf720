import { describe, expect, it } from 'vitest';
import { createRandom } from '../foundation/random.ts';
import type { SplatData } from './splat-data.ts';
import { measureThinning } from './thinning-error.ts';

function splatOf(points: readonly (readonly [number, number, number])[], opacity = 2): SplatData {
  const count = points.length;
  return {
    count,
    positions: Float32Array.from(points.flat()),
    scales: new Float32Array(3 * count).fill(-4),
    rotations: Float32Array.from(points.flatMap(() => [0, 0, 0, 1])),
    opacities: new Float32Array(count).fill(opacity),
    colors: new Float32Array(3 * count),
    shDegree: 0,
    harmonics: new Float32Array(0),
  };
}

describe('measureThinning', () => {
  it('finds nothing where nothing was taken away', () => {
    const splat = splatOf([
      [0, 0, 0],
      [1, 2, 3],
    ]);
    expect(measureThinning(splat, splat)).toEqual({ p99: 0, max: 0 });
  });

  it('agrees with a search through everything, far outliers included', () => {
    const random = createRandom('thinning');
    const points = Array.from({ length: 900 }, (_, index) => {
      const spread = index % 50 === 0 ? 40 : 1;
      return [random.range(-1, 1) * spread, random.range(0, 2) * spread, random.range(-0.2, 0.2)] as const;
    });
    const kept = points.filter((_, index) => index % 7 === 1);
    const distances = points
      .map((point) => Math.min(...kept.map((other) => distanceOf(point, other))))
      .sort((a, b) => a - b);
    const { p99, max } = measureThinning(splatOf(points), splatOf(kept));
    expect(max).toBeCloseTo(distances.at(-1) as number, 5);
    expect(p99).toBeCloseTo(distances[Math.floor(899 * 0.99)] as number, 5);
  });

  it('does not count what cannot be seen', () => {
    const near = splatOf([[0, 0, 0]]);
    const faint = splatOf(
      [
        [0, 0, 0],
        [9, 0, 0],
      ],
      -6,
    );
    faint.opacities[0] = 2;
    expect(measureThinning(faint, near).max).toBe(0);
  });
});

function distanceOf(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, value, axis) => sum + (Math.fround(value) - Math.fround(b[axis] as number)) ** 2, 0));
}
