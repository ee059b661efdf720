import { describe, expect, it } from 'vitest';
import { createFamilyBench, describeSoundFamily, type HeightTable } from '../family.test-kit.ts';
import type { GeneratedModel } from '../model.ts';
import { rockFamily } from './rock.ts';

const { build } = createFamilyBench(rockFamily);

const materialsOf = (model: GeneratedModel): string[] => model.parts.map((part) => part.material.name);

/** Every variant with the heights it may have, metres. */
const HEIGHTS: HeightTable = {
  boulder: [0.4, 2.2],
  stone: [0.1, 0.4],
  slab: [0.2, 0.9],
  menhir: [0.8, 2.2],
  pile: [0.5, 1.5],
  crystal: [0.5, 1.2],
};

describeSoundFamily(rockFamily, HEIGHTS);

describe('rock', () => {
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
