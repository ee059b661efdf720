import type { ErrorCode } from '../foundation/error-catalogue.ts';
import { isSdkError } from '../foundation/errors.ts';

/**
 * One case of a contract suite. Suites are plain lists, so that any test runner can run them, or a loop in an engine
 * that has none: `for (const { name, run } of suite) it(name, run)`.
 */
export interface ContractCase {
  readonly name: string;
  /** Resolves when the contract is kept, rejects with what was found instead. */
  run(): Promise<void>;
}

/** Throws unless `condition` holds. */
export function expectTrue(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`Expected ${what}.`);
}

/** Throws unless both values have the same JSON text; byte arrays are compared byte by byte. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  const found = toComparable(actual);
  const wanted = toComparable(expected);
  if (found !== wanted) {
    throw new Error(`Expected ${what} to be ${wanted.slice(0, 200)}, found ${found.slice(0, 200)}.`);
  }
}

/** Throws unless `work` rejects with an SdkError of that code. Returns nothing, looks at nothing else. */
export async function expectRejection(work: Promise<unknown>, code: ErrorCode, what: string): Promise<void> {
  let outcome = 'it resolved';
  try {
    await work;
  } catch (error) {
    if (isSdkError(error) && error.code === code) return;
    outcome = isSdkError(error) ? `${error.code}: ${error.message}` : String(error);
  }
  throw new Error(`Expected ${what} to reject with ${code}, but ${outcome}.`);
}

function toComparable(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes[${value.join(' ')}]`;
  return JSON.stringify(value) ?? String(value);
}
