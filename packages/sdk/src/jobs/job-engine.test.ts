import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../foundation/error-catalogue.ts';
import { SdkError } from '../foundation/errors.ts';
import { createEchoModel } from '../testing/echo-model.ts';
import type { EchoBehaviour, EchoPoll } from '../testing/echo-provider.ts';
import { createMemoryHost } from '../testing/memory-host.ts';
import { createBench, orderOf } from './job-engine.test-kit.ts';
import type { JobState } from './job-state.ts';
import { reduceJob } from './reduce-job.ts';

const PENDING: EchoPoll = { state: 'pending' };
const MAIN = { id: 'main', kind: 'mesh' } as const;
const FAILED: EchoPoll = { state: 'failed', error: { code: 'OPERATION_FAILED', message: 'no', retry: 'never' } };

function failure(code: ErrorCode, retryAfterMs?: number): SdkError {
  return new SdkError({ code, message: `scripted ${code}`, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

async function runJob(behaviour: EchoBehaviour, options: Parameters<typeof createBench>[0] = {}) {
  const bench = createBench({ ...options, echo: { behaviour, ...options.echo } });
  const startMs = bench.host.clock.now();
  const { job } = await bench.engine.submit(orderOf('a lamp'));
  const state = await bench.engine.wait(job);
  return { bench, job, state, tookMs: state.updatedAt - startMs, types: await bench.types(job) };
}

function codesOf(state: JobState): readonly string[] {
  return state.warnings.map((warning) => warning.code);
}

describe('a job that goes well', () => {
  it('goes through every phase and ends with success', async () => {
    const { bench, state, types } = await runJob({ durationMs: 5000, pollAfterMs: 1000 });
    expect(state).toMatchObject({
      phase: 'succeeded',
      progress: 1,
      seed: 7,
      model: 'box',
      taskId: `echo-${state.job}`,
    });
    expect(types).toEqual([
      'job-queued',
      'start-requested',
      'operation-started',
      ...new Array<string>(5).fill('progress-reported'),
      'asset-offered',
      'asset-fetched',
      'processing-started',
      'step-finished',
      'job-succeeded',
    ]);
    expect(bench.starts).toEqual([state.job]);
    expect(state.fetched).toMatchObject([{ assetId: 'main', mediaType: 'model/gltf-binary', extension: 'glb' }]);
    const raw = state.fetched[0];
    expect(raw?.key).toBe(`raw/${raw?.digest.slice(0, 2)}/${raw?.digest}.glb`);
    expect(await bench.host.files.read(raw?.key ?? '')).toEqual(createEchoModel('a lamp', 7));
  });

  it('stores every event before anybody hears of it', async () => {
    const bench = createBench({ echo: { behaviour: { durationMs: 3000 } } });
    const early: number[] = [];
    const checks: Promise<void>[] = [];
    bench.store.subscribe((event) => {
      checks.push(
        bench.store.events(event.job, event.seq - 1).then((stored) => {
          if (stored[0]?.seq !== event.seq) early.push(event.seq);
        }),
      );
    });
    await bench.engine.wait((await bench.engine.submit(orderOf('a lamp'))).job);
    await Promise.all(checks);
    expect(checks.length).toBeGreaterThan(6);
    expect(early).toEqual([]);
  });

  it('polls for an hour in no time', async () => {
    const { state, tookMs } = await runJob(
      { durationMs: 3_600_000, pollAfterMs: 5000 },
      { echo: { operationTimeoutMs: 4_000_000 } },
    );
    expect(state.phase).toBe('succeeded');
    expect(tookMs).toBe(3_600_000);
  });
});

describe('waiting', () => {
  const pollTimes = async (behaviour: EchoBehaviour) => {
    const times: number[] = [];
    const bench = createBench({ echo: { behaviour } });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    bench.store.subscribe((event) => {
      if (event.type === 'progress-reported') times.push(event.at);
    });
    await bench.engine.wait(job);
    return times.slice(1).map((time, index) => time - (times[index] as number));
  };

  it('obeys the hint of the provider', async () => {
    expect(await pollTimes({ durationMs: 10_000, pollAfterMs: 2000 })).toEqual([2000, 2000, 2000, 2000]);
  });

  it('backs off with jitter and within bounds where there is none', async () => {
    const gaps = await pollTimes({ durationMs: 60_000 });
    expect(gaps[0]).toBeGreaterThanOrEqual(800);
    expect(gaps[0]).toBeLessThanOrEqual(1200);
    for (const gap of gaps.slice(-4)) {
      expect(gap).toBeGreaterThanOrEqual(8000);
      expect(gap).toBeLessThanOrEqual(12_000);
    }
    expect(new Set(gaps.slice(-4)).size).toBeGreaterThan(1);
  });

  it('lets the time a server names win, without jitter', async () => {
    const { tookMs, state } = await runJob({
      polls: [failure('RATE_LIMITED', 17_000), failure('PROVIDER_UNAVAILABLE', 4000)],
    });
    expect(state.phase).toBe('succeeded');
    expect(tookMs).toBe(21_000);
    const long = await runJob({ starts: [failure('RATE_LIMITED', 3_600_000)] });
    expect(long.tookMs).toBe(3_600_000);
  });
});

describe('a start', () => {
  it.each<[ErrorCode]>([['RATE_LIMITED'], ['QUEUE_FULL'], ['PROVIDER_UNAVAILABLE'], ['NETWORK_FAILED']])(
    'is tried again after %s, with the same key',
    async (code) => {
      const { bench, state, types } = await runJob({ starts: [failure(code), failure(code, 3000)] });
      expect(state.phase).toBe('succeeded');
      expect(types.slice(0, 6)).toEqual([
        'job-queued',
        'start-requested',
        'start-refused',
        'start-requested',
        'start-refused',
        'start-requested',
      ]);
      expect(bench.starts).toEqual([state.job]);
    },
  );

  it.each<[ErrorCode]>([
    ['AUTH_REJECTED'],
    ['PAYMENT_REQUIRED'],
    ['INPUT_REJECTED'],
    ['INPUT_INVALID'],
    ['CONFIG_MISSING'],
  ])('that is refused with %s ends the job with that code', async (code) => {
    const { state } = await runJob({ starts: [failure(code)] });
    expect(state).toMatchObject({ phase: 'failed', error: { code } });
  });

  it.each<[string, EchoBehaviour]>([
    ['whose answer was lost', { starts: ['lost-after'] }],
    ['whose request was lost', { starts: ['lost-before'] }],
    ['that is never answered', { starts: ['silence'] }],
    ['with an answer that cannot be read', { starts: [failure('PROVIDER_PROTOCOL')] }],
    ['that fails inside the adapter', { starts: [failure('INTERNAL')] }],
    ['that times out', { starts: [failure('TIMED_OUT')] }],
  ])('%s is of unknown outcome and never sent again', async (_name, behaviour) => {
    const { bench, state, types } = await runJob(behaviour);
    expect(state).toMatchObject({ phase: 'failed', error: { code: 'OUTCOME_UNKNOWN' } });
    expect(types).toEqual(['job-queued', 'start-requested', 'job-failed']);
    expect(bench.starts.length).toBeLessThanOrEqual(1);
  });

  it('that is never answered says which budget ran out', async () => {
    const { state, tookMs } = await runJob({ starts: ['silence'] }, { budgets: { attemptMs: 9000 } });
    expect(state.error).toMatchObject({ code: 'OUTCOME_UNKNOWN', details: { reason: 'TIMED_OUT', budget: 'attempt' } });
    expect(tookMs).toBe(9000);
  });

  it.each<[string, EchoBehaviour, number]>([
    ['made a task', { starts: ['lost-after'] }, 1],
    ['made none', { starts: ['lost-before'] }, 1],
  ])('whose lost answer %s is found by a provider that looks up', async (_name, behaviour, count) => {
    const { bench, state } = await runJob(behaviour, { echo: { canLookUp: true } });
    expect(state.phase).toBe('succeeded');
    expect(bench.starts).toHaveLength(count);
  });

  it('is not tried for ever without a network', async () => {
    const { state } = await runJob({ starts: new Array(20).fill(failure('NETWORK_FAILED')) });
    expect(state).toMatchObject({ phase: 'failed', error: { code: 'NETWORK_FAILED' } });
  });

  it('that may only be tried after the budget ends with the reason for it', async () => {
    const { state } = await runJob({ starts: [failure('RATE_LIMITED', 86_400_000)] });
    expect(state.error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 86_400_000 });
  });
});

describe('a provider that misbehaves while polled', () => {
  it.each<[ErrorCode]>([['NETWORK_FAILED'], ['PROVIDER_UNAVAILABLE'], ['RATE_LIMITED'], ['TIMED_OUT']])(
    'by %s is asked again',
    async (code) => {
      const { state } = await runJob({ polls: [failure(code), PENDING, failure(code), failure(code)] });
      expect(state.phase).toBe('succeeded');
    },
  );

  it('by silence is asked again after the attempt budget', async () => {
    const { state, tookMs } = await runJob({ polls: ['silence'] }, { budgets: { attemptMs: 5000 } });
    expect(state.phase).toBe('succeeded');
    expect(tookMs).toBeGreaterThan(5000);
  });

  it('until the operation budget ends says so, with the task id', async () => {
    const { state, tookMs } = await runJob(
      { polls: new Array(500).fill(failure('NETWORK_FAILED')) },
      { budgets: { operationMs: 300_000 } },
    );
    expect(state.error).toMatchObject({
      code: 'TIMED_OUT',
      details: { budget: 'operation', taskId: state.taskId, lastCode: 'NETWORK_FAILED' },
    });
    expect(tookMs).toBe(300_000);
  });

  it('by never finishing runs into the time of its description', async () => {
    const { state, tookMs } = await runJob({ durationMs: 10_000_000 }, { echo: { operationTimeoutMs: 660_000 } });
    expect(state.error).toMatchObject({ code: 'TIMED_OUT', details: { budget: 'operation' } });
    expect(tookMs).toBe(660_000);
  });

  it('runs into the job budget even while the operation has time', async () => {
    const { state, tookMs } = await runJob(
      { durationMs: 10_000_000 },
      { budgets: { jobMs: 60_000, operationMs: 9_000_000 } },
    );
    expect(state.error).toMatchObject({ code: 'TIMED_OUT', details: { budget: 'job' } });
    expect(tookMs).toBe(60_000);
  });

  it('by one unreadable answer is forgiven, by three is not', async () => {
    const unreadable = failure('PROVIDER_PROTOCOL');
    expect((await runJob({ polls: [unreadable, unreadable, PENDING, unreadable] })).state.phase).toBe('succeeded');
    expect((await runJob({ polls: [unreadable, unreadable, unreadable] })).state.error?.code).toBe('PROVIDER_PROTOCOL');
  });

  it('by success without a result is not believed', async () => {
    const empty: EchoPoll = { state: 'completed', assets: [] };
    expect((await runJob({ polls: [empty] })).state.phase).toBe('succeeded');
    expect((await runJob({ polls: [empty, empty, empty] })).state.error?.code).toBe('PROVIDER_PROTOCOL');
  });

  it.each<[ErrorCode]>([['OPERATION_EXPIRED'], ['OPERATION_FAILED'], ['INPUT_REJECTED']])(
    'by %s ends the job',
    async (code) => {
      expect((await runJob({ polls: [PENDING, failure(code)] })).state).toMatchObject({
        phase: 'failed',
        error: { code },
      });
    },
  );

  it('by running backwards shows no step back', async () => {
    const polls: EchoPoll[] = [0.2, 0.8, 0.4, 0.1].map((progress) => ({
      state: 'pending',
      progress,
      stage: `at ${progress}`,
    }));
    const { bench, job } = await runJob({ polls });
    let highest = 0;
    let state: JobState | null = null;
    for (const event of await bench.events(job)) {
      state = reduceJob(state, event);
      if (state?.progress == null) continue;
      expect(state.progress).toBeGreaterThanOrEqual(highest);
      highest = state.progress;
    }
  });

  it('by failing ends the job with its error and price', async () => {
    const { state } = await runJob({
      polls: [{ ...FAILED, spend: { actual: { amount: 1, currency: 'USD' } } } as EchoPoll],
    });
    expect(state).toMatchObject({
      phase: 'failed',
      error: { code: 'OPERATION_FAILED' },
      spend: { actual: { amount: 1 } },
    });
  });

  it('by cancelling on its own ends the job as cancelled', async () => {
    expect((await runJob({ polls: [{ state: 'cancelled' }] })).state.phase).toBe('cancelled');
  });
});

describe('a result', () => {
  it('is fetched the moment it is offered, while the task still runs', async () => {
    const { types } = await runJob({ offersEarly: true, durationMs: 60_000, pollAfterMs: 10_000 });
    expect(types.indexOf('asset-fetched')).toBeLessThan(types.lastIndexOf('progress-reported'));
    expect(types.filter((type) => type === 'asset-fetched')).toHaveLength(1);
  });

  it.each<[string, EchoPoll]>([
    ['fails', FAILED],
    ['cancels', { state: 'cancelled' }],
  ])('is kept when the provider %s after it had offered it', async (_name, last) => {
    const { state } = await runJob({ polls: [{ state: 'pending', assets: [MAIN] }, PENDING, last] });
    expect(state.phase).toBe('succeeded');
    expect(codesOf(state)).toEqual(['STATUS_CONTRADICTED']);
  });

  it('is kept when the provider never reports the end', async () => {
    const polls: EchoPoll[] = [{ state: 'pending', assets: [MAIN] }, ...new Array<EchoPoll>(500).fill(PENDING)];
    const { state } = await runJob({ polls }, { budgets: { operationMs: 60_000 } });
    expect(state.phase).toBe('succeeded');
    expect(codesOf(state)).toEqual(['STATUS_CONTRADICTED']);
  });

  it.each(['half', 'web-page', 'expired'] as const)('is asked for again when the download is %s', async (fetched) => {
    const { state } = await runJob({ fetches: [fetched, fetched] });
    expect(state.phase).toBe('succeeded');
    expect(state.fetched[0]?.sizeBytes).toBe(createEchoModel('a lamp', 7).length);
  });

  it('that stays half is kept as it is, for the pipeline to judge', async () => {
    const { state } = await runJob({ fetches: ['half', 'half', 'half'] });
    expect(state.fetched[0]?.sizeBytes).toBe(createEchoModel('a lamp', 7).length >> 1);
  });

  it.each<[ErrorCode, EchoBehaviour['fetches']]>([
    ['ASSET_UNREADABLE', ['web-page', 'web-page', 'web-page']],
    ['OPERATION_EXPIRED', ['expired', 'expired', 'expired']],
    ['URL_NOT_TRUSTED', [failure('URL_NOT_TRUSTED')]],
  ])('that cannot be had ends the job with %s', async (code, fetches) => {
    expect((await runJob({ ...(fetches === undefined ? {} : { fetches }) })).state).toMatchObject({
      phase: 'failed',
      error: { code },
    });
  });

  it('whose download falls silent is fetched again, and given up after the fifth time', async () => {
    const { state, tookMs } = await runJob({ fetches: ['silence'] }, { budgets: { attemptMs: 5000 } });
    expect(state.phase).toBe('succeeded');
    expect(tookMs).toBeGreaterThan(5000);
    const dead = await runJob({ fetches: new Array(9).fill('silence') }, { budgets: { attemptMs: 5000 } });
    expect(dead.state.error).toMatchObject({ code: 'TIMED_OUT', details: { budget: 'attempt' } });
  });

  it('with a network that breaks is fetched when the network is back', async () => {
    const { state } = await runJob({ fetches: new Array(12).fill(failure('NETWORK_FAILED')) });
    expect(state.phase).toBe('succeeded');
  });

  it('above the size limit is refused', async () => {
    const { state, bench } = await runJob({}, { maxAssetBytes: 20_000 });
    expect(state.error).toMatchObject({ code: 'ASSET_TOO_LARGE', details: { limitBytes: 20_000 } });
    expect(await bench.host.files.list('raw/')).toEqual([]);
  });

  it('beside the main one may be missing', async () => {
    const { state } = await runJob({
      polls: [
        { state: 'completed', assets: [{ id: 'preview', kind: 'mesh', url: 'https://elsewhere.example/x' }, MAIN] },
      ],
    });
    expect(state.phase).toBe('succeeded');
    expect(codesOf(state)).toEqual(['ASSET_MISSING']);
  });
});

describe('a machine that fails', () => {
  it('by a full disk while fetching leaves the job where it is, and resume finishes it', async () => {
    const host = createMemoryHost();
    const bench = createBench({ host });
    host.files.failWrites(1, (key) => key.startsWith('raw/'));
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    await expect(bench.engine.wait(job)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect((await bench.engine.get(job))?.phase).toBe('fetching');
    expect(await bench.engine.resume()).toEqual([job]);
    expect((await bench.engine.wait(job)).phase).toBe('succeeded');
    expect(bench.starts).toHaveLength(1);
  });

  it('by a full disk while processing leaves the job where it is', async () => {
    let isFull = true;
    const bench = createBench({
      process: async () => {
        if (isFull) throw new SdkError({ code: 'STORE_FAILED', message: 'full' });
        return { location: 'x', manifestDigest: 'y', summary: {} };
      },
    });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    await expect(bench.engine.wait(job)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect((await bench.engine.get(job))?.phase).toBe('processing');
    isFull = false;
    await bench.engine.resume();
    expect((await bench.engine.wait(job)).phase).toBe('succeeded');
  });

  it.each<[ErrorCode]>([['AUTH_REJECTED'], ['CONFIG_MISSING']])(
    'by a key that is gone (%s) keeps the paid task',
    async (code) => {
      const bench = createBench({ echo: { behaviour: { polls: [PENDING, failure(code)] } } });
      const { job } = await bench.engine.submit(orderOf('a lamp'));
      await expect(bench.engine.wait(job)).rejects.toMatchObject({ code });
      expect((await bench.engine.get(job))?.phase).toBe('running');
      await bench.engine.resume([job]);
      expect((await bench.engine.wait(job)).phase).toBe('succeeded');
    },
  );
});

describe('processing', () => {
  it('that fails ends the job with the code of the step, and keeps the raw bytes', async () => {
    const run = (error: unknown) =>
      runJob(
        {},
        {
          process: async () => {
            throw error;
          },
        },
      );
    const known = await run(failure('ASSET_INVALID'));
    expect(known.state.error?.code).toBe('ASSET_INVALID');
    expect(await known.bench.host.files.list('raw/')).toHaveLength(1);
    const unknown = await run(new TypeError('x is not a function'));
    expect(unknown.state.error).toMatchObject({
      code: 'STEP_FAILED',
      message: 'Processing failed: x is not a function',
    });
  });

  it('stores steps and warnings in their order before success', async () => {
    const { types, state } = await runJob(
      {},
      {
        process: async (_job, _assets, context) => {
          for (let step = 0; step < 5; step += 1) {
            context.emitStep(`step ${step}`, 1);
            context.warn({ code: `W${step}`, message: 'w' });
          }
          return { location: 'x', manifestDigest: 'y', summary: {} };
        },
      },
    );
    expect(codesOf(state)).toEqual(['W0', 'W1', 'W2', 'W3', 'W4']);
    expect(types.slice(-11, -1)).toEqual(new Array(5).fill(['step-finished', 'warning-raised']).flat());
  });

  it('that runs again after a crash raises no warning twice', async () => {
    let runs = 0;
    const before: (number | undefined)[] = [];
    const bench = createBench({
      process: async (job, _assets, context) => {
        runs += 1;
        before.push(job.warningsBeforeProcessing);
        context.warn({ code: 'SCALE_GUESSED', message: 'w' });
        if (runs === 1) throw new SdkError({ code: 'STORE_FAILED', message: 'full' });
        return { location: 'x', manifestDigest: 'y', summary: {} };
      },
    });
    const { job } = await bench.engine.submit(
      orderOf('a lamp', {
        request: { prompt: { text: 'a lamp' }, output: 'mesh', seed: 1, providerOptions: { echo: { colour: 'red' } } },
      }),
    );
    await expect(bench.engine.wait(job)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await bench.engine.resume();
    expect(codesOf(await bench.engine.wait(job))).toEqual(['OPTION_IGNORED', 'SCALE_GUESSED']);
    expect(before).toEqual([1, 1]);
  });

  it('gets raw bytes again that were cleaned away, and says if they differ', async () => {
    const { bench, job } = await stopInProcessing('a lamp');
    await bench.host.files.delete((await bench.engine.get(job))?.fetched[0]?.key ?? '');
    const again = createBench({ host: bench.host, store: bench.store });
    await again.engine.resume();
    const state = await again.engine.wait(job);
    expect(state.phase).toBe('succeeded');
    expect(codesOf(state)).toEqual([]);

    const other = await stopInProcessing('a lamp');
    const before = (await other.bench.engine.get(other.job))?.fetched[0]?.key ?? '';
    await other.bench.host.files.delete(before);
    const changed = createBench({
      host: other.bench.host,
      store: other.bench.store,
      echo: { behaviour: { fetches: ['half', 'half', 'half'] } },
    });
    await changed.engine.resume();
    expect(codesOf(await changed.engine.wait(other.job))).toEqual(['DIGEST_CHANGED']);
  });

  async function stopInProcessing(text: string) {
    const bench = createBench({
      process: async () => {
        throw new SdkError({ code: 'STORE_FAILED', message: 'full' });
      },
    });
    const { job } = await bench.engine.submit(orderOf(text));
    await bench.engine.wait(job).catch(() => undefined);
    return { bench, job };
  }
});
