import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeZip, type ZipEntry } from './zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'maquette-zip-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ENTRIES: readonly ZipEntry[] = [
  { name: 'top/b.txt', bytes: Buffer.from('text '.repeat(1000)) },
  { name: 'top/ä/empty', bytes: new Uint8Array() },
  { name: 'top/a.bin', bytes: Uint8Array.from([0, 255, 7]), isExecutable: true },
];

describe('makeZip', () => {
  it('makes what Python unpacks, as Blender does', () => {
    const path = join(folder, 'a.zip');
    writeFileSync(path, makeZip(ENTRIES));
    const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as zip:
    assert zip.testzip() is None
    zip.extractall(sys.argv[2])
    print(json.dumps([[item.filename, item.date_time, item.external_attr >> 16, item.compress_type] for item in zip.infolist()]))`;
    const listed = JSON.parse(execFileSync('python3', ['-c', script, path, folder], { encoding: 'utf8' }));
    const day = [1980, 1, 1, 0, 0, 0];
    expect(listed).toEqual([
      ['top/a.bin', day, 0o100755, 0],
      ['top/b.txt', day, 0o100644, 8],
      ['top/ä/empty', day, 0o100644, 0],
    ]);
    for (const { name, bytes } of ENTRIES) expect(readFileSync(join(folder, name))).toEqual(Buffer.from(bytes));
    expect(statSync(path).size).toBeLessThan(1000);
  });

  it('gives the same bytes for the same files in any order', () => {
    expect(makeZip(ENTRIES.toReversed())).toEqual(makeZip(ENTRIES));
  });
});
