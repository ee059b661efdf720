import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleHelper } from '../../../../scripts/package/bundle-helper.ts';
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
  const { code } = await bundleHelper('module');
  writeFileSync(join(addon, 'helper.mjs'), code);
  const zip = join(folder, 'maquette-blender.zip');
  await run('python3', ['-m', 'zipfile', '-c', zip, addon]);
  return { zip };
}
