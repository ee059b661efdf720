import { describe, expect, it } from 'vitest';
import { createRandom } from '../foundation/random.ts';
import type { Family } from './family.ts';
import { examineModel, type ModelFacts } from './kit/shape-checks.ts';
import type { GeneratedModel } from './model.ts';
import type { ObjectSpec } from './object-spec.ts';

/** Heights a variant may have, metres: lowest and highest. */
export type HeightTable = Readonly<Record<string, readonly [number, number]>>;

/** Builds objects of a family from what a test wants to be different. */
export interface FamilyBench {
  build(changes?: Partial<ObjectSpec>): GeneratedModel;
  examine(changes?: Partial<ObjectSpec>): ModelFacts;
}

/** Makes a bench: everything unnamed in a prompt, seed 1. */
export function createFamilyBench(family: Family): FamilyBench {
  const build = (changes: Partial<ObjectSpec> = {}): GeneratedModel => {
    const spec: ObjectSpec = {
      family: family.id,
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
    return family.build(spec, createRandom(spec.seed));
  };
  return { build, examine: (changes) => examineModel(build(changes)) };
}

/** What every family is held to: sound geometry on the ground and centred, budget, heights, determinism. */
export function describeSoundFamily(family: Family, heights: HeightTable): void {
  const { examine } = createFamilyBench(family);

  describe.each(Object.keys(heights))(`${family.id}: %s`, (variant) => {
    it.each([1, 2])('is sound at seed %i', (seed) => {
      const facts = examine({ variant, seed });
      expect(facts.faults).toEqual([]);
      expect(facts.triangles).toBeGreaterThanOrEqual(1000);
      expect(facts.triangles).toBeLessThanOrEqual(12000);
      const [low, high] = heights[variant] as readonly [number, number];
      expect(facts.min[1]).toBeCloseTo(0, 6);
      expect(facts.max[1]).toBeGreaterThan(low);
      expect(facts.max[1]).toBeLessThan(high);
      expect((facts.min[0] as number) + (facts.max[0] as number)).toBeCloseTo(0, 5);
      expect((facts.min[2] as number) + (facts.max[2] as number)).toBeCloseTo(0, 5);
    });
  });

  describe(family.id, () => {
    it('has a height for every variant its nouns can name', () => {
      const named = new Set(Object.values(family.nouns).filter((variant) => variant !== null));
      for (const variant of named) expect(Object.keys(heights)).toContain(variant);
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
  });
}
