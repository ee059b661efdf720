import type { ErrorRecord, SdkError } from '../foundation/errors.ts';
import type { Terminal } from './terminal.ts';

/** One sentence, the code, and what can be done about it. */
export function formatFailure(error: Pick<ErrorRecord, 'code' | 'message' | 'remedy'>): string {
  const remedy = error.remedy === undefined ? '' : `  ${oneLine(error.remedy)}\n`;
  return `maquette: ${oneLine(error.message)} [${error.code}]\n${remedy}`;
}

/**
 * Tells a failure: in words on stderr and, where JSON was asked for, as the last line on stdout.
 *
 * @param json - What the result line is about, or null where no JSON was asked for.
 */
export function printFailure(
  terminal: Terminal,
  error: ErrorRecord | SdkError,
  json: { readonly job: string | null } | null,
): void {
  if (json !== null) {
    printJson(terminal, {
      type: 'result',
      job: json.job,
      state: error.code === 'CANCELLED' ? 'cancelled' : 'failed',
      code: error.code,
      message: error.message,
    });
  }
  terminal.note(formatFailure(error));
}

/** Prints one object as one line. */
export function printJson(terminal: Terminal, value: object): void {
  terminal.print(JSON.stringify(value));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g;

/** Text fit for one line of a terminal: what a stranger wrote must not move the cursor. */
export function oneLine(text: string): string {
  return text.replace(CONTROL, ' ');
}
