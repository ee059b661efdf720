import { describe, expect, it } from 'vitest';
import { editDistance, nearestSpelling } from './edit-distance.ts';
import { singularForms, tokenise } from './tokenise.ts';

describe('editDistance', () => {
  it.each([
    ['sword', 'sword', 0],
    ['swrod', 'sword', 1],
    ['sord', 'sword', 1],
    ['swword', 'sword', 1],
    ['house', 'horse', 1],
    ['table', 'chair', 3],
  ])('%s to %s is %i', (left, right, distance) => {
    expect(editDistance(left, right, 2)).toBe(distance);
  });
});

describe('nearestSpelling', () => {
  const nouns = ['sword', 'chair', 'lamp', 'tree', 'lantern', 'hut'];
  it('forgives likely mistakes only', () => {
    expect(nearestSpelling('lanturn', nouns)).toBe('lantern');
    expect(nearestSpelling('lapm', nouns)).toBe('lamp');
    expect(nearestSpelling('lamb', nouns)).toBeUndefined();
    expect(nearestSpelling('hat', nouns)).toBeUndefined();
    expect(nearestSpelling('word', nouns)).toBeUndefined();
  });
});

describe('tokenise', () => {
  it('splits at hyphens and folds marks', () => {
    expect(tokenise('Low-poly Chaïse, 1.5m').map(({ text }) => text)).toEqual([
      'low',
      'poly',
      'chaise',
      ',',
      '1.5',
      'm',
    ]);
  });

  it('drops apostrophes and quotes', () => {
    expect(tokenise("“king’s” 'sword'").map(({ text }) => text)).toEqual(['kings', 'sword']);
  });

  it('finds singulars', () => {
    expect(singularForms('benches')).toContain('bench');
    expect(singularForms('knives')).toContain('knife');
    expect(singularForms('glass')).toEqual(['glass']);
  });
});
