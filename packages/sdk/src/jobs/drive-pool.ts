import { type CancelController, createCancelController, linkCancel } from '../foundation/cancel.ts';
import { SdkError } from '../foundation/errors.ts';
import type { Provider } from '../provider/provider.ts';
import { driveJob, stallError } from './drive-job.ts';
import { createDrive, type Drive, type DriveSettings, DriveStopped } from './job-drive.ts';
import { isTerminalPhase, type JobState } from './job-state.ts';
import { createSlots, type Slots } from './slots.ts';
import { DriveStalled } from './stall.ts';

/** The jobs this process drives or wants to drive. */
export interface DrivePool {
  /** Begins to drive a job, as soon as it is its turn and nobody else drives it. Does nothing if it is in the pool. */
  takeUp(job: string): void;
  /** True while the job is in the pool. */
  has(job: string): boolean;
  /** Has a wish that was just stored noticed at once. False if the job is not in the pool. */
  noticeWish(job: string): Promise<boolean>;
  /** Resolves with the reason if the drive had to leave the job as it is; null if it ended otherwise or there is none. */
  stallOf(job: string): Promise<SdkError | null>;
  /** Why the last drive of the job here had to leave it as it is; null if none did. Known at once. */
  lastStallOf(job: string): SdkError | null;
  /** Calls `listener` when a job had to be left as it is, which is no event of the job. Returns the function that ends it. */
  onStall(listener: (job: string) => void): () => void;
  readonly isReleased: boolean;
  /** Stops every drive and takes up no more. Resolves when all have let go. */
  release(): Promise<void>;
}

interface ActiveJob {
  readonly stop: CancelController;
  /** Wakes a drive that waits for a slot or a lease. */
  readonly nudge: CancelController;
  drive: Drive | undefined;
  done: Promise<void>;
}

/** Makes an empty pool. */
export function createDrivePool(settings: DriveSettings, providers: ReadonlyMap<string, Provider>): DrivePool {
  const { host, store } = settings;
  const slots = new Map<string, Slots>();
  for (const provider of providers.values()) slots.set(provider.id, createSlots(provider.describe().concurrency));
  const active = new Map<string, ActiveJob>();
  const stalled = new Map<string, SdkError>();
  const stallListeners = new Set<(job: string) => void>();
  let isReleased = false;

  const takeUp = (job: string): void => {
    if (isReleased || active.has(job)) return;
    stalled.delete(job);
    const entry: ActiveJob = {
      stop: createCancelController(),
      nudge: createCancelController(),
      drive: undefined,
      done: Promise.resolve(),
    };
    active.set(job, entry);
    entry.done = runJob(job, entry)
      .catch((error: unknown) => {
        const reason = stallError(error);
        stalled.set(job, reason);
        host.log({ level: 'error', event: 'drive-stalled', message: reason.message, data: { job, code: reason.code } });
      })
      .finally(() => {
        active.delete(job);
        if (stalled.has(job)) for (const listener of [...stallListeners]) listener(job);
      });
  };

  /** Waits for a turn and the lease, then drives. */
  const runJob = async (job: string, entry: ActiveJob): Promise<void> => {
    for (;;) {
      const state = await store.get(job);
      if (state === null || isTerminalPhase(state.phase) || entry.stop.signal.aborted) return;
      const provider = providers.get(state.provider);
      if (provider === undefined && !state.cancelRequested) {
        throw new DriveStalled(
          new SdkError({
            code: 'INPUT_INVALID',
            message: `There is no provider "${state.provider}" here; the job stays as it is.`,
          }),
        );
      }
      const releaseSlot = await waitForTurn(state, entry);
      if (releaseSlot === null) continue;
      try {
        const lease = await store.acquireLease(job, settings.owner, settings.leaseTtlMs, host.clock.now());
        if (lease !== null) return await driveUnderLease(job, provider, entry, releaseSlot);
      } finally {
        releaseSlot();
      }
      await host.clock.sleep(Math.min(1000, settings.leaseTtlMs / 3), entry.stop.signal).catch(() => undefined);
    }
  };

  /** A slot of the provider, or null if something has changed and the job has to be looked at again. */
  const waitForTurn = async (state: JobState, entry: ActiveJob): Promise<(() => void) | null> => {
    const line = slots.get(state.provider);
    if (line === undefined) return () => undefined;
    // A task that runs already takes a place at the provider whether we count it or not, and its result may expire.
    const isUnderWay = state.phase !== 'queued' || state.cancelRequested;
    const wake = linkCancel([entry.stop.signal, entry.nudge.signal]);
    try {
      return await line.take(isUnderWay ? entry.stop.signal : wake.signal, isUnderWay);
    } catch {
      return null;
    } finally {
      wake.dispose();
    }
  };

  const driveUnderLease = async (
    job: string,
    provider: Provider | undefined,
    entry: ActiveJob,
    releaseSlot: () => void,
  ): Promise<void> => {
    try {
      const state = await store.get(job);
      if (state === null) return;
      entry.drive = createDrive(settings, provider, state, entry.stop, releaseSlot);
      await driveJob(entry.drive);
    } finally {
      entry.drive = undefined;
      // Failing to give it back costs the next owner a wait, nothing more.
      await store.releaseLease(job, settings.owner).catch(() => undefined);
    }
  };

  return {
    takeUp,
    has: (job) => active.has(job),
    async noticeWish(job) {
      const entry = active.get(job);
      if (entry === undefined) return false;
      if (entry.drive === undefined) entry.nudge.cancel();
      else await entry.drive.refresh();
      return true;
    },
    async stallOf(job) {
      await active.get(job)?.done;
      return stalled.get(job) ?? null;
    },
    lastStallOf: (job) => stalled.get(job) ?? null,
    onStall(listener) {
      stallListeners.add(listener);
      return () => {
        stallListeners.delete(listener);
      };
    },
    get isReleased() {
      return isReleased;
    },
    async release() {
      isReleased = true;
      const entries = [...active.values()];
      for (const entry of entries) entry.stop.cancel(new DriveStopped());
      await Promise.all(entries.map((entry) => entry.done));
    },
  };
}
