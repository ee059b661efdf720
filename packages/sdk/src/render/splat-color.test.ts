import { describe, expect, it } from 'vitest';
import { ball, splatsOf } from './__fixtures__/splats.ts';
import type { RenderSplats } from './render-splats.ts';
import { splatColor } from './splat-color.ts';

/** A grey gaussian whose red follows one basis function, its green its negative. */
function single(term: number, shDegree: 0 | 1 | 2 | 3): RenderSplats {
  const harmonics = new Float32Array(45);
  harmonics[term * 3] = 0.1;
  harmonics[term * 3 + 1] = -0.1;
  return { ...splatsOf([ball([0, 0, 0], 1, 0.5, [0.5, 0.5, 0.5])]), shDegree, harmonics };
}

/** Value of a basis function: what the coefficient 0.1 adds. */
function basisOf(term: number, x: number, y: number, z: number): number {
  const out = new Float64Array(3);
  expect(splatColor(single(term, 3), 0, x, y, z, out)).toBe(true);
  return ((out[0] as number) - (out[1] as number)) / 0.2;
}

describe('splatColor', () => {
  it('has an orthonormal basis', () => {
    const rings = 24;
    const sums = new Float64Array(15 * 15);
    for (let ring = 0; ring < rings; ring += 1) {
      for (let step = 0; step < 2 * rings; step += 1) {
        const [polar, turn] = [((ring + 0.5) * Math.PI) / rings, (step * Math.PI) / rings];
        const [level, y] = [Math.sin(polar), Math.cos(polar)];
        const area = level * (Math.PI / rings) ** 2;
        const values = Array.from({ length: 15 }, (_, term) =>
          basisOf(term, level * Math.cos(turn), y, level * Math.sin(turn)),
        );
        for (let at = 0; at < 225; at += 1) {
          const product = (values[at % 15] as number) * (values[Math.floor(at / 15)] as number);
          sums[at] = (sums[at] as number) + area * product;
        }
      }
    }
    for (let at = 0; at < 225; at += 1) expect(sums[at]).toBeCloseTo(at % 16 === 0 ? 1 : 0, 1);
  });

  it('has the order and signs splats are trained with', () => {
    // Worked out by hand from the reference's polynomials at (1, 2, 2) / 3.
    const expected = [
      ...[-0.3257, 0.3257, -0.1629, 0.2428, -0.4856, 0.1051, -0.2428, -0.1821],
      ...[0.0437, 0.4282, -0.3724, -0.1935, -0.1862, -0.3212, 0.2404],
    ];
    const found = expected.map((_, term) => basisOf(term, 1 / 3, 2 / 3, 2 / 3));
    found.forEach((value, term) => {
      expect(value).toBeCloseTo(expected[term] as number, 3);
    });
  });

  it('ignores orders above its degree', () => {
    const out = new Float64Array(3);
    for (const [degree, first] of [
      [0, 0],
      [1, 3],
      [2, 8],
    ] as const) {
      splatColor(single(first, degree), 0, 0.6, 0.48, 0.64, out);
      expect([...out]).toEqual([0.5, 0.5, 0.5]);
    }
  });

  it('is never below black', () => {
    const out = new Float64Array(3);
    splatColor(splatsOf([ball([0, 0, 0], 1, 0.5, [-2, 0.25, 3])]), 0, 0, 0, 1, out);
    expect(out[0]).toBe(0);
    expect(out[1]).toBeCloseTo(0.25, 6);
    expect(out[2]).toBeCloseTo(3, 6);
  });
});
