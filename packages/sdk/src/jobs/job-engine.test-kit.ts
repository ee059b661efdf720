import type { ErrorCode } from '../foundation/error-catalogue.ts';
import { SdkError } from '../foundation/errors.ts';
import type { EchoBehaviour, EchoPoll } from '../testing/echo-provider.ts';
import { createEchoProvider, type EchoProviderOptions } from '../testing/echo-provider.ts';
import type { FakeClock } from '../testing/fake-clock.ts';
import { createMemoryHost, type MemoryHost } from '../testing/memory-host.ts';
import type { JobOrder } from './check-order.ts';
import type { ProcessJob } from './job-drive.ts';
import { createJobEngine, type JobEngine, type JobEngineOptions } from './job-engine.ts';
import type { JobEvent, JobEventBody } from './job-events.ts';
import type { JobState } from './job-state.ts';
import type { JobStore } from './job-store.ts';
import { createMemoryJobStore } from './memory-job-store.ts';

/** An engine with everything around it in memory. */
export interface Bench {
  readonly host: MemoryHost;
  readonly store: JobStore;
  readonly engine: JobEngine;
  /** One entry per start that reached the provider: the idempotency key. */
  readonly starts: string[];
  /** One entry per run of the processing: the job. */
  readonly processed: string[];
  events(job: string): Promise<readonly JobEvent[]>;
  types(job: string): Promise<readonly JobEventBody['type'][]>;
}

/** What differs from the plainest bench. */
export interface BenchOptions extends Partial<Omit<JobEngineOptions, 'host' | 'store' | 'providers'>> {
  readonly echo?: EchoProviderOptions;
  readonly host?: MemoryHost;
  readonly store?: JobStore;
  readonly clock?: FakeClock;
}

/** An order for an echo. */
export function orderOf(text: string, more: Partial<JobOrder> = {}): JobOrder {
  return {
    provider: 'echo',
    request: { prompt: { text }, output: 'mesh', seed: 7, providerOptions: {} },
    processing: {},
    delivery: {},
    ...more,
  };
}

/** Makes a bench. Time runs by itself, as fast as the work allows. */
export function createBench(options: BenchOptions = {}): Bench {
  const { echo, host: givenHost, store: givenStore, clock, ...engineOptions } = options;
  const host = givenHost ?? createMemoryHost(clock === undefined ? {} : { clock });
  const store = givenStore ?? createMemoryJobStore();
  const starts: string[] = [];
  const processed: string[] = [];
  const provider = createEchoProvider({
    ...echo,
    onStart: async (request, key) => {
      starts.push(key);
      await echo?.onStart?.(request, key);
    },
  });
  const process: ProcessJob =
    options.process ??
    (async (_job, assets, context) => {
      context.emitStep('measure', 1, { bytes: assets[0]?.sizeBytes ?? 0 });
      return { location: 'nowhere', manifestDigest: assets[0]?.digest ?? '', summary: {} };
    });
  const engine = createJobEngine({
    ...engineOptions,
    host,
    store,
    providers: [provider],
    process: async (job, assets, context) => {
      processed.push(job.job);
      return process(job, assets, context);
    },
  });
  return {
    host,
    store,
    engine,
    starts,
    processed,
    events: (job) => store.events(job, 0),
    types: async (job) => (await store.events(job, 0)).map((event) => event.type),
  };
}

/** Nothing yet. */
export const PENDING: EchoPoll = { state: 'pending' };
/** The result. */
export const MAIN = { id: 'main', kind: 'mesh' } as const;
/** An end without a result. */
export const FAILED = {
  state: 'failed',
  error: { code: 'OPERATION_FAILED', message: 'no', retry: 'never' },
} as const satisfies EchoPoll;

/** An error for a script. */
export function failure(code: ErrorCode, retryAfterMs?: number): SdkError {
  return new SdkError({ code, message: `scripted ${code}`, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

/** Runs one job to its end. */
export async function runJob(behaviour: EchoBehaviour, options: Parameters<typeof createBench>[0] = {}) {
  const bench = createBench({ ...options, echo: { behaviour, ...options.echo } });
  const startMs = bench.host.clock.now();
  const { job } = await bench.engine.submit(orderOf('a lamp'));
  const state = await bench.engine.wait(job);
  return { bench, job, state, tookMs: state.updatedAt - startMs, types: await bench.types(job) };
}

/** Codes of a job's warnings. */
export function codesOf(state: JobState): readonly string[] {
  return state.warnings.map((warning) => warning.code);
}
