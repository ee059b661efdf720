import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../foundation/error-catalogue.ts';
import type { EchoBehaviour } from '../testing/echo-provider.ts';
import { createBench, failure, orderOf, runJob } from './job-engine.test-kit.ts';

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
