import { describe, expect, it } from 'vitest';
import { createRandom } from '../../foundation/random.ts';
import { examineModel, type ModelFacts } from '../kit/shape-checks.ts';
import type { GeneratedModel } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { barrelFamily } from './barrel.ts';

function specOf(changes: Partial<ObjectSpec>): ObjectSpec {
  return {
    family: 'barrel',
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
  return barrelFamily.build(spec, createRandom(spec.seed));
}

function examine(changes: Partial<ObjectSpec> = {}): ModelFacts {
  return examineModel(build(changes));
}

const materialsOf = (model: GeneratedModel): string[] => model.parts.map((part) => part.material.name);

/** Every variant with the heights it may have, metres. */
const HEIGHTS: Readonly<Record<string, readonly [number, number]>> = {
  barrel: [0.8, 1.05],
  keg: [0.45, 0.6],
  cask: [0.6, 0.95],
  drum: [0.8, 0.95],
};

describe.each(Object.keys(HEIGHTS))('barrel: %s', (variant) => {
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

describe('barrel', () => {
  it('has a height for every variant its nouns can name', () => {
    const named = new Set(Object.values(barrelFamily.nouns).filter((variant) => variant !== null));
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

  it('takes wood and hoops from the prompt', () => {
    const names = materialsOf(build({ materials: ['walnut', 'brass'] }));
    expect(names).toContain('walnut');
    expect(names).toContain('brass');
  });

  it('paints the staves and puts snow or moss on top', () => {
    expect(materialsOf(build({ colors: [[0, 0, 1]] }))).toContain('painted-wood');
    expect(materialsOf(build({ styles: ['snowy'] }))).toContain('snow');
    expect(materialsOf(build({ styles: ['mossy'] }))).toContain('moss');
    expect(examine({ styles: ['snowy'] }).max[1]).toBeGreaterThan(examine().max[1] as number);
  });

  it('coopers precious metals and welds plain ones', () => {
    expect(materialsOf(build({ materials: ['gold'] }))[0]).toBe('gold');
    expect(build({ materials: ['iron'] }).name).toBe('drum');
    expect(build({ materials: ['oak', 'iron'] }).name).toBe('barrel');
  });

  it('makes a drum of painted steel or of the metal named', () => {
    expect(materialsOf(build({ variant: 'drum' }))).toContain('painted-metal');
    expect(materialsOf(build({ variant: 'drum', materials: ['copper'] }))).toEqual(['copper', 'copper']);
  });
});
