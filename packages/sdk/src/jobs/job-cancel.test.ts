import { describe, expect, it } from 'vitest';
import { SdkError } from '../foundation/errors.ts';
import type { EchoProviderOptions } from '../testing/echo-provider.ts';
import { createMemoryHost } from '../testing/memory-host.ts';
import { createBench, orderOf } from './job-engine.test-kit.ts';
import type { JobEventBody } from './job-events.ts';
import type { JobStore } from './job-store.ts';
import { createMemoryJobStore } from './memory-job-store.ts';

/** A store that, to its users, is shared with other processes: what happens is found by looking. */
function shared(store: JobStore): JobStore {
  return { ...store, isShared: true, subscribe: () => () => undefined };
}

async function untilEvent(
  bench: ReturnType<typeof createBench>,
  job: string,
  type: JobEventBody['type'],
): Promise<void> {
  for await (const event of bench.engine.events(job)) if (event.type === type) return;
}

describe('cancel', () => {
  it.each<[JobEventBody['type'], EchoProviderOptions, number]>([
    ['operation-started', { behaviour: { durationMs: 60_000 } }, 1],
    ['progress-reported', { behaviour: { durationMs: 60_000 } }, 1],
    ['asset-offered', { behaviour: { fetches: ['silence'] } }, 0],
    ['start-refused', { behaviour: { starts: [new SdkError({ code: 'QUEUE_FULL', message: 'full' })] } }, 0],
  ])('after %s ends the job as cancelled at once', async (type, echo, told) => {
    const cancelled: string[] = [];
    const bench = createBench({ echo: { ...echo, onCancel: (task) => void cancelled.push(task) } });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    await untilEvent(bench, job, type);
    const before = bench.host.clock.now();
    const state = await bench.engine.cancel(job);
    expect(state.phase).toBe('cancelled');
    expect(cancelled).toHaveLength(told);
    expect(bench.host.clock.now() - before).toBeLessThan(1000);
    expect((await bench.types(job)).at(-1)).toBe('job-cancelled');
  });

  it('of a task that cannot be stopped says that it may be charged, and how its result comes back', async () => {
    const bench = createBench({ echo: { canCancel: false, behaviour: { durationMs: 60_000 } } });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    await untilEvent(bench, job, 'operation-started');
    const { phase, taskId } = await bench.engine.cancel(job);
    expect(phase).toBe('cancelled');
    const messages: string[] = [];
    for await (const event of bench.engine.events(job))
      if (event.type === 'job-cancelled') messages.push(event.message);
    expect(messages).toEqual([
      expect.stringMatching(/may still be charged; `maquette jobs adopt echo echo-\S+` brings its result in/),
    ]);
    expect(messages[0]).toContain(`${taskId}`);
  });

  it('during processing stops it and keeps the raw bytes', async () => {
    let wasTold = false;
    const bench = createBench({
      process: (_job, _assets, context) =>
        new Promise((_resolve, reject) => {
          context.signal.addEventListener('abort', () => {
            wasTold = true;
            reject(new SdkError({ code: 'CANCELLED', message: 'stopped' }));
          });
        }),
    });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    await untilEvent(bench, job, 'processing-started');
    expect((await bench.engine.cancel(job)).phase).toBe('cancelled');
    expect(wasTold).toBe(true);
    expect(await bench.host.files.list('raw/')).toHaveLength(1);
  });

  it('that loses the race to success reports success', async () => {
    const bench = createBench({ echo: { canCancel: false, behaviour: { durationMs: 5000, pollAfterMs: 60_000 } } });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    await untilEvent(bench, job, 'progress-reported');
    await bench.host.clock.sleep(20_000); // the provider is done, but nobody has asked it
    const state = await bench.engine.cancel(job);
    expect(state.phase).toBe('succeeded');
    expect(await bench.types(job)).toContain('cancel-requested');
  });

  it('that comes while the last step is stored reports success', async () => {
    const bench = createBench({
      process: async (job) => {
        await bench.store.append(job.job, null, [{ type: 'cancel-requested' }], 0);
        return { location: 'x', manifestDigest: 'y', summary: {} };
      },
    });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    expect((await bench.engine.wait(job)).phase).toBe('succeeded');
  });

  it('of a start in flight waits for the answer and then stops the task, so that none is left behind', async () => {
    const cancelled: string[] = [];
    const bench = createBench({
      echo: {
        onStart: () => bench.host.clock.sleep(3000),
        onCancel: (task) => void cancelled.push(task),
        behaviour: { durationMs: 60_000 },
      },
    });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    await untilEvent(bench, job, 'start-requested');
    const state = await bench.engine.cancel(job);
    expect(state.phase).toBe('cancelled');
    expect(cancelled).toEqual([state.taskId]);
  });

  it('of an ended job changes nothing', async () => {
    const bench = createBench();
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    const before = await bench.engine.wait(job);
    expect(await bench.engine.cancel(job)).toEqual(before);
  });

  it('of a provider that cannot stop says that it may still be charged', async () => {
    const bench = createBench({ echo: { canCancel: false, behaviour: { durationMs: 60_000 } } });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    await untilEvent(bench, job, 'operation-started');
    await bench.engine.cancel(job);
    expect((await bench.events(job)).at(-1)).toMatchObject({
      type: 'job-cancelled',
      message: expect.stringContaining('may still be charged'),
    });
  });

  it('is not held up by a provider that does not answer', async () => {
    const bench = createBench({
      echo: { onCancel: () => new Promise(() => undefined), behaviour: { durationMs: 600_000 } },
    });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    await untilEvent(bench, job, 'operation-started');
    const before = bench.host.clock.now();
    expect((await bench.engine.cancel(job)).phase).toBe('cancelled');
    expect(bench.host.clock.now() - before).toBeLessThanOrEqual(20_000);
  });

  it('of a waiting job does not wait for its turn', async () => {
    const bench = createBench({ echo: { concurrency: 1, behaviour: { durationMs: 60_000 } } });
    const first = await bench.engine.submit(orderOf('first'));
    const second = await bench.engine.submit(orderOf('second'));
    await untilEvent(bench, first.job, 'operation-started');
    expect((await bench.engine.cancel(second.job)).phase).toBe('cancelled');
    expect((await bench.engine.get(first.job))?.phase).toBe('running');
    expect((await bench.engine.wait(first.job)).phase).toBe('succeeded');
  });

  it('after release is refused, because nobody would see it through', async () => {
    const bench = createBench({ echo: { behaviour: { durationMs: 60_000 } } });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    await bench.engine.release();
    await expect(bench.engine.cancel(job)).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('of an unknown job is refused', async () => {
    await expect(createBench().engine.cancel('none')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('cancel from another process', () => {
  function twoProcesses(echo: EchoProviderOptions) {
    const host = createMemoryHost();
    const store = createMemoryJobStore();
    const owner = createBench({ host, store: shared(store), owner: 'owner', echo });
    const other = createBench({ host, store: shared(store), owner: 'other', echo });
    return { host, store, owner, other };
  }

  it('is noticed by the owner within about a second', async () => {
    const { owner, other } = twoProcesses({ behaviour: { durationMs: 600_000, pollAfterMs: 120_000 } });
    const { job } = await owner.engine.submit(orderOf('a lamp'));
    await untilEvent(other, job, 'progress-reported');
    const state = await other.engine.cancel(job);
    expect(state.phase).toBe('cancelled');
    const log = await owner.events(job);
    const wish = log.find((event) => event.type === 'cancel-requested');
    expect(state.updatedAt - (wish?.at ?? 0)).toBeLessThanOrEqual(1500);
  });

  it('is seen through where the owner is gone', async () => {
    const { owner, other } = twoProcesses({ behaviour: { durationMs: 600_000 } });
    const { job } = await owner.engine.submit(orderOf('a lamp'));
    await untilEvent(owner, job, 'operation-started');
    await owner.engine.release();
    expect((await other.engine.cancel(job)).phase).toBe('cancelled');
  });

  it('works without the provider, and says so', async () => {
    const { owner, store, host } = twoProcesses({ behaviour: { durationMs: 600_000 } });
    const { job } = await owner.engine.submit(orderOf('a lamp'));
    await untilEvent(owner, job, 'operation-started');
    await owner.engine.release();
    const stranger = createBench({ host, store, echo: { id: 'another' } });
    await expect(stranger.engine.resume([job]).then(() => stranger.engine.wait(job))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    expect((await stranger.engine.cancel(job)).phase).toBe('cancelled');
  });
});
