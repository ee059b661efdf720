import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Counts } from './counts.ts';
import { ROOT, runNode } from './run-process.ts';

const TIMEOUT_MS = 120_000;

/** Runs every example as a user would, against the sources. It asserts by itself; its exit status is the verdict. */
export async function runExamples(): Promise<Counts> {
  let passed = 0;
  let failed = 0;
  for (const name of readdirSync(join(ROOT, 'examples')).sort()) {
    const folder = join(ROOT, 'examples', name);
    if (!existsSync(join(folder, 'main.ts'))) continue;
    const startedAt = performance.now();
    const { exitCode, output } = await runNode(
      ['--conditions=source', '--import', join(import.meta.dirname, 'limit-runtime.mjs'), 'main.ts'],
      { cwd: folder, env: { MAQUETTE_RUNTIME_LIMIT_MS: String(TIMEOUT_MS) } },
    );
    const took = `${Math.round(performance.now() - startedAt)} ms`;
    console.log(` ${exitCode === 0 ? '✓' : '✗'} ${name} ${took}`);
    if (exitCode === 0) passed += 1;
    else {
      failed += 1;
      console.log(output.trimEnd());
    }
  }
  return { passed, failed, skipped: 0 };
}
