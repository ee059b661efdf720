import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../foundation/error-catalogue.ts';
import { SdkError, toSdkError } from '../foundation/errors.ts';
import { createMemoryHost } from '../testing/memory-host.ts';
import { codesOf, createBench, failure, orderOf, PENDING, runJob } from './job-engine.test-kit.ts';
import { DriveStalled } from './stall.ts';

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

describe('processing that is broken off', () => {
  /** Works until its signal trips, then fails the way a step does that takes an abort for a failure. */
  function createBroken(runs: { count: number }, more: Parameters<typeof createBench>[0] = {}) {
    return createBench({
      ...more,
      process: async (_job, _assets, context) => {
        runs.count += 1;
        await new Promise<void>((resolve) => {
          if (context.signal.aborted) resolve();
          context.signal.addEventListener('abort', resolve);
        });
        throw toSdkError(context.signal.reason, 'STEP_FAILED', 'Processing failed');
      },
    });
  }

  async function startProcessing(bench: ReturnType<typeof createBench>) {
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    for await (const event of bench.engine.events(job)) if (event.type === 'processing-started') break;
    await bench.host.clock.sleep(1);
    return job;
  }

  it('because the engine lets go stays in processing, and another engine finishes it', async () => {
    const runs = { count: 0 };
    const bench = createBroken(runs);
    const job = await startProcessing(bench);
    await bench.engine.release();
    expect(runs.count).toBe(1);
    expect((await bench.engine.get(job))?.phase).toBe('processing');
    const heir = createBench({ host: bench.host, store: bench.store });
    await heir.engine.resume();
    expect((await heir.engine.wait(job)).phase).toBe('succeeded');
  });

  it('by a wish of another process ends the job as cancelled', async () => {
    const runs = { count: 0 };
    const bench = createBroken(runs);
    const job = await startProcessing(bench);
    await bench.store.append(job, null, [{ type: 'cancel-requested' }], bench.host.clock.now());
    expect((await bench.engine.wait(job)).phase).toBe('cancelled');
    expect(runs.count).toBe(1);
  });

  it('because the lease is lost is left to the heir', async () => {
    const runs = { count: 0 };
    const bench = createBroken(runs);
    const job = await startProcessing(bench);
    await bench.store.acquireLease(job, 'heir', 600_000, bench.host.clock.now() + 3_600_000);
    await bench.host.clock.sleep(60_000);
    expect(runs.count).toBe(1);
    expect((await bench.engine.get(job))?.phase).toBe('processing');
  });

  it('by the budget of the job says so', async () => {
    const bench = createBroken({ count: 0 }, { budgets: { jobMs: 60_000 } });
    const job = await startProcessing(bench);
    const state = await bench.engine.wait(job);
    expect(state.error).toMatchObject({ code: 'TIMED_OUT' });
  });
});

describe('changing where the result goes', () => {
  it('reaches the next run, and is refused while somebody works on the job and after its end', async () => {
    const places: unknown[] = [];
    const bench = createBench({
      process: async (job) => {
        places.push(job.delivery.folder);
        if (job.delivery.folder !== 'free') throw new DriveStalled(failure('INPUT_INVALID'));
        return { location: 'free', manifestDigest: 'y', summary: {} };
      },
    });
    const { job } = await bench.engine.submit(orderOf('a lamp', { delivery: { folder: 'taken' } }));
    await expect(bench.engine.wait(job)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect((await bench.engine.get(job))?.phase).toBe('processing');

    await bench.store.acquireLease(job, 'other', 600_000, bench.host.clock.now());
    await expect(bench.engine.changeDelivery(job, { folder: 'free' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await bench.store.releaseLease(job, 'other');

    await bench.engine.changeDelivery(job, { folder: 'free' });
    await bench.engine.resume([job]);
    expect((await bench.engine.wait(job)).phase).toBe('succeeded');
    expect(places).toEqual(['taken', 'free']);
    expect(bench.starts).toHaveLength(1);
    await expect(bench.engine.changeDelivery(job, { folder: 'x' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
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

  it('is told before it delivers that another process has taken over', async () => {
    let delivered = 0;
    const bench = createBench({
      process: async (job, _assets, context) => {
        // The thread stood still for a long time, and nobody could renew the lease.
        await bench.store.acquireLease(job.job, 'heir', 60_000, bench.host.clock.now() + 3_600_000);
        await context.claim();
        delivered += 1;
        return { location: 'x', manifestDigest: 'y', summary: {} };
      },
    });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    await bench.host.clock.sleep(60_000);
    expect(delivered).toBe(0);
    expect((await bench.engine.get(job))?.phase).toBe('processing');
    expect(await bench.store.append(job, 'heir', [{ type: 'processing-started' }], 0)).not.toBeNull();
  });

  it('takes one job at a time, and lets a waiting one be cancelled', async () => {
    let running = 0;
    let most = 0;
    const bench = createBench({
      process: async () => {
        running += 1;
        most = Math.max(most, running);
        await bench.host.clock.sleep(5000);
        running -= 1;
        return { location: 'x', manifestDigest: 'y', summary: {} };
      },
    });
    const jobs: string[] = [];
    for (let index = 0; index < 4; index += 1) jobs.push((await bench.engine.submit(orderOf(`lamp ${index}`))).job);
    await bench.host.clock.sleep(1000);
    const [first = '', second = '', ...others] = jobs;
    expect((await bench.engine.get(second))?.phase).toBe('processing');
    expect((await bench.engine.cancel(second)).phase).toBe('cancelled');
    for (const job of [first, ...others]) expect((await bench.engine.wait(job)).phase).toBe('succeeded');
    expect(most).toBe(1);
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
