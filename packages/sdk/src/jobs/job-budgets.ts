import { SdkError } from '../foundation/errors.ts';
import type { JsonObject } from '../foundation/json.ts';

/** How long things may take, milliseconds. */
export interface JobBudgets {
  /** One call to a provider; for a download, the time without a single byte. Default 60 000. */
  readonly attemptMs: number;
  /** From the start of an operation until the provider has finished it. Default: what the provider's description says. */
  readonly operationMs?: number;
  /** One run of driving, from taking the job up to its end. A resumed job gets a new one: time while nobody drove it says nothing. Default 7 200 000. */
  readonly jobMs: number;
}

/** Used where nothing else is said. */
export const JOB_BUDGETS: JobBudgets = { attemptMs: 60_000, jobMs: 7_200_000 };

/** Name of a budget, in `details.budget` of a `TIMED_OUT`. */
export type BudgetName = 'attempt' | 'operation' | 'job';

/** A `TIMED_OUT` that says which budget ran out. */
export function timedOut(
  budget: BudgetName,
  budgetMs: number,
  what: string,
  details: JsonObject = {},
  remedy?: string,
): SdkError {
  return new SdkError({
    code: 'TIMED_OUT',
    message: `${what} took longer than the ${budget} budget of ${Math.round(budgetMs / 100) / 10} s.`,
    details: { budget, budgetMs, ...details },
    ...(remedy === undefined ? {} : { remedy }),
  });
}
