import type { JobEvent, JobEventBody } from './job-events.ts';
import type { JobPhase, JobState } from './job-state.ts';

/** The right to drive a job, held by one process at a time. */
export interface Lease {
  readonly job: string;
  readonly owner: string;
  /** Milliseconds since the epoch; taken over once it has run out. */
  readonly expiresAt: number;
}

/** What to list. */
export interface JobFilter {
  readonly phases?: readonly JobPhase[];
  readonly provider?: string;
  readonly limit?: number;
}

/**
 * Where jobs live. One contract suite runs over every implementation.
 *
 * An append is one transaction: either all its events are stored with consecutive numbers or none. Rejections are
 * `STORE_FAILED`, and `STORE_VERSION` on opening data of a newer version.
 */
export interface JobStore {
  /** True if other processes may write to it, so that their events have to be looked for. */
  readonly isShared: boolean;
  /** Stores a job's first events, the first of them `job-queued`. `INPUT_INVALID` if the id is taken. */
  create(job: string, events: readonly JobEventBody[], at: number): Promise<readonly JobEvent[]>;
  /**
   * Appends events under a lease. A terminal event also ends the lease.
   *
   * @param owner - Must hold the job's lease, run out or not, or null for an outside wish (`cancel-requested` only, else `INPUT_INVALID`).
   * @returns The stored events, or null if the lease is lost or the job is already terminal: the caller stops driving.
   */
  append(
    job: string,
    owner: string | null,
    events: readonly JobEventBody[],
    at: number,
  ): Promise<readonly JobEvent[] | null>;
  /** The folded state, or null if there is no such job. */
  get(job: string): Promise<JobState | null>;
  /** Newest first. */
  list(filter?: JobFilter): Promise<readonly JobState[]>;
  /** Events with a number above `afterSeq`, in order. */
  events(job: string, afterSeq: number): Promise<readonly JobEvent[]>;
  /** Takes or renews the lease; null while another owner holds it, for a terminal job and for none. */
  acquireLease(job: string, owner: string, ttlMs: number, now: number): Promise<Lease | null>;
  /** Gives the lease back, if `owner` holds it. */
  releaseLease(job: string, owner: string): Promise<void>;
  /** Deletes terminal jobs with their events. Others are left alone. */
  remove(jobs: readonly string[]): Promise<number>;
  /** Calls `listener` soon after this process stored an event. Returns the function that ends it. */
  subscribe(listener: (event: JobEvent) => void): () => void;
  close(): Promise<void>;
}
