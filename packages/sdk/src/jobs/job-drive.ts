import type { CancelSignal } from '../foundation/cancel.ts';
import { type CancelController, createCancelController, linkCancel, raceCancel } from '../foundation/cancel.ts';
import type { HttpSend } from '../foundation/http.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { Warning } from '../foundation/warning.ts';
import type { Host } from '../host/host.ts';
import type { AssetOffer, CallContext, Provider } from '../provider/provider.ts';
import { type BackOff, type BackOffOptions, createBackOff } from './back-off.ts';
import { type JobBudgets, timedOut } from './job-budgets.ts';
import type { JobEventBody, JobResult, RawAsset } from './job-events.ts';
import type { JobState } from './job-state.ts';
import type { JobStore } from './job-store.ts';
import { readInput } from './read-input.ts';
import { reduceJob } from './reduce-job.ts';
import type { Slots } from './slots.ts';

/** Turns raw assets into the finished, delivered asset. Must be repeatable: it runs again after a crash. */
export type ProcessJob = (job: JobState, assets: readonly RawAsset[], context: ProcessContext) => Promise<JobResult>;

/** What processing receives from the engine. */
export interface ProcessContext {
  /** Tripped by a cancel, by the job budget, and when the engine lets go of the job. */
  readonly signal: CancelSignal;
  /** Stores a `step-finished`. Returns at once; everything emitted is stored before the job succeeds. */
  readonly emitStep: (step: string, durationMs: number, report?: JsonObject) => void;
  /** Stores a `warning-raised`. */
  readonly warn: (warning: Warning) => void;
  /**
   * Makes sure that the job is still ours; rejects if not. For the moment before something becomes visible to others: a
   * process that stood still for longer than its lease may have been taken for dead.
   */
  readonly claim: () => Promise<void>;
}

/** Opens the bytes behind the URL of an offer. Refuses what may not be fetched with `URL_NOT_TRUSTED`. */
export type DownloadOffer = (
  offer: AssetOffer & { readonly url: string },
  context: { readonly http: HttpSend; readonly signal: CancelSignal; readonly trustedOrigins: readonly string[] },
) => Promise<AsyncIterable<Uint8Array>>;

/** What every drive of an engine shares. */
export interface DriveSettings {
  readonly host: Host;
  readonly store: JobStore;
  readonly owner: string;
  readonly leaseTtlMs: number;
  readonly budgets: JobBudgets;
  readonly maxAssetBytes: number;
  readonly process: ProcessJob;
  /** Processing fills memory and keeps the thread busy, so only a few jobs are processed at a time. */
  readonly processingSlots: Slots;
  readonly download: DownloadOffer;
}

/** Thrown to leave a drive without a word: the lease is lost, the engine lets go, or the job has ended elsewhere. */
export class DriveStopped extends Error {
  override readonly name = 'DriveStopped';
}

/** Thrown inside a drive when a wish to cancel interrupts what it was waiting for. */
export class WishNoticed extends Error {
  override readonly name = 'WishNoticed';
}

/** One run of one job in this process, under a lease. */
export interface Drive {
  readonly settings: DriveSettings;
  /** Undefined where this process does not know the job's provider. Only a cancel goes on then. */
  readonly provider: Provider | undefined;
  readonly state: JobState;
  /** Tripped when the drive has to end: `DriveStopped`, or a `TIMED_OUT` of the job budget. */
  readonly stop: CancelController;
  /** Offers of the last poll, with links that may die; never stored. */
  offers: readonly AssetOffer[];
  /** Stores events and folds them. Throws {@link DriveStopped} if the lease is lost or the job is over. */
  append(...bodies: readonly JobEventBody[]): Promise<void>;
  /** Takes over what is in the store: a wish may have been added there. */
  refresh(): Promise<void>;
  /** A signal that trips on stop and on a wish. Dispose after use. */
  interrupt(): CancelController & { dispose(): void };
  /** Waits, unless interrupted. */
  sleep(ms: number): Promise<void>;
  /** Calls the provider under the attempt budget. */
  call<T>(work: (context: CallContext) => Promise<T>, options?: CallOptions): Promise<T>;
  backOff(options: BackOffOptions): BackOff;
  /** Lets the next job of the provider begin: what is left happens on this machine. */
  releaseSlot(): void;
}

/** How a call to the provider is bounded. */
export interface CallOptions {
  /** Default: the attempt budget. */
  readonly budgetMs?: number;
  /** False for calls that must not be broken off because their answer matters more than our haste. Default true. */
  readonly interruptible?: boolean;
}

/** Makes the drive of a job whose lease is held. */
export function createDrive(
  settings: DriveSettings,
  provider: Provider | undefined,
  initial: JobState,
  stop: CancelController,
  releaseSlot: () => void,
): Drive {
  const { host, store } = settings;
  let state = initial;
  let wish = createCancelController();
  let tail: Promise<unknown> = Promise.resolve();

  const adopt = (next: JobState): void => {
    if (next.seq < state.seq) return;
    state = next;
    if (state.cancelRequested) wish.cancel(new WishNoticed());
    else if (wish.signal.aborted) wish = createCancelController();
  };

  const interrupt = () => linkCancel([stop.signal, wish.signal]);

  return {
    settings,
    provider,
    stop,
    offers: [],
    releaseSlot,
    interrupt,
    get state() {
      return state;
    },
    append(...bodies) {
      const stored = tail.then(async () => {
        const events = await store.append(state.job, settings.owner, bodies, host.clock.now());
        if (events === null) throw new DriveStopped();
        if (events[0] !== undefined && events[0].seq !== state.seq + 1) {
          // Somebody else stored a wish in between.
          const fresh = await store.get(state.job);
          if (fresh !== null) return adopt(fresh);
        }
        let next = state;
        for (const event of events) next = reduceJob(next, event);
        adopt(next);
      });
      tail = stored.catch(() => undefined);
      return stored;
    },
    async refresh() {
      const fresh = await store.get(state.job);
      if (fresh !== null) adopt(fresh);
    },
    async sleep(ms) {
      const signal = interrupt();
      try {
        await host.clock.sleep(ms, signal.signal);
      } finally {
        signal.dispose();
      }
    },
    async call(work, options = {}) {
      const { budgetMs = settings.budgets.attemptMs, interruptible = true } = options;
      const attempt = interruptible ? interrupt() : { ...createCancelController(), dispose: () => undefined };
      const timer = createCancelController();
      host.clock.sleep(budgetMs, timer.signal).then(
        () => attempt.cancel(timedOut('attempt', budgetMs, `A call to ${state.provider}`)),
        () => undefined, // the call was faster
      );
      try {
        const context: CallContext = {
          http: host.http,
          hasCredential: host.hasCredential,
          log: (event, data) =>
            host.log({ level: 'debug', event, data: { job: state.job, provider: state.provider, ...data } }),
          signal: attempt.signal,
          readInput: (reference) => readInput(host, reference),
          idempotencyKey: state.idempotencyKey ?? state.job,
          now: () => host.clock.now(),
        };
        return await raceCancel(
          Promise.resolve().then(() => work(context)),
          attempt.signal,
        );
      } finally {
        timer.cancel();
        attempt.dispose();
      }
    },
    backOff: (options) => createBackOff(options, host.random),
  };
}

/** Writes to the log with the job's name on it. */
export function logDrive(drive: Drive, event: string, data: JsonObject = {}): void {
  drive.settings.host.log({
    level: 'warn',
    event,
    data: { job: drive.state.job, provider: drive.state.provider, ...data },
  });
}

/** True for errors that end what a drive is waiting for, as opposed to failures of the work itself. */
export function isInterruption(error: unknown): boolean {
  return error instanceof DriveStopped || error instanceof WishNoticed;
}
