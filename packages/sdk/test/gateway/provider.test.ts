import { afterEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/foundation/error-catalogue.ts';
import type { JobState } from '../../src/jobs/job-state.ts';
import { storeInputImage } from '../../src/studio/input-images.ts';
import type { AcceptedOrder, FaultRoute, GatewayFault, TaskScript } from '../../src/testing/index.ts';
import { PICTURE } from './bench.ts';
import { createProviderBench, orderOf, type ProviderBench, type ProviderBenchOptions } from './provider-bench.ts';

let bench: ProviderBench | undefined;

afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

/** A stand-in that serves small files, which is all that matters where nobody opens them. */
async function start(options: ProviderBenchOptions = {}): Promise<ProviderBench> {
  bench = await createProviderBench({ results: smallResult, ...options });
  return bench;
}

function smallResult({ model }: AcceptedOrder): Uint8Array {
  const file = new Uint8Array(50_000).fill(7);
  if (model.output === 'splat') file.set([0x28, 0xb5, 0x2f, 0xfd]);
  else file.set([0x67, 0x6c, 0x54, 0x46, 2, 0, 0, 0, 0x50, 0xc3, 0, 0]);
  return file;
}

const codesOf = (state: JobState): string[] => state.warnings.map(({ code }) => code);
const mainOf = (state: JobState) => state.fetched.find(({ assetId }) => assetId === 'main');

describe('404-GEN through the engine', () => {
  it('makes a splat from a text, with our seed, taken while other workers still try', async () => {
    const { gateway, run, key, host } = await start();
    // on a busy machine the look at the task below comes seconds of the stand-in's time after the result
    gateway.scriptNext([{ takesAfterMs: 1000, worksMs: 2000 }, { worksMs: 3_600_000 }]);
    const state = await run(orderOf());
    expect(state).toMatchObject({ phase: 'succeeded', spend: { actual: { amount: 0.15, currency: 'USD' } } });
    const [task] = gateway.tasks;
    expect(task).toMatchObject({
      model: { name: '404-3dgs' },
      seed: 41,
      prompt: 'a mossy stone lantern',
      state: 'running',
    });
    expect(state.taskId).toBe(task?.id);
    expect(mainOf(state)).toMatchObject({ kind: 'splat', extension: 'spz', frame: 'RUB' });
    expect(gateway.submissions).toEqual({ received: 1, accepted: 1 });
    expect(gateway.balanceOf(key)).toBe(10_000 - 15);
    expect(JSON.stringify([state, host.logEntries])).not.toContain(key);
  });

  it('makes a mesh from an image, with the parameters of the model', async () => {
    const { gateway, run, host } = await start();
    const image = await storeInputImage(host, PICTURE);
    const order = orderOf(
      { prompt: { text: 'a café chair', images: [image] }, output: 'mesh', model: '404-mesh-v2' },
      { face_count: '50000', pipeline_type: '1024_cascade' },
    );
    const state = await run(order);
    expect(state.phase).toBe('succeeded');
    expect(codesOf(state)).toEqual(['PROMPT_IGNORED']);
    expect(mainOf(state)).toMatchObject({ kind: 'mesh', extension: 'glb' });
    expect(gateway.tasks[0]).toMatchObject({
      prompt: null,
      model: { name: '404-mesh-v2' },
      seed: 41,
      modelParams: { face_count: 50_000, pipeline_type: '1024_cascade' },
    });
    expect(gateway.tasks[0]?.image).toEqual(PICTURE);
  });

  it('keeps further results that were asked for, and says which there are not', async () => {
    const { gateway, run } = await start();
    gateway.scriptNext([{ worksMs: 1000 }, { worksMs: 60_000, outcome: 'failure' }, { worksMs: 90_000 }]);
    const state = await run(orderOf({}, { candidates: '3' }));
    expect(state.phase).toBe('succeeded');
    expect(state.fetched.map(({ assetId }) => assetId)).toEqual(['main', 'candidate-2']);
    expect(codesOf(state)).toEqual(['ASSET_MISSING']);
    const events = (await bench?.events(state.job)) ?? [];
    const fetchedAt = events.find((event) => event.type === 'asset-fetched')?.at ?? 0;
    expect(fetchedAt - (gateway.tasks[0]?.acceptedAtMs ?? 0)).toBeLessThan(60_000);
  });

  it('keeps a result it has when the gateway forgets it and then fails the task', async () => {
    const { gateway, run } = await start();
    gateway.scriptNext([{ worksMs: 1000 }, { worksMs: 2000, outcome: 'silence' }, { outcome: 'silence' }]);
    const state = await run(orderOf({}, { candidates: '2' }));
    expect(state.phase).toBe('succeeded');
    expect(mainOf(state)).toBeDefined();
    expect(state.warnings.length).toBeGreaterThan(0);
  });

  it.each<[string, TaskScript, RegExp]>([
    ['every worker fails', [1, 2, 3].map(() => ({ outcome: 'failure', reason: 'out of memory' })), /out of memory\./],
    ['nobody takes the task', [], /timed out|deadline/i],
  ])('fails and costs nothing when %s', async (_name, script, message) => {
    const { gateway, run, key } = await start();
    gateway.scriptNext(script);
    const state = await run(orderOf());
    expect(state).toMatchObject({
      phase: 'failed',
      error: { code: 'OPERATION_FAILED', message: expect.stringMatching(message) },
      spend: { actual: { amount: 0 } },
    });
    expect(gateway.balanceOf(key)).toBe(10_000);
  });

  it('has two jobs wait for each other where the account may have one task', async () => {
    const { gateway, engine, until } = await start();
    const jobs = [await engine.submit(orderOf()), await engine.submit(orderOf({ seed: 42 }))];
    const states = await until(Promise.all(jobs.map(({ job }) => engine.wait(job))));
    expect(states.map(({ phase }) => phase)).toEqual(['succeeded', 'succeeded']);
    expect(gateway.submissions.accepted).toBe(2);
    expect(gateway.submissions.received).toBeGreaterThan(2);
  });

  it('says that a cancelled task may be charged, and brings its result in when it is adopted', async () => {
    const { gateway, engine, until, events } = await start();
    gateway.scriptNext([{ worksMs: 60_000 }]);
    const { job } = await engine.submit(orderOf());
    const running = (async () => {
      for await (const event of engine.events(job)) if (event.type === 'operation-started') return;
    })();
    await until(running);
    const cancelled = await until(engine.cancel(job));
    expect(cancelled.phase).toBe('cancelled');
    const taskId = gateway.tasks[0]?.id ?? '';
    const last = (await events(job)).at(-1);
    expect(last).toMatchObject({ message: expect.stringContaining(`maquette jobs adopt 404 ${taskId}`) });
    const adopted = await engine.adopt(orderOf({ prompt: { text: `task ${taskId}` }, seed: 0 }), taskId);
    expect(await until(engine.wait(adopted.job))).toMatchObject({ phase: 'succeeded', adopted: true, taskId });
    expect(gateway.submissions.received).toBe(1);
  });
});

describe('404-GEN whose answer was lost', () => {
  it.each<[string, GatewayFault, number]>([
    ['before the task was made', { kind: 'drop-before' }, 0],
    ['after the task was made', { kind: 'drop-after' }, 1],
    ['in a page', { kind: 'html-page', status: 502 }, 0],
    ['in an error inside', { kind: 'internal-error' }, 0],
    ['in half a body', { kind: 'truncated-body', bytes: 5 }, 1],
  ])('%s is reported and never sent again', async (_name, fault, accepted) => {
    const { gateway, run, engine, until } = await start();
    gateway.arm('add_task', fault);
    const state = await run(orderOf());
    expect(state).toMatchObject({ phase: 'failed', error: { code: 'OUTCOME_UNKNOWN' } });
    expect(gateway.requests.filter(({ path }) => path === '/add_task')).toHaveLength(1);
    expect(gateway.submissions.accepted).toBe(accepted);
    if (accepted === 0) return;
    const { job } = await engine.adopt(orderOf(), gateway.tasks[0]?.id ?? '');
    expect((await until(engine.wait(job))).phase).toBe('succeeded');
    expect(gateway.submissions.accepted).toBe(1);
  });
});

describe('404-GEN with a fault on the way', () => {
  it.each<[FaultRoute, GatewayFault, number]>([
    ['add_task', { kind: 'rate-limited' }, 3],
    ['add_task', { kind: 'unavailable' }, 3],
    ['add_task', { kind: 'over-limit', error: 'concurrent_limit' }, 3],
    ['add_task', { kind: 'latency', delayMs: 50 }, 1],
    ['get_status', { kind: 'drop-before' }, 4],
    ['get_status', { kind: 'drop-after' }, 4],
    ['get_status', { kind: 'rate-limited' }, 3],
    ['get_status', { kind: 'unavailable' }, 3],
    ['get_status', { kind: 'internal-error' }, 3],
    ['get_status', { kind: 'html-page', status: 502 }, 3],
    ['get_status', { kind: 'html-page', status: 200 }, 2],
    ['get_status', { kind: 'html-page', status: 404 }, 2],
    ['get_status', { kind: 'truncated-body', bytes: 4 }, 3],
    ['get_status', { kind: 'unknown-status', status: 'Paused' }, 2],
    ['get_result', { kind: 'drop-before' }, 3],
    ['get_result', { kind: 'truncated-body', bytes: 100 }, 3],
    ['get_result', { kind: 'internal-error' }, 3],
    ['get_result', { kind: 'html-page', status: 200 }, 2],
    ['get_result', { kind: 'html-page', status: 503 }, 3],
    ['get_result', { kind: 'wrong-content-type', contentType: 'text/html' }, 9],
    ['get_result', { kind: 'other-body', contentType: 'application/json', body: new TextEncoder().encode('{}') }, 2],
    ['get_result', { kind: 'slow-body', bytes: 4096, pauseMs: 1 }, 1],
  ])('%s %j, %i times, ends in success, paid once', async (route, fault, times) => {
    const { gateway, run, key } = await start();
    gateway.arm(route, fault, { times });
    const state = await run(orderOf());
    expect(state.error).toBeUndefined();
    expect(state.phase).toBe('succeeded');
    expect(gateway.submissions.accepted).toBe(1);
    expect(gateway.balanceOf(key)).toBe(10_000 - 15);
  });

  it.each<[FaultRoute, GatewayFault, ErrorCode]>([
    ['add_task', { kind: 'over-limit', error: 'daily_limit' }, 'RATE_LIMITED'],
    ['get_status', { kind: 'unknown-status', status: 'Paused' }, 'PROVIDER_PROTOCOL'],
    ['get_status', { kind: 'internal-error' }, 'TIMED_OUT'],
    ['get_result', { kind: 'result-expired' }, 'OPERATION_EXPIRED'],
    ['get_result', { kind: 'html-page', status: 200 }, 'ASSET_UNREADABLE'],
  ])('%s %j for ever ends in %s', async (route, fault, code) => {
    const { gateway, run } = await start();
    gateway.arm(route, fault, { times: Number.POSITIVE_INFINITY });
    const state = await run(orderOf());
    expect(state).toMatchObject({ phase: 'failed', error: { code, remedy: expect.stringMatching(/\S/) } });
    expect(gateway.submissions.accepted).toBeLessThanOrEqual(1);
  });
});

describe('404-GEN that falls silent', () => {
  const silence: GatewayFault = { kind: 'stalled-body', bytes: 2 };

  it.each<FaultRoute>(['get_status', 'get_result'])('in %s is asked again', async (route) => {
    const { gateway, run } = await start({ hasSilence: true });
    gateway.arm(route, silence);
    expect((await run(orderOf())).phase).toBe('succeeded');
    expect(gateway.submissions.received).toBe(1);
  });

  it('in add_task leaves the outcome unknown', async () => {
    const { gateway, run } = await start({ hasSilence: true });
    gateway.arm('add_task', silence);
    expect(await run(orderOf())).toMatchObject({ phase: 'failed', error: { code: 'OUTCOME_UNKNOWN' } });
    expect(gateway.submissions).toEqual({ received: 1, accepted: 1 });
  });
});

describe('404-GEN refuses', () => {
  it.each<[string, ProviderBenchOptions, ErrorCode]>([
    ['an unknown key', { wrongKey: '11111111-2222-4333-8444-555555555555' }, 'AUTH_REJECTED'],
    ['a malformed key', { wrongKey: 'sk-live-0123456789abcdefghij' }, 'AUTH_REJECTED'],
    [
      'an empty account',
      { accounts: [{ keys: ['11111111-2222-4333-8444-555555555556'], balanceCents: 0 }] },
      'PAYMENT_REQUIRED',
    ],
    [
      'a key that can no longer be charged',
      { accounts: [{ keys: ['11111111-2222-4333-8444-555555555556'], canBeBilled: false }] },
      'AUTH_REJECTED',
    ],
  ])('%s, and nothing is spent', async (_name, options, code) => {
    const { gateway, run, host } = await start(options);
    const state = await run(orderOf());
    expect(state).toMatchObject({ phase: 'failed', error: { code, remedy: expect.stringMatching(/key|top up/i) } });
    expect(gateway.submissions.accepted).toBe(0);
    const shown = JSON.stringify([state, await bench?.events(state.job), host.logEntries]);
    expect(shown).not.toMatch(/11111111-2222|sk-live/);
  });
});

describe('404-GEN in three regions', () => {
  it('takes the result where the task was sent', async () => {
    const { gateway, run } = await start({ usesRegions: true });
    const state = await run(orderOf({}, { region: 'us-west' }));
    expect(state.phase).toBe('succeeded');
    expect(new Set(gateway.requests.map(({ node }) => node))).toEqual(new Set([3]));
  });

  it.each([
    ['without its region', ''],
    ['with its region', 'us-east/'],
  ])('finds an adopted task %s', async (_name, prefix) => {
    const { gateway, run, engine, until } = await start({ usesRegions: true });
    gateway.arm('add_task', { kind: 'drop-after' });
    await run(orderOf({}, { region: 'us-east' }));
    const id = gateway.tasks[0]?.id ?? '';
    const { job } = await engine.adopt(orderOf(), `${prefix}${id}`);
    const state = await until(engine.wait(job));
    expect(state.phase).toBe('succeeded');
    expect(mainOf(state)?.kind).toBe('splat');
  });
});
