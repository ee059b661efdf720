/**
 * Walks the built chunks of the neutral entries and fails on what script engines without a platform do not have.
 *
 * Types and lint keep the sources clean; this sees what libraries bring in and what types cannot see. A neutral entry is
 * bundled once more with its dependencies, because that is how it reaches such an engine.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { ENTRIES, SDK_FOLDER } from '../entries.ts';
import { findForbidden } from './forbidden-output.ts';

for (const entry of ENTRIES) {
  if (entry.platform !== 'neutral') continue;
  const { outputFiles } = await build({
    entryPoints: [join(SDK_FOLDER, 'src', entry.source)],
    outdir: 'unused',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    external: ['node:*'],
    logLevel: 'error',
    minifySyntax: true, // drops branches that can never run
  });
  for (const { text } of outputFiles) {
    for (const { what, excerpt } of findForbidden(text)) {
      console.error(`The entry ${entry.name} uses ${what}: ${excerpt}`);
      process.exitCode = 1;
    }
  }
}
