import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { BuildOptions, Metafile, OutputFile, Plugin } from 'esbuild';
import { inputStamp, STAMP_FILE } from './build-stamp.mjs';
import { bundleName, ENTRIES, SDK_FOLDER } from './entries.ts';
import { updateFamilyRegistry } from './generate-families.ts';
import { convertMeshoptimizer } from './wasm-to-js.ts';

const ROOT = resolve(import.meta.dirname, '..');
const SOURCE = join(SDK_FOLDER, 'src');
const DIST = join(SDK_FOLDER, 'dist');
const KEEP_OLD_CHUNKS_MS = 24 * 60 * 60 * 1000;

/** Stay outside the command line's bundle: they bring native or WebAssembly files, or are rarely needed and large. */
const COMMAND_LINE_EXTERNALS = ['@jsquash/webp', '@napi-rs/keyring', 'draco3dgltf', 'gltf-validator', 'undici'];

/**
 * On Node one dependency of the glTF functions reads pictures with a large native library, and loads it whether it is
 * needed or not. Nothing here reads pictures that way: its build for browsers takes its place.
 */
export const WITHOUT_NATIVE_PICTURES: Plugin = {
  name: 'without-native-pictures',
  setup(build) {
    build.onResolve({ filter: /^ndarray-pixels$/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      if (pluginData === WITHOUT_NATIVE_PICTURES.name) return undefined; // our own question below
      const found = await build.resolve(path, { importer, kind, resolveDir, pluginData: WITHOUT_NATIVE_PICTURES.name });
      return { path: join(dirname(found.path), 'ndarray-pixels-browser.js'), sideEffects: false };
    });
  },
};

const COMMON: BuildOptions = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  splitting: true,
  write: false,
  metafile: true,
  absWorkingDir: ROOT,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [WITHOUT_NATIVE_PICTURES],
};

/**
 * Bundles the SDK into packages/sdk/dist: one ES module per public entry, and the command line.
 *
 * Files are written under a temporary name and renamed, so a build next to a running command never shows it half a file.
 * Chunks of earlier builds stay for a day: a job that goes on in a detached process may still want to load one.
 */
export async function buildBundles(): Promise<void> {
  await convertMeshoptimizer(); // a source file of the script engine's entry
  // In CI a stale registry is a mistake to be found, not one to be mended.
  if (process.env.CI === undefined) updateFamilyRegistry();
  const stamp = inputStamp(); // before reading, so that a change made meanwhile is built next time
  mkdirSync(DIST, { recursive: true });
  const results = await Promise.all([
    buildLibrary(),
    existsSync(join(SOURCE, 'cli/main.ts')) ? buildCommandLine() : undefined,
  ]);
  const written = new Set<string>();
  const metafile: Metafile = { inputs: {}, outputs: {} };
  for (const result of results) {
    if (result === undefined) continue;
    for (const file of result.files) {
      writeAtomically(file);
      written.add(file.path);
    }
    Object.assign(metafile.inputs, result.metafile.inputs);
    Object.assign(metafile.outputs, result.metafile.outputs);
  }
  removeLeftovers(written);
  // scripts/check-built-output.ts reads which module ended up in which chunk
  writeFileSync(join(DIST, '.metafile.json'), JSON.stringify(metafile));
  writeFileSync(STAMP_FILE, stamp);
}

async function buildLibrary(): Promise<{ files: OutputFile[]; metafile: Metafile }> {
  const { build } = await import('esbuild'); // only when there is something to build
  const result = await build({
    ...COMMON,
    entryPoints: ENTRIES.map((entry) => ({ in: join(SOURCE, entry.source), out: bundleName(entry.name) })),
    outdir: DIST,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    external: ['node:*', ...installedWithTheLibrary()],
  });
  return { files: result.outputFiles ?? [], metafile: result.metafile as Metafile };
}

/** What an installation of the library brings along. Everything else it uses is bundled. */
function installedWithTheLibrary(): readonly string[] {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(SDK_FOLDER, 'package.json'), 'utf8'));
  return Object.keys({ ...dependencies, ...optionalDependencies }).flatMap((name) => [name, `${name}/*`]);
}

async function buildCommandLine(): Promise<{ files: OutputFile[]; metafile: Metafile }> {
  const { build } = await import('esbuild');
  const result = await build({
    ...COMMON,
    entryPoints: [{ in: join(SOURCE, 'cli/main.ts'), out: 'main' }],
    outdir: join(DIST, 'cli'),
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    conditions: ['source'],
    external: COMMAND_LINE_EXTERNALS,
    banner: {
      // some bundled dependencies are CommonJS and ask for Node's modules
      js: `import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);`,
    },
  });
  return { files: result.outputFiles ?? [], metafile: result.metafile as Metafile };
}

function writeAtomically(file: OutputFile): void {
  mkdirSync(dirname(file.path), { recursive: true });
  const temporary = `${file.path}.${process.pid}.new`;
  writeFileSync(temporary, file.contents);
  renameSync(temporary, file.path);
}

function removeLeftovers(written: ReadonlySet<string>): void {
  const before = Date.now() - KEEP_OLD_CHUNKS_MS;
  for (const name of readdirSync(DIST, { recursive: true, encoding: 'utf8' })) {
    const path = join(DIST, name);
    if (!/\.(js|new)$/.test(name) || written.has(path)) continue;
    if (statSync(path).mtimeMs < before) rmSync(path);
  }
}
