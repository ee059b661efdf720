import { describe, expect, it } from 'vitest';
import { createRandom } from '../foundation/random.ts';
import { bumpyGrid } from './gltf-builder.test-kit.ts';
import { createDeviationMeter, createSurfaceIndex } from './surface-distance.ts';
import { numberPositions } from './weld-vertices.ts';

describe('createSurfaceIndex', () => {
  const triangle = createSurfaceIndex(new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]), new Uint32Array([0, 1, 2]));

  it.each<[string, [number, number, number], number]>([
    ['above the face', [0.25, 0.25, 2], 2],
    ['on the face', [0.2, 0.2, 0], 0],
    ['beside an edge', [0.5, -3, 0], 3],
    ['beyond the long edge', [1, 1, 0], Math.SQRT1_2],
    ['beyond the first corner', [-3, -4, 0], 5],
    ['beyond the second corner', [4, 0, 4], 5],
    ['beyond the third corner', [0, 4, 4], 5],
  ])('measures from a point %s', (_name, [x, y, z], expected) => {
    expect(triangle.distance(x, y, z, 0)).toBeCloseTo(expected, 6);
  });

  it('agrees with trying every triangle', () => {
    const { positions, indices } = bumpyGrid(12);
    const points = new Float32Array(positions);
    const all = new Uint32Array(indices);
    const index = createSurfaceIndex(points, all);
    const singles = Array.from({ length: all.length / 3 }, (_, at) =>
      createSurfaceIndex(points, all.slice(at * 3, at * 3 + 3)),
    );
    const random = createRandom(3);
    for (let round = 0; round < 100; round += 1) {
      const [x, y, z] = [random.range(-1, 2), random.range(-1, 1), random.range(-1, 2)];
      const expected = Math.min(...singles.map((single) => single.distance(x, y, z, 0)));
      expect(index.distance(x, y, z, 0)).toBeCloseTo(expected, 6);
    }
  });
});

describe('createDeviationMeter', () => {
  // two squares one unit apart, and a speck far above
  const square = (height: number, size: number): number[] => [
    0,
    height,
    0,
    0,
    height,
    size,
    size,
    height,
    0,
    size,
    height,
    size,
  ];
  const positions = new Float32Array([...square(0, 1), ...square(1, 1), ...square(9, 0.01)]);
  const faces = (first: number): number[] => [0, 1, 2, 2, 1, 3].map((corner) => corner + first);
  const { numbers, uniqueCount } = numberPositions(positions);
  const measure = (original: number[], simplified: number[]) =>
    createDeviationMeter(positions, numbers, uniqueCount, new Uint32Array(original)).measure(
      new Uint32Array(simplified),
    );

  it('is zero for the surface itself', () => {
    const { most, largest } = measure([...faces(0), ...faces(4)], [...faces(0), ...faces(4)]);
    expect(most).toBeCloseTo(0, 12);
    expect(largest).toBeCloseTo(0, 12);
  });

  it('sees what is missing and what is new', () => {
    expect(measure([...faces(0), ...faces(4)], faces(0))).toEqual({ most: 1, largest: 1 });
    expect(measure(faces(0), [...faces(0), ...faces(4)])).toEqual({ most: 1, largest: 1 });
  });

  it('does not let a lost speck speak for the whole', () => {
    const deviation = measure([...faces(0), ...faces(8)], faces(0));
    expect(deviation.most).toBeCloseTo(0, 12);
    expect(deviation.largest).toBeCloseTo(9);
  });
});
