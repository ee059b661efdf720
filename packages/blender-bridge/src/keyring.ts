import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';

/**
 * The native library of the operating system's key store, from the folder `native` of the add-on.
 *
 * Stands in for `@napi-rs/keyring` in the bundle: that package looks for its libraries where npm puts them. Loading fails
 * where there is none for this machine, which the SDK tells as `UNSUPPORTED_ON_HOST`.
 */
export const { AsyncEntry } = loadLibrary();

function loadLibrary(): { readonly AsyncEntry: unknown } {
  const folder = join(dirname(isSea() ? process.execPath : fileURLToPath(import.meta.url)), 'native');
  // keyring.linux-x64-gnu.node, keyring.darwin-arm64.node: one for each system and processor
  const prefix = `keyring.${process.platform}-${process.arch}`;
  const name = readdirSync(folder).find((file) => file.startsWith(`${prefix}.`) || file.startsWith(`${prefix}-`));
  if (name === undefined) throw new Error(`There is no ${prefix} in ${folder}.`);
  const path = join(folder, name);
  return createRequire(path)(path);
}
