import type { Environment } from '../platform/node/maquette-home.ts';
import type { Provider } from '../provider/provider.ts';
import { DEFAULT_PROVIDER } from '../providers/standard/create-providers.ts';
import { UsageError } from './usage-error.ts';

/** Id of the provider to use. A name nobody has is wrong usage. */
export function chooseProvider(providers: readonly Provider[], given: string | undefined, env: Environment): string {
  const fromEnvironment = env.MAQUETTE_PROVIDER || undefined;
  const id = given ?? fromEnvironment ?? DEFAULT_PROVIDER;
  if (providers.some((provider) => provider.id === id)) return id;
  const known = providers.map((provider) => provider.id).join(', ');
  const source = given === undefined ? ', which MAQUETTE_PROVIDER names' : '';
  throw new UsageError(`There is no provider "${id.slice(0, 60)}"${source}; known are ${known}.`);
}
