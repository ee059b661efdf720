import { createRandom } from '../foundation/random.ts';
import type { JobEvent, JobEventBody } from '../jobs/job-events.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { reduceJobEvents } from '../jobs/reduce-job.ts';
import { type ContractCase, expectRejection, expectSame, expectTrue } from './contract-case.ts';

/** What the suite needs to know about a store. */
export interface JobStoreContractOptions {
  /** A new, empty store. The suite closes it. */
  readonly createStore: () => Promise<JobStore> | JobStore;
  /** Opens what another store of `createStore` has written, as a restart would. Left out for stores that forget. */
  readonly reopen?: (closed: JobStore) => Promise<JobStore> | JobStore;
}

const AT = 1_700_000_000_000;

function queued(provider = 'echo'): JobEventBody {
  return {
    type: 'job-queued',
    provider,
    request: { prompt: { text: 'a lamp — Lämpchen 🪔' }, output: 'mesh', seed: 7, providerOptions: {} },
    processing: { profile: 'web' },
    delivery: {},
    credit: 'credit',
    licence: 'CC0-1.0',
  };
}

const STARTING: JobEventBody = { type: 'start-requested', idempotencyKey: 'key' };
const PROGRESS: JobEventBody = { type: 'progress-reported', progress: 0.5, stage: 'half' };
const CANCELLED: JobEventBody = { type: 'job-cancelled', message: 'over' };
const WISH: JobEventBody = { type: 'cancel-requested' };

/**
 * Every promise of {@link JobStore}, as cases for any test runner.
 *
 * Each case makes its own store. Run it over every implementation: `for (const { name, run } of jobStoreContract(…)) it(name, run)`.
 */
export function jobStoreContract(options: JobStoreContractOptions): readonly ContractCase[] {
  const test = (name: string, run: (store: JobStore) => Promise<void>): ContractCase => ({
    name,
    async run() {
      const store = await options.createStore();
      try {
        await run(store);
      } finally {
        await store.close();
      }
    },
  });

  const cases: ContractCase[] = [
    test('numbers events from 1 without gaps and gives them back in order', async (store) => {
      await lease(store, 'a', 'me');
      const added = await store.append('a', 'me', [STARTING, PROGRESS], AT + 5);
      expectSame(
        added?.map((event) => event.seq),
        [2, 3],
        'numbers of the appended events',
      );
      const all = await store.events('a', 0);
      expectSame(
        all.map((event) => [event.seq, event.type, event.at, event.job]),
        [
          [1, 'job-queued', AT, 'a'],
          [2, 'start-requested', AT + 5, 'a'],
          [3, 'progress-reported', AT + 5, 'a'],
        ],
        'stored events',
      );
      expectSame(
        (await store.events('a', 2)).map((event) => event.seq),
        [3],
        'events after 2',
      );
      expectSame(await store.events('a', 3), [], 'events after the last');
      expectSame(await store.events('none', 0), [], 'events of no job');
    }),
    test('gives back events exactly as they were stored', async (store) => {
      const first = await store.create('a', [queued()], AT);
      expectSame(sorted(await store.events('a', 0)), sorted(first), 'stored event');
    }),
    test('keeps a state that is the fold of the events', async (store) => {
      await lease(store, 'a', 'me');
      await store.append(
        'a',
        'me',
        [STARTING, { type: 'operation-started', operation: { id: 1 }, taskId: 't' }, PROGRESS],
        AT + 1,
      );
      expectSame(sorted([await store.get('a')]), sorted([reduceJobEvents(await store.events('a', 0))]), 'state');
      expectSame(await store.get('none'), null, 'state of no job');
    }),
    test('stores several first events at once', async (store) => {
      const events = await store.create('a', [queued(), { type: 'operation-started', operation: 'x' }], AT);
      expectSame(
        events.map((event) => event.seq),
        [1, 2],
        'numbers',
      );
      expectSame((await store.get('a'))?.phase, 'running', 'phase');
    }),
    test('refuses an id that is taken, and a first event that is none', async (store) => {
      await store.create('a', [queued()], AT);
      await expectRejection(store.create('a', [queued()], AT), 'INPUT_INVALID', 'a second job of that id');
      await expectRejection(store.create('b', [PROGRESS], AT), 'INPUT_INVALID', 'a job without job-queued');
      expectSame(await store.get('b'), null, 'refused job');
      expectSame((await store.events('a', 0)).length, 1, 'events of the first job');
    }),
    test('lets only the owner of the lease append', async (store) => {
      await store.create('a', [queued()], AT);
      expectSame(await store.append('a', 'me', [PROGRESS], AT), null, 'append without a lease');
      await store.acquireLease('a', 'me', 1000, AT);
      expectSame(await store.append('a', 'you', [PROGRESS], AT), null, 'append of somebody else');
      expectTrue((await store.append('a', 'me', [PROGRESS], AT)) !== null, 'the owner to append');
      expectTrue(
        (await store.append('a', 'me', [PROGRESS], AT + 5000)) !== null,
        'the owner to append after the lease ran out, as long as nobody took it',
      );
      expectSame(await store.append('none', 'me', [PROGRESS], AT), null, 'append to no job');
    }),
    test('lets anybody store a wish, and nothing else', async (store) => {
      await lease(store, 'a', 'me');
      expectTrue((await store.append('a', null, [WISH], AT)) !== null, 'a wish to be stored');
      expectSame((await store.get('a'))?.cancelRequested, true, 'the wish in the state');
      await expectRejection(store.append('a', null, [PROGRESS], AT), 'INPUT_INVALID', 'another event without an owner');
    }),
    test('stores nothing after the end', async (store) => {
      await lease(store, 'a', 'me');
      await store.append('a', 'me', [CANCELLED], AT);
      expectSame(await store.append('a', 'me', [PROGRESS], AT), null, 'append after the end');
      expectSame(await store.append('a', null, [WISH], AT), null, 'wish after the end');
      expectSame(await store.acquireLease('a', 'me', 1000, AT), null, 'lease after the end');
      expectSame((await store.events('a', 0)).length, 2, 'number of events');
    }),
    test('gives a lease to one owner at a time', async (store) => {
      await store.create('a', [queued()], AT);
      expectSame(
        await store.acquireLease('a', 'me', 1000, AT),
        { job: 'a', owner: 'me', expiresAt: AT + 1000 },
        'first lease',
      );
      expectSame(await store.acquireLease('a', 'you', 1000, AT + 999), null, 'lease while another holds it');
      expectSame((await store.acquireLease('a', 'me', 1000, AT + 500))?.expiresAt, AT + 1500, 'renewed lease');
      expectSame(await store.acquireLease('a', 'you', 1000, AT + 1499), null, 'lease while the renewed one holds');
      expectSame((await store.acquireLease('a', 'you', 1000, AT + 1500))?.owner, 'you', 'owner after it ran out');
      expectSame(await store.append('a', 'me', [PROGRESS], AT + 1600), null, 'append of the owner before');
      expectSame(await store.acquireLease('none', 'me', 1000, AT), null, 'lease of no job');
    }),
    test('gives a lease back to nobody but its owner', async (store) => {
      await store.create('a', [queued()], AT);
      await store.acquireLease('a', 'me', 1000, AT);
      await store.releaseLease('a', 'you');
      expectSame(await store.acquireLease('a', 'you', 1000, AT), null, 'lease after a stranger gave it back');
      await store.releaseLease('a', 'me');
      expectSame((await store.acquireLease('a', 'you', 1000, AT))?.owner, 'you', 'owner after it was given back');
    }),
    test('lists newest first, by phase, provider and number', async (store) => {
      for (const [index, job] of ['a', 'b', 'c'].entries())
        await store.create(job, [queued(job === 'b' ? 'other' : 'echo')], AT + index);
      await store.acquireLease('c', 'me', 1000, AT);
      await store.append('c', 'me', [CANCELLED], AT + 9);
      const ids = async (filter?: Parameters<JobStore['list']>[0]) =>
        (await store.list(filter)).map((state) => state.job);
      expectSame(await ids(), ['c', 'b', 'a'], 'all jobs');
      expectSame(await ids({ phases: ['queued', 'running'] }), ['b', 'a'], 'open jobs');
      expectSame(await ids({ phases: [] }), [], 'jobs in no phase');
      expectSame(await ids({ provider: 'other' }), ['b'], 'jobs of a provider');
      expectSame(await ids({ limit: 2 }), ['c', 'b'], 'the newest two');
    }),
    test('removes ended jobs and leaves others alone', async (store) => {
      await lease(store, 'a', 'me');
      await store.append('a', 'me', [CANCELLED], AT);
      await store.create('b', [queued()], AT);
      expectSame(await store.remove(['a', 'b', 'none']), 1, 'number of removed jobs');
      expectSame(await store.get('a'), null, 'the ended job');
      expectSame(await store.events('a', 0), [], 'its events');
      expectSame((await store.get('b'))?.phase, 'queued', 'the open job');
    }),
    test('tells subscribers after storing, in order, until they leave', async (store) => {
      const seen: JobEvent[] = [];
      const stored: Promise<readonly JobEvent[]>[] = [];
      const leave = store.subscribe((event) => {
        seen.push(event);
        stored.push(store.events(event.job, event.seq - 1));
      });
      await lease(store, 'a', 'me');
      await store.append('a', 'me', [STARTING, PROGRESS], AT);
      leave();
      await store.append('a', 'me', [PROGRESS], AT);
      expectSame(
        seen.map((event) => event.seq),
        [1, 2, 3],
        'numbers of published events',
      );
      const found = await Promise.all(stored);
      expectTrue(
        found.every((events, index) => events[0]?.seq === seen[index]?.seq),
        'every event to be stored before it was published',
      );
    }),
    test('keeps numbers without gaps when many append at once', async (store) => {
      const random = createRandom('many at once');
      await lease(store, 'a', 'me');
      const work = Array.from({ length: 60 }, async () => {
        for (let turn = random.integer(0, 20); turn > 0; turn -= 1) await undefined;
        const count = random.integer(1, 3);
        if (random.chance(0.2)) return store.append('a', null, [WISH], AT);
        return store.append('a', 'me', new Array<JobEventBody>(count).fill(PROGRESS), AT);
      });
      const results = await Promise.all(work);
      const numbers = results.flatMap((events) => (events ?? []).map((event) => event.seq)).sort((x, y) => x - y);
      const stored = (await store.events('a', 1)).map((event) => event.seq);
      expectSame(
        stored,
        stored.map((_seq, index) => index + 2),
        'stored numbers',
      );
      expectSame(numbers, stored, 'numbers given out');
      expectSame((await store.get('a'))?.seq, stored.length + 1, 'number in the state');
    }),
  ];

  const { reopen } = options;
  if (reopen !== undefined) {
    cases.push({
      name: 'finds everything again after a restart',
      async run() {
        const store = await options.createStore();
        await lease(store, 'a', 'me');
        await store.append('a', 'me', [STARTING, PROGRESS], AT);
        await store.append('a', 'me', [PROGRESS], AT);
        await store.create('b', [queued()], AT + 1);
        await store.acquireLease('b', 'me', 1000, AT);
        await store.append('b', 'me', [PROGRESS], AT + 2);
        await store.append('b', 'me', [CANCELLED], AT + 3);
        const before = [await store.list(), await store.events('a', 0), await store.events('b', 0)];
        await store.close();
        const again = await reopen(store);
        try {
          const after = [await again.list(), await again.events('a', 0), await again.events('b', 0)];
          expectSame(sorted(after), sorted(before), 'jobs and events');
          expectTrue((await again.acquireLease('a', 'you', 1000, AT + 60_000)) !== null, 'the open job to be taken up');
          expectSame((await again.append('a', 'you', [PROGRESS], AT))?.[0]?.seq, 5, 'the next number');
        } finally {
          await again.close();
        }
      },
    });
  }
  return cases;
}

async function lease(store: JobStore, job: string, owner: string): Promise<void> {
  await store.create(job, [queued()], AT);
  await store.acquireLease(job, owner, 1000, AT);
}

/** The same value with members in one order: a database gives them back in another. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, sorted(member)]));
}
