import { describe, expect, it } from 'vitest';
import { createRandom } from '../foundation/random.ts';
import { evaluateHarmonics } from './rotate-harmonics.ts';
import { makeSplat } from './splat.test-kit.ts';
import { harmonicsCount, type ShDegree, type SplatData } from './splat-data.ts';
import { transformSplat } from './transform-splat.ts';

type Vector = readonly [number, number, number];
type Quaternion = readonly [number, number, number, number];

/** Rotates a vector by v + 2w(q × v) + 2q × (q × v), unlike the code, which uses a matrix. */
function rotate([x, y, z, w]: Quaternion, v: Vector): Vector {
  const cross = (a: Vector, b: Vector): Vector => [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ];
  const once = cross([x, y, z], v);
  const twice = cross([x, y, z], once);
  return [0, 1, 2].map(
    (axis) => (v[axis] as number) + 2 * w * (once[axis] as number) + 2 * (twice[axis] as number),
  ) as unknown as Vector;
}

const random = createRandom('turns');
const randomUnit = (length: number): number[] => {
  const values = Array.from({ length }, () => random.next() * 2 - 1);
  const size = Math.hypot(...values);
  return size < 0.1 ? randomUnit(length) : values.map((value) => value / size);
};

/** Light of a gaussian in a direction, as the reference renderer computes it. */
function lightOf(splat: SplatData, index: number, direction: Vector): number[] {
  const values = evaluateHarmonics(...direction);
  const coefficients = harmonicsCount(splat.shDegree);
  return [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let place = 0; place < coefficients; place += 1) {
      sum += (values[place] as number) * (splat.harmonics[3 * (index * coefficients + place) + channel] as number);
    }
    return sum;
  });
}

/** Covariance of a gaussian applied to a vector: R S² Rᵀ v. */
function covarianceTimes(splat: SplatData, index: number, vector: Vector): Vector {
  const [x, y, z, w] = splat.rotations.subarray(4 * index, 4 * index + 4) as unknown as Quaternion;
  const own = rotate([-x, -y, -z, w], vector);
  return rotate(
    [x, y, z, w],
    own.map((value, axis) => value * Math.exp(2 * (splat.scales[3 * index + axis] as number))) as unknown as Vector,
  );
}

describe('transformSplat', () => {
  it.each([1, 2, 3] as const)('turns the light of degree %i with the splat', (degree: ShDegree) => {
    for (let round = 0; round < 20; round += 1) {
      const splat = makeSplat(10, degree, `light ${degree} ${round}`);
      const rotation = randomUnit(4) as unknown as Quaternion;
      const turned = transformSplat(splat, { rotation });
      for (let index = 0; index < splat.count; index += 1) {
        const direction = randomUnit(3) as unknown as Vector;
        const before = lightOf(splat, index, direction);
        const after = lightOf(turned, index, rotate(rotation, direction));
        for (const channel of [0, 1, 2]) expect(after[channel]).toBeCloseTo(before[channel] as number, 5);
      }
    }
  });

  it('uses the signs and the sequence of 3D Gaussian splatting', () => {
    // values of eval_sh of the reference implementation for single coefficients, at the direction (2, 3, 6) / 7
    const values = evaluateHarmonics(2 / 7, 3 / 7, 6 / 7);
    expect(values).toHaveLength(15);
    const expected = {
      0: -0.48860251 * (3 / 7),
      1: 0.48860251 * (6 / 7),
      2: -0.48860251 * (2 / 7),
      3: 1.09254843 * (6 / 49),
      4: -1.09254843 * (18 / 49),
      5: 0.31539157 * (59 / 49),
      6: -1.09254843 * (12 / 49),
      7: 0.54627422 * (-5 / 49),
      8: -0.59004359 * ((3 * 3) / 343),
      9: 2.89061144 * (36 / 343),
      10: -0.457045799 * ((3 * 131) / 343),
      11: 0.373176333 * ((6 * 33) / 343),
      12: -0.457045799 * ((2 * 131) / 343),
      13: 1.445305721 * ((6 * -5) / 343),
      14: -0.59004359 * ((2 * -23) / 343),
    };
    for (const [place, value] of Object.entries(expected)) expect(values[Number(place)]).toBeCloseTo(value, 7);
  });

  it('moves centres and shapes as a whole', () => {
    const splat = makeSplat(50, 0, 'shapes');
    const rotation = randomUnit(4) as unknown as Quaternion;
    const translation = [5, -6, 7] as const;
    const moved = transformSplat(splat, {
      rotation: rotation.map((part) => 3 * part) as unknown as Quaternion,
      scale: 2.5,
      translation,
    });
    for (let index = 0; index < splat.count; index += 1) {
      const centre = rotate(rotation, splat.positions.subarray(3 * index, 3 * index + 3) as unknown as Vector);
      const vector = randomUnit(3) as unknown as Vector;
      const shape = rotate(rotation, covarianceTimes(splat, index, vector));
      const movedShape = covarianceTimes(moved, index, rotate(rotation, vector));
      for (const axis of [0, 1, 2] as const) {
        expect(moved.positions[3 * index + axis]).toBeCloseTo(2.5 * centre[axis] + translation[axis], 5);
        expect(movedShape[axis] / 6.25).toBeCloseTo(shape[axis], 6);
      }
    }
    expect(moved.opacities).toBe(splat.opacities);
    expect(moved.colors).toBe(splat.colors);
  });

  it('turns by half a turn without rounding, there and back', () => {
    const splat = makeSplat(200, 3, 'half turn');
    const there = transformSplat(splat, { rotation: [1, 0, 0, 0] });
    expect([...there.positions.subarray(0, 3)]).toEqual([
      splat.positions[0],
      -(splat.positions[1] as number),
      -(splat.positions[2] as number),
    ]);
    const back = transformSplat(there, { rotation: [1, 0, 0, 0] });
    expect(back.positions).toEqual(splat.positions);
    for (const [place, value] of back.harmonics.entries())
      expect(value).toBeCloseTo(splat.harmonics[place] as number, 6);
  });

  it('refuses what is no transform', () => {
    const splat = makeSplat(1, 0, 0);
    for (const transform of [
      { scale: 0 },
      { scale: -1 },
      { scale: Number.NaN },
      { rotation: [0, 0, 0, 0] as const },
      { translation: [0, Number.POSITIVE_INFINITY, 0] as const },
    ]) {
      expect(() => transformSplat(splat, transform)).toThrow('can only be transformed');
    }
  });
});
