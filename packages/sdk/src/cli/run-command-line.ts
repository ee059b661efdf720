import { parseArgs } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };
import { isSdkError, toSdkError } from '../foundation/errors.ts';
import { formatHelp, formatVerbHelp } from './help.ts';
import { printFailure, printJson } from './report.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { EXIT, toParseOptions, type Verb, type VerbCall } from './verb.ts';
import { MISSING_VERBS, VERBS } from './verbs.ts';

/**
 * Runs one command.
 *
 * @param args - Arguments after the program's name.
 * @returns Exit status: see {@link EXIT}.
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  let call: { readonly verb: Verb; readonly call: VerbCall } | null;
  try {
    call = parse(args, terminal);
  } catch (error) {
    return reportUsage(error, args, terminal);
  }
  if (call === null) return EXIT.done;
  try {
    const run = await call.verb.load();
    return await run(call.call);
  } catch (error) {
    if (error instanceof UsageError) return reportUsage(error, args, terminal);
    const failure = toSdkError(error);
    if (!isSdkError(error)) await logMistake(error, call.verb.name, terminal);
    printFailure(terminal, failure, call.call.values.json === true ? { job: null } : null);
    return EXIT.failed;
  }
}

/** The call, or null where help or the version was printed instead. */
function parse(args: readonly string[], terminal: Terminal): { verb: Verb; call: VerbCall } | null {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (name === undefined) throw new UsageError('No verb was given.');
    const about = VERBS.find((verb) => verb.name === rest[0]);
    terminal.print(about === undefined ? formatHelp(VERBS) : formatVerbHelp(about));
    return null;
  }
  if (name === '--version' || name === '-v') {
    terminal.print(packageJson.version);
    return null;
  }
  if (MISSING_VERBS.includes(name)) throw new UsageError(`The verb "${name}" does not exist yet in this version.`);
  const verb = VERBS.find((candidate) => candidate.name === name);
  if (verb === undefined) throw new UsageError(`There is no verb "${name.slice(0, 60)}".`);
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({
      args: joinNegatives(rest, verb),
      options: toParseOptions(verb),
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new UsageError(sentenceOf(error));
  }
  const values = parsed.values as VerbCall['values'];
  if (values.help === true) {
    terminal.print(formatVerbHelp(verb));
    return null;
  }
  return { verb, call: { positionals: parsed.positionals, values, terminal, version: packageJson.version } };
}

/** `--seed -5` as `--seed=-5`: that a number is negative is for the option to judge, with its range. */
function joinNegatives(args: readonly string[], verb: Verb): string[] {
  const joined: string[] = [];
  for (const [index, arg] of args.entries()) {
    if (arg === '--') return [...joined, ...args.slice(index)];
    const before = joined.at(-1) ?? '';
    const takesValue = before.startsWith('--') && verb.options[before.slice(2)]?.type === 'string';
    if (takesValue && /^-[.\d]/.test(arg)) joined[joined.length - 1] = `${before}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

/** First sentence of what `parseArgs` complains about. */
function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const first = text.split('\n')[0]?.split('. ')[0] ?? text;
  return `${first.slice(0, 200).replace(/\.$/, '')}.`;
}

function reportUsage(error: unknown, args: readonly string[], terminal: Terminal): number {
  if (!(error instanceof UsageError)) throw error;
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (options.includes('--json')) {
    printJson(terminal, { type: 'result', job: null, state: 'failed', code: 'INPUT_INVALID', message: error.message });
  }
  const verb = VERBS.find((candidate) => candidate.name === args[0]);
  const help = verb === undefined ? 'maquette --help' : `maquette ${verb.name} --help`;
  terminal.note(`maquette: ${error.message}\n  See \`${help}\`.\n`);
  return EXIT.usage;
}

/** Keeps what a person can send with a report: an error that is not one of ours is a mistake of this program. */
async function logMistake(error: unknown, verb: string, terminal: Terminal): Promise<void> {
  const { createCommandHost } = await import('./open-studio.ts');
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  createCommandHost(terminal).host.log({ level: 'error', event: 'command-failed', message, data: { verb } });
}
