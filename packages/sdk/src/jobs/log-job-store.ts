import { SdkError } from '../foundation/errors.ts';
import type { JobEvent, JobEventBody } from './job-events.ts';
import { isTerminalPhase, type JobState } from './job-state.ts';
import type { JobFilter, JobStore, Lease } from './job-store.ts';
import { reduceJob, reduceJobEvents } from './reduce-job.ts';

/** Where a {@link createLogJobStore} keeps its logs beyond the life of the process. */
export interface JobLogPersistence {
  /** Every stored log by job. Called once, before anything else. */
  load(): Promise<ReadonlyMap<string, readonly JobEvent[]>>;
  /** Stores new events, all or none. `log` holds the events before and the new ones. */
  save(job: string, added: readonly JobEvent[], log: readonly JobEvent[]): Promise<void>;
  remove(job: string): Promise<void>;
}

interface JobRecord {
  state: JobState;
  log: JobEvent[];
  lease: Lease | null;
}

/**
 * A store for one process: logs in memory, written through to `persistence`.
 *
 * Leases live in memory only, because they die with the only process there is.
 */
export function createLogJobStore(persistence: JobLogPersistence): JobStore {
  const listeners = new Set<(event: JobEvent) => void>();
  let opened: Promise<Map<string, JobRecord>> | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  const open = (): Promise<Map<string, JobRecord>> => {
    opened ??= persistence.load().then(toRecords);
    opened.catch(() => {
      opened = undefined; // a medium that was away may be back on the next call
    });
    return opened;
  };

  /** One write at a time, so that numbers have no gaps and a check holds until its write is done. */
  const exclusive = <T>(work: (records: Map<string, JobRecord>) => Promise<T>): Promise<T> => {
    const result = tail.then(open).then(work);
    tail = result.catch(() => undefined);
    return result;
  };

  const publish = (events: readonly JobEvent[]): void => {
    for (const event of events) for (const listener of [...listeners]) listener(event);
  };

  const store = async (job: string, record: JobRecord, bodies: readonly JobEventBody[], at: number) => {
    const events = numberEvents(job, record.state.seq, bodies, at);
    const log = [...record.log, ...events];
    await persistence.save(job, events, log);
    record.log = log;
    for (const event of events) record.state = reduceJob(record.state, event);
    if (isTerminalPhase(record.state.phase)) record.lease = null;
    publish(events);
    return events;
  };

  return {
    isShared: false,
    create: (job, bodies, at) =>
      exclusive(async (records) => {
        if (records.has(job)) throw new SdkError({ code: 'INPUT_INVALID', message: `There is already a job ${job}.` });
        const events = numberEvents(job, 0, bodies, at);
        const state = firstState(events);
        await persistence.save(job, events, events);
        records.set(job, { state, log: events, lease: null });
        publish(events);
        return events;
      }),
    append: (job, owner, bodies, at) =>
      exclusive(async (records) => {
        assertWish(owner, bodies);
        const record = records.get(job);
        if (record === undefined || isTerminalPhase(record.state.phase)) return null;
        if (owner !== null && record.lease?.owner !== owner) return null;
        return store(job, record, bodies, at);
      }),
    get: async (job) => (await open()).get(job)?.state ?? null,
    list: async (filter) =>
      filterStates(
        [...(await open()).values()].map((record) => record.state),
        filter,
      ),
    events: async (job, afterSeq) => (await open()).get(job)?.log.filter((event) => event.seq > afterSeq) ?? [],
    acquireLease: (job, owner, ttlMs, now) =>
      exclusive(async (records) => {
        const record = records.get(job);
        if (record === undefined || isTerminalPhase(record.state.phase)) return null;
        if (record.lease !== null && record.lease.owner !== owner && record.lease.expiresAt > now) return null;
        record.lease = { job, owner, expiresAt: now + ttlMs };
        return record.lease;
      }),
    releaseLease: (job, owner) =>
      exclusive(async (records) => {
        const record = records.get(job);
        if (record?.lease?.owner === owner) record.lease = null;
      }),
    remove: (jobs) =>
      exclusive(async (records) => {
        let removed = 0;
        for (const job of jobs) {
          const record = records.get(job);
          if (record === undefined || !isTerminalPhase(record.state.phase)) continue;
          await persistence.remove(job);
          records.delete(job);
          removed += 1;
        }
        return removed;
      }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close: async () => {
      await tail;
      listeners.clear();
    },
  };
}

function toRecords(logs: ReadonlyMap<string, readonly JobEvent[]>): Map<string, JobRecord> {
  const records = new Map<string, JobRecord>();
  for (const [job, log] of logs) {
    const state = reduceJobEvents(log);
    if (state !== null) records.set(job, { state, log: [...log], lease: null });
  }
  return records;
}

/** Gives events their envelope. Shared by all stores. */
export function numberEvents(job: string, seq: number, bodies: readonly JobEventBody[], at: number): JobEvent[] {
  return bodies.map((body, index) => ({ ...body, job, seq: seq + 1 + index, at }));
}

/** The state of a new job's events. Throws `INPUT_INVALID` unless they begin with `job-queued`. */
export function firstState(events: readonly JobEvent[]): JobState {
  const state = events[0]?.type === 'job-queued' ? reduceJobEvents(events) : null;
  if (state === null) throw new SdkError({ code: 'INPUT_INVALID', message: 'A job begins with the event job-queued.' });
  return state;
}

/** Throws `INPUT_INVALID` if somebody without a lease wants to store anything but a wish. */
export function assertWish(owner: string | null, bodies: readonly JobEventBody[]): void {
  if (owner === null && bodies.some((body) => body.type !== 'cancel-requested')) {
    throw new SdkError({ code: 'INPUT_INVALID', message: 'Without a lease only cancel-requested can be stored.' });
  }
}

/** Newest first, then filtered. */
function filterStates(states: readonly JobState[], filter: JobFilter = {}): readonly JobState[] {
  const { phases, provider, limit } = filter;
  return states
    .filter((state) => phases === undefined || phases.includes(state.phase))
    .filter((state) => provider === undefined || state.provider === provider)
    .sort((a, b) => b.createdAt - a.createdAt || (a.job < b.job ? 1 : -1))
    .slice(0, limit ?? states.length);
}
