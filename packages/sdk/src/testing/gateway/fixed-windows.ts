/** Counts per name in windows that begin with the first count and last a fixed time. */
export interface FixedWindows {
  /** Counts one more and says how many that makes in the window. */
  count(name: string): number;
}

/** Makes {@link FixedWindows} over a clock. @source salvo crates/rate-limiter/src/fixed_guard.rs */
export function createFixedWindows(now: () => number, windowMs: number): FixedWindows {
  const windows = new Map<string, { endsAtMs: number; count: number }>();
  return {
    count(name) {
      const nowMs = now();
      let window = windows.get(name);
      if (window === undefined || nowMs >= window.endsAtMs) {
        window = { endsAtMs: nowMs + windowMs, count: 0 };
        windows.set(name, window);
      }
      window.count += 1;
      return window.count;
    },
  };
}
