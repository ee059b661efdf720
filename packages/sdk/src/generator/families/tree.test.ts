import { describe, expect, it } from 'vitest';
import { createFamilyBench, describeSoundFamily, type HeightTable } from '../family.test-kit.ts';
import type { GeneratedModel } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { treeFamily } from './tree.ts';

const { build } = createFamilyBench(treeFamily);

const materialsOf = (model: GeneratedModel): string[] => model.parts.map((part) => part.material.name);

/** Every variant with the heights it may have, metres. */
const HEIGHTS: HeightTable = {
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

describeSoundFamily(treeFamily, HEIGHTS);

describe('tree', () => {
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
