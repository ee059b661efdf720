import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const STAMP = join(ROOT, 'packages/sdk/dist/.stamp');
const OTHER_INPUTS = [
  'scripts/build-bundles.ts',
  'scripts/entries.ts',
  'scripts/wasm-to-js.ts',
  'packages/sdk/package.json',
  'tsconfig.base.json',
  'pnpm-lock.yaml',
];

/**
 * What the build depends on, as one short text: name, size and time of every source file. Plain JavaScript without
 * dependencies and about a millisecond of work, because every start of the command line from a clone asks it.
 */
export function inputStamp() {
  const hash = createHash('sha1');
  const note = (/** @type {string} */ path) => {
    const { size, mtimeMs } = statSync(join(ROOT, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  const walk = (/** @type {string} */ folder) => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (!/\.test(-kit)?\.ts$/.test(entry.name)) note(path);
    }
  };
  walk('packages/sdk/src');
  for (const path of OTHER_INPUTS) note(path);
  return hash.digest('hex');
}

/** True if the bundles in `dist` were made from the sources as they are now. */
export function isBuildFresh() {
  try {
    return readFileSync(STAMP, 'utf8') === inputStamp();
  } catch {
    return false; // never built
  }
}

/** Where {@link isBuildFresh} looks. */
export const STAMP_FILE = STAMP;
