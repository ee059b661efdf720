import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, parseLines, type Sandbox } from './sandbox.ts';

const SEED = ['--seed', '7'];
const LEVELS = ['lod0.glb', 'lod1.glb', 'lod2.glb', 'lod3.glb'];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

interface Manifest {
  readonly levels: readonly { file: string; triangles: number; bytes: number; digest: string }[];
  readonly raw: { file: string; digest: string };
  readonly bounds: { min: number[]; max: number[] };
  readonly profile: string;
  readonly credit: string;
  readonly licence: string;
  readonly provenance: { prompt: string; provider: string; seed: number; job: string };
}

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(async () => {
  await sandbox.remove();
});

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
}

async function digestOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

describe('maquette generate', () => {
  it('makes an asset folder, prints its path on stdout and progress on stderr', async () => {
    const { status, stdout, stderr } = await sandbox.run([
      'generate',
      'a medieval sword',
      '--out',
      'out/sword',
      ...SEED,
    ]);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const folder = join(sandbox.folder, 'out', 'sword');
    expect(stdout).toBe(`${folder}\n`);
    expect((await readdir(folder)).sort()).toEqual([...LEVELS, 'manifest.json', 'raw.glb', 'thumbnail.png']);
    expect(await readdir(join(sandbox.folder, 'out'))).toEqual(['sword']);

    const manifest = await manifestOf(folder);
    const triangles = manifest.levels.map((level) => level.triangles);
    expect(triangles[0]).toBeGreaterThanOrEqual(1000);
    expect(triangles).toEqual([...new Set(triangles)].sort((left, right) => right - left));
    expect(manifest.provenance).toMatchObject({ prompt: 'a medieval sword', provider: 'local', seed: 7 });
    for (const { file, digest } of [...manifest.levels, manifest.raw]) {
      expect(await digestOf(join(folder, file))).toBe(digest);
    }

    // lines of plain text: no bar, no colours, and credit to whoever made it
    expect(stderr).toContain('100%  done\n');
    for (const sign of ['\u001b', '\r', '█']) expect(stderr).not.toContain(sign);
    expect(stderr).toContain(manifest.credit);
  });

  it('prints every event and a last line with the result for --json', async () => {
    const { status, stdout } = await sandbox.run(['generate', 'a wooden table', '--out', 'table', '--json', ...SEED]);
    expect(status).toBe(0);
    const lines = parseLines(stdout);
    const events = lines.slice(0, -1);
    const job = events[0]?.job as string;
    expect(job).toMatch(UUID);
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
    expect(new Set(events.map((event) => event.job))).toEqual(new Set([job]));
    const types = events.map((event) => event.type);
    expect(types[0]).toBe('job-queued');
    for (const type of [
      'start-requested',
      'operation-started',
      'asset-offered',
      'asset-fetched',
      'processing-started',
      'step-finished',
    ]) {
      expect(types).toContain(type);
    }
    expect(types.at(-1)).toBe('job-succeeded');
    const folder = join(sandbox.folder, 'table');
    expect(lines.at(-1)).toEqual({ type: 'result', job, state: 'succeeded', folder });
    expect((await manifestOf(folder)).provenance.job).toBe(job);
  });

  it('passes on what was asked for: provider option, height, levels, profile, prompt from stdin', async () => {
    const args = [
      '--option',
      'family=barrel',
      '--height',
      '50cm',
      '--levels',
      '2',
      '--profile',
      'unity',
      '--provider',
      'local',
    ];
    const { status, stderr } = await sandbox.run(['generate', '-', '--out', 'x', ...args, ...SEED], {
      input: 'something old\n',
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const manifest = await manifestOf(join(sandbox.folder, 'x'));
    expect(manifest.levels.map((level) => level.file)).toEqual(['lod0.glb', 'lod1.glb']);
    expect(manifest.profile).toBe('unity');
    expect((manifest.bounds.max[1] as number) - (manifest.bounds.min[1] as number)).toBeCloseTo(0.5, 4);
  });

  it('names a new folder after the prompt, where npm was called, and never uses one that exists', async () => {
    const called = join(sandbox.folder, 'called-here');
    await mkdir(join(called, 'a-rocky-rock'), { recursive: true });
    const { status, stdout } = await sandbox.run(['generate', 'A  rocky — Rock!', '--levels', '1'], {
      env: { INIT_CWD: called },
    });
    expect(status).toBe(0);
    expect(stdout).toBe(`${join(called, 'a-rocky-rock-2')}\n`);
    expect(await readdir(join(called, 'a-rocky-rock'))).toEqual([]);
    expect(sandbox.names()).toEqual(['called-here']);
  });

  it('refuses a folder that is not empty before a job is made, and overwrites it for --force', async () => {
    const folder = join(sandbox.folder, 'mine');
    await mkdir(folder);
    await writeFile(join(folder, 'notes.txt'), 'keep me');
    await writeFile(join(folder, 'lod9.glb'), 'of an older asset');
    const refused = await sandbox.run(['generate', 'a lamp', '--out', 'mine', '--json']);
    expect(refused.status).toBe(1);
    expect(parseLines(refused.stdout)).toMatchObject([
      { type: 'result', job: null, state: 'failed', code: 'INPUT_INVALID' },
    ]);
    expect(refused.stderr).toContain('--force');
    expect((await sandbox.run(['jobs', 'list', '--json'])).stdout).toBe('');
    expect((await readdir(folder)).sort()).toEqual(['lod9.glb', 'notes.txt']);

    const forced = await sandbox.run(['generate', 'a lamp', '--out', 'mine', '--force', '--levels', '1']);
    expect(forced.status).toBe(0);
    expect((await readdir(folder)).sort()).toEqual([
      'lod0.glb',
      'manifest.json',
      'notes.txt',
      'raw.glb',
      'thumbnail.png',
    ]);
  });

  it('says for --dry-run what would be made, and writes nothing at all', async () => {
    const { status, stdout } = await sandbox.run([
      'generate',
      'a tree',
      '--dry-run',
      '--json',
      '--max-cost',
      '0',
      ...SEED,
    ]);
    expect(status).toBe(0);
    const [plan, result] = parseLines(stdout);
    expect(plan).toMatchObject({
      type: 'plan',
      provider: 'local',
      output: 'mesh',
      seed: 7,
      levels: 4,
      estimate: { amount: 0 },
      folder: join(sandbox.folder, 'a-tree'),
    });
    expect(result).toMatchObject({ type: 'result', job: null, state: 'succeeded', dryRun: true });
    expect(sandbox.names()).toEqual([]);
    expect(existsSync(sandbox.home)).toBe(false);
    const words = await sandbox.run(['generate', 'a tree', '--dry-run', ...SEED]);
    for (const row of [/^provider +local/m, /^seed +7$/m, /^estimate +free$/m]) expect(words.stdout).toMatch(row);
  });
});
