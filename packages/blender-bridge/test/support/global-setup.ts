import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Blender, prepareBlenders } from '../../../../scripts/testing/blender/prepare.ts';
import { packAddon } from './pack-addon.ts';
import { makeTestAssets } from './test-assets.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    blenders: readonly Blender[];
    /** Folder that everything goes into that tests write. */
    scratch: string;
    /** Folder with one asset folder for each name in test-assets.ts. */
    assets: string;
    /** Folder with the zip and, as `maquette/`, the add-on it holds. */
    addon: string;
    addonZip: string;
  }
}

/** Makes the Blenders and what tests import, once for all test files. Returns what takes it away. */
// biome-ignore lint/style/noDefaultExport: the name Vitest looks for
export default async function setUp(project: TestProject): Promise<() => void> {
  // Blender resolves links, and paths are compared
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'maquette-blender-')));
  const assets = join(scratch, 'assets');
  const addon = join(scratch, 'addon');
  mkdirSync(assets);
  mkdirSync(addon);
  const [blenders, zip] = await Promise.all([prepareBlenders(), packAddon(addon), makeTestAssets(assets)]);
  project.provide('blenders', blenders);
  project.provide('scratch', scratch);
  project.provide('assets', assets);
  project.provide('addon', addon);
  project.provide('addonZip', zip);
  return () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
