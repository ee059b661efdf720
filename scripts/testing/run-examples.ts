import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Counts } from './counts.ts';
import { ROOT, runNode } from './run-process.ts';

const TIMEOUT_MS = 120_000;

/**
 * Runs every example as a user would, against the sources. It asserts by itself; its exit status is the verdict.
 *
 * Working and home folder are temporary ones, so that an example may use the defaults.
 */
export async function runExamples(): Promise<Counts> {
  let passed = 0;
  let failed = 0;
  for (const name of readdirSync(join(ROOT, 'examples')).sort()) {
    const folder = join(ROOT, 'examples', name);
    if (!existsSync(join(folder, 'main.ts'))) continue;
    const startedAt = performance.now();
    const scratch = mkdtempSync(join(tmpdir(), 'maquette-example-'));
    const { exitCode, output } = await runNode(
      ['--conditions=source', '--import', join(import.meta.dirname, 'limit-runtime.mjs'), join(folder, 'main.ts')],
      {
        cwd: scratch,
        env: { MAQUETTE_RUNTIME_LIMIT_MS: String(TIMEOUT_MS), MAQUETTE_HOME: join(scratch, 'home') },
      },
    );
    rmSync(scratch, { recursive: true, force: true });
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
