import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogFile } from './log-file.ts';

const secrets = new Set<string>();

describe('createLogFile', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'maquette-log-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });

  it('begins a new file at the size limit and keeps as many old ones as told', async () => {
    const path = join(root, 'logs', 'a.log');
    const log = createLogFile({ path, rotateAtBytes: 200, keep: 2, secrets });
    for (let count = 0; count < 20; count += 1) log({ level: 'info', event: 'counted', data: { count } });
    expect((await readdir(join(root, 'logs'))).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
    const newest = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(newest.at(-1) as string)).toMatchObject({ event: 'counted', data: { count: 19 } });
  });

  it('stays silent where nothing can be written', async () => {
    await writeFile(join(root, 'file'), '');
    const log = createLogFile({ path: join(root, 'file', 'a.log'), secrets });
    expect(() => log({ level: 'error', event: 'lost' })).not.toThrow();
  });
});
