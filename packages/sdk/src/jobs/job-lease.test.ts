import { describe, expect, it } from 'vitest';
import { createCancelController } from '../foundation/cancel.ts';
import { createRandom } from '../foundation/random.ts';
import { createMemoryHost } from '../testing/memory-host.ts';
import { createBench, orderOf } from './job-engine.test-kit.ts';
import type { JobEvent } from './job-events.ts';
import { createMemoryJobStore } from './memory-job-store.ts';
import { createMortalProcess } from './mortal-process.test-kit.ts';

describe('one owner per job', () => {
  it('two engines that resume at once drive each job once', async () => {
    const host = createMemoryHost();
    const store = createMemoryJobStore();
    const behaviour = { durationMs: 5000, pollAfterMs: 500 };
    const first = createBench({ host, store, owner: 'first', echo: { behaviour } });
    for (let index = 0; index < 12; index += 1) await first.engine.submit(orderOf(`lamp ${index}`));
    await first.engine.release();
    const one = createBench({ host, store, owner: 'one', echo: { behaviour } });
    const two = createBench({ host, store, owner: 'two', echo: { behaviour } });
    const [jobs] = await Promise.all([one.engine.resume(), two.engine.resume()]);
    await Promise.all([...jobs].flatMap((job) => [one.engine.wait(job), two.engine.wait(job)]));
    expect(jobs).toHaveLength(12);
    const runs = [...first.processed, ...one.processed, ...two.processed].sort();
    expect(runs).toEqual([...jobs].sort());
    expect([...first.starts, ...one.starts, ...two.starts].sort()).toEqual([...jobs].sort());
  });

  it('is taken over when its owner is dead, once the lease has run out', async () => {
    const host = createMemoryHost();
    const store = createMemoryJobStore();
    const behaviour = { durationMs: 60_000, pollAfterMs: 1000 };
    const victim = createMortalProcess(host, store);
    const dead = createBench({
      host: victim.host,
      store: victim.store,
      owner: 'dead',
      leaseTtlMs: 9000,
      echo: { behaviour },
    });
    const { job } = await dead.engine.submit(orderOf('a lamp'));
    await host.clock.sleep(5000);
    victim.kill();
    const killedAt = host.clock.now();
    const heir = createBench({ host, store, owner: 'heir', leaseTtlMs: 9000, echo: { behaviour } });
    await heir.engine.resume();
    let takenAt = 0;
    const leave = store.subscribe((event) => {
      takenAt ||= event.at;
    });
    expect((await heir.engine.wait(job)).phase).toBe('succeeded');
    leave();
    expect(takenAt - killedAt).toBeGreaterThanOrEqual(3000);
    expect(takenAt - killedAt).toBeLessThanOrEqual(12_000);
    expect(dead.starts.length + heir.starts.length).toBe(1);
  });

  it('stops in silence when another has taken over', async () => {
    const host = createMemoryHost();
    const store = createMemoryJobStore();
    const sleepy = createBench({
      host,
      store,
      owner: 'sleepy',
      echo: { behaviour: { durationMs: 60_000, pollAfterMs: 1000 } },
    });
    const { job } = await sleepy.engine.submit(orderOf('a lamp'));
    await host.clock.sleep(3000);
    // The machine slept: the lease ran out and somebody else holds it.
    await store.acquireLease(job, 'other', 3_600_000, host.clock.now() + 100_000);
    const seq = (await store.get(job))?.seq;
    await host.clock.sleep(120_000);
    expect((await store.get(job))?.seq).toBe(seq);
    expect((await store.get(job))?.phase).toBe('running');
  });

  it('is given back by release, which leaves the job as it is', async () => {
    const bench = createBench({ echo: { behaviour: { durationMs: 60_000 } } });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    await bench.host.clock.sleep(5000);
    await bench.engine.release();
    const state = await bench.engine.get(job);
    expect(state?.phase).toBe('running');
    expect(await bench.store.acquireLease(job, 'anybody', 1000, bench.host.clock.now())).not.toBeNull();
    await bench.host.clock.sleep(120_000);
    expect((await bench.engine.get(job))?.seq).toBe(state?.seq);
    await expect(bench.engine.submit(orderOf('another'))).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('release waits for a start in flight, so that its answer is stored', async () => {
    const bench = createBench({ echo: { onStart: () => bench.host.clock.sleep(4000) } });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    await bench.host.clock.sleep(1000);
    expect((await bench.engine.get(job))?.phase).toBe('starting');
    await bench.engine.release();
    expect((await bench.engine.get(job))?.phase).toBe('running');
  });
});

describe('concurrency of a provider', () => {
  it('is kept, and the queue is first in, first out', async () => {
    const bench = createBench({ echo: { concurrency: 2, behaviour: { durationMs: 10_000, pollAfterMs: 1000 } } });
    const jobs: string[] = [];
    for (let index = 0; index < 6; index += 1) jobs.push((await bench.engine.submit(orderOf(`lamp ${index}`))).job);
    let atProvider = 0;
    let most = 0;
    bench.store.subscribe((event) => {
      if (event.type === 'start-requested') atProvider += 1;
      if (event.type === 'processing-started') atProvider -= 1;
      most = Math.max(most, atProvider);
    });
    await Promise.all(jobs.map((job) => bench.engine.wait(job)));
    expect(bench.starts).toEqual(jobs);
    expect(most).toBeLessThanOrEqual(2);
  });

  it('does not keep a task that already runs from being fetched', async () => {
    const host = createMemoryHost();
    const store = createMemoryJobStore();
    const echo = { behaviour: { durationMs: 20_000, pollAfterMs: 1000 } };
    const wide = createBench({ host, store, echo: { ...echo, concurrency: 4 } });
    const jobs: string[] = [];
    for (let index = 0; index < 4; index += 1) jobs.push((await wide.engine.submit(orderOf(`lamp ${index}`))).job);
    await host.clock.sleep(2000);
    await wide.engine.release();
    const narrow = createBench({ host, store, echo: { ...echo, concurrency: 1 } });
    const startMs = host.clock.now();
    await narrow.engine.resume();
    await Promise.all(jobs.map((job) => narrow.engine.wait(job)));
    expect(host.clock.now() - startMs).toBeLessThan(40_000);
  });
});

describe('events', () => {
  it('are replayed and followed without gaps or doubles, wherever a subscriber comes in', async () => {
    const random = createRandom('subscribers');
    for (let round = 0; round < 10; round += 1) {
      const bench = createBench({
        echo: {
          behaviour: { durationMs: random.integer(0, 30_000), pollAfterMs: 700, offersEarly: random.chance(0.5) },
        },
      });
      const { job } = await bench.engine.submit(orderOf('a lamp'));
      const follow = async (): Promise<readonly number[]> => {
        await bench.host.clock.sleep(random.integer(0, 30_000));
        const seen: number[] = [];
        // The connection is lost every few events and taken up again by number.
        for (let isOver = false; !isOver; ) {
          isOver = true;
          let left = random.integer(1, 6);
          for await (const event of bench.engine.events(job, { afterSeq: seen.at(-1) ?? 0 })) {
            seen.push(event.seq);
            if (random.chance(0.3)) await bench.host.clock.sleep(random.integer(0, 3000));
            left -= 1;
            if (left > 0) continue;
            isOver = false;
            break;
          }
        }
        return seen;
      };
      const subscribers = await Promise.all(Array.from({ length: 8 }, follow));
      const { seq } = await bench.engine.wait(job);
      const all = Array.from({ length: seq }, (_, index) => index + 1);
      for (const seen of subscribers) expect(seen).toEqual(all);
    }
  });

  it('of another process are found by looking', async () => {
    const host = createMemoryHost();
    const store = createMemoryJobStore();
    const deaf = { ...store, isShared: true, subscribe: () => () => undefined };
    const owner = createBench({ host, store, echo: { behaviour: { durationMs: 5000, pollAfterMs: 500 } } });
    const watcher = createBench({ host, store: deaf });
    const { job } = await owner.engine.submit(orderOf('a lamp'));
    const seen: JobEvent[] = [];
    for await (const event of watcher.engine.events(job)) {
      seen.push(event);
      expect(host.clock.now() - event.at).toBeLessThanOrEqual(300);
    }
    expect(seen.at(-1)?.type).toBe('job-succeeded');
    expect(seen).toEqual(await store.events(job, 0));
  });

  it('end by the signal of the caller, and the job goes on', async () => {
    const bench = createBench({ echo: { behaviour: { durationMs: 30_000 } } });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    const stop = createCancelController();
    const following = (async () => {
      for await (const _event of bench.engine.events(job, { signal: stop.signal }));
    })();
    await bench.host.clock.sleep(5000);
    stop.cancel('enough');
    await expect(following).rejects.toBe('enough');
    expect((await bench.engine.wait(job)).phase).toBe('succeeded');
  });

  it('of a job that does not exist are none', async () => {
    for await (const _event of createBench().engine.events('none')) expect.unreachable();
  });
});
