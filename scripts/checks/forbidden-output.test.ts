import { describe, expect, it } from 'vitest';
import { findForbidden } from './forbidden-output.ts';

describe('findForbidden', () => {
  it.each([
    ['a Node module', "import { readFile } from 'node:fs';"],
    ['a Node module', 'const fs = await import("node:fs/promises");'],
    ['a Node module', "const path = require('path');"],
    ['Intl', 'new Intl.NumberFormat().format(1)'],
    ['a locale', 'name.toLocaleUpperCase()'],
    ['Unicode normalisation', "text.normalize('NFC')"],
    ['Unicode normalisation', 'text.normalize()'],
    ['a Unicode property in a regular expression', String.raw`/\p{L}+/u.test(text)`],
    ['a look-behind in a regular expression', '/(?<=a)b/.test(text)'],
  ])('finds %s in %j', (what, text) => {
    expect(findForbidden(text).map((use) => use.what)).toEqual([what]);
  });

  it('leaves alone what only looks like it', () => {
    const text =
      'vector.normalize(out); const international = Internal.NumberFormat; /(?<name>a)/; normalize(text, normals);';
    expect(findForbidden(text)).toEqual([]);
  });

  it('lets known uses of libraries pass, and only where they are', () => {
    const known = 'var _longFormatter = new Intl.NumberFormat(void 0, { maximumFractionDigits: 0 });';
    expect(findForbidden(known)).toEqual([]);
    expect(findForbidden(`${known}${' '.repeat(200)}Intl.DateTimeFormat`)).toHaveLength(1);
  });
});
