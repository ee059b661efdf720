import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeTarball, readTarball } from './tarball.ts';

const folder = mkdtempSync(join(tmpdir(), 'maquette-tarball-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES = new Map<string, Uint8Array>([
  ['package.json', Buffer.from('{}')],
  ['dist/empty.js', new Uint8Array()],
  ['dist/block.bin', new Uint8Array(512).fill(9)],
]);

describe('makeTarball', () => {
  it('makes what tar and readTarball unpack', () => {
    const path = join(folder, 'a.tgz');
    writeFileSync(path, makeTarball(FILES));
    execFileSync('tar', ['-xzf', path, '-C', folder]);
    const read = readTarball(readFileSync(path));
    expect([...read.keys()].sort()).toEqual([...FILES.keys()].sort());
    for (const [name, bytes] of FILES) {
      expect(readFileSync(join(folder, 'package', name))).toEqual(Buffer.from(bytes));
      expect(Buffer.from(read.get(name) ?? [1])).toEqual(Buffer.from(bytes));
    }
  });

  it('gives the same bytes for the same files in any order', () => {
    expect(makeTarball(new Map([...FILES].toReversed()))).toEqual(makeTarball(FILES));
  });
});
