/** Bytes of a message that count as one more message. */
const BYTES_PER_MESSAGE = 64 * 1024;

/** Counts what a client sends, so that one that sends too much is noticed. */
export interface MessageBudget {
  /** True if a message of that size is still within bounds. */
  take(bytes: number): boolean;
}

/**
 * A bucket that holds `burst` messages and is filled again by `perSecond`.
 *
 * @param now - Milliseconds of a clock that never goes back.
 */
export function createMessageBudget(perSecond: number, burst: number, now: () => number): MessageBudget {
  let left = burst;
  let filledAt = now();
  return {
    take(bytes) {
      const time = now();
      left = Math.min(burst, left + ((time - filledAt) * perSecond) / 1000);
      filledAt = time;
      left -= 1 + Math.floor(bytes / BYTES_PER_MESSAGE);
      return left >= 0;
    },
  };
}
