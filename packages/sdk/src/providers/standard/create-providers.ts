import type { Provider } from '../../provider/provider.ts';
import { create404Provider } from '../404/provider.ts';
import { createLocalProvider } from '../local/provider.ts';

/** Provider used where nothing else is said: works offline and costs nothing. */
export const DEFAULT_PROVIDER = 'local';

/**
 * Every provider this package brings, the default first.
 *
 * @param env - `MAQUETTE_404_URL` in it names another gateway of 404-GEN.
 */
export function createProviders(env: Readonly<Record<string, string | undefined>>): readonly Provider[] {
  const url = env.MAQUETTE_404_URL?.trim() || undefined;
  return [createLocalProvider(), create404Provider(url === undefined ? {} : { url })];
}
