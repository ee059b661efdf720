import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/foundation/random.ts';
import type { JobPhase, JobState } from '../../src/jobs/job-state.ts';
import { reduceJobEvents } from '../../src/jobs/reduce-job.ts';
import { createNodeFileStore } from '../../src/platform/node/node-file-store.ts';
import { createSqliteJobStore } from '../../src/platform/node/sqlite-job-store.ts';
import { createWorkerProcesses, digestOf, pause, type WorkerProcess } from './worker-process.ts';

/** Chooses how many jobs each process submits and how long it lives. When exactly the blow falls is up to the machine. */
const SEED = 'kill-3';
const KILLS = 36;

let folder: string;
let home: string;
let out: string;
const processes = createWorkerProcesses();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maquette-kill-'));
  [home, out] = [join(folder, 'home'), join(folder, 'out')];
});

afterEach(() => {
  processes.killAll();
  rmSync(folder, { recursive: true, force: true });
});

function startWorker(submitCount: number, leaseTtlMs = 1000): WorkerProcess {
  return processes.start('worker.ts', [home, out, String(submitCount), String(leaseTtlMs)]);
}

function linesOf(log: string): readonly string[] {
  const path = join(home, log);
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

/** Starts workers until one of them has seen every job to its end. */
async function finishAll(): Promise<void> {
  const worker = startWorker(0);
  expect(await worker.ended, worker.errors()).toBe(0);
}

async function withStore<T>(work: (store: ReturnType<typeof createSqliteJobStore>) => Promise<T>): Promise<T> {
  const store = createSqliteJobStore({ path: join(home, 'jobs.sqlite') });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** The delivered folder is complete and is exactly what its manifest says. */
function expectWholeAsset(state: JobState): void {
  const place = join(out, state.job);
  const manifestBytes = readFileSync(join(place, 'manifest.json'));
  expect(digestOf(manifestBytes)).toBe(state.result?.manifestDigest);
  const manifest = JSON.parse(manifestBytes.toString()) as { job: string; digests: Record<string, string> };
  expect(manifest.job).toBe(state.job);
  expect(readdirSync(place).sort()).toEqual([...Object.keys(manifest.digests), 'manifest.json'].sort());
  for (const [name, digest] of Object.entries(manifest.digests)) {
    expect(digestOf(readFileSync(join(place, name)))).toBe(digest);
  }
  expect(manifest.digests['raw.glb']).toBe(state.fetched[0]?.digest);
}

describe('processes that are killed', () => {
  it(`lose no job and start none twice (seed ${SEED}, ${KILLS} kills)`, async () => {
    const random = createRandom(SEED);
    let kills = 0;
    const struck: Partial<Record<JobPhase, number>> = {};
    for (let round = 0; kills < KILLS; round += 1) {
      expect(round, 'rounds: workers end before they can be killed').toBeLessThan(KILLS * 3);
      // Now and then two at once, so that one process's death is another one's inheritance.
      const workers = Array.from({ length: random.chance(0.25) ? 2 : 1 }, () => startWorker(random.integer(1, 3)));
      await Promise.all(workers.map((worker) => worker.said('ready')));
      for (const worker of workers) {
        await pause(random.integer(0, 550));
        worker.kill();
      }
      for (const worker of workers) {
        const code = await worker.ended;
        if (code === null) kills += 1;
        else expect(code, worker.errors()).toBe(0);
      }
      const open = await withStore((store) =>
        store.list({ phases: ['queued', 'starting', 'running', 'fetching', 'processing'] }),
      );
      for (const { phase } of open) struck[phase] = (struck[phase] ?? 0) + 1;
    }
    await finishAll();

    const submitted = linesOf('submitted.log');
    const starts = linesOf('starts.log');
    const files = createNodeFileStore(join(home, 'files'));
    await withStore(async (store) => {
      const states = await store.list();
      const known = new Set(states.map((state) => state.job));
      expect(states.length).toBeGreaterThanOrEqual(36);
      expect(
        submitted.filter((job) => !known.has(job)),
        'jobs without a record',
      ).toEqual([]);
      expect(
        starts.filter((job) => !known.has(job)),
        'starts without a record',
      ).toEqual([]);
      expect(
        starts.filter((job, index) => starts.indexOf(job) !== index),
        'jobs started twice',
      ).toEqual([]);

      for (const state of states) {
        const log = await store.events(state.job, 0);
        expect(log.map((event) => event.seq)).toEqual(log.map((_event, index) => index + 1));
        expect(reduceJobEvents(log)).toEqual(state);
        if (state.phase === 'succeeded') {
          expect(starts).toContain(state.job);
          expectWholeAsset(state);
          continue;
        }
        // The only loss there may be: a process died between asking and writing down the answer.
        expect(state.error?.code, JSON.stringify(state.error)).toBe('OUTCOME_UNKNOWN');
        expect(log.slice(-2).map((event) => event.type)).toEqual(['start-requested', 'job-failed']);
        expect(existsSync(join(out, state.job))).toBe(false);
      }
      const succeeded = states.filter((state) => state.phase === 'succeeded');
      expect(succeeded.length).toBeGreaterThan(states.length / 2);
      expect(Object.keys(struck).length, JSON.stringify(struck)).toBeGreaterThanOrEqual(3);
      console.log(`struck in ${JSON.stringify(struck)}`);
      console.log(
        `${kills} kills, ${states.length} jobs, ${succeeded.length} succeeded, ${states.length - succeeded.length} of unknown outcome`,
      );

      // Nothing half-written can be seen: what has a digest for a name has that digest, and every folder is an asset.
      for (const { key } of await files.list('raw/')) {
        const [digest = ''] = (key.split('/').at(-1) ?? '').split('.');
        expect(digestOf((await files.read(key)) as Uint8Array)).toBe(digest);
      }
      expect(readdirSync(out).sort()).toEqual(succeeded.map((state) => state.job).sort());
    });
  });

  it('two that resume at once drive each job once', async () => {
    // A long lease: on a machine that is busy elsewhere, a process that stands still must not count as dead.
    const first = startWorker(24, 5000);
    await first.said('ready');
    while (linesOf('submitted.log').length < 24) await pause(5);
    first.kill();
    await first.ended;
    const before = linesOf('drives.log').length;

    const heirs = [startWorker(0, 5000), startWorker(0, 5000)];
    for (const heir of heirs) expect(await heir.ended, heir.errors()).toBe(0);

    const drives = linesOf('drives.log')
      .slice(before)
      .map((line) => line.split(' ')[0] ?? '');
    const starts = linesOf('starts.log');
    expect(
      drives.filter((job, index) => drives.indexOf(job) !== index),
      'jobs driven twice',
    ).toEqual([]);
    expect(
      starts.filter((job, index) => starts.indexOf(job) !== index),
      'jobs started twice',
    ).toEqual([]);
    expect(drives.length).toBeGreaterThan(12);
    await withStore(async (store) => {
      for (const state of await store.list()) {
        if (state.phase === 'succeeded') expectWholeAsset(state);
        else expect(state.error?.code).toBe('OUTCOME_UNKNOWN');
      }
    });
  });
});
