import type { JobStore } from '../../jobs/job-store.ts';
import type { Provider } from '../../provider/provider.ts';
import type { Studio } from '../../studio/create-studio.ts';
import { openJobDatabase } from './job-database.ts';
import type { CredentialOrigins } from './node-credentials.ts';
import type { NodeHost } from './node-host.ts';
import type { WorkerProduce } from './worker-produce.ts';

/** A studio on the jobs of a home folder, and what it stands on. */
export interface HomeStudio {
  readonly studio: Studio;
  readonly store: JobStore;
  readonly host: NodeHost;
  readonly providers: readonly Provider[];
  /** Lets go of every job and closes everything. */
  close(): Promise<void>;
}

/** What a {@link HomeStudio} is made from. */
export interface HomeStudioOptions {
  readonly host: NodeHost;
  readonly providers: readonly Provider[];
  /** Opens the jobs of a home folder. Default: the database in it. */
  readonly openStore?: (home: string) => Promise<JobStore>;
  /** Where results are processed; closed with the studio. Default: in this thread. */
  readonly processing?: WorkerProduce;
}

/** Where the key of each provider may be sent: where the provider itself says. */
export function credentialOriginsOf(providers: readonly Provider[]): CredentialOrigins {
  const origins: Record<string, readonly string[]> = {};
  for (const provider of providers) {
    const { credential, trustedOrigins } = provider.describe();
    if (credential !== undefined) origins[credential.name] = trustedOrigins ?? [];
  }
  return origins;
}

/**
 * Everything that work on jobs needs, as command line and service use it. Codecs are loaded when the first order is
 * checked or the first result processed. Results go to the folder an order names.
 */
export async function openHomeStudio(options: HomeStudioOptions): Promise<HomeStudio> {
  const { host, providers, processing } = options;
  const [{ createStudio }, { checkNamedFolder, deliverToNamedFolder }, store] = await Promise.all([
    import('../../studio/create-studio.ts'),
    import('./folder-delivery.ts'),
    (options.openStore ?? openJobDatabase)(host.home),
  ]);
  const studio = createStudio({
    host,
    store,
    providers,
    // where others process, none are needed in this thread
    codecs: processing === undefined ? async () => (await import('./codecs.ts')).createNodeCodecs() : {},
    deliver: deliverToNamedFolder,
    checkDelivery: checkNamedFolder,
    ...(processing === undefined ? {} : { produce: processing.produce, checkProduce: processing.checkProduce }),
  });
  return {
    studio,
    store,
    host,
    providers,
    async close() {
      await studio.close();
      await processing?.close();
      await host.close();
    },
  };
}
