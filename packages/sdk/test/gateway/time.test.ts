import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../src/foundation/bytes.ts';
import { createRandom } from '../../src/foundation/random.ts';
import { createMemoryJobStore } from '../../src/jobs/memory-job-store.ts';
import { create404Provider } from '../../src/providers/404/provider.ts';
import { createStudio, type Studio } from '../../src/studio/create-studio.ts';
import { sendToGateway } from '../../src/testing/gateway/send-to-gateway.ts';
import {
  createFakeClock,
  createGatewayStandIn,
  createMemoryHost,
  type FakeClock,
  type FaultRoute,
  type GatewayFault,
  type GatewayStandIn,
  type GatewayStandInOptions,
} from '../../src/testing/index.ts';

const RESULT_TTL_MS = 300_000;

/** A studio and a gateway in memory, on a clock that jumps from one moment at which something happens to the next. */
function openStudio(options: GatewayStandInOptions = {}): {
  studio: Studio;
  gateway: GatewayStandIn;
  clock: FakeClock;
} {
  const clock = createFakeClock();
  const gateway = createGatewayStandIn({ clock, results: () => encodeUtf8('NGSP'), ...options });
  const host = createMemoryHost({ clock, http: sendToGateway(gateway), credentials: ['404'] });
  const studio = createStudio({
    host,
    codecs: {},
    store: createMemoryJobStore(),
    providers: [create404Provider({ url: 'http://127.0.0.1:4404', concurrency: 100 })],
    // what is made of a result does not matter here
    produce: async () => ({
      manifest: {} as never,
      files: new Map([['manifest.json', encodeUtf8('{}')]]),
      summary: {},
    }),
  });
  return { studio, gateway, clock };
}

function timesOf(gateway: GatewayStandIn, path: string, task?: string): number[] {
  return gateway.requests
    .filter((request) => request.path === path && (task === undefined || request.query.includes(task)))
    .map(({ atMs }) => atMs);
}

describe('questions about a task', () => {
  it('come every 2 s in the first minute and every 5 s from the second on, each a fifth sooner or later', async () => {
    const { studio, gateway } = openStudio({ expectedResults: 1, workers: () => [{ worksMs: 400_000 }] });
    await (await studio.generate({ prompt: 'a brass lantern' })).result();
    const startedAt = gateway.tasks[0]?.acceptedAtMs ?? 0;
    const times = timesOf(gateway, '/get_status');
    const early: number[] = [];
    const late: number[] = [];
    for (const [index, time] of times.slice(1).entries()) {
      const before = times[index] ?? 0;
      if (before - startedAt < 60_000) early.push(time - before);
      if (before - startedAt >= 120_000) late.push(time - before);
    }
    expect(times[0]).toBe(startedAt);
    expect(early.length).toBeGreaterThan(25);
    for (const wait of early) expect(Math.abs(wait - 2000)).toBeLessThanOrEqual(400);
    expect(late.length).toBeGreaterThan(45);
    for (const wait of late) expect(Math.abs(wait - 5000)).toBeLessThanOrEqual(1000);
    // jittered, not merely in range
    expect(new Set(early).size).toBeGreaterThan(20);
  });

  it('of 32 jobs at a time stay below what the gateway allows an address', async () => {
    const { studio, gateway } = openStudio({
      expectedResults: 1,
      limits: { accountConcurrent: 0, addTasksPerMinute: 100 },
      workers: () => [{ worksMs: 200_000 }],
    });
    const handles = [];
    for (let job = 0; job < 32; job += 1) handles.push(await studio.generate({ prompt: `lamp number ${job}` }));
    await Promise.all(handles.map((handle) => handle.result()));
    expect(gateway.requests.filter(({ status }) => status === 429)).toEqual([]);
    const times = timesOf(gateway, '/get_status');
    const busiest = Math.max(
      ...times.map((from) => times.filter((time) => time >= from && time < from + 60_000).length),
    );
    expect(busiest).toBeLessThan(1050);
    expect(busiest).toBeGreaterThan(900);
  });

  it('end 660 s after the order where nothing comes, and the task can still be adopted', async () => {
    const { studio, gateway, clock } = openStudio({ workers: () => [], times: { taskLifetimeMs: 5_000_000 } });
    const handle = await studio.generate({ prompt: 'a brass lantern' });
    await expect(handle.result()).rejects.toMatchObject({ code: 'OPERATION_EXPIRED' });
    const [task] = gateway.tasks;
    expect(clock.now() - (task?.acceptedAtMs ?? 0)).toBeLessThan(661_000);
    gateway.control(task?.id ?? '').succeed();
    await (await studio.adopt('404', task?.id ?? '')).result();
    expect(gateway.submissions.accepted).toBe(1);
  });
});

/** A burst of one fault: which route it strikes, from when to when after the order, milliseconds. */
interface Burst {
  readonly route: FaultRoute;
  readonly fault: GatewayFault;
  readonly fromMs: number;
  readonly toMs: number;
}

const BURST_FAULTS: readonly GatewayFault[] = [
  { kind: 'rate-limited' },
  { kind: 'unavailable' },
  { kind: 'internal-error' },
  { kind: 'drop-before' },
  { kind: 'drop-after' },
  { kind: 'html-page', status: 502 },
  { kind: 'html-page', status: 503 },
];

/** Runs one job through bursts; how long its result had to wait for us, milliseconds. */
async function waitedThrough(seed: number): Promise<number> {
  const random = createRandom(`bursts ${seed}`);
  const worksMs = random.integer(1000, 500_000);
  const { studio, gateway, clock } = openStudio({ expectedResults: 1, workers: () => [{ worksMs }] });
  const handle = await studio.generate({ prompt: 'a brass lantern' });
  const acceptedAt = clock.now();
  const bursts: Burst[] = Array.from({ length: 3 }, () => {
    // some anywhere, some right where the result is made
    const middle = random.chance(0.5) ? worksMs : random.integer(0, worksMs);
    const fromMs = middle - random.integer(0, 60_000);
    return {
      route: random.chance(0.7) ? 'get_status' : 'get_result',
      fault: random.pick(BURST_FAULTS),
      fromMs,
      toMs: fromMs + random.integer(5000, 60_000),
    };
  });
  for (const { route, fault, fromMs, toMs } of bursts) {
    const isOn = (): boolean => clock.now() >= acceptedAt + fromMs && clock.now() < acceptedAt + toMs;
    gateway.arm(route, fault, { times: Infinity, when: isOn });
  }
  await handle.result();
  expect(gateway.submissions).toEqual({ received: 1, accepted: 1 });
  const fetched = gateway.requests.find(
    ({ path, status, fault }) => path === '/get_result' && status === 200 && fault === null,
  );
  return (fetched?.atMs ?? Infinity) - ((gateway.tasks[0]?.acceptedAtMs ?? 0) + worksMs);
}

describe('a result', () => {
  const SEEDS = 150;

  it(`is fetched before its 300 s are over, through bursts of refusals and cut connections (${SEEDS} seeds)`, async () => {
    const waits = await Promise.all(Array.from({ length: SEEDS }, (_, index) => waitedThrough(index + 1)));
    waits.sort((a, b) => a - b);
    expect(waits[0]).toBeGreaterThanOrEqual(0);
    expect(waits.at(-1)).toBeLessThan(RESULT_TTL_MS);
    // undisturbed it is there within one wait
    expect(waits[Math.floor(SEEDS / 4)]).toBeLessThan(6000);
    console.log(
      `longest ${Math.round((waits.at(-1) ?? 0) / 1000)} s, median ${Math.round((waits[SEEDS >> 1] ?? 0) / 1000)} s`,
    );
  });

  it('is fetched the moment it is seen, and once', async () => {
    const { studio, gateway } = openStudio();
    await (await studio.generate({ prompt: 'a brass lantern' })).result();
    const [fetchedAt, ...more] = timesOf(gateway, '/get_result');
    expect(more).toEqual([]);
    expect(fetchedAt).toBe(timesOf(gateway, '/get_status').at(-1));
  });
});
