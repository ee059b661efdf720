import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counts, countVitest } from './counts.ts';
import { ROOT, runNode } from './run-process.ts';

/** Runs projects of vitest.config.ts and counts what came of it. */
export async function runVitest(projects: readonly string[]): Promise<Counts> {
  const report = join(tmpdir(), `vitest-${projects.join('-')}.json`);
  const { exitCode } = await runNode(
    [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { show: true },
  );
  return countVitest(existsSync(report) ? readFileSync(report, 'utf8') : null, exitCode);
}
