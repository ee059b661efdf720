import { toSdkError } from '../foundation/errors.ts';
import type { Host } from '../host/host.ts';
import type { JobState } from '../jobs/job-state.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { jobChanged } from '../protocol/messages/job.ts';
import { serialiseNotification } from '../protocol/peer.ts';
import type { JobView } from './job-view.ts';
import type { Outlet } from './outlet.ts';

/** Changes of a job within this time become one message, milliseconds: a picture of a screen at 60 Hz. */
const TICK_MS = 16;

/** A job the store could not give is asked for again this much later, milliseconds. */
const RETRY_MS = 500;

/** Tells those who watch all jobs of every job that changes. Views in between are left out. */
export interface JobWatch {
  /** Returns the function that ends it. */
  add(outlet: Outlet): () => void;
  /** A job has changed. */
  note(job: string): void;
  readonly watcherCount: number;
}

interface Watcher {
  readonly outlet: Outlet;
  /** Jobs it has not been told of because it was slow. */
  readonly missed: Set<string>;
}

/** Makes a watch. */
export function createJobWatch(host: Host, store: JobStore, toView: (state: JobState) => JobView): JobWatch {
  const watchers = new Set<Watcher>();
  /** Jobs to tell of, and whom: `all`, or those who were slow. */
  const changed = new Map<string, Set<Watcher> | 'all'>();
  let isTicking = false;
  let lastTickAt = Number.NEGATIVE_INFINITY;

  const tick = async (): Promise<void> => {
    while (changed.size > 0) {
      // the first change goes out at once, those that follow it closely wait for each other
      const waitMs = lastTickAt + TICK_MS - host.clock.now();
      if (waitMs > 0) await host.clock.sleep(waitMs);
      lastTickAt = host.clock.now();
      const round = [...changed];
      changed.clear();
      for (const [job, whom] of round) await tell(job, whom);
    }
  };

  const tell = async (job: string, whom: Set<Watcher> | 'all'): Promise<void> => {
    try {
      const state = await store.get(job);
      if (state === null) return;
      const text = serialiseNotification(jobChanged, { job: toView(state) });
      for (const watcher of whom === 'all' ? [...watchers] : whom) {
        if (watchers.has(watcher) && !watcher.outlet.push(text)) watcher.missed.add(job);
      }
    } catch (error) {
      const { code, message } = toSdkError(error);
      host.log({ level: 'warn', event: 'job-unread', message, data: { job, code } });
      // it may have been the last change of the job: nobody would hear of its end
      void host.clock.sleep(RETRY_MS).then(() => {
        if (watchers.size > 0) tellLater(job, whom);
      });
    }
  };

  const tellLater = (job: string, whom: Iterable<Watcher> | 'all'): void => {
    const waiting = changed.get(job);
    if (whom === 'all') changed.set(job, 'all');
    else if (waiting !== 'all') changed.set(job, new Set([...(waiting ?? []), ...whom]));
    start();
  };

  const start = (): void => {
    if (isTicking) return;
    isTicking = true;
    void tick().finally(() => {
      isTicking = false;
      if (changed.size > 0) start();
    });
  };

  return {
    add(outlet) {
      const watcher: Watcher = { outlet, missed: new Set() };
      watchers.add(watcher);
      const leaveOutlet = outlet.onDrain(() => {
        const missed = [...watcher.missed];
        watcher.missed.clear();
        for (const job of missed) tellLater(job, [watcher]);
      });
      return () => {
        watchers.delete(watcher);
        leaveOutlet();
      };
    },
    note(job) {
      if (watchers.size > 0) tellLater(job, 'all');
    },
    get watcherCount() {
      return watchers.size;
    },
  };
}
