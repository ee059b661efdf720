/**
 * Fails if a neutral entry, bundled with everything it needs, minified and compressed, is larger than its limit.
 *
 * The limits stand a tenth above what was measured when they were set: they are here to make growth a decision.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import filePlugin from '@size-limit/file';
import { build } from 'esbuild';
import sizeLimit from 'size-limit';
import { ENTRIES, SDK_FOLDER } from '../entries.ts';

/** Kilobytes after Brotli, by entry. An entry without a limit is not measured. */
const LIMITS_KB: Readonly<Record<string, number>> = {
  '.': 155,
  './protocol': 15,
};

const folder = mkdtempSync(join(tmpdir(), 'maquette-size-'));
try {
  for (const entry of ENTRIES) {
    const limit = LIMITS_KB[entry.name];
    if (limit === undefined) continue;
    const { outputFiles } = await build({
      entryPoints: [join(SDK_FOLDER, 'src', entry.source)],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      external: ['node:*'],
    });
    const path = join(folder, 'entry.js');
    writeFileSync(path, outputFiles[0]?.contents ?? '');
    const [measured] = (await sizeLimit([filePlugin], [path])) as { size: number }[];
    const sizeKb = (measured?.size ?? Number.POSITIVE_INFINITY) / 1000;
    console.log(`${entry.name}: ${sizeKb.toFixed(1)} kB of ${limit} kB`);
    if (sizeKb > limit) {
      console.error(`The entry ${entry.name} is ${sizeKb.toFixed(1)} kB, more than its limit of ${limit} kB.`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
