import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, parseLines, type Sandbox, until } from './sandbox.ts';

const FILES = ['lod0.glb', 'lod1.glb', 'lod2.glb', 'lod3.glb', 'manifest.json', 'raw.glb', 'thumbnail.png'];

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(async () => {
  await sandbox.remove();
});

const listed = async (): Promise<Record<string, unknown>[]> =>
  parseLines((await sandbox.run(['jobs', 'list', '--json'])).stdout);
const shown = async (job: string): Promise<Record<string, unknown>> =>
  parseLines((await sandbox.run(['jobs', 'show', job, '--json'])).stdout)[0] ?? {};

/** Starts a job, waits until its raw result is being processed, and stops the process there without a word. */
async function startAndFreeze(...args: readonly string[]) {
  const running = sandbox.start(['generate', 'a wooden barrel', '--out', 'barrel', '--json', ...args]);
  const { job } = (await running.lineWith((line) => line.type === 'processing-started')) as { job: string };
  running.child.kill('SIGSTOP');
  return { running, job };
}

describe('maquette jobs', () => {
  it('lists, shows and prunes', async () => {
    expect((await sandbox.run(['jobs', 'list'])).status).toBe(0);
    await sandbox.run(['generate', 'a lamp', '--levels', '1', '--out', 'lamp']);
    await sandbox.run(['generate', 'a rock', '--levels', '1', '--out', 'rock', '--option', 'style=mossy']);
    const [rock = {}, lamp = {}] = await listed();
    expect(rock).toMatchObject({ state: 'succeeded', provider: 'local', operation: null, prompt: 'a rock' });
    expect(lamp).toMatchObject({ state: 'succeeded', prompt: 'a lamp', folder: join(sandbox.folder, 'lamp') });
    expect(rock).not.toHaveProperty('code');

    const words = await sandbox.run(['jobs', 'list']);
    expect(words.stdout.trimEnd().split('\n')).toHaveLength(2);
    const details = await shown(rock.job as string);
    expect(details).toMatchObject({
      job: rock.job,
      state: 'succeeded',
      output: 'mesh',
      adopted: false,
      licence: 'CC0-1.0',
    });
    expect(details.spend).toMatchObject({ estimate: { amount: 0 }, actual: { amount: 0 } });
    // the part of an id that fits one job only will do
    const beginning = (rock.job as string).slice(0, 18);
    expect((await sandbox.run(['jobs', 'show', beginning])).stdout).toContain(rock.job);

    expect((await sandbox.run(['jobs', 'show', (rock.job as string).slice(-8)])).stdout).toContain(rock.job);

    const raw = join(sandbox.home, 'files', 'raw');
    const wouldGo = parseLines(
      (await sandbox.run(['jobs', 'prune', '--older-than', '0', '--dry-run', '--json'])).stdout,
    )[0];
    expect(wouldGo).toMatchObject({ type: 'pruned', dryRun: true, jobs: [rock.job, lamp.job] });
    expect(wouldGo?.files).toHaveLength(2);
    expect(await listed()).toHaveLength(2);
    expect((await readdir(raw)).length).toBeGreaterThan(0);
    expect(parseLines((await sandbox.run(['jobs', 'prune', '--json'])).stdout)[0]).toMatchObject({
      jobs: [],
    });

    expect((await sandbox.run(['jobs', 'prune', '--older-than', '0'])).stdout).toMatch(
      /^2 jobs and 2 files \(\d+ bytes\) removed\.\n$/,
    );
    expect(await listed()).toEqual([]);
    expect((await readdir(raw, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())).toEqual(
      [],
    );
    expect(await readdir(join(sandbox.folder, 'rock'))).toContain('lod0.glb');
  });

  it('cancels a job that another process drives', async () => {
    const { running, job } = await startAndFreeze();
    const cancelling = sandbox.start(['jobs', 'cancel', job, '--json']);
    await until(async () => (await shown(job)).cancelRequested === true);
    running.child.kill('SIGCONT');
    const [owner, other] = await Promise.all([running.finished, cancelling.finished]);

    expect({ status: other.status, stderr: other.stderr }).toMatchObject({ status: 0 });
    expect(parseLines(other.stdout)).toMatchObject([{ type: 'result', job, state: 'cancelled', code: 'CANCELLED' }]);
    expect(owner.status).toBe(1);
    expect(owner.stderr).not.toContain('STEP_FAILED');
    expect(parseLines(owner.stdout).at(-1)).toMatchObject({
      type: 'result',
      job,
      state: 'cancelled',
      code: 'CANCELLED',
    });
    expect(await shown(job)).toMatchObject({ state: 'cancelled' });
    expect(sandbox.names()).toEqual([]);

    const again = await sandbox.run(['jobs', 'cancel', job]);
    expect(again.status).toBe(0);
  });

  it('says that a job which has ended cannot be cancelled', async () => {
    await sandbox.run(['generate', 'a lamp', '--levels', '1', '--out', 'lamp']);
    const [lamp = {}] = await listed();
    const { status, stderr, stdout } = await sandbox.run(['jobs', 'cancel', lamp.job as string, '--json']);
    expect(status).toBe(1);
    expect(stderr).toContain('had already succeeded');
    expect(parseLines(stdout)).toMatchObject([
      { type: 'result', state: 'succeeded', folder: join(sandbox.folder, 'lamp') },
    ]);
  });

  it('resumes what a killed process left, with the same result and without starting again', async () => {
    const { running, job } = await startAndFreeze('--seed', '3');
    running.child.kill('SIGKILL');
    await running.finished;
    expect(sandbox.names().filter((name) => !name.endsWith('.partial'))).toEqual([]);
    expect(await listed()).toMatchObject([{ job, state: 'processing' }]);

    // two at once: one waits for the dead process's lease to run out and drives, the other one watches
    const [one, two] = await Promise.all([0, 1].map(() => sandbox.run(['jobs', 'resume', '--json'])));
    const folder = join(sandbox.folder, 'barrel');
    for (const resumed of [one, two]) {
      expect(resumed?.status).toBe(0);
      expect(parseLines(resumed?.stdout ?? '').at(-1)).toEqual({ type: 'result', job, state: 'succeeded', folder });
    }
    expect(two?.stdout).toBe(one?.stdout);
    const lines = parseLines(one?.stdout ?? '');
    const steps = lines.filter((line) => line.type === 'step-finished').map((line) => line.step);
    expect(steps).toEqual([...new Set(steps)]);
    // only what is new is told, without a gap
    const [first] = lines as [{ seq: number; type: string }];
    expect(first.seq).toBeGreaterThan(5);
    expect(lines.map((line) => line.type)).not.toContain('start-requested');
    expect((await readdir(join(sandbox.folder, 'barrel'))).sort()).toEqual(FILES);

    const nothing = await sandbox.run(['jobs', 'resume', '--json']);
    expect(nothing).toMatchObject({ status: 0, stdout: '' });
    // asked for by id, an ended job tells its end
    expect(parseLines((await sandbox.run(['jobs', 'resume', job, '--json'])).stdout)).toMatchObject([
      { state: 'succeeded' },
    ]);
  });
});

describe('a result that cannot be delivered', () => {
  it('waits, and goes to another folder or over the one there', async () => {
    const { running, job } = await startAndFreeze();
    await mkdir(join(sandbox.folder, 'barrel'));
    await writeFile(join(sandbox.folder, 'barrel', 'mine.txt'), 'mine');
    running.child.kill('SIGCONT');
    const { status, stdout, stderr } = await running.finished;
    expect(status).toBe(1);
    expect(parseLines(stdout).at(-1)).toMatchObject({ type: 'result', job, code: 'INPUT_INVALID' });
    expect(stderr).toContain(`maquette jobs resume ${job}`);
    expect(await listed()).toMatchObject([{ job, state: 'processing', folder: join(sandbox.folder, 'barrel') }]);
    expect((await sandbox.run(['jobs', 'show', job])).stdout).toContain(join(sandbox.folder, 'barrel'));

    expect((await sandbox.run(['jobs', 'resume', '--out', 'other'])).status).toBe(2);
    const taken = await sandbox.run(['jobs', 'resume', job, '--out', 'barrel']);
    expect(taken).toMatchObject({ status: 1 });
    const elsewhere = await sandbox.run(['jobs', 'resume', job, '--out', 'other', '--json']);
    const folder = join(sandbox.folder, 'other');
    expect(parseLines(elsewhere.stdout).at(-1)).toMatchObject({ job, state: 'succeeded', folder });
    expect((await readdir(folder)).sort()).toEqual(FILES);
    expect(await readdir(join(sandbox.folder, 'barrel'))).toEqual(['mine.txt']);
  });
});

describe('an interrupt', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s hands the job over to a process of its own', async (signal) => {
    const running = sandbox.start(['generate', 'a wooden barrel', '--out', 'barrel', '--json']);
    const { job } = (await running.lineWith((line) => line.type === 'asset-fetched')) as { job: string };
    running.child.kill(signal);
    const { status, stdout, stderr } = await running.finished;

    expect(status).toBe(130);
    const result = parseLines(stdout).at(-1);
    expect(result).toMatchObject({ type: 'result', job, state: 'detached', code: 'DETACHED' });
    expect(stderr).toContain(`maquette jobs resume ${job}`);
    expect(stderr).toContain(`maquette jobs cancel ${job}`);

    // following it from elsewhere: the command ends when the job does
    const followed = await sandbox.run(['jobs', 'resume', job, '--json']);
    expect(followed.status).toBe(0);
    expect(parseLines(followed.stdout).at(-1)).toMatchObject({ job, state: 'succeeded' });
    expect((await readdir(join(sandbox.folder, 'barrel'))).sort()).toEqual(FILES);
    expect(await listed()).toMatchObject([{ job, state: 'succeeded' }]);
    const log = join(sandbox.home, 'logs', 'detached.log');
    await until(async () => existsSync(log) && (await readFile(log, 'utf8')).includes('"state":"succeeded"'));
  });

  it('while levels are being made breaks that off; the other process makes them', async () => {
    const running = sandbox.start(['generate', 'an ornate house', '--seed', '9', '--out', 'house', '--json']);
    const { job } = (await running.lineWith((line) => line.type === 'processing-started')) as { job: string };
    // into the middle of the work, not before its first step
    await running.lineWith((line) => line.type === 'step-finished');
    running.child.kill('SIGINT');
    const { status, stdout, stderr } = await running.finished;
    expect({ status, stderr }).toMatchObject({ status: 130 });
    expect(parseLines(stdout).at(-1)).toMatchObject({ type: 'result', job, state: 'detached', code: 'DETACHED' });
    expect(parseLines(stdout).map((line) => line.type)).not.toContain('job-failed');
    await until(async () => (await shown(job)).state === 'succeeded');
    expect((await readdir(join(sandbox.folder, 'house'))).sort()).toEqual(FILES);
  });

  it('that comes a second time ends the process at once; the job waits to be resumed', async () => {
    const { running, job } = await startAndFreeze();
    // both wait for the process when it goes on; different ones, because equal ones are merged
    running.child.kill('SIGINT');
    running.child.kill('SIGTERM');
    running.child.kill('SIGCONT');
    const { status, stderr } = await running.finished;
    expect(status).toBe(130);
    expect(stderr).toContain('Stopped at once');
    expect(await listed()).toMatchObject([{ job, state: 'processing' }]);
    expect((await sandbox.run(['jobs', 'resume'])).status).toBe(0);
    expect((await readdir(join(sandbox.folder, 'barrel'))).sort()).toEqual(FILES);
  });
});
