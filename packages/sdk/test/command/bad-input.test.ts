import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Finished, parseLines, type Sandbox } from './sandbox.ts';
import { smallGlb } from './small-glb.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(async () => {
  await sandbox.remove();
});

/** One sentence with its code and one remedy line are the only thing said about the failure. */
function expectSentence({ status, stderr, stdout }: Finished, code: string | RegExp, about?: RegExp): void {
  const complaints = stderr.split('\n').filter((line) => line.startsWith('maquette:'));
  expect({ status, complaints: complaints.length, stderr }).toMatchObject({ status: 1, complaints: 1 });
  const [, sentence, foundCode, remedy] = /^maquette: ([^\n]+\.) \[([A-Z_]+)\]\n {2}([^\n]+)\n/m.exec(stderr) ?? [];
  expect(foundCode).toMatch(typeof code === 'string' ? new RegExp(`^${code}$`) : code);
  expect(sentence?.length).toBeLessThan(400);
  expect(remedy).toMatch(/\.$/);
  if (about !== undefined) expect(sentence).toMatch(about);
  expect(stdout + stderr).not.toMatch(/\n {4}at |node:internal/);
}

describe('wrong usage: status 2, nothing made', () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no verb', [], /verb/],
    ['an unknown verb', ['paint', 'x'], /no verb "paint"/],
    ['a verb that does not exist yet', ['convert', 'a', 'b'], /"convert" does not exist yet/],
    ['no prompt', ['generate'], /needs a prompt/],
    ['two prompts', ['generate', 'a', 'sword'], /quotes/],
    ['an unknown option', ['generate', 'a sword', '--colour', 'red'], /--colour/],
    ['an option without its value', ['generate', 'a sword', '--seed'], /--seed/],
    ['an unknown provider', ['generate', 'a sword', '--provider', 'nobody'], /no provider "nobody"/],
    [
      'a seed that is none',
      ['generate', 'a sword', '--seed', '-1'],
      /--seed must be a whole number from 0 to 2147483647/,
    ],
    ['a negative cost', ['generate', 'a sword', '--max-cost', '-1'], /--max-cost must be a number of at least 0/],
    ['a negative height', ['generate', 'a sword', '--height', '-1m'], /--height must be a length like/],
    ['a seed too large', ['generate', 'a sword', '--seed', '2147483648'], /--seed/],
    ['a height without a size', ['generate', 'a sword', '--height', 'tall'], /--height/],
    ['a height of nothing', ['generate', 'a sword', '--height', '0m'], /--height/],
    ['a height in feet', ['generate', 'a sword', '--height', '6ft'], /--height/],
    ['an unknown profile', ['generate', 'a sword', '--profile', 'unreal'], /--profile/],
    ['an unknown output', ['generate', 'a sword', '--output', 'voxels'], /--output/],
    ['no level', ['generate', 'a sword', '--levels', '0'], /--levels/],
    ['too many levels', ['generate', 'a sword', '--levels', '7'], /--levels/],
    ['an option that is no pair', ['generate', 'a sword', '--option', 'style'], /KEY=VALUE/],
    ['an option given twice', ['generate', 'a sword', '--option', 'style=a', '--option', 'style=b'], /twice/],
    ['a cost that is none', ['generate', 'a sword', '--max-cost', 'much'], /--max-cost/],
    ['a file without a folder', ['lod', 'x.glb'], /--out/],
    ['ratios that rise', ['lod', 'x.glb', '--out', 'o', '--ratios', '0.1,0.5'], /--ratios/],
    [
      'a ratio of one',
      ['lod', 'x.glb', '--out', 'o', '--ratios', '1'],
      /--ratios must be numbers above 0 and below 1, falling, separated by commas/,
    ],
    ['negative ratios', ['lod', 'x.glb', '--out', 'o', '--ratios', '1.5,-2'], /--ratios must be numbers above 0/],
    ['half a triangle', ['lod', 'x.glb', '--out', 'o', '--triangles', '10.5'], /--triangles/],
    ['levels named twice', ['lod', 'x.glb', '--out', 'o', '--levels', '2', '--ratios', '0.5'], /exclude/],
    ['an unknown compression', ['lod', 'x.glb', '--out', 'o', '--compress', 'zip'], /--compress/],
    ['two files', ['inspect', 'a', 'b'], /one file/],
    ['jobs without an action', ['jobs'], /action/],
    ['an unknown action', ['jobs', 'delete'], /no action "delete"/],
    ['an action of every object', ['jobs', 'constructor'], /no action "constructor"/],
    ['jobs show without an id', ['jobs', 'show'], /jobs show ID/],
    ['an option of another action', ['jobs', 'list', '--dry-run'], /--dry-run/],
    ['a task of an unknown provider', ['jobs', 'adopt', 'nobody', '1'], /no provider "nobody"/],
    ['a key for nobody', ['key', 'set', 'nobody'], /no provider "nobody"/],
    ['a key as an argument', ['key', 'set', 'local', 'my-key'], /key set PROVIDER/],
  ];
  it.each(cases)('%s', async (_name, args, about) => {
    const { status, stdout, stderr } = await sandbox.run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^maquette: [^\n]+\.\n {2}[^\n]+\n$/);
    expect(stderr).toMatch(about);
    expect(sandbox.names()).toEqual([]);
  });

  it('names the help of the verb, and with --json ends with a result line all the same', async () => {
    const { status, stdout, stderr } = await sandbox.run(['generate', 'a sword', '--seed', '-5', '--json']);
    expect(status).toBe(2);
    expect(stderr).toContain('See `maquette generate --help`.');
    expect(parseLines(stdout)).toMatchObject([{ type: 'result', job: null, state: 'failed', code: 'INPUT_INVALID' }]);
  });

  it('a provider from the environment that nobody has', async () => {
    const { status, stderr } = await sandbox.run(['generate', 'a sword'], { env: { MAQUETTE_PROVIDER: 'nobody' } });
    expect(status).toBe(2);
    expect(stderr).toMatch(/MAQUETTE_PROVIDER/);
  });
});

describe('prompts and options a provider cannot use: status 1, nothing made', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['an empty prompt', ['generate', ''], 'INPUT_INVALID'],
    ['a blank prompt', ['generate', ' \n\t'], 'INPUT_INVALID'],
    ['an option the provider does not have', ['generate', 'a sword', '--option', 'colour=red'], 'INPUT_INVALID'],
    ['a value the option does not have', ['generate', 'a sword', '--option', 'family=dragon'], 'INPUT_INVALID'],
    ['an unknown model', ['generate', 'a sword', '--model', 'best'], 'UNSUPPORTED_BY_PROVIDER'],
    ['an output it cannot make', ['generate', 'a sword', '--output', 'splat'], 'UNSUPPORTED_BY_PROVIDER'],
    ['a picture that is not there', ['generate', 'a sword', '--image', 'none.png'], 'INPUT_INVALID'],
    ['a task it cannot have', ['jobs', 'adopt', 'local', '1234'], 'UNSUPPORTED_BY_PROVIDER'],
    ['a job that is not there', ['jobs', 'show', '00000000-0000-7000-8000-000000000000'], 'INPUT_INVALID'],
  ];
  it.each(cases)('%s', async (_name, args, code) => {
    const finished = await sandbox.run([...args, '--json']);
    expectSentence(finished, code);
    expect(parseLines(finished.stdout)).toMatchObject([{ type: 'result', job: null, state: 'failed', code }]);
    expect(sandbox.names()).toEqual([]);
    expect((await sandbox.run(['jobs', 'list', '--json'])).stdout).toBe('');
  });

  it('a prompt of two megabytes', async () => {
    const finished = await sandbox.run(['generate', '-'], { input: 'sword '.repeat(350_000) });
    expectSentence(finished, 'INPUT_INVALID', /2100000 characters/);
    expect(sandbox.names()).toEqual([]);
  });

  it('a prompt without an end', async () => {
    expectSentence(await sandbox.run(['generate', '-'], { input: 'x'.repeat(17 * 1024 * 1024) }), 'INPUT_INVALID');
  });

  it('a picture for a provider that takes none, which is not even stored', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
      'base64',
    );
    await writeFile(join(sandbox.folder, 'picture.png'), png);
    const finished = await sandbox.run(['generate', '--image', 'picture.png', '--out', 'x']);
    expectSentence(finished, 'UNSUPPORTED_BY_PROVIDER', /image/);
    expect(sandbox.names()).toEqual(['picture.png']);
    expect(await readdir(sandbox.home)).not.toContain('files');
  });

  it('a prompt that tries to move the cursor is shown as text', async () => {
    const { stderr } = await sandbox.run(['generate', 'a sword', '--option', 'family=\u001b[2Jx\u0007']);
    expect(stderr).not.toContain('\u001b');
    expect(stderr).not.toContain('\u0007');
  });
});

describe('files that are no models: status 1, no output folder', () => {
  const cases: readonly (readonly [string, string, Buffer | string, RegExp])[] = [
    ['nothing', 'empty.glb', '', /^ASSET_UNREADABLE$/],
    [
      'binary garbage',
      'garbage.glb',
      Buffer.from(Array.from({ length: 4096 }, (_value, index) => (index * 97) % 256)),
      /^ASSET_UNREADABLE$/,
    ],
    ['a text', 'text.gltf', 'once upon a time', /^ASSET_UNREADABLE$/],
    ['JSON that is no glTF', 'other.gltf', '{"hello":"world"}', /^ASSET_(UNREADABLE|INVALID)$/],
    ['a truncated GLB', 'truncated.glb', smallGlb().subarray(0, -20), /^ASSET_(UNREADABLE|INVALID)$/],
    ['a GLB cut in its header', 'header.glb', smallGlb().subarray(0, 9), /^ASSET_UNREADABLE$/],
    ['indices out of range', 'indices.glb', smallGlb({ lastIndex: 60_000 }), /^ASSET_INVALID$/],
    [
      'a declared length of 2 GB',
      'long.glb',
      smallGlb({ declaredLength: 0x7fffffff }),
      /^ASSET_(UNREADABLE|INVALID|TOO_LARGE)$/,
    ],
    ['an external file', 'external.glb', smallGlb({ uri: 'data.bin' }), /^ASSET_INVALID$/],
    ['an external address', 'remote.glb', smallGlb({ uri: 'https://example.com/data.bin' }), /^ASSET_INVALID$/],
    ['a path out of its folder', 'outside.glb', smallGlb({ uri: '../../../../etc/hostname' }), /^ASSET_INVALID$/],
  ];
  it.each(cases)('%s', async (_name, file, content, code) => {
    await writeFile(join(sandbox.folder, file), content);
    expectSentence(await sandbox.run(['lod', file, '--out', 'out/set']), code);
    expectSentence(await sandbox.run(['inspect', file]), code);
    expect(sandbox.names()).toEqual([file]);
  });

  it('a file that is not there, and a folder', async () => {
    expectSentence(await sandbox.run(['lod', 'none.glb', '--out', 'out']), 'INPUT_INVALID', /does not exist/);
    expectSentence(await sandbox.run(['inspect', '.']), 'INPUT_INVALID', /is a folder/);
    expect(sandbox.names()).toEqual([]);
  });

  it('names inside a file lead nowhere', async () => {
    const name = '../../evil/\u001b[2J<script>';
    await writeFile(join(sandbox.folder, 'named.glb'), smallGlb({ name }));
    const { status, stderr } = await sandbox.run(['lod', 'named.glb', '--out', 'out', '--levels', '1']);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stderr).not.toContain('\u001b');
    expect(sandbox.names()).toEqual(['named.glb', 'out']);
    expect((await readdir(join(sandbox.folder, 'out'))).sort()).toEqual([
      'lod0.glb',
      'manifest.json',
      'raw.glb',
      'thumbnail.png',
    ]);
  });
});

describe('a job database that is not ours: status 1, left as it is', () => {
  const verbs = [
    ['jobs', 'list'],
    ['jobs', 'resume'],
    ['generate', 'a sword', '--out', 'x'],
  ];

  it('of a newer version', async () => {
    await sandbox.run(['jobs', 'list']);
    const path = join(sandbox.home, 'jobs.sqlite');
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const before = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    for (const args of verbs) expectSentence(await sandbox.run(args), 'STORE_VERSION', /newer version/);
    expect(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ).toBe(before);
    expect(sandbox.names()).toEqual([]);
  });

  it('of something else', async () => {
    await mkdir(sandbox.home);
    await writeFile(join(sandbox.home, 'jobs.sqlite'), 'these are my notes, not a database'.repeat(100));
    for (const args of verbs) expectSentence(await sandbox.run(args), 'STORE_FAILED', /no database/);
    expect(sandbox.names()).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('in a home that nobody can make', async () => {
    const env = { MAQUETTE_HOME: '/proc/nope/deeper' };
    for (const args of verbs) {
      expectSentence(await sandbox.run(args, { env }), 'STORE_FAILED', /lets nobody make a folder in \/proc/);
    }
    const doctor = await sandbox.run(['doctor'], { env });
    expect(doctor.status).toBe(1);
    expect(doctor.stdout).toMatch(/FAULT {2}home folder .*lets nobody make a folder in \/proc/);
    expect(sandbox.names()).toEqual([]);
  });

  it('in a home that is a file', async () => {
    await writeFile(join(sandbox.folder, 'home'), '');
    const finished = await sandbox.run(['jobs', 'list'], { env: { MAQUETTE_HOME: 'home' } });
    expectSentence(finished, 'STORE_FAILED');
  });
});

const canMount = (() => {
  try {
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    const reason = 'a read-only and a full disk are played with mounts, which only root may make (unshare, util-linux)';
    if (process.env.CI) throw new Error(reason);
    process.stderr.write(`Left out: ${reason}.\n`);
    return false;
  }
})();

describe.runIf(canMount)('disks that refuse: status 1, nothing half-made', () => {
  /** Runs a command in a world where `folder` is a small disk of its own, and tells what is left on it. */
  const onDisk = async (
    folder: string,
    options: string,
    args: readonly string[],
  ): Promise<Finished & { left: string }> => {
    const script =
      'mount -t tmpfs -o "$1" tmpfs "$2" || exit 99; d=$2; shift 2; "$@"; s=$?; echo "LEFT $(ls -AR "$d" | tr "\\n" " ")" >&2; exit $s';
    const finished = await sandbox.run(args, { under: ['unshare', '-m', 'sh', '-c', script, 'sh', options, folder] });
    return { ...finished, left: /LEFT (.*)/.exec(finished.stderr)?.[1] ?? 'nothing was told' };
  };

  it('a read-only folder for the asset', async () => {
    const disk = join(sandbox.folder, 'disk');
    await mkdir(disk);
    await writeFile(join(sandbox.folder, 'a.glb'), smallGlb());
    for (const args of [
      ['generate', 'a rock', '--levels', '1'],
      ['lod', 'a.glb', '--levels', '1'],
    ]) {
      const finished = await onDisk(disk, 'ro', [...args, '--out', 'disk/new']);
      expectSentence(finished, 'STORE_FAILED', /disk\/new cannot be written: the file system is read-only/);
      expect(finished.left).toBe(`${disk}: `);
    }
    // noticed before anything was made
    expect((await sandbox.run(['jobs', 'list'])).stdout).toBe('');
  });

  it('a read-only home', async () => {
    await mkdir(sandbox.home);
    const finished = await onDisk(sandbox.home, 'ro', ['generate', 'a rock', '--out', 'new']);
    expectSentence(finished, 'STORE_FAILED');
    expect(sandbox.names()).toEqual([]);
  });

  it('a full disk for the asset; once there is room the job goes on', async () => {
    const disk = join(sandbox.folder, 'disk');
    await mkdir(disk);
    await writeFile(join(sandbox.folder, 'a.glb'), smallGlb());
    const made = await onDisk(disk, 'size=64k', ['generate', 'a rock', '--levels', '1', '--out', 'disk/new', '--json']);
    expectSentence(made, 'STORE_FAILED', /disk is full/);
    expect(made.left).toBe(`${disk}: `);
    const { job } = parseLines(made.stdout).at(-1) as { job: string };
    expect((await sandbox.run(['jobs', 'resume', job])).status).toBe(0);
    expect((await readdir(join(disk, 'new'))).sort()).toEqual([
      'lod0.glb',
      'manifest.json',
      'raw.glb',
      'thumbnail.png',
    ]);

    const levels = await onDisk(disk, 'size=8k', ['lod', 'a.glb', '--levels', '1', '--out', 'disk/new']);
    expectSentence(levels, 'STORE_FAILED', /disk is full/);
    expect(levels.left).toBe(`${disk}: `);
  });

  it('a full disk for the home', async () => {
    await mkdir(sandbox.home);
    const finished = await onDisk(sandbox.home, 'size=100k', ['generate', 'a rock', '--out', 'new']);
    expectSentence(finished, 'STORE_FAILED', /full/);
    expect(sandbox.names()).toEqual([]);
  });
});
