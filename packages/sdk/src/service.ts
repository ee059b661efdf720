import { SdkError } from './foundation/errors.ts';
import type { Environment } from './platform/node/maquette-home.ts';
import { runProduceWorker as runWorker } from './platform/node/produce-worker.ts';
import type { LocalService } from './platform/node/service/local-service.ts';
import { startService } from './platform/node/service/start-service.ts';
import { createWorkerProduce } from './platform/node/worker-produce.ts';
import type { Provider } from './provider/provider.ts';
import { generateObject } from './providers/local/generate-object.ts';
import { createProviders, DEFAULT_PROVIDER } from './providers/standard/create-providers.ts';

export type { Environment } from './platform/node/maquette-home.ts';
export type { LocalService } from './platform/node/service/local-service.ts';
export type { ServiceRecord } from './platform/node/service/service-file.ts';
export { findRunningService } from './platform/node/service/service-file.ts';

/** What a local service is started with. */
export interface LocalServiceOptions {
  /** Version of the program that starts it. */
  readonly version: string;
  /** Absolute path of the folder that holds everything Maquette keeps. Default: what `env` says. */
  readonly home?: string;
  /** Environment for the home folder, providers, proxies and keys. Default `process.env`. */
  readonly env?: Environment;
  /** At least one. Default: those this package brings. */
  readonly providers?: readonly Provider[];
  /** Id of the provider that is used where none is named. Default: `MAQUETTE_PROVIDER`, else the first one. */
  readonly defaultProvider?: string;
  /** Port on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** How long it stays after its last client left and its last job ended, milliseconds. Default 5 minutes. */
  readonly idleMs?: number;
  /**
   * A file that calls {@link runProduceWorker} first thing, usually the program's own main file, or the text of one as a
   * CommonJS script: results are then processed on a thread of their own, and those of the built-in generator made there,
   * unless `providers` brings its own. Default: in this thread, which answers nobody meanwhile.
   */
  readonly produceScript?: URL | { readonly source: string };
}

/**
 * Makes this thread one that generates and processes, if that is what it was started for.
 *
 * To be called first thing in the file that {@link startLocalService} was given as its `produceScript`, which usually is the
 * program's own main file. Codecs and everything else that is heavy is loaded with the first order that needs it.
 *
 * @returns True if this thread is one: nothing else must be done in it then. False in a program's main thread.
 */
export function runProduceWorker(): boolean {
  return runWorker(generateObject);
}

/**
 * Starts the service of this machine, or finds the one that runs: one per home folder, whoever asks for it.
 *
 * It listens on the loopback address only, and takes nobody without its token. Jobs that have not ended are taken up. It
 * goes on until nobody needs it; `ended` tells when.
 *
 * @throws {@link SdkError} `INPUT_INVALID` where the port cannot be had or there is no such provider; `STORE_FAILED` and
 * `STORE_VERSION` where the home folder cannot be used; `TIMED_OUT` where another process hinders it.
 */
export async function startLocalService(options: LocalServiceOptions): Promise<LocalService> {
  const { env = process.env, produceScript, defaultProvider, ...rest } = options;
  const processing = produceScript === undefined ? undefined : createWorkerProduce({ script: produceScript });
  const local = processing === undefined ? {} : { generate: processing.generate };
  const providers = options.providers ?? createProviders(env, local);
  const id = defaultProvider ?? (env.MAQUETTE_PROVIDER || (options.providers?.[0]?.id ?? DEFAULT_PROVIDER));
  if (!providers.some((provider) => provider.id === id)) {
    const known = providers.map((provider) => provider.id).join(', ');
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `There is no provider "${id.slice(0, 60)}"; known are ${known}.`,
    });
  }
  return startService({
    ...rest,
    env,
    providers,
    defaultProvider: id,
    ...(processing === undefined ? {} : { processing }),
  });
}
