import { createCancelController } from '../foundation/cancel.ts';
import { toSdkError } from '../foundation/errors.ts';
import type { Host } from '../host/host.ts';
import { isTerminalPhase, type JobPhase, type JobState } from '../jobs/job-state.ts';
import type { JobStore } from '../jobs/job-store.ts';
import type { EventHub } from './event-hub.ts';
import type { JobWatch } from './job-watch.ts';

/** What other processes store is seen within this time, milliseconds. */
const POLL_MS = 400;

/** Open jobs that are looked at; older ones only where somebody follows them. */
const MOST_OPEN = 200;

/** Newest jobs that are looked at too: one may have come and ended between two looks. */
const MOST_NEW = 20;

const OPEN_PHASES: readonly JobPhase[] = ['queued', 'starting', 'running', 'fetching', 'processing'];

/** Brings what happens in the store to those who want to know. */
export interface StoreWatch {
  /** Somebody has begun to follow or to watch: what other processes store is looked for from now on, while somebody does. */
  wake(known: readonly JobState[]): void;
  close(): void;
}

/** Makes it, and listens to the events of this process. */
export function createStoreWatch(host: Host, store: JobStore, hub: EventHub, watch: JobWatch): StoreWatch {
  const over = createCancelController();
  /** Last known number of jobs, and whether they had ended. */
  let known = new Map<string, { readonly seq: number; readonly isOpen: boolean }>();
  let isPolling = false;

  const leaveStore = store.subscribe((event) => {
    hub.noteEvent(event);
    watch.note(event.job);
    const before = known.get(event.job);
    if (isPolling) known.set(event.job, { seq: event.seq, isOpen: before?.isOpen ?? true });
  });

  const isWanted = (): boolean => !over.signal.aborted && (watch.watcherCount > 0 || hub.jobs().length > 0);

  const look = async (): Promise<void> => {
    const states = new Map<string, JobState>();
    for (const state of await store.list({ phases: OPEN_PHASES, limit: MOST_OPEN })) states.set(state.job, state);
    for (const state of await store.list({ limit: MOST_NEW })) states.set(state.job, state);
    const wanted = [...known].filter(([, { isOpen }]) => isOpen).map(([job]) => job);
    for (const job of [...wanted, ...hub.jobs()]) {
      const state = states.has(job) ? null : await store.get(job);
      if (state !== null) states.set(job, state);
    }
    const next = new Map<string, { seq: number; isOpen: boolean }>();
    for (const state of states.values()) {
      const { job, seq, phase } = state;
      if (seq > (known.get(job)?.seq ?? 0)) watch.note(job);
      hub.noteSeq(job, seq, isTerminalPhase(phase));
      next.set(job, { seq: Math.max(seq, known.get(job)?.seq ?? 0), isOpen: !isTerminalPhase(phase) });
    }
    known = next;
  };

  const poll = async (): Promise<void> => {
    while (isWanted()) {
      await host.clock.sleep(POLL_MS, over.signal);
      await look().catch((error: unknown) => {
        const { code, message } = toSdkError(error);
        host.log({ level: 'warn', event: 'store-unread', message, data: { code } });
      });
    }
  };

  const start = (): void => {
    if (isPolling || !isWanted()) return;
    isPolling = true;
    void poll()
      .catch(() => undefined) // the service closes
      .finally(() => {
        isPolling = false;
        known = new Map();
        start(); // somebody may have come since the last look
      });
  };

  return {
    wake(states) {
      if (!store.isShared) return;
      for (const { job, seq, phase } of states) {
        if (seq > (known.get(job)?.seq ?? 0)) known.set(job, { seq, isOpen: !isTerminalPhase(phase) });
      }
      start();
    },
    close() {
      leaveStore();
      over.cancel();
    },
  };
}
