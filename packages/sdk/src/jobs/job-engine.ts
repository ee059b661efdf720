import { type CancelController, linkCancel } from '../foundation/cancel.ts';
import { SdkError } from '../foundation/errors.ts';
import { createId } from '../foundation/ids.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { Host } from '../host/host.ts';
import type { Provider } from '../provider/provider.ts';
import { type CheckedOrder, checkOrder, type JobOrder } from './check-order.ts';
import { createDrivePool } from './drive-pool.ts';
import { type EventsOptions, followEvents } from './event-feed.ts';
import { JOB_BUDGETS, type JobBudgets } from './job-budgets.ts';
import type { DownloadOffer, DriveSettings, ProcessJob } from './job-drive.ts';
import type { JobEvent, JobEventBody } from './job-events.ts';
import { isTerminalPhase, type JobPhase, type JobState } from './job-state.ts';
import type { JobFilter, JobStore } from './job-store.ts';
import { type PruneOptions, type PruneReport, pruneJobs } from './prune-jobs.ts';
import { createSlots } from './slots.ts';

/** How long a lease lasts without renewal, milliseconds: the time after which a dead process's jobs can be taken over. */
export const LEASE_TTL_MS = 15_000;

/** Largest raw result, bytes. */
export const MAX_ASSET_BYTES = 512 * 1024 * 1024;

/** What an engine is made from. */
export interface JobEngineOptions {
  readonly host: Host;
  readonly store: JobStore;
  readonly providers: readonly Provider[];
  readonly process: ProcessJob;
  /** Fetches offers that are plain URLs. Default: every URL is refused. */
  readonly download?: DownloadOffer;
  /** Name under which this engine holds leases. Default: a new id. */
  readonly owner?: string;
  readonly budgets?: Partial<JobBudgets>;
  /** Jobs processed at the same time. Default 1: processing fills memory and keeps the thread busy. */
  readonly processingConcurrency?: number;
  /** Default {@link LEASE_TTL_MS}. */
  readonly leaseTtlMs?: number;
  /** Default {@link MAX_ASSET_BYTES}. */
  readonly maxAssetBytes?: number;
}

/** How an engine stands to a job that has not ended. */
export interface JobStanding {
  /** True while this engine drives it, or waits for its turn or for another process to let go of it. */
  readonly isWorking: boolean;
  /** Why this engine had to leave it as it is, null if it had not. Such a job can be resumed. */
  readonly stall: SdkError | null;
}

/** Drives jobs: the only place with effects. */
export interface JobEngine {
  /** Name under which it holds leases. */
  readonly owner: string;
  /** Checks an order without storing or sending anything: `SPEND_LIMIT`, `CONFIG_MISSING`, and what the provider refuses. */
  check(order: JobOrder): Promise<CheckedOrder>;
  /** Stores a job and begins to drive it. Resolves as soon as it is stored. */
  submit(order: JobOrder): Promise<JobState>;
  /** Takes over a task the provider already has, known by its id. */
  adopt(order: JobOrder, taskId: string): Promise<JobState>;
  get(job: string): Promise<JobState | null>;
  list(filter?: JobFilter): Promise<readonly JobState[]>;
  /** Replays and follows a job's events, whoever drives it. */
  events(job: string, options?: EventsOptions): AsyncIterable<JobEvent>;
  /** Resolves with the terminal state, whoever drives it. Rejects with the reason if this engine's drive had to leave the job as it is. */
  wait(job: string, options?: EventsOptions): Promise<JobState>;
  /**
   * Takes up jobs that have not ended, all of them or those named. One that another process drives is watched and taken
   * over when that process dies.
   *
   * @returns The jobs taken up.
   */
  resume(jobs?: readonly string[]): Promise<readonly string[]>;
  /** Stores the wish and sees it through: by the owner, or here where there is none. Resolves with the terminal state. */
  cancel(job: string): Promise<JobState>;
  /**
   * Stores another place for the result of a job that nobody drives at this moment; `resume` goes on with it. A lease that a
   * dead process left is waited for. `INPUT_INVALID` if the job has ended or stays driven.
   */
  changeDelivery(job: string, delivery: JsonObject): Promise<void>;
  /** What this engine has to do with a job. Known at once; says nothing about other processes. */
  standing(job: string): JobStanding;
  /** Calls `listener` when this engine had to leave a job as it is: no event tells of that. Returns the function that ends it. */
  onStall(listener: (job: string) => void): () => void;
  prune(options?: PruneOptions): Promise<PruneReport>;
  /** Stops driving, gives the leases back and leaves the jobs as they are. Waits for starts in flight, so that no answer is lost. */
  release(): Promise<void>;
}

/** Makes an engine. */
export function createJobEngine(options: JobEngineOptions): JobEngine {
  const { host, store } = options;
  const settings: DriveSettings = {
    host,
    store,
    owner: options.owner ?? createId(host.clock.now(), host.random),
    leaseTtlMs: options.leaseTtlMs ?? LEASE_TTL_MS,
    budgets: { ...JOB_BUDGETS, ...options.budgets },
    maxAssetBytes: options.maxAssetBytes ?? MAX_ASSET_BYTES,
    process: options.process,
    processingSlots: createSlots(options.processingConcurrency ?? 1),
    download: options.download ?? refuseDownload,
  };
  const providers = new Map(options.providers.map((provider) => [provider.id, provider]));
  const pool = createDrivePool(settings, providers);

  const requireProvider = (id: string): Provider => {
    const provider = providers.get(id);
    if (provider !== undefined) return provider;
    const known = [...providers.keys()].join(', ');
    throw new SdkError({ code: 'INPUT_INVALID', message: `There is no provider "${id}"; known are ${known}.` });
  };

  const requireJob = async (job: string): Promise<JobState> => {
    const state = await store.get(job);
    if (state === null) throw new SdkError({ code: 'INPUT_INVALID', message: `There is no job ${job}.` });
    return state;
  };

  const wait = async (job: string, waitOptions: EventsOptions = {}): Promise<JobState> => {
    await requireJob(job);
    const over = linkCancel([waitOptions.signal]);
    const stall = watchForStall(job, over);
    const follow = async (): Promise<void> => {
      for await (const _event of followEvents(store, host.clock, job, { ...waitOptions, signal: over.signal }));
    };
    try {
      await Promise.race([follow(), stall]);
      return await requireJob(job);
    } finally {
      over.cancel();
      over.dispose();
    }
  };

  /** Rejects if this engine's drive stalls; otherwise never settles. */
  const watchForStall = async (job: string, over: CancelController): Promise<never> => {
    const reason = await pool.stallOf(job);
    if (reason !== null && !over.signal.aborted) throw reason;
    return await new Promise<never>(() => undefined);
  };

  const check = async (order: JobOrder): Promise<CheckedOrder> =>
    checkOrder(host, requireProvider(order.provider), order);

  const create = async (order: JobOrder, checked: CheckedOrder, more: readonly JobEventBody[]): Promise<JobState> => {
    if (pool.isReleased) throw released();
    const job = createId(host.clock.now(), host.random);
    const { description, estimate, warnings } = checked;
    const queued: JobEventBody = {
      type: 'job-queued',
      provider: order.provider,
      request: order.request,
      processing: order.processing,
      delivery: order.delivery,
      credit: description.credit,
      licence: description.outputLicence,
      ...(estimate === undefined ? {} : { estimate }),
      ...(order.maxCost === undefined ? {} : { maxCost: order.maxCost }),
      ...(more.length > 0 ? { adopted: true } : {}),
    };
    const raised = warnings.map((warning): JobEventBody => ({ type: 'warning-raised', warning }));
    await store.create(job, [queued, ...raised, ...more], host.clock.now());
    pool.takeUp(job);
    return await requireJob(job);
  };

  return {
    owner: settings.owner,
    check,
    submit: async (order) => create(order, await check(order), []),
    async adopt(order, taskId) {
      const provider = requireProvider(order.provider);
      const description = provider.describe();
      if (provider.adopt === undefined || !description.canAdopt) {
        throw new SdkError({
          code: 'UNSUPPORTED_BY_PROVIDER',
          message: `${description.name} has no tasks that could be adopted.`,
        });
      }
      const operation = provider.adopt(taskId);
      return create(order, { description, warnings: [] }, [{ type: 'operation-started', operation, taskId }]);
    },
    get: (job) => store.get(job),
    list: (filter) => store.list(filter),
    events: (job, eventsOptions) => followEvents(store, host.clock, job, eventsOptions),
    wait,
    async resume(jobs) {
      const states =
        jobs === undefined
          ? [...(await store.list({ phases: OPEN_PHASES }))].reverse()
          : await Promise.all(jobs.map(requireJob));
      const open = states.filter(
        (state) => !isTerminalPhase(state.phase) && (jobs !== undefined || providers.has(state.provider)),
      );
      for (const state of open) pool.takeUp(state.job);
      return open.map((state) => state.job);
    },
    async cancel(job) {
      const { phase } = await requireJob(job);
      if (pool.isReleased && !isTerminalPhase(phase)) throw released();
      await store.append(job, null, [{ type: 'cancel-requested' }], host.clock.now());
      if (!(await pool.noticeWish(job))) pool.takeUp(job);
      return wait(job);
    },
    async changeDelivery(job, delivery) {
      const giveUpAt = host.clock.now() + settings.leaseTtlMs + LEASE_LOOK_MS;
      for (;;) {
        const { phase } = await requireJob(job);
        if (isTerminalPhase(phase)) throw refuseChange(job, `has already ${phase}`);
        const now = host.clock.now();
        if (!pool.has(job) && (await store.acquireLease(job, settings.owner, settings.leaseTtlMs, now)) !== null) break;
        if (now >= giveUpAt) throw refuseChange(job, 'is being worked on');
        await host.clock.sleep(LEASE_LOOK_MS);
      }
      try {
        const events = await store.append(
          job,
          settings.owner,
          [{ type: 'delivery-changed', delivery }],
          host.clock.now(),
        );
        if (events === null) throw refuseChange(job, 'was taken over by another process');
      } finally {
        await store.releaseLease(job, settings.owner).catch(() => undefined);
      }
    },
    standing(job) {
      const isWorking = pool.has(job);
      return { isWorking, stall: isWorking ? null : pool.lastStallOf(job) };
    },
    onStall: (listener) => pool.onStall(listener),
    prune: (pruneOptions) => pruneJobs(host, store, pruneOptions),
    release: () => pool.release(),
  };
}

/** How often it is looked whether a job's lease is free, milliseconds. */
const LEASE_LOOK_MS = 500;

function refuseChange(job: string, reason: string): SdkError {
  return new SdkError({
    code: 'INPUT_INVALID',
    message: `The job ${job} ${reason}, so its result cannot be sent elsewhere.`,
    remedy: 'See `maquette jobs show`.',
  });
}

function released(): SdkError {
  return new SdkError({ code: 'CANCELLED', message: 'The engine has been released and works on no more jobs.' });
}

const OPEN_PHASES: readonly JobPhase[] = ['queued', 'starting', 'running', 'fetching', 'processing'];

const refuseDownload: DownloadOffer = async () => {
  throw new SdkError({ code: 'URL_NOT_TRUSTED', message: 'This engine was made without a way to download.' });
};
