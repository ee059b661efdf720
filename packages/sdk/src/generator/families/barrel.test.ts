import { describe, expect, it } from 'vitest';
import { createFamilyBench, describeSoundFamily, type HeightTable } from '../family.test-kit.ts';
import type { GeneratedModel } from '../model.ts';
import { barrelFamily } from './barrel.ts';

const { build, examine } = createFamilyBench(barrelFamily);

const materialsOf = (model: GeneratedModel): string[] => model.parts.map((part) => part.material.name);

/** Every variant with the heights it may have, metres. */
const HEIGHTS: HeightTable = {
  barrel: [0.8, 1.05],
  keg: [0.45, 0.6],
  cask: [0.6, 0.95],
  drum: [0.8, 0.95],
};

describeSoundFamily(barrelFamily, HEIGHTS);

describe('barrel', () => {
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
    const rusty = build({ materials: ['rust'], wear: 0.85 });
    expect([rusty.name, ...materialsOf(rusty)]).toEqual(['drum', 'rust', 'rust']);
    expect(build({ materials: ['dark-iron', 'steel'] }).name).toBe('drum');
    const hoops = { noun: 'hoop', materials: ['rust'], colors: [] };
    expect(build({ materials: ['rust'], features: [hoops] }).name).toBe('barrel');
  });

  it('makes a drum of painted steel or of the metal named', () => {
    expect(materialsOf(build({ variant: 'drum' }))).toContain('painted-metal');
    expect(materialsOf(build({ variant: 'drum', materials: ['copper'] }))).toEqual(['copper', 'copper']);
  });
});
