import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JobEventBody } from '../jobs/job-events.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { createMemoryJobStore } from '../jobs/memory-job-store.ts';
import { createSqliteJobStore } from '../platform/node/sqlite-job-store.ts';
import * as jobs from '../protocol/messages/job.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createMemoryHost } from '../testing/memory-host.ts';
import { createEventHub } from './event-hub.ts';
import { toJobView } from './job-view.ts';
import { createJobWatch } from './job-watch.ts';
import type { Outlet } from './outlet.ts';
import { createServiceBench, queuedEvent, type ServiceBench, until } from './service.test-kit.ts';
import { createStoreWatch } from './store-watch.ts';

const AT = 1_700_000_000_000;
const RUNNING: readonly JobEventBody[] = [
  { type: 'start-requested', idempotencyKey: 'k' },
  { type: 'operation-started', operation: 1, taskId: 'task-1' },
];
const CANCELLED: JobEventBody = { type: 'job-cancelled', message: 'over' };

let folder: string;
let bench: ServiceBench;
/** The same database, as the command line has it open. */
let elsewhere: JobStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maquette-store-watch-'));
  const path = join(folder, 'jobs.db');
  bench = await createServiceBench({ store: createSqliteJobStore({ path }) });
  elsewhere = createSqliteJobStore({ path });
});

afterEach(async () => {
  await bench.close();
  await elsewhere.close();
  await rm(folder, { recursive: true, force: true });
});

async function createElsewhere(job: string): Promise<void> {
  await elsewhere.create(job, [queuedEvent(job)], AT);
  await elsewhere.acquireLease(job, 'another process', 1e9, AT);
}

it('tells of jobs of another process: new ones, changes and their end', async () => {
  await createElsewhere('before');
  const client = await bench.connect();
  const { jobs: listed } = await client.peer.request(jobs.watchJobs, {});
  expect(listed.map(({ job }) => job)).toEqual(['before']);
  await createElsewhere('after');
  await until(() => client.views.at(-1)?.job === 'after');
  await elsewhere.append('before', 'another process', RUNNING, AT);
  await until(() => client.views.at(-1)?.operation === 'task-1');
  await elsewhere.append('before', 'another process', [CANCELLED], AT);
  await until(() => client.views.at(-1)?.state === 'cancelled');
  // what had not changed was not told again
  expect(client.views.map(({ job, seq }) => `${job} ${seq}`)).toEqual(['after 1', 'before 3', 'before 4']);
});

it('tells of a job that comes and ends between two looks', async () => {
  const client = await bench.connect();
  await client.peer.request(jobs.watchJobs, {});
  await createElsewhere('short');
  await elsewhere.append('short', 'another process', [CANCELLED], AT);
  await until(() => client.views.some(({ job, state }) => job === 'short' && state === 'cancelled'));
});

it('sends the events of another process once and in order, between those of this one', async () => {
  await createElsewhere('a');
  const client = await bench.connect();
  await client.peer.request(jobs.subscribeJob, { job: 'a' });
  await elsewhere.append('a', 'another process', RUNNING, AT);
  await bench.store.append('a', null, [{ type: 'cancel-requested' }], AT);
  await until(() => client.events.length === 4);
  await elsewhere.append('a', 'another process', [CANCELLED], AT);
  await until(() => client.events.length === 5);
  expect(client.events.map(({ seq, type }) => `${seq} ${type}`)).toEqual([
    '1 job-queued',
    '2 start-requested',
    '3 operation-started',
    '4 cancel-requested',
    '5 job-cancelled',
  ]);
});

it('follows a job that is neither new nor among those looked at', async () => {
  await createElsewhere('old');
  await elsewhere.append('old', 'another process', [CANCELLED], AT);
  for (let index = 0; index < 30; index += 1)
    await elsewhere.create(`new-${index}`, [queuedEvent('x')], AT + 1 + index);
  const client = await bench.connect();
  await client.peer.request(jobs.subscribeJob, { job: 'old', afterSeq: 1 });
  await until(() => client.events.length === 1);
  expect(client.events[0]?.type).toBe('job-cancelled');
});

it('leaves the store alone while nobody wants to know', async () => {
  let lists = 0;
  await bench.close();
  const store = createSqliteJobStore({ path: join(folder, 'other.db') });
  bench = await createServiceBench({
    store: {
      ...store,
      list: (filter) => {
        lists += 1;
        return store.list(filter);
      },
    },
  });
  const client = await bench.connect();
  await client.peer.request(jobs.watchJobs, {});
  await until(() => lists >= 3);
  client.peer.close();
  await until(() => bench.service.clientCount === 0);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = lists;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(lists).toBe(before);
});

it('looks on for whoever comes in the very moment in which it ends', async () => {
  const outlet: Outlet = { push: () => true, onDrain: () => () => undefined };
  for (let turns = 0; turns < 20; turns += 1) {
    const clock = createFakeClock({ mode: 'manual' });
    const host = createMemoryHost({ clock });
    const memory = createMemoryJobStore();
    let lists = 0;
    const store: JobStore = {
      ...memory,
      isShared: true,
      list: async (filter) => {
        lists += 1;
        if (lists === 2) void comeAfter();
        return memory.list(filter);
      },
    };
    const watch = createJobWatch(host, store, (state) => toJobView(state));
    const storeWatch = createStoreWatch(host, store, createEventHub(host, store), watch);
    const comeAfter = async (): Promise<void> => {
      for (let turn = 0; turn < turns; turn += 1) await undefined;
      watch.add(outlet);
      storeWatch.wake([]);
    };
    const leave = watch.add(outlet);
    storeWatch.wake([]);
    leave();
    await clock.advance(400);
    await clock.settle();
    const before = lists;
    await clock.advance(400);
    expect(lists, `after ${turns} turns`).toBeGreaterThan(before);
    storeWatch.close();
  }
});
