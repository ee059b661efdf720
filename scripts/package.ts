/**
 * `npm run package`: everything that people install, in `dist/`.
 *
 * `--only npm,blender,executables` chooses: the SDK's tarball; the Blender add-on for any machine with a Node; the add-on with
 * an executable, for each of the machines or those of `--targets linux-x64,win-x64,darwin-arm64`. `--out DIR` puts it
 * elsewhere.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, SentenceError } from './bootstrap/common.mjs';
import { addOnVersion, portableAddOn, selfContainedAddOn } from './package/add-on.ts';
import { sdkTarball } from './package/sdk-tarball.ts';
import { TARGETS } from './package/targets.ts';
import { makeZip, type ZipEntry } from './package/zip.ts';

const KINDS = ['npm', 'blender', 'executables'] as const;

const { values } = parseArgs({
  options: { only: { type: 'string' }, targets: { type: 'string' }, out: { type: 'string', default: 'dist' } },
});
const out = resolve(process.env.INIT_CWD ?? ROOT, values.out === 'dist' ? join(ROOT, 'dist') : values.out);

try {
  const kinds = choose('kind', values.only, KINDS, (kind) => kind);
  const targets = choose('target', values.targets, TARGETS, ({ name }) => name);
  mkdirSync(out, { recursive: true });
  if (kinds.includes('npm')) await packSdk();
  if (kinds.includes('blender')) await writeZip('', await portableAddOn());
  if (kinds.includes('executables')) {
    for (const target of targets) await writeZip(`-${target.name}`, await selfContainedAddOn(target));
  }
} catch (error) {
  if (!(error instanceof SentenceError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function choose<T>(
  what: string,
  given: string | undefined,
  all: readonly T[],
  nameOf: (item: T) => string,
): readonly T[] {
  if (given === undefined) return all;
  return given.split(',').map((name) => {
    const found = all.find((item) => nameOf(item) === name);
    if (found !== undefined) return found;
    throw new SentenceError(`There is no ${what} "${name}"; there are ${all.map(nameOf).join(', ')}.`);
  });
}

async function packSdk(): Promise<void> {
  write(`maquette3d-sdk-${addOnVersion()}.tgz`, await sdkTarball());
}

async function writeZip(suffix: string, entries: readonly ZipEntry[]): Promise<void> {
  write(`maquette-blender-${addOnVersion()}${suffix}.zip`, makeZip(entries));
}

function write(name: string, bytes: Uint8Array): void {
  const path = join(out, name);
  // whoever installs it meanwhile never sees half a file
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
  console.log(`${path}: ${(bytes.length / 1e6).toFixed(1)} MB`);
}
