import type { Provider } from '../../provider/provider.ts';
import { create404Provider } from '../404/provider.ts';
import { createLocalProvider, type LocalProviderOptions } from '../local/provider.ts';

/** Provider used where nothing else is said: works offline and costs nothing. */
export const DEFAULT_PROVIDER = 'local';

/**
 * Every provider this package brings, the default first.
 *
 * @param env - `MAQUETTE_404_URL` in it names another gateway of 404-GEN.
 * @param local - How the built-in generator is made.
 */
export function createProviders(
  env: Readonly<Record<string, string | undefined>>,
  local: LocalProviderOptions = {},
): readonly Provider[] {
  const url = env.MAQUETTE_404_URL?.trim() || undefined;
  return [createLocalProvider(local), create404Provider(url === undefined ? {} : { url })];
}
