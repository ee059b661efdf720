import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Top of the checkout. `import.meta.dirname` is younger than the oldest Node this has to run under. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What the scripts keep between runs: locks, logs, compiled code. Ignored by git. */
export const CACHE = join(ROOT, '.cache');

/** A failure that is fully told by its one sentence; it is printed without a stack and ends with status 1. */
export class SentenceError extends Error {}
