import { isSdkError, SdkError } from '../../foundation/errors.ts';
import type { CredentialUse } from '../../foundation/http.ts';
import { environmentNameOf, type KeyStore } from './key-store.ts';
import type { Environment } from './maquette-home.ts';

/** Where a credential comes from; its value is told to nobody. */
export type CredentialSource = 'environment' | 'key-store';

/** Which origins a credential may reach, by its name: `{ '404': ['https://api.example.com'] }`. */
export type CredentialOrigins = Readonly<Record<string, readonly string[]>>;

/** The keys this process may use, and the rule where each may go. */
export interface NodeCredentials {
  /** Where the value would come from, or null if there is none. */
  sourceOf(name: string): Promise<CredentialSource | null>;
  /**
   * Header and value for a request to that origin.
   *
   * Rejects with `URL_NOT_TRUSTED` when the credential may not reach the origin, `CONFIG_MISSING` when it is not set.
   */
  headerFor(use: CredentialUse, origin: string): Promise<readonly [name: string, value: string]>;
  /** Has the key store asked again: a key was set or removed. */
  forget(name: string): void;
  /** Values read so far, for redaction. */
  readonly knownValues: ReadonlySet<string>;
}

// What may stand in a header. @source RFC 9110 §5.5: visible ASCII and spaces inside; anything else is a paste accident.
const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** How long the key store's answer is believed, milliseconds: keys are also set and removed by other processes. */
const BELIEVED_MS = 60_000;
const ABSENCE_BELIEVED_MS = 5000;

/** Reads credentials from the environment, then from the key store, whose answers are kept for a while. */
export function createNodeCredentials(options: {
  readonly env: Environment;
  readonly keyStore: KeyStore;
  readonly origins: CredentialOrigins;
}): NodeCredentials {
  const knownValues = new Set<string>();
  const stored = new Map<string, Promise<string | null>>();

  const fromEnvironment = (name: string): string | null => options.env[environmentNameOf(name)]?.trim() || null;
  const fromKeyStore = (name: string): Promise<string | null> => {
    const known = stored.get(name);
    if (known !== undefined) return known;
    const expire = (afterMs: number): void => {
      setTimeout(() => {
        if (stored.get(name) === reading) stored.delete(name);
      }, afterMs).unref();
    };
    const reading = options.keyStore.get(name).catch((error: unknown) => {
      // no key store on this machine is the same as no key in it; whoever needs the key says so
      if (isSdkError(error) && error.code === 'UNSUPPORTED_ON_HOST') return null;
      throw error;
    });
    stored.set(name, reading);
    reading.then(
      (value) => expire(value === null ? ABSENCE_BELIEVED_MS : BELIEVED_MS),
      () => stored.delete(name), // the next one asks again
    );
    return reading;
  };
  const readValue = async (name: string): Promise<{ value: string; source: CredentialSource } | null> => {
    const set = fromEnvironment(name);
    const value = set ?? (await fromKeyStore(name));
    if (value === null || value === '') return null;
    knownValues.add(value);
    return { value, source: set === null ? 'key-store' : 'environment' };
  };

  return {
    knownValues,
    forget: (name) => void stored.delete(name),
    async sourceOf(name) {
      return (await readValue(name))?.source ?? null;
    },
    async headerFor(use, origin) {
      if (!(options.origins[use.name] ?? []).includes(origin)) {
        throw new SdkError({
          code: 'URL_NOT_TRUSTED',
          message: `The key for "${use.name}" may not be sent to ${origin}.`,
        });
      }
      const found = await readValue(use.name);
      if (found === null) {
        throw new SdkError({
          code: 'CONFIG_MISSING',
          message: `No key is set for "${use.name}".`,
          remedy: `Store one with \`maquette key set ${use.name}\`, or set ${environmentNameOf(use.name)}.`,
        });
      }
      if (!HEADER_VALUE.test(found.value)) {
        throw new SdkError({
          code: 'INPUT_INVALID',
          message: `The key for "${use.name}" holds characters that no key has.`,
          remedy: `Store it again with \`maquette key set ${use.name}\`.`,
        });
      }
      return [use.header, `${use.prefix ?? ''}${found.value}`];
    },
  };
}
