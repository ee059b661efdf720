import { join } from 'node:path';
import type { JobBudgets } from './jobs/job-budgets.ts';
import { createNodeCodecs } from './platform/node/codecs.ts';
import { checkNamedFolder, deliverToNamedFolder } from './platform/node/folder-delivery.ts';
import { createNodeHost, type NodeHostOptions } from './platform/node/node-host.ts';
import { createSqliteJobStore } from './platform/node/sqlite-job-store.ts';
import type { Provider } from './provider/provider.ts';
import { createStudio, type Studio } from './studio/create-studio.ts';
import type { DeliverAsset } from './studio/deliver-asset.ts';

export { createNodeCodecs } from './platform/node/codecs.ts';
export type { FolderDeliveryOptions } from './platform/node/folder-delivery.ts';
export { deliverToFolder } from './platform/node/folder-delivery.ts';
export type { KeyStore } from './platform/node/key-store.ts';
export type { Environment } from './platform/node/maquette-home.ts';
export type { CredentialOrigins, CredentialSource } from './platform/node/node-credentials.ts';
export type { NodeFileStore } from './platform/node/node-file-store.ts';
export type { NodeHost, NodeHostOptions } from './platform/node/node-host.ts';
export { createNodeHost } from './platform/node/node-host.ts';
export type { ProxySettings } from './platform/node/node-http.ts';
export type { SqliteJobStoreOptions } from './platform/node/sqlite-job-store.ts';
export { createSqliteJobStore } from './platform/node/sqlite-job-store.ts';
export type { ClientOrigin, Provider404Options } from './providers/404/provider.ts';
export { create404Provider } from './providers/404/provider.ts';
export { createLocalProvider } from './providers/local/provider.ts';

/** What a studio on this machine is made from. Everything but the providers has a default. */
export interface NodeStudioOptions extends NodeHostOptions {
  /** The first one is used where none is named. At least one. */
  readonly providers: readonly Provider[];
  /**
   * Default: into the folder an order's `delivery.folder` names, an absolute path; `delivery.force` overwrites. An order
   * without a folder, or with one that cannot be written, is refused before anything is stored or spent.
   */
  readonly deliver?: DeliverAsset;
  readonly budgets?: Partial<JobBudgets>;
}

/**
 * A studio with this machine's Host and codecs. Its jobs are in the database the command line uses too.
 *
 * Keys reach the origins the providers themselves declare, and no others. Close it when the work is done:
 * that lets go of its jobs and closes the database and idle connections.
 */
export async function createNodeStudio(options: NodeStudioOptions): Promise<Studio> {
  const { providers, deliver, budgets, ...hostOptions } = options;
  const host = createNodeHost({ credentials: declaredOrigins(providers), ...hostOptions });
  const studio = createStudio({
    host,
    codecs: await createNodeCodecs(),
    providers,
    store: createSqliteJobStore({ path: join(host.home, 'jobs.sqlite') }),
    ...(deliver === undefined ? { deliver: deliverToNamedFolder, checkDelivery: checkNamedFolder } : { deliver }),
    ...(budgets === undefined ? {} : { budgets }),
  });
  return {
    ...studio,
    async close() {
      await studio.close();
      await host.close();
    },
  };
}

function declaredOrigins(providers: readonly Provider[]): Record<string, readonly string[]> {
  const origins: Record<string, readonly string[]> = {};
  for (const provider of providers) {
    const { credential, trustedOrigins } = provider.describe();
    if (credential !== undefined) origins[credential.name] = trustedOrigins ?? [];
  }
  return origins;
}
