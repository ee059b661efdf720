import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { SdkError } from '../../foundation/errors.ts';
import { parseJobEvent } from '../../jobs/job-event-schema.ts';
import type { JobEvent } from '../../jobs/job-events.ts';
import { isTerminalPhase, type JobState } from '../../jobs/job-state.ts';
import type { JobFilter, JobStore } from '../../jobs/job-store.ts';
import { assertWish, firstState, numberEvents } from '../../jobs/log-job-store.ts';
import { reduceJob } from '../../jobs/reduce-job.ts';
import {
  inTransaction,
  inUnsyncedTransaction,
  type Migration,
  openDatabase,
  toDatabaseError,
} from './sqlite-database.ts';

/** Steps between the versions of the job database. Only ever added to. */
export const JOB_MIGRATIONS: readonly Migration[] = [
  (database) => {
    database.exec(`
      CREATE TABLE jobs (
        id TEXT PRIMARY KEY,
        phase TEXT NOT NULL,
        provider TEXT NOT NULL,
        created INTEGER NOT NULL,
        updated INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        state TEXT NOT NULL,
        lease_owner TEXT,
        lease_expires INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX jobs_by_age ON jobs (created DESC, id DESC);
      CREATE INDEX jobs_by_phase ON jobs (phase, created DESC);
      CREATE TABLE events (
        job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        at INTEGER NOT NULL,
        type TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (job, seq)
      ) STRICT, WITHOUT ROWID;
    `);
  },
];

/** Where the database lies. */
export interface SqliteJobStoreOptions {
  /** Absolute path; the folder is made if it is not there. */
  readonly path: string;
  /** How long to wait for another process's transaction, milliseconds. Default 10 000. */
  readonly busyTimeoutMs?: number;
}

/**
 * A store in one SQLite database, for any number of processes on one machine.
 *
 * An append is one transaction that checks lease and end, numbers the events, and stores them together with the folded
 * state. What has been appended survives a power cut; only progress that is followed by nothing else may be lost in one.
 * Subscribers hear of this process's events at once; those of other processes are found by reading.
 *
 * Throws `STORE_VERSION` for a database of a newer version, which is left as it is.
 */
export function createSqliteJobStore(options: SqliteJobStoreOptions): JobStore {
  const database = openDatabase({ ...options, migrations: JOB_MIGRATIONS });
  database.exec('PRAGMA foreign_keys = ON');
  const statements = prepareStatements(database);
  const listeners = new Set<(event: JobEvent) => void>();

  /** Everything SQLite throws leaves as an SdkError, and through the promise. */
  const guarded = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } catch (error) {
      throw toDatabaseError(error, options.path);
    }
  };

  const publish = (events: readonly JobEvent[]): void => {
    for (const event of events) for (const listener of [...listeners]) listener(event);
  };

  const insertEvents = (events: readonly JobEvent[]): void => {
    for (const event of events) {
      const { job, seq, at, type, ...body } = event;
      statements.insertEvent.run(job, seq, at, type, JSON.stringify(body));
    }
  };

  const readState = (job: string): JobState | null => {
    const row = statements.selectState.get(job) as { state: string } | undefined;
    return row === undefined ? null : parseState(job, row.state);
  };

  return {
    isShared: true,
    create: (job, bodies, at) =>
      guarded(() => {
        const events = numberEvents(job, 0, bodies, at);
        const state = firstState(events);
        inTransaction(database, () => {
          if (readState(job) !== null) {
            throw new SdkError({ code: 'INPUT_INVALID', message: `There is already a job ${job}.` });
          }
          statements.insertJob.run(job, state.phase, state.provider, at, at, state.seq, JSON.stringify(state));
          insertEvents(events);
        });
        publish(events);
        return events;
      }),
    append: (job, owner, bodies, at) =>
      guarded(() => {
        assertWish(owner, bodies);
        const transact = bodies.every(({ type }) => type === 'progress-reported')
          ? inUnsyncedTransaction
          : inTransaction;
        const events = transact(database, () => {
          const row = statements.selectForAppend.get(job) as { state: string; lease_owner: string | null } | undefined;
          if (row === undefined || (owner !== null && row.lease_owner !== owner)) return null;
          let state = parseState(job, row.state);
          if (isTerminalPhase(state.phase)) return null;
          const added = numberEvents(job, state.seq, bodies, at);
          for (const event of added) state = reduceJob(state, event);
          insertEvents(added);
          statements.updateJob.run(state.phase, state.updatedAt, state.seq, JSON.stringify(state), job);
          if (isTerminalPhase(state.phase)) statements.endLease.run(job);
          return added;
        });
        publish(events ?? []);
        return events;
      }),
    get: (job) => guarded(() => readState(job)),
    list: (filter) => guarded(() => listStates(database, filter)),
    events: (job, afterSeq) =>
      guarded(() =>
        (statements.selectEvents.all(job, afterSeq) as unknown as EventRow[]).map((row) => toEvent(job, row)),
      ),
    acquireLease: (job, owner, ttlMs, now) =>
      guarded(() => {
        const expiresAt = Math.round(now + ttlMs);
        const { changes } = statements.takeLease.run(owner, expiresAt, job, owner, Math.round(now));
        return changes === 0 || changes === 0n ? null : { job, owner, expiresAt };
      }),
    releaseLease: (job, owner) =>
      guarded(() => {
        statements.releaseLease.run(job, owner);
      }),
    remove: (jobs) =>
      guarded(() =>
        inTransaction(database, () => {
          let removed = 0;
          for (const job of jobs) removed += Number(statements.deleteJob.run(job).changes);
          return removed;
        }),
      ),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close: () =>
      guarded(() => {
        listeners.clear();
        if (database.isOpen) database.close();
      }),
  };
}

interface EventRow {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly body: string;
}

const IS_OPEN = `phase NOT IN ('succeeded', 'failed', 'cancelled')`;

function prepareStatements(database: DatabaseSync) {
  return {
    selectState: database.prepare('SELECT state FROM jobs WHERE id = ?'),
    selectForAppend: database.prepare('SELECT state, lease_owner FROM jobs WHERE id = ?'),
    selectEvents: database.prepare('SELECT seq, at, type, body FROM events WHERE job = ? AND seq > ? ORDER BY seq'),
    insertJob: database.prepare(
      'INSERT INTO jobs (id, phase, provider, created, updated, seq, state) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    insertEvent: database.prepare('INSERT INTO events (job, seq, at, type, body) VALUES (?, ?, ?, ?, ?)'),
    updateJob: database.prepare('UPDATE jobs SET phase = ?, updated = ?, seq = ?, state = ? WHERE id = ?'),
    endLease: database.prepare('UPDATE jobs SET lease_owner = NULL, lease_expires = NULL WHERE id = ?'),
    takeLease: database.prepare(
      `UPDATE jobs SET lease_owner = ?, lease_expires = ?
       WHERE id = ? AND ${IS_OPEN} AND (lease_owner IS NULL OR lease_owner = ? OR lease_expires <= ?)`,
    ),
    releaseLease: database.prepare(
      'UPDATE jobs SET lease_owner = NULL, lease_expires = NULL WHERE id = ? AND lease_owner = ?',
    ),
    deleteJob: database.prepare(`DELETE FROM jobs WHERE id = ? AND NOT ${IS_OPEN}`),
  };
}

function listStates(database: DatabaseSync, filter: JobFilter = {}): readonly JobState[] {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  if (filter.phases !== undefined) {
    conditions.push(`phase IN (${filter.phases.map(() => '?').join(', ')})`);
    values.push(...filter.phases);
  }
  if (filter.provider !== undefined) {
    conditions.push('provider = ?');
    values.push(filter.provider);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const rows = database
    .prepare(`SELECT id, state FROM jobs ${where} ORDER BY created DESC, id DESC LIMIT ?`)
    .all(...values, filter.limit ?? -1) as { id: string; state: string }[];
  return rows.map((row) => parseState(row.id, row.state));
}

function parseState(job: string, text: string): JobState {
  try {
    return JSON.parse(text) as JobState;
  } catch (error) {
    throw new SdkError({ code: 'STORE_FAILED', message: `The stored state of job ${job} is damaged.`, cause: error });
  }
}

function toEvent(job: string, row: EventRow): JobEvent {
  try {
    return parseJobEvent({ ...(JSON.parse(row.body) as object), job, seq: row.seq, at: row.at, type: row.type });
  } catch (error) {
    if (error instanceof SdkError) throw error;
    throw new SdkError({
      code: 'STORE_FAILED',
      message: `The stored event ${row.seq} of job ${job} is damaged.`,
      cause: error,
    });
  }
}
