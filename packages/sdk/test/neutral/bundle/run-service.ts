import { createMemoryJobStore } from '../../../src/jobs/memory-job-store.ts';
import type { ProducedAsset } from '../../../src/pipeline/produced-asset.ts';
import { createTransportPair } from '../../../src/protocol/memory-transport.ts';
import { hello } from '../../../src/protocol/messages/hello.ts';
import { createJob, jobChanged, jobEvent, subscribeJob, watchJobs } from '../../../src/protocol/messages/job.ts';
import { createPeer } from '../../../src/protocol/peer.ts';
import { createService } from '../../../src/service/create-service.ts';
import type { ServicePlatform } from '../../../src/service/service.ts';
import { createEchoProvider } from '../../../src/testing/echo-provider.ts';
import { createMemoryHost } from '../../../src/testing/memory-host.ts';
import type { DriverResult } from './driver.ts';

declare const maquette: typeof import('./sdk.ts');

/** What a client of the service saw. */
export interface ServiceOutcome {
  readonly events: readonly string[];
  readonly stages: readonly string[];
  readonly clients: number;
}

/** A service, a client and a job from order to end, all in memory. The JSON is what the client saw. */
export async function serveJob(): Promise<DriverResult> {
  const host = createMemoryHost({ clock: { mode: 'manual' } });
  const store = createMemoryJobStore();
  const provider = createEchoProvider({ behaviour: { durationMs: 3000 } });
  const studio = maquette.createStudio({
    host,
    store,
    providers: [provider],
    codecs: maquette.createScriptCodecs(),
    // other tests make real assets, which takes an interpreter minutes
    produce: async (_job, _raw, bytes) => ({
      manifest: {} as ProducedAsset['manifest'],
      files: new Map([['manifest.json', bytes]]),
      summary: {},
    }),
  });
  const service = createService({
    host,
    studio,
    store,
    providers: [provider],
    defaultProvider: 'echo',
    platform: { newAssetFolder: (name) => `/assets/${name}` } as Partial<ServicePlatform> as ServicePlatform,
    facts: { version: '1', pid: 1, home: '/', messageBytes: 1e6, messagesPerSecond: 100, heartbeatMs: 1000 },
  });
  const [near, far] = createTransportPair();
  const client = createPeer({ transport: near, receives: 'to-client' });
  const events: string[] = [];
  const stages: string[] = [];
  client.take(jobEvent, ({ seq, type }) => void events.push(`${seq} ${type}`));
  client.take(jobChanged, ({ job }) => void stages.push(job.stage));
  client.start();
  service.attach(far);
  await client.request(hello, {
    protocol: { major: 1, minor: 0 },
    client: { name: 'script', version: '1', kind: 'tool', instance: 'script-1', label: 'Script', capabilities: [] },
  });
  await client.request(watchJobs, {});
  const { job } = await client.request(createJob, { prompt: 'a box', levels: 2, seed: 7 });
  await client.request(subscribeJob, { job: job.job });
  for (let turn = 0; turn < 500 && stages.at(-1) !== 'Done'; turn += 1) await host.clock.advance(100);
  const clients = service.clientCount;
  await service.close('over');
  await studio.close();
  return { json: JSON.stringify({ events, stages, clients } satisfies ServiceOutcome), buffers: [] };
}
