import { type CancelSignal, cancelReason } from '../../foundation/cancel.ts';
import type { Clock } from '../../host/host.ts';

// A longer timer fires at once, in Node and in browsers. @source HTML standard, timers: the delay is a signed 32-bit number.
const LONGEST_TIMER_MS = 2_147_483_647;

/** The platform's clock and timers. On Node a sleep keeps the process alive. */
export function createTimerClock(): Clock {
  return {
    now: () => Date.now(),
    async sleep(ms: number, signal?: CancelSignal): Promise<void> {
      for (let leftMs = Math.max(0, ms); ; leftMs -= LONGEST_TIMER_MS) {
        await sleepOnce(Math.min(leftMs, LONGEST_TIMER_MS), signal);
        if (leftMs <= LONGEST_TIMER_MS) return;
      }
    },
  };
}

function sleepOnce(ms: number, signal: CancelSignal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.reject(cancelReason(signal));
  return new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      reject(cancelReason(signal as CancelSignal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort);
  });
}
