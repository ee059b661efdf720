import type { Environment } from '../platform/node/maquette-home.ts';
import type { CredentialOrigins } from '../platform/node/node-credentials.ts';
import type { Provider } from '../provider/provider.ts';
import { create404Provider } from '../providers/404/provider.ts';
import { createLocalProvider } from '../providers/local/provider.ts';
import { UsageError } from './usage-error.ts';

/** Provider used where nothing else is said. */
export const DEFAULT_PROVIDER = 'local';

/** Every provider of the command line, the default first. `MAQUETTE_404_URL` names another gateway of 404-GEN. */
export function createProviders(env: Environment): readonly Provider[] {
  const url = env.MAQUETTE_404_URL?.trim() || undefined;
  return [createLocalProvider(), create404Provider(url === undefined ? {} : { url })];
}

/** Where the key of each provider may be sent. */
export function credentialOriginsOf(providers: readonly Provider[]): CredentialOrigins {
  const origins: Record<string, readonly string[]> = {};
  for (const provider of providers) {
    const { credential, trustedOrigins } = provider.describe();
    if (credential !== undefined) origins[credential.name] = trustedOrigins ?? [];
  }
  return origins;
}

/** Id of the provider to use. A name nobody has is wrong usage. */
export function chooseProvider(providers: readonly Provider[], given: string | undefined, env: Environment): string {
  const fromEnvironment = env.MAQUETTE_PROVIDER || undefined;
  const id = given ?? fromEnvironment ?? DEFAULT_PROVIDER;
  if (providers.some((provider) => provider.id === id)) return id;
  const known = providers.map((provider) => provider.id).join(', ');
  const source = given === undefined ? ', which MAQUETTE_PROVIDER names' : '';
  throw new UsageError(`There is no provider "${id.slice(0, 60)}"${source}; known are ${known}.`);
}
