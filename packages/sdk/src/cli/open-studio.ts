import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JobStore } from '../jobs/job-store.ts';
import { maquetteHome } from '../platform/node/maquette-home.ts';
import { createNodeHost, type NodeHost } from '../platform/node/node-host.ts';
import { toStoreError } from '../platform/node/store-error.ts';
import { assertFolderWritable } from '../platform/node/writable-folder.ts';
import type { Provider } from '../provider/provider.ts';
import type { Studio } from '../studio/create-studio.ts';
import { createProviders, credentialOriginsOf } from './provider-registry.ts';
import type { Terminal } from './terminal.ts';

/** The studio of the command line and what it stands on. */
export interface OpenStudio {
  readonly studio: Studio;
  readonly store: JobStore;
  readonly host: NodeHost;
  readonly providers: readonly Provider[];
  /** Lets go of every job and closes everything. */
  close(): Promise<void>;
}

/** Path of the job database. */
export function databasePath(home: string): string {
  return join(home, 'jobs.sqlite');
}

/** Home folder of this command. */
export function homeOf(terminal: Terminal): string {
  return maquetteHome(terminal.env, process.platform, undefined, terminal.folder);
}

/** Host and providers of this command. Opens and writes nothing. */
export function createCommandHost(terminal: Terminal): { host: NodeHost; providers: readonly Provider[] } {
  const providers = createProviders(terminal.env);
  const host = createNodeHost({
    home: homeOf(terminal),
    env: terminal.env,
    credentials: credentialOriginsOf(providers),
  });
  return { host, providers };
}

/** The job database alone, which is all that listing needs. Home folder and database are made if they are not there. */
export async function openStore(home: string): Promise<JobStore> {
  const { createSqliteJobStore } = await import('../platform/node/sqlite-job-store.ts');
  // asked first: of some folders of the system Node's `mkdir` never comes back
  if (!existsSync(home)) await assertFolderWritable(home, 'Set MAQUETTE_HOME to a folder that can be written.');
  try {
    // prompts are nobody else's business
    mkdirSync(home, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw toStoreError(error, home);
  }
  return createSqliteJobStore({ path: databasePath(home) });
}

/**
 * Everything that work on jobs needs. Codecs are loaded when the first order is checked or the first result processed.
 *
 * @param openStoreAt - Opens the jobs of a home folder. Default: the database in it.
 */
export async function openStudio(
  terminal: Terminal,
  openStoreAt: (home: string) => Promise<JobStore> = openStore,
): Promise<OpenStudio> {
  const { host, providers } = createCommandHost(terminal);
  const [{ createStudio }, { checkNamedFolder, deliverToNamedFolder }, store] = await Promise.all([
    import('../studio/create-studio.ts'),
    import('../platform/node/folder-delivery.ts'),
    openStoreAt(host.home),
  ]);
  const studio = createStudio({
    host,
    store,
    providers,
    codecs: async () => (await import('../platform/node/codecs.ts')).createNodeCodecs(),
    deliver: deliverToNamedFolder,
    checkDelivery: checkNamedFolder,
  });
  return {
    studio,
    store,
    host,
    providers,
    async close() {
      await studio.close();
      await host.close();
    },
  };
}
