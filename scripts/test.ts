/**
 * `npm test`: runs the suites and ends with one line, `N passed, N failed`, counted from reports and exit statuses.
 *
 * Everything a run writes goes into one folder of its own, which is removed in the end, and nothing it started is left
 * running. With CI set nothing may be skipped: a skipped test counts as failed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale } from './bootstrap/build-if-stale.mjs';
import { addCounts, type Counts, closingLine, settleCounts } from './testing/counts.ts';
import { killRunning, killStrays } from './testing/run-process.ts';
import { chooseSuites, type Suite, SuiteUsageError } from './testing/suites.ts';
import { ensureSystemPackages } from './testing/system-packages.ts';

const GRACE_MS = 500;

const isCi = !['', '0', 'false', undefined].includes(process.env.CI);

const suites = readArguments();
if (suites !== null) await runAll(suites);

function readArguments(): readonly Suite[] | null {
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string' }, without: { type: 'string' } },
      allowPositionals: false,
    });
    return chooseSuites(values.only, values.without);
  } catch (error) {
    if (!(error instanceof SuiteUsageError) && !(error instanceof TypeError)) throw error;
    console.error(`${error.message.split('. ')[0]?.replace(/\.?$/, '.')}`);
    console.error('Usage: npm test -- [--only suite,suite] [--without suite,suite]');
    process.exitCode = 2;
    return null;
  }
}

async function runAll(chosen: readonly Suite[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'maquette-test-'));
  const cleanUp = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      killRunning();
      cleanUp();
      process.exit(130);
    });
  }
  process.env.TMPDIR = folder;
  process.env.MAQUETTE_HOME = join(folder, 'home');

  const all: Counts[] = [await build()];
  for (const suite of chosen) {
    console.log(`\n── ${suite.name}`);
    const startedAt = performance.now();
    const missing = ensureSystemPackages(suite.needs);
    let counts = settleCounts(await suite.run(), !isCi);
    if (isCi && missing.length > 0) counts = { ...counts, failed: counts.failed + missing.length };
    await reportStrays(suite);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
    console.log(`${suite.name}: ${closingLine(counts)}${skipped} in ${seconds} s`);
    all.push(counts);
  }
  cleanUp();
  const sum = addCounts(all);
  process.exitCode = sum.failed === 0 ? 0 : 1;
  console.log(`\n${closingLine(sum)}`);
}

/** Tests of the command start its bundle. A build that fails is one failure; the suites say what else is wrong. */
async function build(): Promise<Counts> {
  try {
    await buildIfStale();
    return { passed: 0, failed: 0, skipped: 0 };
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** Processes that are ending are given a moment; what is left then is ended and named. */
async function reportStrays(suite: Suite): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
  for (const command of killStrays()) console.log(`${suite.name} left a process behind, now ended: ${command}`);
}
