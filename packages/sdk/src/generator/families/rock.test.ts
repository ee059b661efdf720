import { describe, expect, it } from 'vitest';
import { createRandom } from '../../foundation/random.ts';
import { examineModel, type ModelFacts } from '../kit/shape-checks.ts';
import type { GeneratedModel } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { rockFamily } from './rock.ts';

function specOf(changes: Partial<ObjectSpec>): ObjectSpec {
  return {
    family: 'rock',
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
  return rockFamily.build(spec, createRandom(spec.seed));
}

function examine(changes: Partial<ObjectSpec> = {}): ModelFacts {
  return examineModel(build(changes));
}

const materialsOf = (model: GeneratedModel): string[] => model.parts.map((part) => part.material.name);

/** Every variant with the heights it may have, metres. */
const HEIGHTS: Readonly<Record<string, readonly [number, number]>> = {
  boulder: [0.4, 2.2],
  stone: [0.1, 0.4],
  slab: [0.2, 0.9],
  menhir: [0.8, 2.2],
  pile: [0.5, 1.5],
  crystal: [0.5, 1.2],
};

describe.each(Object.keys(HEIGHTS))('rock: %s', (variant) => {
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

describe('rock', () => {
  it('has a height for every variant its nouns can name', () => {
    const named = new Set(Object.values(rockFamily.nouns).filter((variant) => variant !== null));
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

  it('is made of the stone that was named', () => {
    expect(materialsOf(build({ materials: ['marble'] }))[0]).toBe('marble');
  });

  it('lays moss and snow on what faces up', () => {
    for (const [style, name] of [
      ['mossy', 'moss'],
      ['snowy', 'snow'],
    ] as const) {
      const { parts } = build({ styles: [style] });
      const meanUp = (part: string): number => {
        const ups = [...(parts.find((found) => found.name === part)?.normals ?? [])].filter((_, at) => at % 3 === 1);
        return ups.reduce((sum, up) => sum + up, 0) / ups.length;
      };
      expect(meanUp(name)).toBeGreaterThan(meanUp('stone') + 0.25);
    }
  });

  it('grows crystals of the colour that was named', () => {
    const pixels = build({ variant: 'crystal', colors: [[0.8, 0, 0]] }).parts[0]?.material.baseColorTexture?.data ?? [];
    const mean = (channel: number): number =>
      [...pixels].reduce((sum, value, at) => sum + (at % 4 === channel ? value : 0), 0);
    expect(mean(0)).toBeGreaterThan(2 * mean(1));
  });
});
