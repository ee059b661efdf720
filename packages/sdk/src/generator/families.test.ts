import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderFamilyRegistry } from '../../../../scripts/generate-families.ts';
import { FAMILIES } from './families.generated.ts';
import { buildModel, generateModel } from './generate-model.ts';
import type { GeneratedModel } from './model.ts';

function boundsOf(model: GeneratedModel) {
  const min = [Infinity, Infinity, Infinity] as [number, number, number];
  const max = [-Infinity, -Infinity, -Infinity] as [number, number, number];
  for (const { positions } of model.parts) {
    for (let at = 0; at < positions.length; at += 1) {
      const axis = (at % 3) as 0 | 1 | 2;
      min[axis] = Math.min(min[axis], positions[at] as number);
      max[axis] = Math.max(max[axis], positions[at] as number);
    }
  }
  return { min, max, size: max.map((value, axis) => value - (min[axis] as number)) as [number, number, number] };
}

/** The runner's own comparison takes seconds for arrays of this size. */
function areEqual(left: ArrayLike<number>, right: ArrayLike<number>): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false;
  return true;
}

function triangleCount(model: GeneratedModel): number {
  return model.parts.reduce((sum, part) => sum + part.indices.length / 3, 0);
}

/** Signed volume of all parts: negative if triangles face inwards. */
function volumeOf(model: GeneratedModel): number {
  let sum = 0;
  for (const { positions, indices } of model.parts) {
    for (let at = 0; at < indices.length; at += 3) {
      const [a, b, c] = [0, 1, 2].map((corner) => (indices[at + corner] as number) * 3) as [number, number, number];
      const p = (vertex: number, axis: number): number => positions[vertex + axis] as number;
      sum +=
        p(a, 0) * (p(b, 1) * p(c, 2) - p(b, 2) * p(c, 1)) +
        p(a, 1) * (p(b, 2) * p(c, 0) - p(b, 0) * p(c, 2)) +
        p(a, 2) * (p(b, 0) * p(c, 1) - p(b, 1) * p(c, 0));
    }
  }
  return sum / 6;
}

const ONE_OF_EACH_CLASS = [
  'birch',
  'copper',
  'slate',
  'brick',
  'thatch',
  'leather',
  'glass',
  'ceramic',
  'bark',
  'snow',
];

/** One prompt for every variant of every family. */
const VARIANTS = FAMILIES.flatMap((family) => {
  const byVariant = new Map<string | null, string>();
  for (const [noun, variant] of Object.entries(family.nouns)) if (!byVariant.has(variant)) byVariant.set(variant, noun);
  return [...byVariant.values()].map((noun) => [noun, family.id] as const);
});

describe('the registry', () => {
  it('lists every family file', () => {
    const stored = readFileSync(new URL('families.generated.ts', import.meta.url), 'utf8');
    expect(stored, 'run: node scripts/generate-families.ts').toBe(renderFamilyRegistry());
    expect(FAMILIES.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['barrel', 'chair', 'house', 'lamp', 'rock', 'sword', 'table', 'tree']),
    );
  });

  it('knows every noun once, in lower case', () => {
    const nouns = FAMILIES.flatMap((family) => Object.keys(family.nouns));
    expect(nouns.filter((noun, index) => nouns.indexOf(noun) !== index)).toEqual([]);
    expect(nouns.filter((noun) => !/^[a-z]+( [a-z]+){0,2}$/.test(noun))).toEqual([]);
  });
});

describe('every variant', () => {
  it.each(VARIANTS)('"%s" is a sound model', (noun, id) => {
    const { model, spec } = generateModel(noun, 3);
    expect(spec.family).toBe(id);
    const { min, max } = boundsOf(model);
    const reach = Math.max(...max.map(Math.abs), ...min.map(Math.abs));
    expect(Math.abs(min[1])).toBeLessThan(1e-3 * reach + 1e-6);
    expect(reach).toBeGreaterThan(0.05);
    expect(reach).toBeLessThan(30);
    expect(triangleCount(model)).toBeGreaterThanOrEqual(1000);
    expect(triangleCount(model)).toBeLessThanOrEqual(12000);
    // needles and leaves are open sheets, which enclose nothing
    if (id !== 'tree') expect(volumeOf(model)).toBeGreaterThan(0);
    for (const part of model.parts) {
      const vertexCount = part.positions.length / 3;
      expect(part.normals.length).toBe(vertexCount * 3);
      expect(part.uvs.length).toBe(vertexCount * 2);
      expect(part.indices.length).toBeGreaterThan(0);
      expect(part.indices.every((index) => index < vertexCount)).toBe(true);
      expect(part.positions.every((value) => Math.abs(value) < 1000)).toBe(true);
      expect(part.uvs.every((value) => Math.abs(value) < 1000)).toBe(true);
      for (let at = 0; at < part.normals.length; at += 3) {
        const [x, y, z] = [part.normals[at], part.normals[at + 1], part.normals[at + 2]] as [number, number, number];
        if (Math.abs(x * x + y * y + z * z - 1) > 1e-4) throw new Error(`normal ${at / 3} of ${part.name} is not unit`);
      }
    }
  });
});

describe.each(FAMILIES.map(({ id }) => id))('family %s', (id) => {
  it('depends on spec and seed only, and differs between seeds', () => {
    const [first, again, other] = [5, 5, 6].map((seed) => generateModel(`a ${id}`, seed).model) as [
      GeneratedModel,
      GeneratedModel,
      GeneratedModel,
    ];
    expect(again.parts.length).toBe(first.parts.length);
    for (const [index, part] of first.parts.entries()) {
      const twin = again.parts[index] as typeof part;
      expect(areEqual(twin.positions, part.positions), part.name).toBe(true);
      const [picture, other] = [part.material.baseColorTexture, twin.material.baseColorTexture];
      expect(areEqual(other?.data ?? [], picture?.data ?? []), part.material.name).toBe(true);
    }
    expect(boundsOf(other).size).not.toEqual(boundsOf(first).size);
  });

  it('follows size words and measures', () => {
    const usual = boundsOf(generateModel(`a ${id}`, 2).model).size;
    const huge = boundsOf(generateModel(`a huge ${id}`, 2).model).size;
    expect(huge[1] / usual[1]).toBeGreaterThan(1.3);
    const measured = boundsOf(generateModel(`a ${id}, 1.25 m tall`, 2).model).size;
    expect(measured[1]).toBeCloseTo(1.25, 4);
    expect(measured[0] / measured[1]).toBeCloseTo(usual[0] / usual[1], 4);
  });

  it('takes any material, colour and style it is given', () => {
    const { spec } = generateModel(`a ${id}`, 4);
    for (const material of ONE_OF_EACH_CLASS) {
      const model = buildModel({
        ...spec,
        materials: [material],
        colors: [[0.5, 0.1, 0.1]],
        wear: 1,
        styles: ['ornate', 'snowy'],
      });
      expect(triangleCount(model)).toBeGreaterThan(500);
    }
  }, 60_000);
});

it('refuses a family that does not exist', () => {
  const { spec } = generateModel('a lamp', 1);
  expect(() => buildModel({ ...spec, family: 'boat' })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
});

it('changes what the prompt asks for', () => {
  const materialsOf = (prompt: string): string[] =>
    generateModel(prompt, 1).model.parts.map(({ material }) => material.name);
  expect(materialsOf('a golden throne')).toContain('gold');
  expect(materialsOf('a marble table')).toContain('marble');
  expect(materialsOf('a red chair')).toContain('painted-wood');
  expect(materialsOf('a brick house')).toContain('brick');
  expect(materialsOf('a snowy cottage')).toContain('snow');
});
