import { describe, expect, it } from 'vitest';
import { FAMILIES } from './families.generated.ts';
import type { Family } from './family.ts';
import { buildModel } from './generate-model.ts';
import type { GeneratedModel } from './model.ts';
import { STYLE_NAMES } from './vocabulary/modifier-words.ts';

/** Styles that a family shows without changing: its usual object has them. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  barrel: ['rustic', 'simple'],
  house: ['medieval'],
  lamp: ['glowing'],
  sword: ['medieval', 'simple'],
  table: ['simple'],
};
/** Variants on which a style shows, where it is not the usual object. */
const VARIANTS: Readonly<Record<string, string>> = { 'house fantasy': 'tower', 'lamp mossy': 'stone-lantern' };
/** A prompt without any style may give another kind of house, so the comparison is with a style that nothing shows. */
const SHOWN_BY_NONE = 'tropical';
const SEEDS = [1, 2, 3, 4, 5, 6];

function build(family: Family, variant: string | null, styles: readonly string[], seed: number): GeneratedModel {
  const plain = { noun: null, materials: [], colors: [], sizeFactor: 1, wear: 0.3 };
  return buildModel({ ...plain, family: family.id, variant, styles, seed });
}

/** What tells two objects apart: their parts, corners and pixels, in short. */
function summaryOf({ parts }: GeneratedModel): string {
  return JSON.stringify(
    parts.map(({ name, material, positions, indices }) => [
      name,
      material.name,
      indices.length,
      sample(positions),
      sample(material.baseColorTexture?.data ?? []),
    ]),
  );
}

function sample(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 7) sum += (values[at] as number) * ((at % 101) + 1);
  return sum;
}

describe.each(FAMILIES.map((family) => [family.id, family] as const))('styles of %s', (id, family) => {
  it('are known words', () => {
    expect(family.styles?.length).toBeGreaterThan(0);
    for (const style of family.styles ?? []) expect(STYLE_NAMES).toContain(style);
    expect(family.styles).not.toContain(SHOWN_BY_NONE);
  });

  const changing = (family.styles ?? []).filter((style) => !(USUAL[id] ?? []).includes(style));
  it.each(changing)('change with %s', { timeout: 30_000 }, (style) => {
    const variant = VARIANTS[`${id} ${style}`] ?? null;
    const isChanged = (seed: number): boolean =>
      summaryOf(build(family, variant, [style], seed)) !== summaryOf(build(family, variant, [SHOWN_BY_NONE], seed));
    expect(SEEDS.some(isChanged)).toBe(true);
  });
});
