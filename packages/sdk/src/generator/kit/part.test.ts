import { describe, expect, it } from 'vitest';
import { createPalette } from '../materials/palette.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { box } from './box.ts';
import { createModel } from './model.ts';
import { createPart } from './part.ts';
import { icosphere } from './sphere.ts';

const spec: ObjectSpec = {
  family: 'test',
  noun: null,
  variant: null,
  materials: [],
  colors: [],
  sizeFactor: 1,
  wear: 0.3,
  styles: [],
  seed: 1,
};
const material = createPalette(spec).material('fabric', { size: 32 });

const numberAt = (values: Float32Array, index: number): number => values[index] as number;

describe('createPart', () => {
  it('splits normals at creases and keeps them together on smooth surfaces', () => {
    const smooth = createPart('ball', material, icosphere(1, 4).crease(180));
    const flat = createPart('ball', material, icosphere(1, 4).crease(0));
    expect(flat.indices.length).toBe(smooth.indices.length);
    expect(flat.positions.length / 3).toBe(flat.indices.length);
    expect(smooth.positions.length / 3).toBeLessThan(flat.positions.length / 3 / 2);
    for (let at = 0; at < smooth.positions.length; at += 3) {
      const along = [0, 1, 2].reduce(
        (sum, axis) => sum + numberAt(smooth.positions, at + axis) * numberAt(smooth.normals, at + axis),
        0,
      );
      expect(along).toBeGreaterThan(0.98);
    }
  });

  it('lets large faces win over bevels: the flat of a box stays flat', () => {
    const { positions, normals } = createPart('box', material, box(1, 1, 1, { bevel: 0.03 }).crease(50));
    const top = [...positions.keys()].filter((at) => at % 3 === 1 && numberAt(positions, at) > 0.499);
    expect(top.length).toBeGreaterThan(0);
    expect(Math.max(...top.map((at) => numberAt(normals, at)))).toBeGreaterThan(0.99);
  });

  it('measures textures in tiles of the material', () => {
    const { uvs } = createPart('box', material, box(0.2, 0.2, 1));
    const vs = [...uvs].filter((_, index) => index % 2 === 1);
    expect(Math.max(...vs) - Math.min(...vs)).toBeGreaterThan(0.95 / material.repeatM);
    expect(Math.max(...vs) - Math.min(...vs)).toBeLessThan(1.05 / material.repeatM);
  });
});

describe('createModel', () => {
  it('stands the object on the ground, centres and scales it', () => {
    const model = createModel('box', [createPart('box', material, box(1, 2, 3).translate(5, 6, 7))], 2);
    const { positions } = model.parts[0] as (typeof model.parts)[number];
    const axis = (which: number): number[] => [...positions].filter((_, at) => at % 3 === which);
    expect(Math.min(...axis(1))).toBeCloseTo(0, 6);
    expect(Math.max(...axis(1))).toBeCloseTo(4, 6);
    expect(Math.min(...axis(0))).toBeCloseTo(-1, 6);
    expect(Math.max(...axis(2))).toBeCloseTo(3, 6);
  });
});
