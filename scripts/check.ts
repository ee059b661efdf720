/**
 * `npm run check`: everything that can be judged without running the product. One line per step; what a step printed is
 * shown if it failed.
 *
 * `--only a,b` runs some steps; `--report FILE` writes the counts as JSON.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type CheckStep, STEPS } from './checks/steps.ts';
import { killRunning, ROOT, runNode } from './testing/run-process.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, report: { type: 'string' } } });
const wanted = values.only?.split(',');
const unknown = wanted?.find((name) => !STEPS.some((step) => step.name === name));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    killRunning();
    process.exit(130);
  });
}

if (unknown !== undefined) {
  console.error(`There is no step "${unknown}"; the steps are ${STEPS.map(({ name }) => name).join(', ')}.`);
  process.exitCode = 2;
} else {
  const outcomes = await runAll(withPrerequisites(wanted));
  const passed = outcomes.filter((outcome) => outcome === 'ok').length;
  const failed = outcomes.length - passed;
  if (values.report !== undefined) writeFileSync(values.report, JSON.stringify({ passed, failed, skipped: 0 }));
  process.exitCode = failed === 0 ? 0 : 1;
}

function withPrerequisites(names: readonly string[] | undefined): readonly CheckStep[] {
  if (names === undefined) return STEPS;
  const needed = new Set(names);
  for (const step of STEPS.toReversed()) if (needed.has(step.name) && step.after !== undefined) needed.add(step.after);
  return STEPS.filter((step) => needed.has(step.name));
}

/** Runs as many steps at once as there are processors; a step waits for the one it comes after. */
async function runAll(steps: readonly CheckStep[]): Promise<readonly ('ok' | 'failed')[]> {
  const waiting = [...steps];
  const ended = new Map<string, 'ok' | 'failed'>();
  const worker = async (): Promise<void> => {
    while (waiting.length > 0) {
      const index = waiting.findIndex(({ after }) => after === undefined || ended.has(after));
      if (index < 0) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      const [step] = waiting.splice(index, 1);
      if (step !== undefined) ended.set(step.name, await runStep(step, ended));
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
  return [...ended.values()];
}

async function runStep(step: CheckStep, ended: ReadonlyMap<string, 'ok' | 'failed'>): Promise<'ok' | 'failed'> {
  if (step.after !== undefined && ended.get(step.after) === 'failed') {
    console.log(` ✗ ${step.name}: not run, because ${step.after} failed`);
    return 'failed';
  }
  const startedAt = performance.now();
  const { exitCode, output } = await runNode(step.args, { cwd: ROOT, env: { FORCE_COLOR: '0' } });
  const verdict = exitCode === 0 ? (step.refuse?.(output) ?? '') : output.trimEnd();
  const isFine = exitCode === 0 && verdict === '';
  console.log(` ${isFine ? '✓' : '✗'} ${step.name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (!isFine) console.log(verdict === '' ? `   ended with status ${exitCode}` : verdict);
  return isFine ? 'ok' : 'failed';
}
