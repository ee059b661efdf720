import { describe, expect, it } from 'vitest';
import type { RasterImage } from '../../host/host.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { chooseMaterial, createPalette, isMaterialName, MATERIAL_NAMES, materialClassOf } from './palette.ts';

const SPEC: ObjectSpec = {
  family: 'test',
  noun: null,
  variant: null,
  materials: [],
  colors: [],
  sizeFactor: 1,
  wear: 0.4,
  styles: [],
  seed: 12,
};

/** Mean step across the border of the picture over the largest mean step between two neighbouring lines inside it. */
function borderStep(image: RasterImage): number {
  const { width: size, data } = image;
  const meanStep = (first: number, second: number, isRow: boolean): number => {
    let sum = 0;
    for (let at = 0; at < size; at += 1) {
      const a = (isRow ? first * size + at : at * size + first) * 4;
      const b = (isRow ? second * size + at : at * size + second) * 4;
      for (let channel = 0; channel < 3; channel += 1) {
        sum += Math.abs((data[a + channel] as number) - (data[b + channel] as number));
      }
    }
    return sum / size;
  };
  let worst = 0;
  for (const isRow of [true, false]) {
    let inside = 0;
    for (let line = 0; line + 1 < size; line += 1) inside = Math.max(inside, meanStep(line, line + 1, isRow));
    worst = Math.max(worst, meanStep(size - 1, 0, isRow) / (inside + 1));
  }
  return worst;
}

describe.each(MATERIAL_NAMES)('material %s', (name) => {
  const material = createPalette(SPEC).material(name, { size: 64 });

  it('has three textures of one size with something in them', () => {
    for (const texture of [material.baseColorTexture, material.ormTexture, material.normalTexture]) {
      expect(texture?.data.length).toBe(64 * 64 * 4);
      expect(new Set(texture?.data).size).toBeGreaterThan(2);
    }
    expect(material.repeatM).toBeGreaterThan(0.01);
  });

  it('repeats without a visible border', () => {
    // The single leaves are never repeated, and the height of their normals jumps where a new leaf begins.
    const limit = name === 'leaf' ? 10 : 1.4;
    expect(borderStep(material.baseColorTexture as RasterImage)).toBeLessThan(limit);
    expect(borderStep(material.normalTexture as RasterImage)).toBeLessThan(limit);
  });

  it('has normals that point outwards and have unit length', () => {
    const { data } = material.normalTexture as RasterImage;
    for (let at = 0; at < data.length; at += 4) {
      const [x, y, z] = [0, 1, 2].map((channel) => ((data[at + channel] as number) / 255) * 2 - 1) as [
        number,
        number,
        number,
      ];
      expect(z).toBeGreaterThan(0);
      expect(Math.abs(Math.sqrt(x * x + y * y + z * z) - 1)).toBeLessThan(0.02);
    }
  });
});

describe('palette', () => {
  it('makes a material once and shares textures between its shades', () => {
    const palette = createPalette(SPEC);
    const oak = palette.material('oak');
    expect(palette.material('oak')).toBe(oak);
    expect(palette.material('oak', { tint: [1, 0, 0] })).not.toBe(oak);
    const dark = palette.shaded(oak, 0.5);
    expect(palette.shaded(oak, 0.5)).toBe(dark);
    expect(palette.shaded(oak, 1)).toBe(oak);
    expect(dark.baseColorTexture).toBe(oak.baseColorTexture);
    expect(dark.baseColor).toEqual([0.5, 0.5, 0.5, 1]);
    expect(dark.name).not.toBe(oak.name);
  });

  it('draws another pattern for another seed and changes with wear and tint', () => {
    const pixels = (spec: ObjectSpec, tint?: readonly [number, number, number]): string =>
      String(
        createPalette(spec).material('painted-wood', { size: 32, ...(tint === undefined ? {} : { tint }) })
          .baseColorTexture?.data,
      );
    const own = pixels(SPEC);
    expect(pixels(SPEC)).toBe(own);
    expect(pixels({ ...SPEC, seed: 13 })).not.toBe(own);
    expect(pixels({ ...SPEC, wear: 0.9 })).not.toBe(own);
    expect(pixels(SPEC, [0, 0, 1])).not.toBe(own);
  });

  it('shows a tint: blue paint is blue', () => {
    const { data } = createPalette({ ...SPEC, wear: 0 }).material('painted-wood', { tint: [0, 0, 0.8], size: 32 })
      .baseColorTexture as RasterImage;
    const mean = (channel: number): number =>
      data.filter((_, at) => at % 4 === channel).reduce((sum, value) => sum + value, 0);
    expect(mean(2)).toBeGreaterThan(3 * mean(0));
  });

  it('makes metals metallic and rust not', () => {
    const metalness = (name: string): number => {
      const { data } = createPalette(SPEC).material(name, { size: 32, wear: name === 'rust' ? 1 : 0 })
        .ormTexture as RasterImage;
      return data.filter((_, at) => at % 4 === 2).reduce((sum, value) => sum + value, 0) / (255 * 32 * 32);
    };
    expect(metalness('gold')).toBe(1);
    expect(metalness('oak')).toBe(0);
    expect(metalness('rust')).toBeLessThan(0.6);
  });

  it('takes the first named material of a class, then the next', () => {
    const spec = { ...SPEC, materials: ['oak', 'gold', 'iron'] };
    expect(chooseMaterial(spec, ['metal'], 'steel')).toBe('gold');
    expect(chooseMaterial(spec, ['metal'], 'steel', 1)).toBe('iron');
    expect(chooseMaterial(spec, ['stone'], 'granite')).toBe('granite');
    expect(materialClassOf('nothing')).toBeNull();
  });

  it('knows its own names only', () => {
    expect(isMaterialName('oak')).toBe(true);
    expect(isMaterialName('oaken')).toBe(false);
  });
});
