import { describe, expect, it } from 'vitest';
import { ball, boxOfBalls, type Gaussian, numbersFrom, splatsOf } from './__fixtures__/splats.ts';
import { measureSplats } from './splat-bounds.ts';

const BOX = boxOfBalls([0, 0.5, 0], [0.6, 1, 0.4], 0.025, [1, 1, 1]);

function sidesOf(gaussians: readonly Gaussian[]): number[] {
  const { min, max } = measureSplats(splatsOf(gaussians));
  return [...min, ...max];
}

function expectSides(gaussians: readonly Gaussian[], expected: readonly number[], tolerance = 0.03): void {
  sidesOf(gaussians).forEach((side, at) => {
    expect(Math.abs(side - (expected[at] as number))).toBeLessThan(tolerance);
  });
}

describe('measureSplats', () => {
  it('takes in what can be seen of the outermost gaussians', () => {
    expectSides(BOX, [-0.3, 0, -0.2, 0.3, 1, 0.2]);
    // Opacity 0.9 falls to 0.2 at 1.734 standard deviations.
    const [left] = sidesOf([{ ...ball([0, 0, 0], 1, 0.9), sigma: [0.1, 0.2, 0.3] }]);
    expect(left).toBeCloseTo(-0.1 * Math.sqrt(2 * Math.log(0.9 / 0.2)), 5);
  });

  it('leaves out floaters, near and far, small and huge', () => {
    const next = numbersFrom(3);
    const floaters = Array.from({ length: 40 }, () =>
      ball([(next() - 0.5) * 8, (next() - 0.5) * 8, (next() - 0.5) * 8], 0.02, 0.95),
    );
    const huge = [ball([900, -40, 7], 1, 0.99), ball([0, 0.5, 0], 5000, 0.9)];
    expectSides([...BOX, ...floaters, ...huge], sidesOf(BOX), 0.08);
  });

  it('leaves out a wide haze', () => {
    const next = numbersFrom(4);
    const haze = Array.from({ length: 2000 }, () =>
      ball([(next() - 0.5) * 4, (next() - 0.5) * 4, (next() - 0.5) * 4], 0.1, 0.03),
    );
    expectSides([...BOX, ...haze], sidesOf(BOX), 0.01);
  });

  it('keeps a thin spire, and its tip in the outline', () => {
    const spire = Array.from({ length: 60 }, (_, index) => ball([0, 1 + index * 0.01, 0], 0.004, 0.9));
    expectSides([...BOX, ...spire], [-0.3, 0, -0.2, 0.3, 1.6, 0.2]);
    const { outline } = measureSplats(splatsOf([...BOX, ...spire]));
    expect(Math.max(...outline.filter((_, at) => at % 3 === 1))).toBeGreaterThan(1.57);
  });

  it('finds what is faint all over', () => {
    expectSides(
      BOX.map((gaussian) => ({ ...gaussian, alpha: 0.05 })),
      [-0.3, 0, -0.2, 0.3, 1, 0.2],
    );
  });

  it('puts the ground above wisps but not above thin legs', () => {
    const wisps = Array.from({ length: 12 }, (_, index) => ball([0, -index * 0.004, 0], 0.002, 0.9));
    const { min, groundY } = measureSplats(splatsOf([...BOX, ...wisps]));
    expect(groundY).toBeGreaterThan(min[1] + 0.005);
    expect(groundY).toBeLessThanOrEqual(min[1] + 0.0121 * 1.1);
    const legs = Array.from({ length: 60 }, (_, index) => ball([0, -index * 0.01, 0], 0.004, 0.9));
    const table = measureSplats(splatsOf([...BOX, ...legs]));
    expect(table.groundY).toBeLessThan(-0.56);
  });

  it('has a plain answer for nothing and for one', () => {
    expect(sidesOf([])).toEqual([-0.5, -0.5, -0.5, 0.5, 0.5, 0.5]);
    expect(sidesOf([ball([1, 2, 3], 0.1, 0.002)])).toEqual([-0.5, -0.5, -0.5, 0.5, 0.5, 0.5]);
    expectSides([ball([1, 2, 3], 0.001, 0.9)], [1, 2, 3, 1, 2, 3], 0.002);
  });
});
