import { beforeAll, describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../src/foundation/bytes.ts';
import { createRandom } from '../../src/foundation/random.ts';
import { isTerminalPhase } from '../../src/jobs/job-state.ts';
import type { FaultRoute, GatewayFault, GatewayRequest } from '../../src/testing/index.ts';
import { type Ending, type FastStudio, type FastStudioOptions, withFastStudio } from './fast-studio.ts';
import { createFront } from './front.ts';

beforeAll(async () => {
  // what is loaded with the first order would take minutes of fast time
  await withFastStudio({ speed: 10 }, async (bench) => {
    expect((await bench.endOf(await bench.order())).end).toBe('succeeded');
  });
}, 60_000);

const MINUTE = 60_000;
const FOREVER = { times: Number.POSITIVE_INFINITY };
const page = (status: number): GatewayFault => ({ kind: 'html-page', status });
const json = (text: string): GatewayFault => ({
  kind: 'other-body',
  contentType: 'application/json',
  body: encodeUtf8(text),
});

/** A fault, what the order ends with, and how many tasks there are at the gateway then. */
interface FaultCase {
  readonly title: string;
  readonly fault: GatewayFault;
  readonly times?: number;
  /** Longest call, milliseconds of fast time, where the fault outlasts it. */
  readonly attemptMs?: number;
  /** True: one worker is all there is. */
  readonly hasOneWorker?: boolean;
  /** `succeeded` or a code. */
  readonly ends: string;
  /** Default 1. */
  readonly tasks?: 0 | 1;
}

/** Fast milliseconds that pass within the real ones of a fault. */
const SPEED = 100;

const LATE: GatewayFault = { kind: 'latency', delayMs: 200 };
const TOO_LATE: GatewayFault = { kind: 'latency', delayMs: 1500 };

const ORDER_FAULTS: readonly FaultCase[] = [
  { title: 'an answer that takes 20 s', fault: LATE, ends: 'succeeded' },
  { title: 'an answer later than a call may take', fault: TOO_LATE, attemptMs: MINUTE, ends: 'OUTCOME_UNKNOWN' },
  { title: 'a connection cut before the task', fault: { kind: 'drop-before' }, ends: 'OUTCOME_UNKNOWN', tasks: 0 },
  { title: 'a connection cut after the task', fault: { kind: 'drop-after' }, ends: 'OUTCOME_UNKNOWN' },
  { title: 'the limit per minute, three times', fault: { kind: 'rate-limited' }, times: 3, ends: 'succeeded' },
  { title: 'the limit of tasks at once', fault: { kind: 'over-limit', error: 'concurrent_limit' }, ends: 'succeeded' },
  {
    title: 'the limit of tasks a day',
    fault: { kind: 'over-limit', error: 'daily_limit' },
    ends: 'RATE_LIMITED',
    tasks: 0,
  },
  { title: '503, five times', fault: { kind: 'unavailable' }, times: 5, ends: 'succeeded' },
  { title: '500', fault: { kind: 'internal-error' }, ends: 'OUTCOME_UNKNOWN', tasks: 0 },
  { title: 'half an answer', fault: { kind: 'truncated-body', bytes: 20 }, ends: 'OUTCOME_UNKNOWN' },
  { title: 'half an answer that looks whole', fault: { kind: 'shortened-body', bytes: 20 }, ends: 'OUTCOME_UNKNOWN' },
  { title: 'an empty answer', fault: { kind: 'shortened-body', bytes: 0 }, ends: 'OUTCOME_UNKNOWN' },
  { title: 'another content type', fault: { kind: 'wrong-content-type', contentType: 'text/html' }, ends: 'succeeded' },
  { title: 'a page with 200', fault: page(200), ends: 'OUTCOME_UNKNOWN', tasks: 0 },
  { title: 'a page with 302', fault: page(302), ends: 'OUTCOME_UNKNOWN', tasks: 0 },
  { title: 'a page with 403', fault: page(403), ends: 'AUTH_REJECTED', tasks: 0 },
  { title: 'a page with 404', fault: page(404), ends: 'INPUT_INVALID', tasks: 0 },
  { title: 'a page with 502', fault: page(502), ends: 'OUTCOME_UNKNOWN', tasks: 0 },
  { title: 'a page with 503, twice', fault: page(503), times: 2, ends: 'succeeded' },
  { title: 'a page with 504', fault: page(504), ends: 'OUTCOME_UNKNOWN', tasks: 0 },
  { title: 'an answer that trickles', fault: { kind: 'slow-body', bytes: 4, pauseMs: 10 }, ends: 'succeeded' },
  {
    title: 'an answer that stops in the middle',
    fault: { kind: 'stalled-body', bytes: 10 },
    attemptMs: MINUTE,
    ends: 'OUTCOME_UNKNOWN',
  },
  { title: 'an answer without an id', fault: json('{}'), ends: 'OUTCOME_UNKNOWN' },
  { title: 'an id that is none', fault: json('{"id":"../../etc"}'), ends: 'OUTCOME_UNKNOWN' },
];

const DREAMING: GatewayFault = { kind: 'unknown-status', status: 'Dreaming' };

const STATUS_FAULTS: readonly FaultCase[] = [
  { title: 'an answer that takes 20 s', fault: LATE, ends: 'succeeded' },
  { title: 'an answer later than a call may take', fault: TOO_LATE, attemptMs: MINUTE, ends: 'succeeded' },
  { title: 'cut connections', fault: { kind: 'drop-before' }, times: 6, ends: 'succeeded' },
  { title: 'connections cut before the answer', fault: { kind: 'drop-after' }, times: 6, ends: 'succeeded' },
  { title: 'the limit per minute, four times', fault: { kind: 'rate-limited' }, times: 4, ends: 'succeeded' },
  { title: '503, four times', fault: { kind: 'unavailable' }, times: 4, ends: 'succeeded' },
  { title: '503 for ever', fault: { kind: 'unavailable' }, ...FOREVER, ends: 'TIMED_OUT' },
  { title: '500, four times', fault: { kind: 'internal-error' }, times: 4, ends: 'succeeded' },
  { title: 'half answers', fault: { kind: 'truncated-body', bytes: 9 }, times: 3, ends: 'succeeded' },
  { title: 'half answers that look whole', fault: { kind: 'shortened-body', bytes: 9 }, times: 2, ends: 'succeeded' },
  { title: 'another content type', fault: { kind: 'wrong-content-type', contentType: 'text/html' }, ends: 'succeeded' },
  { title: 'a page with 200, twice', fault: page(200), times: 2, ends: 'succeeded' },
  { title: 'pages with 200 for ever', fault: page(200), ...FOREVER, ends: 'PROVIDER_PROTOCOL' },
  { title: 'a page with 404, twice', fault: page(404), times: 2, ends: 'succeeded' },
  { title: 'a page with 502, four times', fault: page(502), times: 4, ends: 'succeeded' },
  { title: 'an answer that trickles', fault: { kind: 'slow-body', bytes: 4, pauseMs: 10 }, ends: 'succeeded' },
  {
    title: 'an answer that stops in the middle',
    fault: { kind: 'stalled-body', bytes: 5 },
    attemptMs: MINUTE,
    ends: 'succeeded',
  },
  { title: 'an unknown word, twice', fault: DREAMING, times: 2, ends: 'succeeded' },
  { title: 'an unknown word for ever', fault: DREAMING, ...FOREVER, ends: 'PROVIDER_PROTOCOL' },
  { title: 'an answer of another shape, twice', fault: json('{"status":7}'), times: 2, ends: 'succeeded' },
];

const RESULT_FAULTS: readonly FaultCase[] = [
  { title: 'a file that takes 20 s to begin', fault: LATE, ends: 'succeeded' },
  { title: 'a file that begins later than a call may take', fault: TOO_LATE, attemptMs: MINUTE, ends: 'succeeded' },
  { title: 'cut connections', fault: { kind: 'drop-before' }, times: 4, ends: 'succeeded' },
  { title: 'connections cut before the answer', fault: { kind: 'drop-after' }, times: 4, ends: 'succeeded' },
  { title: 'the limit per minute, three times', fault: { kind: 'rate-limited' }, times: 3, ends: 'succeeded' },
  { title: '503, four times', fault: { kind: 'unavailable' }, times: 4, ends: 'succeeded' },
  { title: '503 until the result is gone', fault: { kind: 'unavailable' }, times: 15, ends: 'OPERATION_EXPIRED' },
  { title: '500, four times', fault: { kind: 'internal-error' }, times: 4, ends: 'succeeded' },
  { title: 'transfers that break', fault: { kind: 'truncated-body', bytes: 900 }, times: 4, ends: 'succeeded' },
  { title: 'half files that look whole', fault: { kind: 'shortened-body', bytes: 900 }, times: 2, ends: 'succeeded' },
  {
    title: 'half files that look whole for ever',
    fault: { kind: 'shortened-body', bytes: 900 },
    ...FOREVER,
    ends: 'ASSET_UNREADABLE',
  },
  { title: 'nothing, twice', fault: { kind: 'shortened-body', bytes: 0 }, times: 2, ends: 'succeeded' },
  { title: 'another content type', fault: { kind: 'wrong-content-type', contentType: 'text/html' }, ends: 'succeeded' },
  { title: 'a page with 200, twice', fault: page(200), times: 2, ends: 'succeeded' },
  { title: 'pages with 200 for ever', fault: page(200), ...FOREVER, ends: 'ASSET_UNREADABLE' },
  { title: 'a page with 404, twice', fault: page(404), times: 2, ends: 'succeeded' },
  { title: 'a page with 502, four times', fault: page(502), times: 4, ends: 'succeeded' },
  { title: 'a file that trickles', fault: { kind: 'slow-body', bytes: 500, pauseMs: 10 }, ends: 'succeeded' },
  {
    title: 'a file that stops in the middle',
    fault: { kind: 'stalled-body', bytes: 900 },
    attemptMs: MINUTE,
    ends: 'succeeded',
  },
  {
    title: 'the loss of the only result',
    fault: { kind: 'result-expired' },
    hasOneWorker: true,
    ends: 'OPERATION_EXPIRED',
  },
  { title: 'a JSON text, twice', fault: json('{"error":"upstream"}'), times: 2, ends: 'succeeded' },
];

/** US cents: what the stand-in gives an account, and what it takes for a splat. */
const FULL_BALANCE = 10_000;
const PRICE = 15;

/** Orders once under a fault, and checks what holds whatever the fault is. */
async function orderUnder(
  route: FaultRoute,
  { fault, times, attemptMs, hasOneWorker }: FaultCase,
  judge: (bench: FastStudio, ending: Ending) => Promise<void> | void,
): Promise<void> {
  const options: FastStudioOptions = {
    speed: SPEED,
    ...(attemptMs === undefined ? {} : { attemptMs }),
    ...(hasOneWorker === true ? { gateway: { expectedResults: 1 } } : {}),
  };
  await withFastStudio(options, async (bench) => {
    const { gateway, key } = bench.server;
    gateway.arm(route, fault, { times: times ?? 1 });
    const ending = await bench.endOf(await bench.order());
    expect(isTerminalPhase(ending.state.phase), `left in ${ending.state.phase}: ${ending.message}`).toBe(true);
    expect(gateway.requests.filter((request) => request.fault === fault.kind).length).toBeGreaterThan(0);
    expect(gateway.tasks.length).toBeLessThanOrEqual(1);
    expect(gateway.balanceOf(key)).toBe(FULL_BALANCE - gateway.tasks.length * PRICE);
    if (ending.end === 'succeeded') {
      expect(ending.state.taskId).toBe(gateway.tasks[0]?.id);
      expect(ending.raw).toBe(bench.served(ending.state.request.seed));
    } else {
      expect(ending.message).toMatch(/^[A-Z0-9][^\n]{10,300}\.$/);
    }
    await judge(bench, ending);
    await expectNothingSentAgain(bench);
  });
}

/** An ended job is not taken up again: not here, not after a restart. */
async function expectNothingSentAgain(bench: FastStudio): Promise<void> {
  const { gateway } = bench.server;
  const { received } = gateway.submissions;
  expect(await bench.studio.resume()).toEqual([]);
  expect(await (await bench.restart()).resume()).toEqual([]);
  expect(gateway.submissions.received).toBe(received);
}

/** Brings a task in by its id, without another order. */
async function expectAdoptable(bench: FastStudio, task: { readonly id: string; readonly seed: number }): Promise<void> {
  const before = bench.server.gateway.submissions.received;
  const adopted = await bench.studio.adopt('404', task.id, { processing: { thumbnailSize: 0 } });
  const { end, message, raw } = await bench.endOf(adopted);
  expect(end, message).toBe('succeeded');
  expect(raw).toBe(bench.served(task.seed));
  expect(bench.server.gateway.submissions.received).toBe(before);
}

describe.concurrent('what spoils an order', () => {
  it.each(ORDER_FAULTS)('$title: $ends', async (faultCase) => {
    await orderUnder('add_task', faultCase, async (bench, { end, message, state }) => {
      const { gateway } = bench.server;
      expect(end, message).toBe(faultCase.ends);
      expect(gateway.tasks).toHaveLength(faultCase.tasks ?? 1);
      if (end !== 'OUTCOME_UNKNOWN') return;
      expect(gateway.submissions.received).toBeLessThanOrEqual(1);
      expect(state.taskId).toBeUndefined();
      for (const task of gateway.tasks) await expectAdoptable(bench, task);
    });
  });
});

describe.concurrent('an address where nobody listens', () => {
  it('ends the job soon, with nothing spent: NETWORK_FAILED', async () => {
    const nobody = await createFront(() => '');
    await nobody.close();
    await withFastStudio({ speed: SPEED, url: async () => nobody.url }, async (bench) => {
      const { end, message, state } = await bench.endOf(await bench.order());
      expect(end).toBe('NETWORK_FAILED');
      expect(message).toMatch(/connection was refused/);
      expect(state.taskId).toBeUndefined();
      expect(bench.server.gateway.submissions.received).toBe(0);
    });
  });
});

describe.concurrent('what spoils a question about the task', () => {
  it.each(STATUS_FAULTS)('$title: $ends', async (faultCase) => {
    await orderUnder('get_status', faultCase, ({ server }, { end, message, state }) => {
      expect(end, message).toBe(faultCase.ends);
      expect(server.gateway.submissions).toEqual({ received: 1, accepted: 1 });
      expect(state.taskId).toBe(server.gateway.tasks[0]?.id);
      // "try again" would be paid for
      if (end === 'TIMED_OUT') expect(state.error?.remedy).toContain(`maquette jobs adopt 404 ${state.taskId}`);
    });
  });
});

describe.concurrent('what spoils the result', () => {
  it.each(RESULT_FAULTS)('$title: $ends', async (faultCase) => {
    await orderUnder('get_result', faultCase, ({ server }, { end, message }) => {
      expect(end, message).toBe(faultCase.ends);
      expect(server.gateway.submissions).toEqual({ received: 1, accepted: 1 });
    });
  });

  it('a key that is no longer accepted: the job waits for another one, and then brings the result in', async () => {
    await withFastStudio({ speed: SPEED }, async (bench) => {
      const { gateway } = bench.server;
      const disarm = gateway.arm('get_result', page(403), FOREVER);
      const handle = await bench.order();
      const { end, state } = await bench.endOf(handle);
      expect({ end, phase: state.phase }).toEqual({ end: 'AUTH_REJECTED', phase: 'fetching' });
      disarm();
      const [resumed] = await (await bench.restart()).resume();
      expect(resumed?.id).toBe(handle.id);
      const { end: secondEnd, raw } = await bench.endOf(await bench.studio.job(handle.id));
      expect(secondEnd).toBe('succeeded');
      expect(raw).toBe(bench.served(state.request.seed));
      expect(gateway.submissions).toEqual({ received: 1, accepted: 1 });
    });
  });
});

describe('faults one after the other', () => {
  it('on every road of one job end in success', async () => {
    await withFastStudio({ speed: SPEED, attemptMs: MINUTE }, async (bench) => {
      const { gateway } = bench.server;
      const faults: readonly (readonly [FaultRoute, GatewayFault])[] = [
        ['add_task', { kind: 'unavailable' }],
        ['add_task', { kind: 'rate-limited' }],
        ['add_task', page(503)],
        ['add_task', { kind: 'over-limit', error: 'concurrent_limit' }],
        ['get_status', page(200)],
        ['get_status', { kind: 'drop-before' }],
        ['get_status', { kind: 'rate-limited' }],
        ['get_status', DREAMING],
        ['get_status', { kind: 'stalled-body', bytes: 4 }],
        ['get_status', { kind: 'internal-error' }],
        ['get_result', { kind: 'truncated-body', bytes: 700 }],
        ['get_result', page(502)],
        ['get_result', { kind: 'shortened-body', bytes: 700 }],
        ['get_status', page(502)],
        ['get_result', { kind: 'drop-after' }],
        ['get_result', { kind: 'slow-body', bytes: 400, pauseMs: 5 }],
      ];
      for (const [route, fault] of faults) gateway.arm(route, fault);
      const { end, message, state, raw } = await bench.endOf(await bench.order());
      expect(end, message).toBe('succeeded');
      expect(raw).toBe(bench.served(state.request.seed));
      expect(gateway.requests.filter(({ fault }) => fault !== null)).toHaveLength(faults.length);
      expect(gateway.tasks).toHaveLength(1);
    });
  });
});

/** Decides which request is struck by what. */
const SEED = process.env.MAQUETTE_FAULT_SEED ?? 'faults-1';
const JOBS = 60;

/** Share of the requests that are struck. */
const STRUCK = 0.3;

const ANYWHERE: readonly GatewayFault[] = [
  { kind: 'latency', delayMs: 50 },
  { kind: 'drop-before' },
  { kind: 'drop-after' },
  { kind: 'rate-limited' },
  { kind: 'unavailable' },
  { kind: 'internal-error' },
  { kind: 'truncated-body', bytes: 12 },
  { kind: 'shortened-body', bytes: 12 },
  { kind: 'wrong-content-type', contentType: 'text/plain' },
  page(200),
  page(502),
  page(503),
  { kind: 'slow-body', bytes: 1000, pauseMs: 5 },
  { kind: 'stalled-body', bytes: 8 },
  json('{}'),
];
const STRIKES: Readonly<Record<string, readonly GatewayFault[]>> = {
  // most orders shall get through
  '/add_task': [
    ...ANYWHERE,
    ...Array<GatewayFault>(15).fill({ kind: 'unavailable' }),
    { kind: 'over-limit', error: 'concurrent_limit' },
    { kind: 'over-limit', error: 'daily_limit' },
  ],
  '/get_status': [...ANYWHERE, DREAMING],
  '/get_result': [...ANYWHERE, { kind: 'result-expired' }],
};

/** What a job may end with that met any of these. */
const DOCUMENTED = [
  'succeeded',
  'OUTCOME_UNKNOWN',
  'RATE_LIMITED',
  'OPERATION_EXPIRED',
  'PROVIDER_PROTOCOL',
  'ASSET_UNREADABLE',
];

describe(`faults at random (seed ${SEED})`, () => {
  it(`${JOBS} jobs come to an end, none has two tasks, and what was lost can be brought in`, async () => {
    // lost tasks are adopted at the end, and 300 s of fast time are six on a machine that may be busy
    const gatewayOptions = { limits: 'off', times: { resultLifetimeMs: 3_600_000 } } as const;
    const options: FastStudioOptions = {
      speed: 50,
      attemptMs: MINUTE,
      gateway: gatewayOptions,
      provider: { concurrency: JOBS },
    };
    await withFastStudio(options, async (bench) => {
      const { gateway } = bench.server;
      const random = createRandom(SEED);
      const drawn = new WeakMap<GatewayRequest, GatewayFault | null>();
      const draw = (request: GatewayRequest): GatewayFault | null => {
        if (!drawn.has(request)) {
          const strikes = STRIKES[request.path] ?? [];
          drawn.set(request, random.chance(STRUCK) ? random.pick(strikes) : null);
        }
        return drawn.get(request) ?? null;
      };
      const disarm = [...new Set(Object.values(STRIKES).flat())].map((fault) =>
        gateway.arm('any', fault, { ...FOREVER, when: (request) => draw(request) === fault }),
      );
      const handles = [];
      for (let seed = 1; seed <= JOBS; seed += 1) handles.push(await bench.order({ seed, prompt: `lamp ${seed}` }));
      const endings = await Promise.all(handles.map(bench.endOf));
      for (const undo of disarm) undo();

      for (const { end, message, state, raw } of endings) {
        expect(DOCUMENTED, message).toContain(end);
        expect(isTerminalPhase(state.phase)).toBe(true);
        const tasks = gateway.tasks.filter(({ seed }) => seed === state.request.seed);
        expect(tasks.length, `tasks of job ${state.request.seed}`).toBeLessThanOrEqual(1);
        if (state.taskId !== undefined) expect(state.taskId).toBe(tasks[0]?.id);
        if (end === 'succeeded') expect(raw).not.toBeNull();
        if (end === 'OUTCOME_UNKNOWN') expect(state.taskId).toBeUndefined();
      }
      const count = (end: string): number => endings.filter((ending) => ending.end === end).length;
      expect(count('succeeded')).toBeGreaterThan(JOBS / 2);
      await expectNothingSentAgain(bench);
      const owned = new Set(endings.map(({ state }) => state.taskId));
      const lost = gateway.tasks.filter(({ id, keptCount }) => !owned.has(id) && keptCount > 0);
      expect(lost.length).toBeLessThanOrEqual(count('OUTCOME_UNKNOWN'));
      await Promise.all(lost.map((task) => expectAdoptable(bench, task)));
      const told = DOCUMENTED.map((end) => `${count(end)} ${end}`).join(', ');
      console.log(
        `${gateway.requests.filter(({ fault }) => fault !== null).length} faults: ${told}; ${lost.length} lost tasks adopted`,
      );
    });
  });
});
