/** What a suite came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Adds suites up. */
export function addCounts(counts: readonly Counts[]): Counts {
  return counts.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/**
 * Makes an outcome honest: a suite that ran nothing has failed, and where skipping is not allowed a skip is a failure.
 */
export function settleCounts(counts: Counts, allowSkips: boolean): Counts {
  const { passed, failed, skipped } = counts;
  if (passed + failed === 0) return { passed: 0, failed: 1, skipped };
  return allowSkips ? counts : { passed, failed: failed + skipped, skipped: 0 };
}

/** The line everything ends with. */
export function closingLine({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}

/** The part of Vitest's JSON report that is read here. */
interface VitestReport {
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Counts a Vitest run from its report and its exit status, neither of which tells everything alone.
 *
 * A file that fails to load holds no failed test; an unhandled error after the last test leaves a report of nothing but
 * successes; a filter that matches nothing ends with status 0.
 *
 * @param report - Text of the JSON report, or null if none was written.
 */
export function countVitest(report: string | null, exitCode: number): Counts {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  const { testResults = [] }: VitestReport = report === null ? {} : JSON.parse(report);
  for (const file of testResults) {
    const statuses = file.assertionResults.map(({ status }) => status);
    const failedHere = statuses.filter((status) => status === 'failed').length;
    passed += statuses.filter((status) => status === 'passed').length;
    skipped += statuses.filter((status) => status !== 'passed' && status !== 'failed').length;
    failed += failedHere === 0 && file.status === 'failed' ? 1 : failedHere;
  }
  if (exitCode !== 0 && failed === 0) failed = 1;
  return { passed, failed, skipped };
}
