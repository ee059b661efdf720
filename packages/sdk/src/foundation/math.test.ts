import { describe, expect, it } from 'vitest';
import * as math from './math.ts';
import { createRandom } from './random.ts';

const random = createRandom('math');
const samples = (low: number, high: number): number[] => Array.from({ length: 2000 }, () => random.range(low, high));

/** Largest error over the arguments, relative where the true value is above 1. */
function worst(own: (x: number) => number, reference: (x: number) => number, values: readonly number[]): number {
  let error = 0;
  for (const x of values) {
    const truth = reference(x);
    error = Math.max(error, Math.abs(own(x) - truth) / Math.max(1, Math.abs(truth)));
  }
  return error;
}

describe('deterministic functions agree with the platform', () => {
  it('sine, cosine, tangent', () => {
    const values = [...samples(-10, 10), ...samples(-1e5, 1e5)];
    expect(worst(math.sin, Math.sin, values)).toBeLessThan(1e-14);
    expect(worst(math.cos, Math.cos, values)).toBeLessThan(1e-14);
    expect(worst(math.tan, Math.tan, samples(-1.5, 1.5))).toBeLessThan(1e-14);
  });

  it('inverse functions', () => {
    expect(worst(math.atan, Math.atan, [...samples(-3, 3), ...samples(-1e6, 1e6)])).toBeLessThan(1e-15);
    expect(worst(math.acos, Math.acos, samples(-1, 1))).toBeLessThan(1e-14);
    expect(worst(math.asin, Math.asin, samples(-1, 1))).toBeLessThan(1e-14);
    for (const y of [-2, -0.5, 0, 0.5, 2]) {
      for (const x of [-3, -0.1, 0, 0.1, 3]) expect(math.atan2(y, x)).toBeCloseTo(Math.atan2(y, x), 14);
    }
  });

  it('exponential, logarithm, power', () => {
    expect(worst(math.exp, Math.exp, [...samples(-20, 20), ...samples(-700, 700)])).toBeLessThan(1e-13);
    expect(worst(math.log, Math.log, [...samples(1e-6, 10), 1e-300, 1e300, 1])).toBeLessThan(1e-14);
    expect(
      worst(
        (x) => math.pow(x, 2.4),
        (x) => Math.pow(x, 2.4),
        samples(0.001, 50),
      ),
    ).toBeLessThan(1e-13);
    expect(math.pow(-2, 3)).toBe(-8);
    expect(math.pow(2, -2)).toBe(0.25);
    expect(math.pow(0, 0.5)).toBe(0);
    expect(math.pow(-2, 0.5)).toBeNaN();
    expect(math.pow(-1.1, 99)).toBeCloseTo(Math.pow(-1.1, 99), 6);
  });

  it('handles the ends of the range', () => {
    expect(math.exp(1000)).toBe(Number.POSITIVE_INFINITY);
    expect(math.exp(-1000)).toBe(0);
    expect(math.log(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(math.log(-1)).toBeNaN();
    expect(math.acos(1.0000001)).toBe(0);
    expect(math.sin(0)).toBe(0);
    expect(math.cos(0)).toBe(1);
  });
});

describe('helpers', () => {
  it('converts between sRGB and linear light both ways', () => {
    for (const value of samples(0, 1)) expect(math.linearToSrgb(math.srgbToLinear(value))).toBeCloseTo(value, 12);
  });

  it('ramps in both directions', () => {
    expect(math.smoothstep(0, 1, 0.5)).toBe(0.5);
    expect(math.smoothstep(1, 0, 2)).toBe(0);
    expect(math.smoothstep(1, 0, -1)).toBe(1);
    expect(math.clamp(5, 0, 1)).toBe(1);
  });

  it('measures length', () => {
    expect(math.hypot(3, 4)).toBe(5);
    expect(math.hypot(2, 3, 6)).toBe(7);
  });
});
