import { SdkError } from '../foundation/errors.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { Warning } from '../foundation/warning.ts';
import type { Codecs } from '../host/codecs.ts';
import type { Host } from '../host/host.ts';
import type { JobOrder } from '../jobs/check-order.ts';
import { createFileJobStore } from '../jobs/file-job-store.ts';
import type { JobBudgets } from '../jobs/job-budgets.ts';
import { createJobEngine, type JobStanding } from '../jobs/job-engine.ts';
import type { JobState } from '../jobs/job-state.ts';
import type { JobFilter, JobStore } from '../jobs/job-store.ts';
import type { PruneOptions, PruneReport } from '../jobs/prune-jobs.ts';
import type { ProcessingOptions } from '../pipeline/processing-options.ts';
import type { Money, Provider, ProviderDescription } from '../provider/provider.ts';
import type { AssetKind, FileReference, GenerationRequest } from '../provider/request.ts';
import { downloadOffer } from '../provider-kit/download-offer.ts';
import { type DeliverAsset, deliverToFiles } from './deliver-asset.ts';
import { type GenerateOptions, toJobOrder } from './generate-options.ts';
import { type PreparedImages, storeImages, storeInputImage } from './input-images.ts';
import { createJobHandle, type JobHandle } from './job-handle.ts';
import { createProcess, type ProduceAsset } from './process-raw.ts';
import { assertProducible, produceAsset } from './produce-asset.ts';
import { resolveProcessing } from './resolve-processing.ts';

/** What a studio is made from. */
export interface StudioOptions {
  readonly host: Host;
  /** Codecs, or a function that loads them when they are first needed. */
  readonly codecs: Codecs | (() => Promise<Codecs>);
  /** The first one is used where none is named. At least one. */
  readonly providers: readonly Provider[];
  /** Default: in the Host's files, which is right as long as one process uses them. Closed with the studio. */
  readonly store?: JobStore;
  /** Default: into the Host's files, under `assets/<job>/`. */
  readonly deliver?: DeliverAsset;
  /**
   * Looks whether `deliver` could put something where an order wants it, before the order is stored or anything is spent.
   * Throws an `SdkError` if not. Default: every order passes.
   */
  readonly checkDelivery?: (delivery: JsonObject) => Promise<void>;
  /** Default: a set of levels, see `produceLodSet`. */
  readonly produce?: ProduceAsset;
  /**
   * Looks whether `produce` could do what an order asks for, before the order is stored or anything is spent. Throws an
   * `SdkError` if not. Default: what the default `produce` looks at; with another one every order passes.
   */
  readonly checkProduce?: (output: AssetKind, processing: ProcessingOptions) => Promise<void>;
  readonly budgets?: Partial<JobBudgets>;
  /** How long a job stays with a process that gives no sign of life, milliseconds. Default 15 000. */
  readonly leaseTtlMs?: number;
}

/** An order as it would be sent, before anything is stored or spent. */
export interface PreparedJob {
  readonly provider: ProviderDescription;
  readonly request: GenerationRequest;
  readonly processing: ProcessingOptions;
  readonly warnings: readonly Warning[];
  /** Undefined where the provider gives none; see also `provider.currency`, undefined where everything is free. */
  readonly estimate?: Money;
}

/** What may be said about a task that is adopted. */
export interface AdoptOptions {
  /** What the task was asked for, as far as it is known: for names and provenance. Default: the task id. */
  readonly prompt?: string;
  /** Default: what the provider makes from a text. */
  readonly output?: GenerateOptions['output'];
  readonly processing?: Partial<ProcessingOptions>;
  readonly delivery?: JsonObject;
}

/** The front door: orders go in, finished assets come out. */
export interface Studio {
  /** Checks an order as `generate` would, sends and stores nothing. */
  prepare(options: GenerateOptions): Promise<PreparedJob>;
  /** Stores a job and begins to work on it. Resolves as soon as it is stored. */
  generate(options: GenerateOptions): Promise<JobHandle>;
  /** Makes a job of a task the provider already has. */
  adopt(provider: string, taskId: string, options?: AdoptOptions): Promise<JobHandle>;
  /** Stores an image for prompts. An order may as well hold the bytes; then only what is sent is stored. */
  addImage(bytes: Uint8Array): Promise<FileReference>;
  /** The handle of a stored job. `INPUT_INVALID` if there is none. */
  job(id: string): Promise<JobHandle>;
  /** Stored jobs, newest first. */
  jobs(filter?: JobFilter): Promise<readonly JobState[]>;
  /** Takes up jobs that have not ended, all or those named. Resolves at once with the handles of those taken up. */
  resume(ids?: readonly string[]): Promise<readonly JobHandle[]>;
  /**
   * Has a job that has not ended delivered elsewhere; `resume` goes on with it. Rejects with `INPUT_INVALID` for a job that
   * has ended or that somebody is working on, and with what the check of the delivery says.
   */
  changeDelivery(id: string, delivery: JsonObject): Promise<void>;
  cancel(id: string): Promise<JobState>;
  /** What this studio has to do with a job that has not ended. Known at once; says nothing about other processes. */
  standing(id: string): JobStanding;
  /** Calls `listener` when this studio had to leave a job as it is, which is no event of the job. Returns the function that ends it. */
  onStall(listener: (id: string) => void): () => void;
  prune(options?: PruneOptions): Promise<PruneReport>;
  /** Stops working and leaves every job as it is, for another process to go on with. */
  release(): Promise<void>;
  /** Releases, then closes the store. */
  close(): Promise<void>;
}

/** Makes a studio. */
export function createStudio(options: StudioOptions): Studio {
  const { host, providers } = options;
  const { codecs } = options;
  let loading: Promise<Codecs> | undefined;
  const checkDelivery = options.checkDelivery ?? (async () => undefined);
  const loadCodecs = (): Promise<Codecs> => {
    loading ??= typeof codecs === 'function' ? codecs() : Promise.resolve(codecs);
    return loading;
  };
  const checkProduce =
    options.checkProduce ??
    (async (output, processing) => {
      if (options.produce === undefined) assertProducible(output, processing, await loadCodecs());
    });
  const store = options.store ?? createFileJobStore(host.files);
  const engine = createJobEngine({
    host,
    store,
    providers,
    process: createProcess(
      host,
      loadCodecs,
      options.produce ?? produceAsset,
      options.deliver ?? deliverToFiles(host.files),
    ),
    download: downloadOffer,
    ...(options.budgets === undefined ? {} : { budgets: options.budgets }),
    ...(options.leaseTtlMs === undefined ? {} : { leaseTtlMs: options.leaseTtlMs }),
  });

  const findProvider = (id: string | undefined): Provider => {
    const provider = id === undefined ? providers[0] : providers.find((candidate) => candidate.id === id);
    if (provider !== undefined) return provider;
    const known = providers.map((candidate) => candidate.id).join(', ');
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: id === undefined ? 'The studio has no provider.' : `There is no provider "${id}"; known are ${known}.`,
    });
  };

  /** The complete order, with everything refused that could only fail later. */
  const toCheckedOrder = async (
    generateOptions: GenerateOptions,
  ): Promise<{ order: JobOrder; processing: ProcessingOptions; images: PreparedImages }> => {
    const processing = resolveProcessing(generateOptions.processing);
    const { order, images } = await toJobOrder(
      generateOptions,
      processing,
      findProvider(generateOptions.provider),
      host,
    );
    await checkProduce(order.request.output, processing);
    return { order, processing, images };
  };

  return {
    async prepare(generateOptions) {
      const { order, processing } = await toCheckedOrder(generateOptions);
      const { description, warnings, estimate } = await engine.check(order);
      await checkDelivery(order.delivery);
      return {
        provider: description,
        request: order.request,
        processing,
        warnings,
        ...(estimate === undefined ? {} : { estimate }),
      };
    },
    async generate(generateOptions) {
      const { order, images } = await toCheckedOrder(generateOptions);
      await checkDelivery(order.delivery);
      if (images.files.length > 0) {
        await engine.check(order); // an image of an order that is refused is not kept
        await storeImages(host, images);
      }
      return createJobHandle(engine, (await engine.submit(order)).job);
    },
    async adopt(providerId, taskId, adoptOptions = {}) {
      const provider = findProvider(providerId);
      const { outputs } = provider.describe();
      const order: JobOrder = {
        provider: provider.id,
        request: {
          prompt: { text: adoptOptions.prompt ?? `task ${taskId}` },
          output: adoptOptions.output ?? outputs.text?.[0] ?? outputs.image?.[0] ?? 'mesh',
          // Never sent: the task exists. What was used is known only if the provider tells.
          seed: 0,
          providerOptions: {},
        },
        processing: resolveProcessing(adoptOptions.processing),
        delivery: adoptOptions.delivery ?? {},
      };
      await checkDelivery(order.delivery);
      return createJobHandle(engine, (await engine.adopt(order, taskId)).job);
    },
    addImage: (bytes) => storeInputImage(host, bytes),
    async job(id) {
      const handle = createJobHandle(engine, id);
      await handle.state();
      return handle;
    },
    jobs: (filter) => engine.list(filter),
    resume: async (ids) => (await engine.resume(ids)).map((id) => createJobHandle(engine, id)),
    async changeDelivery(id, delivery) {
      await checkDelivery(delivery);
      await engine.changeDelivery(id, delivery);
    },
    cancel: (id) => engine.cancel(id),
    standing: (id) => engine.standing(id),
    onStall: (listener) => engine.onStall(listener),
    prune: (pruneOptions) => engine.prune(pruneOptions),
    release: () => engine.release(),
    async close() {
      await engine.release();
      await store.close();
    },
  };
}
