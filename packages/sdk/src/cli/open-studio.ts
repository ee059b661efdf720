import type { JobStore } from '../jobs/job-store.ts';
import { maquetteHome } from '../platform/node/maquette-home.ts';
import { createNodeHost, type NodeHost } from '../platform/node/node-host.ts';
import { credentialOriginsOf, type HomeStudio, openHomeStudio } from '../platform/node/open-home-studio.ts';
import type { Provider } from '../provider/provider.ts';
import { createProviders } from '../providers/standard/create-providers.ts';
import type { Terminal } from './terminal.ts';

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

/**
 * Everything that work on jobs needs. Codecs are loaded when the first order is checked or the first result processed.
 *
 * @param openStore - Opens the jobs of a home folder. Default: the database in it.
 */
export function openStudio(terminal: Terminal, openStore?: (home: string) => Promise<JobStore>): Promise<HomeStudio> {
  return openHomeStudio({ ...createCommandHost(terminal), ...(openStore === undefined ? {} : { openStore }) });
}
