import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpSend } from '../../src/foundation/http.ts';
import type { JsonObject } from '../../src/foundation/json.ts';
import type { JobOrder } from '../../src/jobs/check-order.ts';
import { createJobEngine, type JobEngine } from '../../src/jobs/job-engine.ts';
import type { JobEvent } from '../../src/jobs/job-events.ts';
import type { JobState } from '../../src/jobs/job-state.ts';
import { createMemoryJobStore } from '../../src/jobs/memory-job-store.ts';
import { createNodeHost } from '../../src/platform/node/node-host.ts';
import type { GenerationRequest } from '../../src/provider/request.ts';
import { REGIONS } from '../../src/providers/404/gateway-address.ts';
import { create404Provider } from '../../src/providers/404/provider.ts';
import {
  createFakeClock,
  createMemoryHost,
  type FakeClock,
  type MemoryHost,
  type RunningGateway,
  type StartGatewayOptions,
  startGatewayStandIn,
} from '../../src/testing/index.ts';

/** A job engine that talks to a stand-in over loopback, both on one clock that stands still while a request is under way. */
export interface ProviderBench extends RunningGateway {
  readonly engine: JobEngine;
  readonly host: MemoryHost;
  readonly clock: FakeClock;
  /** Sends an order and waits for its end. */
  run(order: JobOrder): Promise<JobState>;
  /** Lets time pass until `work` is done. */
  until<T>(work: Promise<T>): Promise<T>;
  events(job: string): Promise<readonly JobEvent[]>;
}

/** What differs from the plainest bench. */
export interface ProviderBenchOptions extends StartGatewayOptions {
  /** Sent instead of the key of the stand-in. */
  readonly wrongKey?: string;
  /** True: the provider uses the public regions, and each of three nodes is one of them. */
  readonly usesRegions?: boolean;
  /** True: time moves on although a request is under way, after giving it a while. For answers that never end. */
  readonly hasSilence?: boolean;
}

/** Turns of the event loop that a request gets before time moves on without it. */
const PATIENT_TURNS = 100;

/** Time moves in steps of this, milliseconds. */
const STEP_MS = 1000;

/** Starts a stand-in and an engine for it. */
export async function createProviderBench(options: ProviderBenchOptions = {}): Promise<ProviderBench> {
  const { wrongKey, usesRegions = false, hasSilence = false, ...gatewayOptions } = options;
  const clock = createFakeClock({ mode: 'manual', startMs: Date.UTC(2026, 0, 15, 10, 30) });
  const running = await startGatewayStandIn({ clock, ...(usesRegions ? { nodeCount: 3 } : {}), ...gatewayOptions });
  const home = await mkdtemp(join(tmpdir(), 'maquette-gateway-'));
  const network = createNodeHost({
    home,
    env: { MAQUETTE_404_KEY: wrongKey ?? running.key },
    credentials: { '404': running.urls },
    proxy: { httpProxy: '', httpsProxy: '', noProxy: '' },
  });
  const provider = create404Provider(usesRegions ? {} : { url: running.url });
  const traffic = { count: 0 };
  const origins = Object.values(REGIONS);
  const http: HttpSend = (request, signal) => {
    const region = origins.findIndex((origin) => request.url.startsWith(`${origin}/`));
    const url =
      region < 0 ? request.url : request.url.replace(origins[region] as string, running.urls[region] as string);
    return counted(network.http, traffic)({ ...request, url }, signal);
  };
  const host = createMemoryHost({ clock, http, credentials: ['404'] });
  const store = createMemoryJobStore();
  const engine = createJobEngine({
    host,
    store,
    providers: [provider],
    process: async (_job, assets) => ({ location: 'nowhere', manifestDigest: assets[0]?.digest ?? '', summary: {} }),
  });

  const until = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false;
    const finished = work.finally(() => {
      isDone = true;
    });
    finished.catch(() => undefined); // awaited below
    for (let turns = 0; !isDone; turns += 1) {
      await clock.settle();
      if (traffic.count === 0) turns = 0;
      if (isDone) break;
      if (traffic.count === 0 || (hasSilence && turns > PATIENT_TURNS)) await clock.advance(STEP_MS);
      else await new Promise((resolve) => setImmediate(resolve));
    }
    return await finished;
  };

  return {
    ...running,
    engine,
    host,
    clock,
    until,
    run: async (order) => {
      const { job } = await engine.submit(order);
      return await until(engine.wait(job));
    },
    events: async (job) => {
      const events: JobEvent[] = [];
      for await (const event of engine.events(job)) events.push(event);
      return events;
    },
    async close() {
      await until(engine.release());
      await network.close();
      await running.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Counts requests that are under way, their bodies included. */
function counted(send: HttpSend, traffic: { count: number }): HttpSend {
  return async (request, signal) => {
    traffic.count += 1;
    let response: Awaited<ReturnType<HttpSend>>;
    try {
      response = await send(request, signal);
    } catch (error) {
      traffic.count -= 1;
      throw error;
    }
    const body = (async function* () {
      try {
        yield* response.body;
      } finally {
        traffic.count -= 1;
      }
    })();
    return { ...response, body };
  };
}

/** An order for 404-GEN. */
export function orderOf(change: Partial<GenerationRequest> = {}, options: JsonObject = {}): JobOrder {
  const request: GenerationRequest = {
    prompt: { text: 'a mossy stone lantern' },
    output: 'splat',
    seed: 41,
    providerOptions: { '404': options },
    ...change,
  };
  return { provider: '404', request, processing: {}, delivery: {} };
}
