import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../../../scripts/testing/run-process.ts';

const run = promisify(execFile);
const BRIDGE = join(ROOT, 'packages/blender-bridge');

/** The add-on as people get it. */
export interface PackedAddon {
  /** The zip. */
  readonly zip: string;
}

/**
 * Packs the add-on and unpacks it again.
 *
 * @param folder - Where to; exists. Gets the zip, and the unpacked add-on as `maquette/`.
 */
export async function packAddon(folder: string): Promise<PackedAddon> {
  const addon = join(folder, 'maquette');
  mkdirSync(addon);
  cpSync(join(BRIDGE, 'addon/maquette'), addon, { recursive: true, filter: (path) => !path.includes('__pycache__') });
  const main = join(BRIDGE, 'src/main.ts');
  if (existsSync(main)) {
    const esbuild = await import('esbuild');
    await esbuild.build({
      entryPoints: [main],
      outfile: join(addon, 'helper.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['source'],
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      external: ['@napi-rs/keyring'],
      logLevel: 'error',
    });
  }
  const zip = join(folder, 'maquette-blender.zip');
  await run('python3', ['-m', 'zipfile', '-c', zip, addon]);
  return { zip };
}
