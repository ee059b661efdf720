/** How waiting grows between tries. */
export interface BackOffOptions {
  /** First wait, milliseconds. */
  readonly initialMs: number;
  /** Growth per try, ≥ 1. */
  readonly factor: number;
  /** Longest wait, milliseconds. */
  readonly maxMs: number;
  /** Share by which a wait is stretched or shortened at random, [0, 1). */
  readonly jitter: number;
  /** Longest wait the other side may name, milliseconds. */
  readonly maxHintMs: number;
}

/** Between two polls of a provider that names no time of its own. A hint beyond five minutes would let results expire. */
export const POLL_BACK_OFF: BackOffOptions = {
  initialMs: 1000,
  factor: 1.5,
  maxMs: 10_000,
  jitter: 0.2,
  maxHintMs: 300_000,
};

/**
 * Between two tries of something that failed for now: a refused start, a broken download, a poll without an answer. A
 * server that says when to come back is obeyed, however long that is; budgets end the wait.
 */
export const RETRY_BACK_OFF: BackOffOptions = {
  initialMs: 2000,
  factor: 2,
  maxMs: 60_000,
  jitter: 0.2,
  maxHintMs: Number.MAX_SAFE_INTEGER,
};

/** Shortest wait the other side may name, milliseconds: nobody may have himself asked in a tight loop. */
export const MIN_HINT_MS = 50;

/** A growing series of waits. */
export interface BackOff {
  /** The next wait, milliseconds. A time named by the other side wins and is not jittered. */
  next(hintMs?: number): number;
  /** Starts over after something went well. */
  reset(): void;
}

/**
 * Makes a series of waits.
 *
 * Jitter keeps many jobs that failed together from coming back together; a server that names a time has thought of that.
 */
export function createBackOff(options: BackOffOptions, random: (byteLength: number) => Uint8Array): BackOff {
  let tries = 0;
  return {
    next(hintMs) {
      const grown = options.initialMs * options.factor ** tries;
      tries = Math.min(tries + 1, 64);
      if (hintMs !== undefined && Number.isFinite(hintMs)) {
        return Math.min(Math.max(hintMs, MIN_HINT_MS), options.maxHintMs);
      }
      const [high = 0, low = 0] = random(2);
      const share = ((high * 256 + low) / 65_535) * 2 - 1;
      return Math.round(Math.min(grown, options.maxMs) * (1 + options.jitter * share));
    },
    reset() {
      tries = 0;
    },
  };
}
