import { describe, expect, it } from 'vitest';
import { createFamilyBench, describeSoundFamily, type HeightTable } from '../family.test-kit.ts';
import { examineModel } from '../kit/shape-checks.ts';
import type { GeneratedModel } from '../model.ts';
import { swordFamily } from './sword.ts';

const { build } = createFamilyBench(swordFamily);

const materialsOf = (model: GeneratedModel): string[] => model.parts.map((part) => part.material.name);

/** Every variant with the heights it may have, metres. */
const HEIGHTS: HeightTable = {
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

describeSoundFamily(swordFamily, HEIGHTS);

describe('sword', () => {
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
