/** Python's own unittests, in every Blender and, those that need none, in the system's Python; one result for each. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { Blender } from '../../../scripts/testing/blender/prepare.ts';
import { type BlenderEnd, endProcessesOf, startBlender } from '../../../scripts/testing/blender/run-blender.ts';
import { ROOT } from '../../../scripts/testing/run-process.ts';
import { describeBlenders } from './support/blenders.ts';

const TESTS = join(ROOT, 'packages/blender-bridge/tests');
const RUNNER = join(TESTS, 'run_unittests.py');
const TIMEOUT_MS = 300_000;

interface PythonTest {
  readonly id: string;
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'ended';
  readonly details: string;
}

interface PythonRun {
  readonly status: number | null;
  readonly output: string;
  readonly tests: readonly PythonTest[];
}

/** Folders that hold tests. */
const folders = ['wire', 'blender'].filter((name) =>
  readdirSync(join(TESTS, name)).some((file) => /^test_.*\.py$/.test(file)),
);

// Vitest has to know the names of tests before it runs them, so Python runs first.
const inBlenders = new Map(
  await Promise.all(
    inject('blenders')
      .filter(({ missing }) => missing === null)
      .map(async (blender) => {
        const runs: Record<string, PythonRun> = {};
        for (const folder of folders) runs[folder] = await runInBlender(blender, folder);
        return [blender.name, runs] as const;
      }),
  ),
);

describeBlenders('Python tests', (blender) => {
  for (const [folder, run] of Object.entries(inBlenders.get(blender.name) ?? {})) {
    describe(folder, () => tellResults(run));
  }
});

if (folders.includes('wire'))
  describe('Python tests in the Python of the system', () => tellResults(runInPython('wire')));

async function runInBlender(blender: Blender, folder: string): Promise<PythonRun> {
  const scratch = mkdtempSync(join(inject('scratch'), 'unittests-'));
  const report = join(scratch, 'report.jsonl');
  try {
    const running = await startBlender(blender, {
      script: RUNNER,
      args: [join(TESTS, folder), report],
      scratch,
      visible: [inject('assets')],
      env: { MAQUETTE_TEST_ASSETS: inject('assets') },
      timeoutMs: TIMEOUT_MS,
    });
    const { status, output }: BlenderEnd = await running.finished;
    return { status, output, tests: readReport(report) };
  } finally {
    endProcessesOf(scratch);
  }
}

function runInPython(folder: string): PythonRun {
  const report = join(mkdtempSync(join(inject('scratch'), 'python-')), 'report.jsonl');
  const { status, stdout, stderr, error } = spawnSync('python3', ['-B', RUNNER, join(TESTS, folder), report], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    env: { ...process.env, MAQUETTE_TEST_ASSETS: inject('assets') },
  });
  return { status, output: `${error?.message ?? ''}${stdout}${stderr}`, tests: readReport(report) };
}

function readReport(path: string): readonly PythonTest[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as PythonTest);
}

function tellResults({ status, output, tests }: PythonRun): void {
  for (const { id, outcome, details } of tests) {
    if (outcome === 'ended') continue;
    it(id, (context) => {
      if (outcome === 'skipped') context.skip(details);
      if (outcome === 'failed') throw new Error(details);
    });
  }
  it('ran to the end', () => {
    const reached = { status, isComplete: tests.at(-1)?.outcome === 'ended' };
    const log = join(inject('scratch'), 'python-failure.log');
    writeFileSync(log, output);
    expect(reached, output.slice(-4000)).toEqual({ status: 0, isComplete: true });
  });
}
