import { describe, expect, it } from 'vitest';
import { createRandom, type RandomStream } from '../foundation/random.ts';
import type { JobEventBody } from '../jobs/job-events.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { createMemoryJobStore } from '../jobs/memory-job-store.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createMemoryHost } from '../testing/memory-host.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import type { Outlet } from './outlet.ts';
import { queuedEvent } from './service.test-kit.ts';

const AT = 1_700_000_000_000;
const PROGRESS: JobEventBody = { type: 'progress-reported', progress: 0.5 };

/** An outlet that can be stopped and let go again, and what went through it. */
interface Sink extends Outlet {
  readonly texts: string[];
  seqs(): number[];
  block(): void;
  drain(): void;
}

function createSink(): Sink {
  const texts: string[] = [];
  const listeners = new Set<() => void>();
  let isBlocked = false;
  return {
    texts,
    seqs: () => texts.map((text) => (JSON.parse(text) as { params: { seq: number } }).params.seq),
    push(text) {
      if (!isBlocked) texts.push(text);
      return !isBlocked;
    },
    onDrain(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    block() {
      isBlocked = true;
    },
    drain() {
      isBlocked = false;
      for (const listener of [...listeners]) listener();
    },
  };
}

/** Lets some promise reactions run. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await undefined;
}

async function openJob(store: JobStore): Promise<EventHub> {
  await store.create('a', [queuedEvent('a box')], AT);
  await store.acquireLease('a', 'me', 1e9, AT);
  const hub = createEventHub(createMemoryHost(), store);
  store.subscribe((event) => hub.noteEvent(event));
  return hub;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_v, index) => from + index);

/** A store whose answers take their time, so that everything overlaps with everything. */
function slowStore(store: JobStore, random: RandomStream): JobStore {
  return {
    ...store,
    events: async (job, afterSeq) => {
      await turns(random.integer(0, 12));
      const events = await store.events(job, afterSeq);
      await turns(random.integer(0, 12));
      return events;
    },
  };
}

describe('every follower gets every event once and in order', () => {
  it.each(range(1, 150))('whatever overlaps, %i', async (run) => {
    const random = createRandom(`interleaving ${run}`);
    const memory = createMemoryJobStore();
    const store = slowStore(memory, random);
    await memory.create('a', [queuedEvent('a box')], AT);
    await memory.acquireLease('a', 'me', 1e9, AT);
    const hub = createEventHub(createMemoryHost({ clock: createFakeClock() }), store);
    // some events are noticed late, twice, or only by their number, as those of other processes are
    memory.subscribe((event) => {
      if (random.chance(0.7)) hub.noteEvent(event);
      if (random.chance(0.2)) hub.noteEvent(event);
    });

    const followers: { sink: Sink; afterSeq: number }[] = [];
    const follow = (): void => {
      const sink = createSink();
      const afterSeq = random.integer(0, 12);
      followers.push({ sink, afterSeq });
      const subscription = hub.open('a', afterSeq, sink, () => undefined);
      hub.noteSeq('a', 1, false);
      subscription.start();
    };
    const total = random.integer(10, 60);
    let stored = 1;
    for (const sink of [follow, follow]) sink();
    while (stored < total) {
      const what = random.integer(0, 9);
      if (what <= 4) {
        const count = Math.min(random.integer(1, 4), total - stored);
        const appended = memory.append('a', 'me', new Array<JobEventBody>(count).fill(PROGRESS), AT);
        stored += count;
        if (random.chance(0.5)) await appended;
      } else if (what === 5 && followers.length < 12) follow();
      else if (what === 6) random.pick(followers).sink.block();
      else if (what === 7) random.pick(followers).sink.drain();
      else await turns(random.integer(0, 30));
    }
    await memory.append('a', 'me', [{ type: 'job-cancelled', message: 'over' }], AT);
    hub.noteSeq('a', total + 1, true);
    for (const { sink } of followers) sink.drain();
    for (let turn = 0; turn < 20; turn += 1) await turns(100);
    for (const { sink, afterSeq } of followers) expect(sink.seqs()).toEqual(range(afterSeq + 1, total + 1));
    expect(hub.jobs()).toEqual([]);
  });
});

describe('a hub', () => {
  it('serialises an event once for everybody', async () => {
    const store = createMemoryJobStore();
    const hub = await openJob(store);
    const sinks = Array.from({ length: 100 }, createSink);
    for (const sink of sinks) hub.open('a', 1, sink, () => undefined).start();
    await turns(20);
    let serialised = 0;
    const watched: JobEventBody = {
      type: 'progress-reported',
      get progress() {
        serialised += 1;
        return 0.5;
      },
    };
    hub.noteEvent({ ...PROGRESS, job: 'a', seq: 2, at: AT } as never);
    const event = { job: 'a', seq: 3, at: AT };
    hub.noteEvent(Object.defineProperties(event, Object.getOwnPropertyDescriptors(watched)) as never);
    expect(serialised).toBe(1);
    for (const sink of sinks) expect(sink.texts[1]).toBe(sinks[0]?.texts[1]);
    expect(sinks[0]?.seqs()).toEqual([2, 3]);
  });

  it('reads the store once for many who come at the same time', async () => {
    const store = createMemoryJobStore();
    let reads = 0;
    const hub = createEventHub(createMemoryHost(), {
      ...store,
      events: (job, afterSeq) => {
        reads += 1;
        return store.events(job, afterSeq);
      },
    });
    await store.create('a', [queuedEvent('a box')], AT);
    await store.acquireLease('a', 'me', 1e9, AT);
    await store.append('a', 'me', new Array<JobEventBody>(50).fill(PROGRESS), AT);
    const sinks = Array.from({ length: 30 }, createSink);
    const subscriptions = sinks.map((sink) => hub.open('a', 0, sink, () => undefined));
    hub.noteSeq('a', 51, false);
    for (const subscription of subscriptions) subscription.start();
    await turns(50);
    for (const sink of sinks) expect(sink.seqs()).toEqual(range(1, 51));
    expect(reads).toBe(1);
  });

  it('pushes an event of this process before anything else has a turn', async () => {
    const hub = await openJob(createMemoryJobStore());
    const sink = createSink();
    hub.open('a', 1, sink, () => undefined).start();
    hub.noteEvent({ ...PROGRESS, job: 'a', seq: 2, at: AT } as never);
    expect(sink.seqs()).toEqual([2]);
  });

  it('sends a slow one what it missed from the store, also what is no longer kept as text', async () => {
    const store = createMemoryJobStore();
    const hub = await openJob(store);
    const sink = createSink();
    hub.open('a', 0, sink, () => undefined).start();
    hub.noteSeq('a', 1, false);
    await turns(20);
    sink.block();
    for (let round = 0; round < 20; round += 1) {
      await store.append('a', 'me', new Array<JobEventBody>(100).fill(PROGRESS), AT);
    }
    await turns(50);
    expect(sink.seqs()).toEqual([1]);
    sink.drain();
    await turns(100);
    expect(sink.seqs()).toEqual(range(1, 2001));
  });

  it('does not send before it is started, and nothing after it was ended', async () => {
    const store = createMemoryJobStore();
    const hub = await openJob(store);
    const sink = createSink();
    let ends = 0;
    const subscription = hub.open('a', 0, sink, () => {
      ends += 1;
    });
    hub.noteSeq('a', 1, false);
    await turns(20);
    expect(sink.texts).toEqual([]);
    subscription.start();
    await turns(20);
    subscription.end();
    subscription.end();
    await store.append('a', 'me', [PROGRESS], AT);
    await turns(20);
    expect([sink.seqs(), ends, hub.jobs()]).toEqual([[1], 1, []]);
  });

  it('sends nothing to whoever has seen more than there is, until there is more', async () => {
    const store = createMemoryJobStore();
    const hub = await openJob(store);
    const sink = createSink();
    hub.open('a', 3, sink, () => undefined).start();
    await store.append('a', 'me', [PROGRESS, PROGRESS, PROGRESS], AT);
    await turns(20);
    expect(sink.seqs()).toEqual([4]);
  });

  it('ends at once for whoever has seen the last event of a job that has ended', async () => {
    const store = createMemoryJobStore();
    const hub = await openJob(store);
    await store.append('a', 'me', [{ type: 'job-cancelled', message: 'over' }], AT);
    const sink = createSink();
    let ends = 0;
    const subscription = hub.open('a', 2, sink, () => {
      ends += 1;
    });
    hub.noteSeq('a', 2, true);
    subscription.start();
    await turns(20);
    expect([sink.texts, ends, hub.jobs()]).toEqual([[], 1, []]);
  });

  it('ends with a job that was removed', async () => {
    const store = createMemoryJobStore();
    const hub = createEventHub(createMemoryHost(), store);
    let ends = 0;
    hub
      .open('gone', 0, createSink(), () => {
        ends += 1;
      })
      .start();
    hub.noteSeq('gone', 5, false);
    await turns(20);
    expect(ends).toBe(1);
  });

  it('goes on after the store was away for a moment', async () => {
    const memory = createMemoryJobStore();
    await memory.create('a', [queuedEvent('a box')], AT);
    let failures = 2;
    const host = createMemoryHost();
    const hub = createEventHub(host, {
      ...memory,
      events: async (job, afterSeq) => {
        failures -= 1;
        if (failures >= 0) throw new Error('busy');
        return memory.events(job, afterSeq);
      },
    });
    const sink = createSink();
    hub.open('a', 0, sink, () => undefined).start();
    hub.noteSeq('a', 1, false);
    await host.clock.sleep(5000);
    expect(sink.seqs()).toEqual([1]);
    expect(host.logEntries.filter(({ event }) => event === 'events-unread').length).toBe(2);
  });
});
