import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Counts } from './counts.ts';
import { ROOT, runNode } from './run-process.ts';

/** Runs `npm run check`; each of its steps counts as one test. */
export async function runCheckSuite(): Promise<Counts> {
  const report = join(tmpdir(), 'check.json');
  const { exitCode } = await runNode([join(ROOT, 'scripts/check.ts'), '--report', report], { show: true });
  const counts: Counts = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0 };
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
