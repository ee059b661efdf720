import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder, slugOf } from './folder-name.ts';

describe('slugOf', () => {
  it.each([
    ['a medieval sword', 'a-medieval-sword'],
    ['  Épée  médiévale! ', 'epee-medievale'],
    ['../../etc/passwd', 'etc-passwd'],
    ['剣', 'asset'],
    ['...', 'asset'],
    ['CON', 'asset'],
    ['a\u0000b', 'a-b'],
    ['word '.repeat(40), 'word-word-word-word-word-word-word-word-word'],
    ['x'.repeat(300), 'x'.repeat(48)],
  ])('of "%s" is %s', (text, slug) => {
    expect(slugOf(text)).toBe(slug);
  });
});

describe('newFolder', () => {
  it('counts on while the name is taken', () => {
    const parent = mkdtempSync(join(tmpdir(), 'maquette-names-'));
    try {
      expect(newFolder(parent, 'A lamp')).toBe(join(parent, 'a-lamp'));
      for (const name of ['a-lamp', 'a-lamp-2']) mkdirSync(join(parent, name));
      expect(newFolder(parent, 'A lamp')).toBe(join(parent, 'a-lamp-3'));
    } finally {
      rmSync(parent, { recursive: true });
    }
  });
});
