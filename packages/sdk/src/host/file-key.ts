import { SdkError } from '../foundation/errors.ts';

const SEGMENT = /^[A-Za-z0-9._-]{1,200}$/;

/** Throws `INPUT_INVALID` unless `key` follows the rules of {@link FileStore}. */
export function assertFileKey(key: string): void {
  const segments = key.split('/');
  const valid = segments.every((segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..');
  if (!valid || key.length > 1000) {
    throw new SdkError({ code: 'INPUT_INVALID', message: `"${key.slice(0, 100)}" is not a valid file key.` });
  }
}
