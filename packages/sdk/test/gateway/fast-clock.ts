import { setTimeout as wait } from 'node:timers/promises';
import { type CancelSignal, cancelReason } from '../../src/foundation/cancel.ts';
import type { Clock } from '../../src/host/host.ts';

/**
 * The machine's clock, running `speed` times as fast: real time, real timers, minutes that pass in seconds.
 *
 * Work itself takes as long as ever, so time limits of real work are shorter by as much.
 */
export function createFastClock(speed: number): Clock {
  const startMs = Date.now();
  const began = performance.now();
  return {
    now: () => startMs + (performance.now() - began) * speed,
    async sleep(ms: number, signal?: CancelSignal) {
      const stop = new AbortController();
      const onAbort = (): void => stop.abort();
      if (signal?.aborted) onAbort();
      signal?.addEventListener('abort', onAbort);
      try {
        await wait(ms / speed, undefined, { signal: stop.signal });
      } catch {
        throw cancelReason(signal as CancelSignal);
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
  };
}
