import { describe, expect, it } from 'vitest';
import { addCounts, closingLine, countVitest, settleCounts } from './counts.ts';

const report = (...files: { status: string; tests: readonly string[] }[]): string =>
  JSON.stringify({
    testResults: files.map(({ status, tests }, index) => ({
      name: `${index}.test.ts`,
      status,
      assertionResults: tests.map((test) => ({ status: test })),
    })),
  });

describe('countVitest', () => {
  it('counts tests', () => {
    const text = report(
      { status: 'failed', tests: ['passed', 'failed', 'failed'] },
      { status: 'passed', tests: ['passed'] },
    );
    expect(countVitest(text, 1)).toEqual({ passed: 2, failed: 2, skipped: 0 });
  });

  it('counts a file that could not be loaded as one failure', () => {
    const text = report({ status: 'failed', tests: [] }, { status: 'passed', tests: ['passed'] });
    expect(countVitest(text, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('believes the exit status where the report knows of nothing', () => {
    expect(countVitest(report({ status: 'passed', tests: ['passed'] }), 1).failed).toBe(1);
    expect(countVitest(null, 1).failed).toBe(1);
  });

  it('counts pending, to-do and disabled tests as skipped', () => {
    const text = report({ status: 'passed', tests: ['passed', 'pending', 'todo', 'disabled', 'skipped'] });
    expect(countVitest(text, 0)).toEqual({ passed: 1, failed: 0, skipped: 4 });
  });
});

describe('settleCounts', () => {
  it('fails a suite that ran nothing', () => {
    expect(settleCounts(countVitest(report(), 0), true).failed).toBe(1);
    expect(settleCounts({ passed: 0, failed: 0, skipped: 3 }, true).failed).toBe(1);
  });

  it('turns skips into failures where nothing may be skipped', () => {
    expect(settleCounts({ passed: 3, failed: 1, skipped: 2 }, false)).toEqual({ passed: 3, failed: 3, skipped: 0 });
    expect(settleCounts({ passed: 3, failed: 1, skipped: 2 }, true).failed).toBe(1);
  });
});

it('closes with one line', () => {
  const sum = addCounts([
    { passed: 3, failed: 0, skipped: 1 },
    { passed: 4, failed: 2, skipped: 0 },
  ]);
  expect(closingLine(sum)).toBe('7 passed, 2 failed');
});
