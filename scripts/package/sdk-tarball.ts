import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, SentenceError } from '../bootstrap/common.mjs';
import { runPnpm } from '../bootstrap/install.mjs';
import { SDK_FOLDER } from '../entries.ts';
import { runNode } from '../testing/run-process.ts';
import { makeTarball, readTarball } from './tarball.ts';

/**
 * The SDK as npm installs it, built from the sources as they are.
 *
 * pnpm packs it, which puts versions in the place of the catalog's names. What earlier builds left in `dist` for processes
 * that still run is taken out again.
 */
export async function sdkTarball(): Promise<Uint8Array> {
  const built = await runNode(['scripts/build.ts', '--types'], { cwd: ROOT, env: {} });
  if (built.exitCode !== 0) throw new SentenceError(built.output.trimEnd());
  const folder = mkdtempSync(join(tmpdir(), 'maquette-package-'));
  try {
    const { code, output } = await runPnpm(['--filter', '@maquette3d/sdk', 'pack', '--pack-destination', folder]);
    const [name] = readdirSync(folder);
    if (code !== 0 || name === undefined) throw new SentenceError(`pnpm cannot pack the SDK:\n${output.trimEnd()}`);
    const files = readTarball(readFileSync(join(folder, name)));
    const current = currentBundles();
    return makeTarball(new Map([...files].filter(([path]) => isCurrent(path, current))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Paths of the bundles of the last build, in the package. */
function currentBundles(): ReadonlySet<string> {
  const { outputs } = JSON.parse(readFileSync(join(SDK_FOLDER, 'dist', '.metafile.json'), 'utf8'));
  return new Set(Object.keys(outputs).map((path) => path.replace(/^packages\/sdk\//, '')));
}

function isCurrent(path: string, bundles: ReadonlySet<string>): boolean {
  if (!path.startsWith('dist/')) return true;
  const declaration = /^dist\/types\/(.+)\.d\.ts$/.exec(path)?.[1];
  if (declaration === undefined) return bundles.has(path);
  return existsSync(join(SDK_FOLDER, 'src', `${declaration}.ts`));
}
