/** Tells when a service has nothing left to do. */
export interface ServiceLife {
  stop(): void;
}

/** What a {@link ServiceLife} watches. */
export interface ServiceLifeOptions {
  /** How long nothing has to happen, milliseconds. */
  readonly idleMs: number;
  /** True while a client is there, a job is open or a download runs. */
  readonly isBusy: () => Promise<boolean>;
  /** Called once. */
  readonly onIdle: () => void;
}

const MOST_LOOKS_PER_LIFE = 10;
const LONGEST_BETWEEN_LOOKS_MS = 5000;

/** Looks every few seconds. What happens between two looks is not seen; it is the quiet time that counts. */
export function watchServiceLife({ idleMs, isBusy, onIdle }: ServiceLifeOptions): ServiceLife {
  const everyMs = Math.max(1, Math.min(LONGEST_BETWEEN_LOOKS_MS, idleMs / MOST_LOOKS_PER_LIFE));
  // of a clock that stands still while the machine sleeps: waking up is no reason to end
  let busyAt = performance.now();
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    // a store that cannot be asked now may hold open jobs
    const busy = await isBusy().catch(() => true);
    isLooking = false;
    const now = performance.now();
    if (busy) busyAt = now;
    else if (now - busyAt >= idleMs) {
      clearInterval(timer);
      onIdle();
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  return { stop: () => clearInterval(timer) };
}
