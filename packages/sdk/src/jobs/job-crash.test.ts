import { describe, expect, it } from 'vitest';
import { toHex } from '../foundation/bytes.ts';
import { createRandom } from '../foundation/random.ts';
import { createEchoProvider, type EchoProviderOptions } from '../testing/echo-provider.ts';
import { createMemoryHost } from '../testing/memory-host.ts';
import { createBench, orderOf } from './job-engine.test-kit.ts';
import { createJobEngine } from './job-engine.ts';
import { createMemoryJobStore } from './memory-job-store.ts';
import { createMortalProcess } from './mortal-process.test-kit.ts';
import { reduceJobEvents } from './reduce-job.ts';

const ECHO: EchoProviderOptions = { behaviour: { durationMs: 3000, pollAfterMs: 1000, offersEarly: true } };

/** Runs a job in a process that dies at one write to the store, then finishes it in another one. */
async function dieAt(write: number, when: 'before' | 'after', echo: EchoProviderOptions) {
  const host = createMemoryHost();
  const store = createMemoryJobStore();
  const victim = createMortalProcess(host, store, (count) =>
    count !== write ? false : when === 'before' ? true : 'after',
  );
  const starts: string[] = [];
  const shared: EchoProviderOptions = {
    ...echo,
    onStart: (_request, key) => {
      starts.push(key);
    },
  };
  const first = createBench({ host: victim.host, store: victim.store, owner: 'victim', echo: shared });
  const submitted = first.engine.submit(orderOf('a lamp'));
  submitted.catch(() => undefined);
  for (let turn = 0; turn < 100 && !victim.isDead; turn += 1) {
    const [state] = await store.list();
    if (state !== undefined && state.phase === 'succeeded') break;
    await host.clock.sleep(500);
  }
  const second = createBench({ host, store, owner: 'heir', echo: shared });
  const resumed = await second.engine.resume();
  const job = (await store.list())[0]?.job;
  const state = job === undefined ? null : await second.engine.wait(job);
  return { host, store, victim, starts, state, resumed, log: job === undefined ? [] : await store.events(job, 0) };
}

describe('a process that dies at any of its writes', () => {
  const writes = Array.from({ length: 14 }, (_, index) => index + 1);
  const cases = writes.flatMap((write) => (['before', 'after'] as const).map((when) => [write, when] as const));

  it.each(cases)('write %i, %s it is stored, loses nothing and starts nothing twice', async (write, when) => {
    const { host, starts, state, log, victim } = await dieAt(write, when, ECHO);
    if (write === 1 && when === 'before') {
      expect(state).toBeNull();
      expect(starts).toEqual([]);
      return;
    }
    expect(starts.length).toBeLessThanOrEqual(1);
    const diedStarting = log.at(-1)?.type === 'job-failed';
    expect(state?.phase).toBe(diedStarting ? 'failed' : 'succeeded');
    if (diedStarting) {
      // Written: the wish to start. Not written: what came of it.
      expect(log.map((event) => event.type)).toEqual(['job-queued', 'start-requested', 'job-failed']);
      expect(state?.error?.code).toBe('OUTCOME_UNKNOWN');
      expect([2, 3]).toContain(write);
    } else {
      const raw = state?.fetched[0];
      const bytes = await host.files.read(raw?.key ?? '');
      expect(toHex(await host.sha256(bytes as Uint8Array))).toBe(raw?.digest);
    }
    expect(victim.isDead || state?.phase === 'succeeded').toBe(true);
    expect(log.map((event) => event.seq)).toEqual(log.map((_event, index) => index + 1));
    expect(reduceJobEvents(log)).toEqual(state);
  });

  const starting = [2, 3].flatMap((write) => (['before', 'after'] as const).map((when) => [write, when] as const));

  it.each(starting)(
    'write %i, %s it is stored, is no loss where starts are found by their key',
    async (write, when) => {
      const host = createMemoryHost();
      const store = createMemoryJobStore();
      let starts = 0;
      // One provider object for both processes: the pretended service remembers.
      const provider = createEchoProvider({
        ...ECHO,
        canLookUp: true,
        onStart: () => {
          starts += 1;
        },
      });
      const victim = createMortalProcess(host, store, (count) =>
        count !== write ? false : when === 'before' ? true : 'after',
      );
      const process = async () => ({ location: 'x', manifestDigest: 'y', summary: {} });
      const first = createJobEngine({ host: victim.host, store: victim.store, providers: [provider], process });
      await first.submit(orderOf('a lamp'));
      while (!victim.isDead) await host.clock.sleep(100);
      const second = createJobEngine({ host, store, providers: [provider], process });
      const [job = ''] = await second.resume();
      expect((await second.wait(job)).phase).toBe('succeeded');
      expect(starts).toBe(1);
    },
  );
});

describe('many jobs in processes that die at random', () => {
  it('all end well or of unknown outcome, and none is started twice', async () => {
    const random = createRandom('mortal processes');
    const host = createMemoryHost();
    const store = createMemoryJobStore();
    const starts: string[] = [];
    const echo: EchoProviderOptions = {
      concurrency: 3,
      behaviour: ({ seed, text }) => ({
        durationMs: (text.length + seed) * 100,
        pollAfterMs: 300,
        offersEarly: text.length % 2 === 0,
      }),
      onStart: (_request, key) => {
        starts.push(key);
      },
    };
    let deaths = 0;
    const jobs: string[] = [];
    for (let round = 0; round < 40; round += 1) {
      const fatal = random.integer(1, 25);
      const process = createMortalProcess(host, store, (count) =>
        count === fatal ? (random.chance(0.5) ? true : 'after') : false,
      );
      const bench = createBench({
        host: process.host,
        store: process.store,
        owner: `process ${round}`,
        echo,
        leaseTtlMs: 2000,
      });
      void bench.engine.resume();
      for (let count = random.integer(0, 2); count > 0; count -= 1) {
        const text = 'x'.repeat(random.integer(1, 20));
        void bench.engine.submit(orderOf(text)).then(({ job }) => jobs.push(job));
      }
      await host.clock.sleep(random.integer(200, 4000));
      process.kill();
      deaths += 1;
    }
    const last = createBench({ host, store, owner: 'last', echo, leaseTtlMs: 2000 });
    for (const job of await last.engine.resume()) await last.engine.wait(job);

    expect(deaths).toBe(40);
    const states = await store.list();
    expect(states.length).toBeGreaterThan(20);
    const known = new Set(states.map((state) => state.job));
    expect(jobs.filter((job) => !known.has(job))).toEqual([]);
    expect(new Set(starts).size).toBe(starts.length);
    for (const state of states) {
      if (state.phase === 'succeeded') continue;
      expect(state).toMatchObject({ phase: 'failed', error: { code: 'OUTCOME_UNKNOWN' } });
    }
    expect(states.filter((state) => state.phase === 'succeeded').length).toBeGreaterThan(states.length / 2);
  });
});
