import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Codecs } from '../../src/host/codecs.ts';
import type { Clock } from '../../src/host/host.ts';
import type { JobState } from '../../src/jobs/job-state.ts';
import { createNodeHost, type NodeHost } from '../../src/platform/node/node-host.ts';
import { create404Provider, type Provider404Options } from '../../src/providers/404/provider.ts';
import { createStudio, type Studio } from '../../src/studio/create-studio.ts';
import type { GenerateOptions } from '../../src/studio/generate-options.ts';
import type { JobHandle } from '../../src/studio/job-handle.ts';
import type { RunningGateway, StartGatewayOptions } from '../../src/testing/index.ts';
import { startGatewayStandIn } from '../../src/testing/index.ts';
import { smallSplat } from '../kill/small-splat.ts';
import { createFastClock } from './fast-clock.ts';

/** How a {@link FastStudio} is made. */
export interface FastStudioOptions {
  /** How many times faster than the machine's the clock of studio and gateway runs. Default 100. */
  readonly speed?: number;
  readonly gateway?: StartGatewayOptions;
  readonly provider?: Omit<Provider404Options, 'url'>;
  /** Origin the studio is told. Default: the first node's. */
  readonly url?: (server: RunningGateway) => Promise<string>;
  /** Default none, which is all that splats need. */
  readonly codecs?: Codecs;
  /** Longest call, milliseconds of the fast clock. Default 10 min: work is slow where time is fast. */
  readonly attemptMs?: number;
}

/** How an order ended. */
export interface Ending {
  /** `succeeded`, or the code of the error that `result` rejected with. */
  readonly end: string;
  readonly message: string;
  readonly state: JobState;
  /** Digest of `raw.spz` as delivered, where there is one. */
  readonly raw: string | null;
}

/** A studio and a stand-in that talk over real HTTP in fast time. */
export interface FastStudio {
  readonly server: RunningGateway;
  readonly studio: Studio;
  readonly clock: Clock;
  readonly home: string;
  order(options?: Partial<GenerateOptions>): Promise<JobHandle>;
  /** Waits for a job to end, or to be left as it is. */
  endOf(handle: JobHandle): Promise<Ending>;
  /** Digest of what the gateway serves as the first result of an order with that seed. */
  served(seed: number): string;
  /** Another studio on the same home, as after a restart of the program. Closes the one before. */
  restart(): Promise<Studio>;
  close(): Promise<void>;
}

const KEY_CREDENTIAL = '404';

/** Makes a {@link FastStudio} with a home of its own. */
export async function createFastStudio(options: FastStudioOptions = {}): Promise<FastStudio> {
  const speed = options.speed ?? 100;
  const clock = createFastClock(speed);
  const home = mkdtempSync(join(tmpdir(), 'maquette-gateway-'));
  const server = await startGatewayStandIn({
    clock,
    results: ({ seed }, index) => smallSplat(seed + index),
    ...options.gateway,
  });
  const url = (await options.url?.(server)) ?? server.url;
  const open = (): { host: NodeHost; studio: Studio } => {
    const env = { MAQUETTE_404_KEY: server.key };
    const host = { ...createNodeHost({ home, env, credentials: { [KEY_CREDENTIAL]: [url] } }), clock };
    const studio = createStudio({
      host,
      codecs: options.codecs ?? {},
      providers: [create404Provider({ ...options.provider, url })],
      budgets: { attemptMs: options.attemptMs ?? 600_000 },
      leaseTtlMs: 60_000 * speed, // nobody else is there, and a busy machine must not lose it
    });
    return { host, studio };
  };
  let current = open();
  const closeCurrent = async (): Promise<void> => {
    await current.studio.close();
    await current.host.close();
  };
  return {
    server,
    clock,
    home,
    served: (seed) => digestOf(smallSplat(seed)),
    get studio() {
      return current.studio;
    },
    order: (order = {}) =>
      current.studio.generate({
        prompt: 'a brass lantern',
        processing: { ratios: [0.5], thumbnailSize: 0 },
        ...order,
      }),
    async endOf(handle) {
      const { end, message } = await handle.result().then(
        () => ({ end: 'succeeded', message: '' }),
        (error: { code?: string; message: string }) => ({ end: error.code ?? 'no code', message: error.message }),
      );
      const state = await handle.state();
      const raw = state.result === undefined ? null : await current.host.files.read(`${state.result.location}/raw.spz`);
      return { end, message, state, raw: raw === null ? null : digestOf(raw) };
    },
    async restart() {
      await closeCurrent();
      current = open();
      return current.studio;
    },
    async close() {
      await closeCurrent();
      await server.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Runs a test with a studio of its own, so that others can wait at the same time. */
export async function withFastStudio(
  options: FastStudioOptions,
  run: (bench: FastStudio) => Promise<void>,
): Promise<void> {
  const bench = await createFastStudio(options);
  try {
    await run(bench);
  } finally {
    await bench.close();
  }
}

/** SHA-256, hexadecimal. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
