import { encodeUtf8 } from '../foundation/bytes.ts';
import { type CancelSignal, cancelReason } from '../foundation/cancel.ts';
import { SdkError } from '../foundation/errors.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { Clock, Host } from '../host/host.ts';
import type { JobEventBody } from '../jobs/job-events.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { createMemoryJobStore } from '../jobs/memory-job-store.ts';
import type { ProducedAsset } from '../pipeline/produced-asset.ts';
import { createNodeCodecs } from '../platform/node/codecs.ts';
import { createTransportPair, type MemoryTransport } from '../protocol/memory-transport.ts';
import { hello } from '../protocol/messages/hello.ts';
import { jobChanged, jobEvent } from '../protocol/messages/job.ts';
import { serviceStopping } from '../protocol/messages/service.ts';
import type { ParamsOf } from '../protocol/method.ts';
import { createPeer, type Peer } from '../protocol/peer.ts';
import type { Provider } from '../provider/provider.ts';
import { createLocalProvider } from '../providers/local/provider.ts';
import { createStudio, type Studio } from '../studio/create-studio.ts';
import type { ProduceAsset } from '../studio/process-raw.ts';
import { createEchoProvider, type EchoProviderOptions } from '../testing/echo-provider.ts';
import { createMemoryHost, type MemoryHost } from '../testing/memory-host.ts';
import { createService } from './create-service.ts';
import type { AssetFile, KeySource, Service, ServicePlatform } from './service.ts';
import type { Client } from './session.ts';

/** A service with everything around it in memory. */
export interface ServiceBench {
  readonly host: MemoryHost;
  readonly store: JobStore;
  readonly studio: Studio;
  readonly service: Service;
  readonly keys: Map<string, string>;
  /** Folders nothing can be put into at the moment. */
  readonly blockedFolders: Set<string>;
  /** Connects and says hello. */
  connect(client?: Partial<Client>): Promise<ServiceClient>;
  /** Connects and says nothing. */
  dial(): ServiceClient;
  close(): Promise<void>;
}

/** A client with everything it was told. */
export interface ServiceClient {
  readonly peer: Peer;
  /** The client's end. */
  readonly transport: MemoryTransport;
  readonly events: ParamsOf<typeof jobEvent>[];
  readonly views: ParamsOf<typeof jobChanged>['job'][];
  readonly stops: string[];
}

/** What differs from the plainest bench. */
export interface ServiceBenchOptions {
  readonly echo?: EchoProviderOptions;
  readonly store?: JobStore;
  readonly clock?: Clock;
  readonly providers?: readonly Provider[];
  readonly platform?: Partial<ServicePlatform>;
  /** How results are processed. Default: as fast as can be, to two levels that are the raw bytes. */
  readonly produce?: ProduceAsset;
}

/** The machine's clock. */
export const MACHINE_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms: number, signal?: CancelSignal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(cancelReason(signal));
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(cancelReason(signal as CancelSignal));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort);
    }),
};

let lastInstance = 0;

/** Makes a bench. Time is the machine's unless a clock is given. */
export async function createServiceBench(options: ServiceBenchOptions = {}): Promise<ServiceBench> {
  const memory = createMemoryHost({ credentials: ['keyed'] });
  const host: MemoryHost & Host = { ...memory, clock: (options.clock ?? MACHINE_CLOCK) as MemoryHost['clock'] };
  const store = options.store ?? createMemoryJobStore();
  const providers = options.providers ?? [
    createLocalProvider(),
    createEchoProvider(options.echo),
    needsKey(createEchoProvider({ id: 'keyed', price: { amount: 0.15, currency: 'USD' } })),
  ];
  const blockedFolders = new Set<string>();
  const codecs = await createNodeCodecs();
  const studio = createStudio({
    host,
    codecs,
    providers,
    store,
    produce: options.produce ?? produceQuickly,
    deliver: async (asset, job) => {
      const folder = String(job.delivery.folder);
      if (blockedFolders.has(folder)) {
        throw new SdkError({ code: 'STORE_FAILED', message: 'The disk is full.', remedy: 'Make room.' });
      }
      for (const [name, bytes] of asset.files) await host.files.write(`${folder.slice(1)}/${name}`, bytes);
      return folder;
    },
  });
  const keys = new Map<string, string>();
  const service = createService({
    host,
    studio,
    store,
    providers,
    defaultProvider: 'local',
    platform: { ...createMemoryPlatform(host, keys), ...options.platform },
    facts: {
      version: '0.0.1',
      pid: 4711,
      home: '/home',
      messageBytes: 1e6,
      messagesPerSecond: 100,
      heartbeatMs: 10_000,
    },
  });

  const dial = (): ServiceClient => {
    const [near, far] = createTransportPair();
    const peer = createPeer({ transport: near, receives: 'to-client' });
    const client: ServiceClient = { peer, transport: near, events: [], views: [], stops: [] };
    peer.take(jobEvent, (params) => void client.events.push(params));
    peer.take(jobChanged, (params) => void client.views.push(params.job));
    peer.take(serviceStopping, (params) => void client.stops.push(params.reason));
    peer.start();
    service.attach(far);
    return client;
  };

  return {
    host,
    store,
    studio,
    service,
    keys,
    blockedFolders,
    dial,
    async connect(given = {}) {
      const client = dial();
      await client.peer.request(hello, { protocol: { major: 1, minor: 0 }, client: clientOf(given) });
      return client;
    },
    async close() {
      await service.close('over');
      await studio.close();
    },
  };
}

const produceQuickly: ProduceAsset = async (_job, raw, bytes, context) => {
  for (const step of ['inspect', 'normalise', 'tidy', 'simplify', 'write']) context.report(step, {});
  const manifest = encodeUtf8('{}');
  const files = new Map([
    [`raw.${raw.extension}`, bytes],
    ['lod0.glb', bytes],
    ['lod1.glb', bytes],
    ['manifest.json', manifest],
  ]);
  const summary = { kind: 'mesh', levels: 2, triangles: [12, 6] };
  return { manifest: {} as ProducedAsset['manifest'], files, summary };
};

/** A client's description. */
export function clientOf(given: Partial<Client> = {}): Client {
  lastInstance += 1;
  const instance = `instance-${lastInstance}`;
  return {
    name: 'test',
    version: '1',
    kind: 'tool',
    instance,
    label: `Client ${lastInstance}`,
    capabilities: [],
    ...given,
  };
}

function createMemoryPlatform(host: Host, keys: Map<string, string>): ServicePlatform {
  let folders = 0;
  const sourceOf = async (provider: string): Promise<KeySource> => (keys.has(provider) ? 'key-store' : 'missing');
  return {
    newAssetFolder: (name, parent = '/assets') => {
      folders += 1;
      return `${parent}/${folders}-${name.replaceAll(/[^a-z0-9]+/gi, '-')}`;
    },
    freeAssetFolder: () => undefined,
    readImage: async (path) => {
      const bytes = await host.files.read(path.slice(1));
      if (bytes === null) throw new SdkError({ code: 'INPUT_INVALID', message: 'There is no such image.' });
      return bytes;
    },
    listAssetFiles: async (folder) => {
      const entries = await host.files.list(`${folder.slice(1)}/`);
      const files: AssetFile[] = [];
      for (const { key } of entries) {
        const bytes = (await host.files.read(key)) as Uint8Array;
        files.push({ name: key.slice(folder.length), bytes: bytes.length, mediaType: 'model/gltf-binary' });
      }
      return files;
    },
    linkFile: (_folder, file) => ({ url: `http://127.0.0.1/files/${file.name}`, expiresAt: 1 }),
    linkPanel: () => 'http://127.0.0.1/#once',
    keySource: sourceOf,
    setKey: async (provider, value) => void keys.set(provider, value),
    removeKey: async (provider) => keys.delete(provider),
    runDoctor: async () => [{ check: 'node', state: 'ok', message: 'Node is there.' }],
  };
}

function needsKey(provider: Provider): Provider {
  const description = { ...provider.describe(), name: 'Keyed', credential: { name: 'keyed', header: 'x-key' } };
  return { ...provider, describe: () => description as ReturnType<Provider['describe']> };
}

/** First event of a job for stores that are filled by hand. */
export function queuedEvent(text: string, more: { readonly delivery?: JsonObject } = {}): JobEventBody {
  return {
    type: 'job-queued',
    provider: 'echo',
    request: { prompt: { text }, output: 'mesh', seed: 7, providerOptions: {} },
    processing: {},
    delivery: {},
    credit: 'Echoed by the test provider',
    licence: 'CC0-1.0',
    ...more,
  };
}

/** Waits until something holds, looking again and again; fails after `limitMs`. */
export async function until(holds: () => boolean | Promise<boolean>, limitMs = 18_000): Promise<void> {
  const giveUpAt = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error('It has not come about in time.');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
