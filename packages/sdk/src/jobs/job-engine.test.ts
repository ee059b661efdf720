import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../foundation/error-catalogue.ts';
import { SdkError } from '../foundation/errors.ts';
import { createEchoModel } from '../testing/echo-model.ts';
import type { EchoBehaviour, EchoPoll } from '../testing/echo-provider.ts';
import { codesOf, createBench, FAILED, failure, MAIN, orderOf, PENDING, runJob } from './job-engine.test-kit.ts';
import type { JobState } from './job-state.ts';
import { reduceJob } from './reduce-job.ts';

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
      polls: [{ ...FAILED, spend: { actual: { amount: 1, currency: 'USD' } } }],
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

  it.each<[string, readonly EchoPoll[]]>([
    [
      'answers in words nobody knows',
      new Array<EchoPoll>(3).fill(new SdkError({ code: 'PROVIDER_PROTOCOL', message: 'Paused?' })),
    ],
    ['no longer knows the task', [new SdkError({ code: 'OPERATION_EXPIRED', message: 'Gone.' })]],
  ])('is kept when the provider %s after it had offered it', async (_name, last) => {
    const { state } = await runJob({ polls: [{ state: 'pending', assets: [MAIN] }, ...last] });
    expect(state.phase).toBe('succeeded');
    expect(codesOf(state)).toEqual(['STATUS_CONTRADICTED']);
  });

  it.each<[string, EchoPoll]>([
    ['fails', FAILED],
    ['cancels', { state: 'cancelled' }],
    ['works again', PENDING],
  ])('is asked for again when the provider %s after its success and the first download broke', async (_name, last) => {
    const { state } = await runJob({ polls: [{ state: 'completed', assets: [MAIN] }, last], fetches: ['half'] });
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
