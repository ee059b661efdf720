import type { ParseArgsConfig } from 'node:util';
import type { Terminal } from './terminal.ts';

/** Exit statuses of the command line. Public contract. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** One option of a verb. */
export interface VerbOption {
  readonly type: 'string' | 'boolean';
  /** Placeholder of its value in help texts. */
  readonly value?: string;
  readonly help: string;
  /** May be given several times. */
  readonly multiple?: boolean;
}

/** Values of options as `parseArgs` gives them. */
export interface OptionValues {
  readonly [name: string]: string | boolean | readonly (string | boolean)[] | undefined;
}

/** What a verb is given to run. */
export interface VerbCall {
  readonly positionals: readonly string[];
  readonly values: OptionValues;
  readonly terminal: Terminal;
  readonly version: string;
}

/** One verb of the command line. Its work is loaded only when it is called, so that others start fast. */
export interface Verb {
  readonly name: string;
  /** One line for the list of verbs. */
  readonly summary: string;
  /** How it is called, without the command's name. */
  readonly usage: string;
  readonly options: Readonly<Record<string, VerbOption>>;
  /** Options that are for the program itself and stand in no help text. */
  readonly hiddenOptions?: Readonly<Record<string, VerbOption>>;
  /** More to know, after the options. */
  readonly details?: string;
  /** Resolves with the exit status. */
  readonly load: () => Promise<(call: VerbCall) => Promise<number>>;
}

/** Options of a verb in the form `parseArgs` wants. */
export function toParseOptions(verb: Verb): NonNullable<ParseArgsConfig['options']> {
  const options: NonNullable<ParseArgsConfig['options']> = {
    help: { type: 'boolean', short: 'h' },
  };
  for (const [name, option] of Object.entries({ ...verb.options, ...verb.hiddenOptions })) {
    options[name] = { type: option.type, multiple: option.multiple === true };
  }
  return options;
}

/** Text of an option, or undefined where it was not given. */
export function textOf(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** True where a switch was given. */
export function isSet(values: OptionValues, name: string): boolean {
  return values[name] === true;
}

/** Texts of an option that may be repeated. */
export function textsOf(values: OptionValues, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
