import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { normaliseSplat } from './normalise-splat.ts';
import { readSplat } from './read-splat.ts';
import { arraysOf, makeSplat } from './splat.test-kit.ts';
import type { SplatData } from './splat-data.ts';
import { transformSplat } from './transform-splat.ts';
import { visibleBounds } from './visible-bounds.ts';

const eiffel = readSplat(
  new Uint8Array(readFileSync(new URL('../../../../fixtures/404gen-eiffel-30k.ply', import.meta.url))),
).splat;

/** A splat with further gaussians of size `size`, all alike but for their places. */
function withFloaters(
  splat: SplatData,
  places: readonly (readonly number[])[],
  opacity: number,
  size: number,
): SplatData {
  const join = (array: Float32Array, more: readonly number[]): Float32Array => Float32Array.from([...array, ...more]);
  const repeat = (values: readonly number[]): number[] => places.flatMap(() => values);
  return {
    ...splat,
    count: splat.count + places.length,
    positions: join(splat.positions, places.flat()),
    scales: join(splat.scales, repeat([size, size, size])),
    rotations: join(splat.rotations, repeat([0, 0, 0, 1])),
    opacities: join(splat.opacities, repeat([opacity])),
    colors: join(splat.colors, repeat([0, 0, 0])),
  };
}

describe('visibleBounds', () => {
  it('holds a box of gaussians to within their own size', () => {
    const splat = { ...makeSplat(20_000, 0, 'box'), opacities: new Float32Array(20_000).fill(3) };
    splat.scales.fill(-6);
    const { min, max, radius } = visibleBounds(splat);
    for (const axis of [0, 1, 2] as const) {
      expect(min[axis]).toBeCloseTo(-2, 1);
      expect(max[axis]).toBeCloseTo(3, 1);
      expect(min[axis]).toBeLessThan(-2);
      expect(max[axis]).toBeGreaterThan(3);
    }
    expect(radius).toBeCloseTo(Math.hypot(...max.map((value, axis) => value - (min[axis] as number))) / 2, 9);
  });

  it('is not moved by lone floaters, however opaque, nor by haze, however much', () => {
    const { min, max } = visibleBounds(eiffel);
    const floaters = [
      [0, -3, 0],
      [9, 0, 0],
      [0, 0, 1e6],
      [0.5, 2, 0.5],
    ];
    const haze = Array.from({ length: 3000 }, (_, index) => [Math.sin(index), -1 - Math.cos(index), (index % 7) - 3]);
    const disturbed = withFloaters(withFloaters(eiffel, floaters, 8, -5), haze, -5, 0);
    const bounds = visibleBounds(disturbed);
    for (const axis of [0, 1, 2] as const) {
      expect(bounds.min[axis]).toBeCloseTo(min[axis], 2);
      expect(bounds.max[axis]).toBeCloseTo(max[axis], 2);
    }
  });

  it('keeps a thin spire', () => {
    const spire = Array.from({ length: 300 }, (_, index) => [0, 0.5 + index * 0.002, 0]);
    expect(visibleBounds(withFloaters(eiffel, spire, 3, -6)).max[1]).toBeCloseTo(0.5 + 299 * 0.002, 1);
  });

  it('finds something in splats that are faint, tiny or empty', () => {
    const faint = { ...eiffel, opacities: eiffel.opacities.map((logit) => Math.min(logit, -4)) };
    expect(visibleBounds(faint).radius).toBeGreaterThan(0.5);
    expect(visibleBounds(makeSplat(1, 0, 1)).radius).toBeGreaterThan(0);
    expect(visibleBounds(makeSplat(0, 0, 1))).toEqual({ min: [0, 0, 0], max: [0, 0, 0], radius: 0 });
    const huge = makeSplat(10, 0, 1);
    huge.scales.fill(1e30);
    expect(visibleBounds(huge).radius).toBeLessThan(10);
  });
});

describe('normaliseSplat', () => {
  it('puts the base centre at the origin and gives the object its height', () => {
    const { splat, report } = normaliseSplat(eiffel, { frame: 'RUB', heightM: 324 });
    const { min, max } = visibleBounds(splat);
    expect(min[1]).toBeCloseTo(0, 2);
    expect(max[1]).toBeCloseTo(324, 2);
    expect(min[0] + max[0]).toBeCloseTo(0, 2);
    expect(min[2] + max[2]).toBeCloseTo(0, 2);
    expect(report.scale).toBeCloseTo(324 / (0.5399 + 0.51465), 1);
    expect(splat.scales[0]).toBeCloseTo((eiffel.scales[0] as number) + Math.log(report.scale), 4);
    expect(splat.positions[1]).toBeCloseTo((eiffel.positions[1] as number) * report.scale + report.offset[1], 3);
  });

  it('keeps the size without a height, and shares what does not change', () => {
    const { splat, report } = normaliseSplat(eiffel, { frame: 'RUB' });
    expect(report).toMatchObject({ frame: 'RUB', scale: 1 });
    expect(splat.scales).toBe(eiffel.scales);
    expect(splat.rotations).toBe(eiffel.rotations);
  });

  it('gives the same for an upright splat and one that lies in the frame of cameras', () => {
    const upright = { ...makeSplat(2000, 3, 'frames') };
    const inCamera = transformSplat(upright, { rotation: [1, 0, 0, 0] });
    const expected = arraysOf(normaliseSplat(upright, { frame: 'RUB', heightM: 2 }).splat);
    const { rotations, ...arrays } = arraysOf(normaliseSplat(inCamera, { frame: 'RDF', heightM: 2 }).splat);
    for (const [name, array] of Object.entries(arrays)) {
      for (const [place, value] of array.entries()) {
        if (!(Math.abs(value - (expected[name]?.[place] as number)) < 1e-5)) expect.fail(`${name} ${place}`);
      }
    }
    // two half turns are a full one, which turns the sign of a quaternion
    for (const [place, value] of (rotations as Float32Array).entries()) {
      expect(Math.abs(value)).toBeCloseTo(Math.abs(expected.rotations?.[place] as number), 6);
    }
  });

  it('refuses a splat without size, and a height for a flat one', () => {
    const flat = makeSplat(100, 0, 'flat');
    flat.scales.fill(-200);
    for (let at = 1; at < flat.positions.length; at += 3) flat.positions[at] = 1;
    expect(() => normaliseSplat(flat, { frame: 'RUB', heightM: 1 })).toThrow('flat');
    flat.positions.fill(1);
    flat.scales.fill(-1e4);
    expect(() => normaliseSplat(flat, { frame: 'RUB' })).toThrow('no ordinary size');
  });
});
