/**
 * `npm run build`: bundles, and with `--types` the declarations. Does nothing if the sources have not changed; `--force`
 * builds anyway, `--clean` from an empty folder.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withLock } from './bootstrap/lock.mjs';
import { buildBundles } from './build-bundles.ts';
import { isBuildFresh } from './build-stamp.mjs';
import { SDK_FOLDER } from './entries.ts';

const ROOT = join(import.meta.dirname, '..');

const { values } = parseArgs({
  options: {
    types: { type: 'boolean', default: false },
    force: { type: 'boolean', default: false },
    clean: { type: 'boolean', default: false },
  },
});

await withLock('build', async () => {
  if (values.clean) rmSync(join(SDK_FOLDER, 'dist'), { recursive: true, force: true });
  try {
    if (values.force || !isBuildFresh()) await buildBundles();
    if (values.types) buildDeclarations();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
});

function buildDeclarations(): void {
  const result = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(SDK_FOLDER, 'tsconfig.types.json')],
    { stdio: 'inherit' },
  );
  if (result.status !== 0) {
    console.error('The declarations could not be made.');
    process.exitCode = 1;
  }
}
