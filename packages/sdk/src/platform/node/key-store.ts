import { SdkError } from '../../foundation/errors.ts';

/** Name under which keys lie in the store of the operating system. */
export const KEY_STORE_SERVICE = 'maquette';

/** The place where the operating system keeps secrets: Keychain, Credential Manager, Secret Service. */
export interface KeyStore {
  /** The value, or null if none is stored. */
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  /** True if there was one. */
  remove(name: string): Promise<boolean>;
}

/**
 * The key store of this operating system. Every method rejects with `UNSUPPORTED_ON_HOST` where there is none, for
 * instance on a server without a desktop session.
 *
 * The native module is loaded on first use; it is an optional dependency.
 */
export function createKeyStore(): KeyStore {
  let loading: Promise<typeof import('@napi-rs/keyring')> | undefined;
  const run = async <T>(
    name: string,
    work: (entry: import('@napi-rs/keyring').AsyncEntry) => Promise<T>,
  ): Promise<T> => {
    try {
      loading ??= import('@napi-rs/keyring');
      const { AsyncEntry } = await loading;
      // Without the pin Linux falls back to the kernel's keyring, which forgets everything on the next start.
      return await work(new AsyncEntry(KEY_STORE_SERVICE, name, { linux: { store: 'secret-service' } }));
    } catch (error) {
      throw new SdkError({
        code: 'UNSUPPORTED_ON_HOST',
        message: 'The key store of the operating system cannot be used here.',
        remedy: `Set the environment variable ${environmentNameOf(name)} instead, or sign in to a desktop session with a key ring.`,
        cause: error,
      });
    }
  };
  return {
    get: (name) => run(name, (entry) => entry.getPassword()),
    set: (name, value) => run(name, (entry) => entry.setPassword(value)),
    remove: (name) => run(name, (entry) => entry.deletePassword()),
  };
}

/** Environment variable that holds the key of a provider: `MAQUETTE_404_KEY` for `404`. */
export function environmentNameOf(name: string): string {
  return `MAQUETTE_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_KEY`;
}
