import { describe, expect, it } from 'vitest';
import { createRandom } from '../../foundation/random.ts';
import { examineModel, type ModelFacts } from '../kit/shape-checks.ts';
import type { GeneratedModel } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { treeFamily } from './tree.ts';

function specOf(changes: Partial<ObjectSpec>): ObjectSpec {
  return {
    family: 'tree',
    noun: null,
    variant: null,
    materials: [],
    colors: [],
    sizeFactor: 1,
    wear: 0.3,
    styles: [],
    seed: 1,
    ...changes,
  };
}

function build(changes: Partial<ObjectSpec> = {}): GeneratedModel {
  const spec = specOf(changes);
  return treeFamily.build(spec, createRandom(spec.seed));
}

function examine(changes: Partial<ObjectSpec> = {}): ModelFacts {
  return examineModel(build(changes));
}

const materialsOf = (model: GeneratedModel): string[] => model.parts.map((part) => part.material.name);

/** Every variant with the heights it may have, metres. */
const HEIGHTS: Readonly<Record<string, readonly [number, number]>> = {
  oak: [4.4, 6.2],
  maple: [4.4, 6.2],
  birch: [5, 7],
  poplar: [5.5, 7.6],
  cherry: [3.3, 5],
  apple: [3.2, 4.6],
  pine: [4.8, 6.7],
  palm: [3.9, 6.5],
  dead: [2.6, 6],
  bush: [0.7, 2],
};

describe.each(Object.keys(HEIGHTS))('tree: %s', (variant) => {
  it.each([1, 2])('is sound at seed %i', (seed) => {
    const facts = examine({ variant, seed });
    expect(facts.faults).toEqual([]);
    expect(facts.triangles).toBeGreaterThanOrEqual(1000);
    expect(facts.triangles).toBeLessThanOrEqual(12000);
    const [low, high] = HEIGHTS[variant] as readonly [number, number];
    expect(facts.min[1]).toBeCloseTo(0, 6);
    expect(facts.max[1]).toBeGreaterThan(low);
    expect(facts.max[1]).toBeLessThan(high);
    expect((facts.min[0] as number) + (facts.max[0] as number)).toBeCloseTo(0, 5);
    expect((facts.min[2] as number) + (facts.max[2] as number)).toBeCloseTo(0, 5);
  });
});

describe('tree', () => {
  it('has a height for every variant its nouns can name', () => {
    const named = new Set(Object.values(treeFamily.nouns).filter((variant) => variant !== null));
    for (const variant of named) expect(Object.keys(HEIGHTS)).toContain(variant);
  });

  it('gives the same bytes for the same seed and other shapes for other seeds', () => {
    const facts = [1, 2, 3, 4, 5].map((seed) => examine({ seed }));
    expect(examine({ seed: 5 }).digest).toBe(facts[4]?.digest);
    expect(new Set(facts.map((fact) => fact.digest)).size).toBe(5);
    expect(new Set(facts.map((fact) => (fact.max[0] as number).toFixed(4))).size).toBeGreaterThan(2);
  });

  it('scales with the size factor', () => {
    expect(examine({ sizeFactor: 2 }).max[1]).toBeCloseTo(2 * (examine().max[1] as number), 4);
  });

  it('turns colour in autumn, on request, and under snow', () => {
    const leaf = (changes: Partial<ObjectSpec>): number => {
      const pixels = build(changes).parts.find((part) => part.name === 'leaves')?.material.baseColorTexture?.data ?? [];
      const mean = (channel: number): number =>
        [...pixels].reduce((sum, value, at) => sum + (at % 4 === channel ? value : 0), 0);
      return mean(0) / mean(1);
    };
    expect(leaf({})).toBeLessThan(1);
    expect(leaf({ styles: ['autumn'] })).toBeGreaterThan(1.2);
    expect(leaf({ colors: [[0.8, 0.02, 0.02]] })).toBeGreaterThan(2);
    expect(materialsOf(build({ styles: ['snowy'] }))).toContain('snow');
    expect(materialsOf(build({ variant: 'pine', styles: ['snowy'] }))).toContain('snow');
  });

  it('takes the species from the wood when no noun names one', () => {
    expect(materialsOf(build({ materials: ['birch'] }))).toContain('birch-bark');
    expect(materialsOf(build())).toContain('bark');
  });

  it('has no leaves when dead', () => {
    expect(build({ styles: ['dead'] }).parts.map((part) => part.name)).toEqual(['wood']);
  });

  it('keeps leaves together, so that coarser levels may drop single ones', () => {
    const leaves = build().parts.find((part) => part.name === 'leaves');
    const owners = new Map<string, number>();
    let lonely = 0;
    const { positions } = leaves as NonNullable<typeof leaves>;
    const leafCount = positions.length / 12;
    const name = (vertex: number): string => positions.slice(vertex * 3, vertex * 3 + 3).join(' ');
    for (let vertex = 0; vertex < positions.length / 3; vertex += 1)
      owners.set(name(vertex), (owners.get(name(vertex)) ?? 0) + 1);
    for (let leaf = 0; leaf < leafCount; leaf += 1) {
      if ([0, 1, 2, 3].every((corner) => owners.get(name(leaf * 4 + corner)) === 1)) lonely += 1;
    }
    expect(leafCount).toBeGreaterThan(1000);
    expect(lonely).toBeLessThan(leafCount * 0.05);
  });
});
