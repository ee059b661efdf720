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
  const prefix = `keyring.${process.platform}-${process.arch}`;
  const names = readdirSync(folder).filter((name) => name.startsWith(`${prefix}.`) || name.startsWith(`${prefix}-`));
  const name = process.platform === 'linux' ? names.find((file) => file.includes(libc())) : names[0];
  if (name === undefined) throw new Error(`There is no ${prefix} in ${folder}.`);
  const path = join(folder, name);
  return createRequire(path)(path);
}

/** Which C library Node runs on, as the files are named: only one of the two libraries can be loaded. */
function libc(): 'gnu' | 'musl' {
  // without it, the report asks the network for names, which takes seconds; the types do not know it yet
  const report = Object.assign(process.report, { excludeNetwork: true });
  const { header } = report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined ? 'musl' : 'gnu';
}
