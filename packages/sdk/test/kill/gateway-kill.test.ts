import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/foundation/random.ts';
import type { JobState } from '../../src/jobs/job-state.ts';
import { createNodeFileStore } from '../../src/platform/node/node-file-store.ts';
import { createSqliteJobStore } from '../../src/platform/node/sqlite-job-store.ts';
import { type RunningGateway, startGatewayStandIn } from '../../src/testing/gateway/start-gateway-stand-in.ts';
import { smallSplat } from './small-splat.ts';
import { createWorkerProcesses, digestOf, pause, type WorkerProcess } from './worker-process.ts';

/** Decides when each blow falls; where it finds the process is up to the machine. */
const SEED = process.env.MAQUETTE_KILL_SEED ?? 'gateway-1';
const JOBS = 200;
/** Kills in each of the two modes. The long form of this test asks for more. */
const KILLS = Number(process.env.MAQUETTE_KILLS ?? 24);

let folder: string;
let home: string;
let out: string;
let server: RunningGateway;
const processes = createWorkerProcesses();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'maquette-kill-'));
  [home, out] = [join(folder, 'home'), join(folder, 'out')];
});

afterEach(async () => {
  processes.killAll();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function startWorker(batch: number, concurrency: number): WorkerProcess {
  return processes.start('gateway-worker.ts', [home, out, String(JOBS), String(batch), String(concurrency)], {
    MAQUETTE_404_URL: server.url,
    MAQUETTE_404_KEY: server.key,
  });
}

/** Starts workers until one of them has seen every job to its end. */
async function finishAll(concurrency: number): Promise<void> {
  const worker = startWorker(JOBS, concurrency);
  expect(await worker.ended, worker.errors()).toBe(0);
}

async function allStates(): Promise<readonly JobState[]> {
  const store = createSqliteJobStore({ path: join(home, 'jobs.sqlite') });
  try {
    return await store.list();
  } finally {
    await store.close();
  }
}

/** Folders that are assets, raw files that are what they are called, a manifest that tells the truth; nothing else. */
async function expectNothingCorrupt(succeeded: readonly JobState[]): Promise<void> {
  for (const state of succeeded) {
    const place = join(out, state.job);
    const manifestBytes = readFileSync(join(place, 'manifest.json'));
    expect(digestOf(manifestBytes)).toBe(state.result?.manifestDigest);
    const { raw, levels } = JSON.parse(manifestBytes.toString()) as {
      raw: { file: string; digest: string };
      levels: { file: string; digest: string }[];
    };
    expect(raw.digest).toBe(state.fetched[0]?.digest);
    for (const { file, digest } of [raw, ...levels]) expect(digestOf(readFileSync(join(place, file)))).toBe(digest);
    expect(readdirSync(place).sort()).toEqual(['manifest.json', raw.file, ...levels.map(({ file }) => file)].sort());
  }
  expect((existsSync(out) ? readdirSync(out) : []).sort()).toEqual(succeeded.map((state) => state.job).sort());
  const files = createNodeFileStore(join(home, 'files'));
  for (const { key } of await files.list('raw/')) {
    const [digest = ''] = (key.split('/').at(-1) ?? '').split('.');
    expect(digestOf((await files.read(key)) as Uint8Array)).toBe(digest);
  }
}

/** How often each prompt was submitted to the gateway. */
function submitsByPrompt(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { prompt } of server.gateway.tasks) counts.set(prompt ?? '', (counts.get(prompt ?? '') ?? 0) + 1);
  return counts;
}

/** No prompt was paid twice, every task belongs to a job, and what has no result is of unknown outcome. */
async function expectNothingPaidTwice(): Promise<{ succeeded: number; unknown: number; orphans: number }> {
  const states = await allStates();
  expect(states).toHaveLength(JOBS);
  expect(new Set(states.map((state) => state.request.prompt.text)).size).toBe(JOBS);
  const submits = submitsByPrompt();
  expect(
    [...submits].filter(([, count]) => count > 1),
    'prompts submitted twice',
  ).toEqual([]);
  const prompts = new Set(states.map((state) => state.request.prompt.text));
  expect(
    [...submits.keys()].filter((prompt) => !prompts.has(prompt)),
    'tasks without a record',
  ).toEqual([]);

  const succeeded = states.filter((state) => state.phase === 'succeeded');
  const unknown = states.filter((state) => state.phase !== 'succeeded');
  for (const state of unknown) expect(state.error?.code, JSON.stringify(state.error)).toBe('OUTCOME_UNKNOWN');
  const done = new Set(succeeded.map((state) => state.request.prompt.text));
  const orphans = [...submits.keys()].filter((prompt) => !done.has(prompt));
  expect(orphans.length).toBeLessThanOrEqual(unknown.length);
  // what succeeded has the result of its own task, and of no other
  const taskOf = new Map(server.gateway.tasks.map((task) => [task.id, task.prompt]));
  for (const state of succeeded) expect(taskOf.get(state.taskId ?? '')).toBe(state.request.prompt.text);
  await expectNothingCorrupt(succeeded);
  return { succeeded: succeeded.length, unknown: unknown.length, orphans: orphans.length };
}

describe(`${JOBS} jobs at the gateway and processes that are killed (seed ${SEED})`, () => {
  it(`killed ${KILLS} times at any moment: nothing is paid twice, what is lost says so`, async () => {
    const random = createRandom(`${SEED} any moment`);
    server = await startGatewayStandIn({
      limits: 'off',
      expectedResults: 1,
      workers: ({ seed }) => [{ takesAfterMs: 50, worksMs: 50 + (seed % 20) * 100 }],
      results: ({ seed }) => smallSplat(seed),
    });
    // answers take a moment, so that processes die between asking and being told
    for (const delayMs of [5, 10, 20, 40]) {
      const isStruck = (): boolean => random.chance(0.25);
      server.gateway.arm('any', { kind: 'latency', delayMs }, { times: Infinity, when: isStruck });
    }
    let kills = 0;
    for (let round = 0; kills < KILLS; round += 1) {
      expect(round, 'rounds: workers end before they can be killed').toBeLessThan(KILLS * 3);
      // four at once: even if every blow struck four orders on their way, most of the jobs would succeed
      const worker = startWorker(Math.ceil(JOBS / KILLS), 4);
      await worker.said('ready');
      await pause(random.integer(0, 1500));
      worker.kill();
      if ((await worker.ended) === null) kills += 1;
    }
    await finishAll(64);
    const { succeeded, unknown, orphans } = await expectNothingPaidTwice();
    expect(succeeded).toBeGreaterThanOrEqual(JOBS - 4 * kills);
    console.log(`${kills} kills: ${succeeded} succeeded, ${unknown} of unknown outcome, ${orphans} tasks of those`);
  });

  it(`killed ${KILLS} times once the ids are stored: all ${JOBS} succeed`, async () => {
    const random = createRandom(`${SEED} after the id`);
    server = await startGatewayStandIn({
      limits: 'off',
      expectedResults: 1,
      workers: ({ seed }) => [{ worksMs: 1000 + (seed % 200) * 100 }],
      results: ({ seed }) => smallSplat(seed),
    });
    const first = startWorker(JOBS, JOBS);
    await first.said('stored');
    first.kill();
    let kills = (await first.ended) === null ? 1 : 0;
    for (let round = 0; kills < KILLS; round += 1) {
      expect(round, 'rounds: workers end before they can be killed').toBeLessThan(KILLS * 3);
      const worker = startWorker(0, JOBS);
      await worker.said('ready');
      await pause(random.integer(100, 900));
      worker.kill();
      if ((await worker.ended) === null) kills += 1;
    }
    await finishAll(JOBS);
    const { succeeded } = await expectNothingPaidTwice();
    expect(succeeded).toBe(JOBS);
    expect(server.gateway.tasks).toHaveLength(JOBS);
    console.log(`${kills} kills after the id was stored: ${succeeded} of ${JOBS} succeeded`);
  });
});
