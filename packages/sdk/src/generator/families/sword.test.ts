import { describe, expect, it } from 'vitest';
import { createRandom } from '../../foundation/random.ts';
import { examineModel, type ModelFacts } from '../kit/shape-checks.ts';
import type { GeneratedModel } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { swordFamily } from './sword.ts';

function specOf(changes: Partial<ObjectSpec>): ObjectSpec {
  return {
    family: 'sword',
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
  return swordFamily.build(spec, createRandom(spec.seed));
}

function examine(changes: Partial<ObjectSpec> = {}): ModelFacts {
  return examineModel(build(changes));
}

const materialsOf = (model: GeneratedModel): string[] => model.parts.map((part) => part.material.name);

/** Every variant with the heights it may have, metres. */
const HEIGHTS: Readonly<Record<string, readonly [number, number]>> = {
  longsword: [0.9, 1.15],
  shortsword: [0.55, 0.8],
  gladius: [0.55, 0.75],
  viking: [0.8, 1],
  dagger: [0.3, 0.5],
  greatsword: [1.3, 1.7],
  claymore: [1.25, 1.55],
  rapier: [1, 1.3],
  katana: [0.9, 1.1],
  saber: [0.85, 1.1],
  scimitar: [0.75, 1],
  cutlass: [0.65, 0.9],
};

describe.each(Object.keys(HEIGHTS))('sword: %s', (variant) => {
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

describe('sword', () => {
  it('has a height for every variant its nouns can name', () => {
    const named = new Set(Object.values(swordFamily.nouns).filter((variant) => variant !== null));
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

  it('makes blade and fittings of the metal that was named', () => {
    const names = materialsOf(build({ materials: ['gold'] }));
    expect(names.filter((name) => name === 'gold')).toHaveLength(3);
  });

  it('makes the guard of the second metal', () => {
    const { parts } = build({ materials: ['steel', 'silver'] });
    expect(parts.find((part) => part.name === 'blade')?.material.name).toBe('steel');
    expect(parts.find((part) => part.name === 'fittings')?.material.name).toBe('silver');
  });

  it('sets a gem into ornate hilts and dyes the grip', () => {
    expect(build({ styles: ['ornate'] }).parts.map((part) => part.name)).toContain('gem');
    const dyed = build({ colors: [[0, 0, 1]] }).parts.find((part) => part.name === 'grip');
    const plain = build().parts.find((part) => part.name === 'grip');
    expect(dyed?.material.baseColorTexture?.data).not.toEqual(plain?.material.baseColorTexture?.data);
  });

  it('nicks the edge of a worn blade', () => {
    const edge = (wear: number) => build({ wear }).parts.find((part) => part.name === 'edge')?.positions;
    expect(edge(0.9)).not.toEqual(edge(0.1));
    expect(edge(0.2)).toEqual(edge(0.1));
  });

  it('ends in one point at the top', () => {
    const { parts } = build();
    const { max } = examineModel({ name: 'blade', parts: parts.filter((part) => part.name === 'edge') });
    const tips = new Set<string>();
    for (const { positions } of parts) {
      for (let at = 0; at < positions.length; at += 3) {
        if ((positions[at + 1] as number) > (max[1] as number) - 1e-6)
          tips.add(`${positions[at]} ${positions[at + 2]}`);
      }
    }
    expect(tips.size).toBe(1);
  });
});
