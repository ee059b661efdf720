import {
  type CancelSignal,
  createCancelController,
  linkCancel,
  raceCancel,
  throwIfCancelled,
} from '../foundation/cancel.ts';
import type { Clock } from '../host/host.ts';
import type { JobEvent } from './job-events.ts';
import { isTerminalPhase } from './job-state.ts';
import type { JobStore } from './job-store.ts';

/** Events stored by another process are seen within this time, milliseconds. */
const FOLLOW_POLL_MS = 300;

/** From where events are wanted. */
export interface EventsOptions {
  /** Number of the last event already seen. Default 0: from the first. */
  readonly afterSeq?: number;
  /** Ends the iteration by rejecting with its reason. */
  readonly signal?: CancelSignal;
}

/**
 * The events of a job, stored ones first, then new ones as they come, also those of other processes. Ends after the
 * job's last event.
 *
 * Every event comes once and in order: the store is read by number, and a notification only says that reading is worth
 * while.
 */
export async function* followEvents(
  store: JobStore,
  clock: Clock,
  job: string,
  options: EventsOptions = {},
): AsyncGenerator<JobEvent, void, undefined> {
  let seen = options.afterSeq ?? 0;
  let news = createCancelController();
  const unsubscribe = store.subscribe((event) => {
    if (event.job === job) news.cancel();
  });
  try {
    for (;;) {
      throwIfCancelled(options.signal);
      news = createCancelController();
      const events = await store.events(job, seen);
      for (const event of events) {
        seen = event.seq;
        yield event;
      }
      if (events.length > 0) continue;
      const state = await store.get(job);
      if (state === null || (isTerminalPhase(state.phase) && state.seq <= seen)) return;
      const wake = linkCancel([news.signal, options.signal]);
      try {
        // Where nobody else writes, the notification is enough.
        await (store.isShared ? clock.sleep(FOLLOW_POLL_MS, wake.signal) : untilTripped(wake.signal));
      } catch (error) {
        if (options.signal?.aborted) throw error;
        // woken by an event of this process
      } finally {
        wake.dispose();
      }
    }
  } finally {
    unsubscribe();
  }
}

function untilTripped(signal: CancelSignal): Promise<never> {
  return raceCancel(new Promise<never>(() => undefined), signal);
}
