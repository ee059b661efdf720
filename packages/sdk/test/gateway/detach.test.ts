import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningGateway, startGatewayStandIn } from '../../src/testing/index.ts';
import { createSandbox, parseLines, type Sandbox, until } from '../command/sandbox.ts';
import { smallSplat } from '../kill/small-splat.ts';
import { digestOf } from './fast-studio.ts';

/** A result that the gateway keeps for 300 s is there for 15 s. */
const SPEED = 20;
const RESULT_TTL_MS = 300_000;
const WORK_MS = 80_000;

let server: RunningGateway;
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
  server = await startGatewayStandIn({
    speed: SPEED,
    expectedResults: 1,
    workers: () => [{ worksMs: WORK_MS }],
    results: ({ seed }) => smallSplat(seed),
  });
});
afterEach(async () => {
  await sandbox.remove();
  await server.close();
});

const ORDER = ['generate', 'a brass lantern', '--provider', '404', '--levels', '2', '--out', 'lantern', '--json'];

/** Interrupts an order as soon as an event of it shows, and sees the result come in all the same. */
async function interruptAt(type: string): Promise<void> {
  const env = { MAQUETTE_404_URL: server.url, MAQUETTE_404_KEY: server.key };
  const running = sandbox.start(ORDER, { env });
  const { job } = (await running.lineWith((line) => line.type === type)) as { job: string };
  running.child.kill('SIGINT');
  const { status, stdout, stderr } = await running.finished;
  expect({ status, stderr }).toMatchObject({ status: 130 });
  expect(parseLines(stdout).at(-1)).toMatchObject({ type: 'result', job, state: 'detached', code: 'DETACHED' });
  expect(stderr).toContain(`maquette jobs resume ${job}`);
  expect(stderr).toContain(`maquette jobs cancel ${job}`);
  expect(stdout + stderr).not.toContain(server.key);

  const folder = join(sandbox.folder, 'lantern');
  expect(existsSync(folder)).toBe(false);
  await until(() => existsSync(join(folder, 'manifest.json')), 30_000);
  expect((await readdir(folder)).sort()).toEqual(['lod0.ply', 'lod1.ply', 'manifest.json', 'raw.spz', 'thumbnail.png']);

  const [task, ...others] = server.gateway.tasks;
  expect(others).toEqual([]);
  expect(server.gateway.submissions).toEqual({ received: 1, accepted: 1 });
  const raw = await readFile(join(folder, 'raw.spz'));
  expect(digestOf(raw)).toBe(digestOf(smallSplat(task?.seed ?? -1)));
  const fetched = server.gateway.requests.find(({ path, status: code }) => path === '/get_result' && code === 200);
  const bornAtMs = (task?.acceptedAtMs ?? 0) + WORK_MS;
  expect(fetched?.atMs).toBeGreaterThan(bornAtMs);
  expect(fetched?.atMs).toBeLessThan(bornAtMs + RESULT_TTL_MS);

  const shown = await sandbox.run(['jobs', 'list', '--json'], { env });
  expect(parseLines(shown.stdout)).toMatchObject([
    { job, state: 'succeeded', provider: '404', operation: task?.id, prompt: 'a brass lantern' },
  ]);
}

describe('Ctrl-C while 404-GEN works', () => {
  it('hands the job to a process that has the result on disk before it is gone', async () => {
    await interruptAt('operation-started');
  });

  it('while the order is on its way waits for its answer, so that nothing paid is forgotten', async () => {
    server.gateway.arm('add_task', { kind: 'latency', delayMs: 1500 });
    await interruptAt('start-requested');
  });
});
