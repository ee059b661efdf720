import { type CancelSignal, cancelReason } from '../foundation/cancel.ts';
import type { Clock } from '../host/host.ts';

/** How a {@link FakeClock} behaves. */
export interface FakeClockOptions {
  /** Milliseconds since the epoch at which time begins. Default 1 700 000 000 000. */
  readonly startMs?: number;
  /**
   * `auto`: as soon as nothing but sleepers is left, time jumps to the earliest of them.
   * `manual`: time stands still until {@link FakeClock.advance} is called. Default `auto`.
   */
  readonly mode?: 'auto' | 'manual';
}

/** A clock for tests: an hour of polling takes a millisecond. */
export interface FakeClock extends Clock {
  /** Moves time on by `ms`, waking sleepers in the order of their times and letting each of them run before the next. */
  advance(ms: number): Promise<void>;
  /** Lets everything run that can run without time passing. */
  settle(): Promise<void>;
  /** Sleepers at this moment. */
  readonly waitingCount: number;
}

interface Sleeper {
  readonly dueMs: number;
  readonly order: number;
  readonly wake: () => void;
}

// Promise chains of the engine are a few dozen links long between two sleeps; a turn costs less than a microsecond.
const SETTLE_TURNS = 200;

/**
 * Lets pending promise reactions run. Where the engine has timers, one turn of its event loop passes too, so that work
 * which really is asynchronous (WebAssembly, a file) is not starved; a bare engine has only promise reactions.
 */
async function settleEngine(): Promise<void> {
  const schedule = (globalThis as { setTimeout?: (run: () => void, ms: number) => unknown }).setTimeout;
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await undefined;
  if (schedule === undefined) return;
  await new Promise<void>((resolve) => {
    schedule(resolve, 0);
  });
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await undefined;
}

/** Makes a {@link FakeClock}. */
export function createFakeClock(options: FakeClockOptions = {}): FakeClock {
  let nowMs = options.startMs ?? 1_700_000_000_000;
  let sleepers: Sleeper[] = [];
  let order = 0;
  let isPumping = false;

  const takeEarliest = (limitMs: number): Sleeper | undefined => {
    let earliest: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (sleeper.dueMs > limitMs) continue;
      const isBefore =
        earliest === undefined ||
        sleeper.dueMs < earliest.dueMs ||
        (sleeper.dueMs === earliest.dueMs && sleeper.order < earliest.order);
      if (isBefore) earliest = sleeper;
    }
    if (earliest !== undefined) sleepers = sleepers.filter((sleeper) => sleeper !== earliest);
    return earliest;
  };

  const pump = async (): Promise<void> => {
    if (isPumping) return;
    isPumping = true;
    while (sleepers.length > 0) {
      await settleEngine();
      const sleeper = takeEarliest(Number.POSITIVE_INFINITY);
      if (sleeper === undefined) break;
      nowMs = Math.max(nowMs, sleeper.dueMs);
      sleeper.wake();
    }
    isPumping = false;
  };

  return {
    now: () => nowMs,
    sleep(ms: number, signal?: CancelSignal): Promise<void> {
      if (signal?.aborted) return Promise.reject(cancelReason(signal));
      return new Promise<void>((resolve, reject) => {
        const onAbort = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(cancelReason(signal as CancelSignal));
        };
        order += 1;
        const sleeper: Sleeper = {
          dueMs: nowMs + Math.max(0, ms),
          order,
          wake: () => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        signal?.addEventListener('abort', onAbort);
        sleepers.push(sleeper);
        if (options.mode !== 'manual') void pump();
      });
    },
    async advance(ms: number): Promise<void> {
      const limitMs = nowMs + ms;
      await settleEngine();
      for (let sleeper = takeEarliest(limitMs); sleeper !== undefined; sleeper = takeEarliest(limitMs)) {
        nowMs = Math.max(nowMs, sleeper.dueMs);
        sleeper.wake();
        await settleEngine();
      }
      nowMs = Math.max(nowMs, limitMs);
    },
    settle: settleEngine,
    get waitingCount() {
      return sleepers.length;
    },
  };
}
