import { createHash } from 'node:crypto';
import { createSecret } from './access-tokens.ts';

/** Secrets that stand for something for a while: links, codes. */
export interface OneTimeSecrets<T> {
  /** Makes a secret for `value`. */
  issue(value: T): { readonly secret: string; readonly expiresAt: number };
  /** What the secret stands for, or undefined once it has ended. */
  find(secret: string): T | undefined;
  /** Ends a secret. True if it was still good. */
  end(secret: string): boolean;
}

/**
 * Secrets that end after `lifeMs`, or earlier when there are more than `most`: the oldest go first.
 *
 * @param now - Milliseconds since the epoch.
 */
export function createOneTimeSecrets<T>(lifeMs: number, most: number, now: () => number): OneTimeSecrets<T> {
  // by digest, so that how long a search takes says nothing about a secret
  const values = new Map<string, { readonly value: T; readonly expiresAt: number }>();
  const keyOf = (secret: string): string => createHash('sha256').update(secret).digest('base64');
  const dropOld = (): void => {
    for (const [key, { expiresAt }] of values) {
      // in order of age: the first that is still good ends the search
      if (expiresAt > now() && values.size <= most) return;
      values.delete(key);
    }
  };
  return {
    issue(value) {
      const secret = createSecret();
      const expiresAt = now() + lifeMs;
      values.set(keyOf(secret), { value, expiresAt });
      dropOld();
      return { secret, expiresAt };
    },
    find(secret) {
      dropOld();
      return values.get(keyOf(secret))?.value;
    },
    end(secret) {
      dropOld();
      return values.delete(keyOf(secret));
    },
  };
}
