import { describe, expect, it } from 'vitest';
import { numbersFrom } from './__fixtures__/splats.ts';
import { orderByValue } from './splat-order.ts';

describe('orderByValue', () => {
  it('sorts all kinds of numbers, equal ones in their order', () => {
    const next = numbersFrom(1);
    const values = Float32Array.from(
      { length: 5000 },
      () => Math.floor((next() - 0.5) * 999) * 10 ** Math.floor(next() * 9 - 5),
    );
    values.set([Infinity, -Infinity, 3.4e38, -3.4e38, 1e-45, -1e-45, 0], 100);
    const expected = [...values.keys()].sort((a, b) => {
      const [first, second] = [values[a] as number, values[b] as number];
      return first < second ? -1 : first > second ? 1 : a - b;
    });
    // Only the two zeros are told apart by their bits.
    const byValue = (order: Iterable<number>): number[] => [...order].filter((index) => values[index] !== 0);
    expect(byValue(orderByValue(values))).toEqual(byValue(expected));
  });

  it('sorts part of an array, and nothing', () => {
    const all = Float32Array.of(9, 3, -1, 2, 9);
    expect([...orderByValue(all.subarray(1, 4))]).toEqual([1, 2, 0]);
    expect([...all]).toEqual([9, 3, -1, 2, 9]);
    expect([...orderByValue(new Float32Array(0))]).toEqual([]);
  });
});
