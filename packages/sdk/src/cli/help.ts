import type { Verb } from './verb.ts';

const EXIT_STATUS = `Exit status: 0 done, 1 failed, cancelled or outcome unknown, 2 wrong usage, 130 interrupted.
Wrong usage is what can be told from the command line alone: an unknown verb, option or provider, a value of the
wrong form. Prompts, files and the options of a provider are looked at later; what is wrong with them is a failure
with a code.`;

const ENVIRONMENT = `Environment:
  MAQUETTE_HOME            where jobs, raw results and logs are kept
  MAQUETTE_PROVIDER        provider used without --provider
  MAQUETTE_<PROVIDER>_KEY  key of a provider; else it is taken from the key store of the operating system
  NO_COLOR, HTTP_PROXY, HTTPS_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS  as everywhere`;

/** Help for the whole command. */
export function formatHelp(verbs: readonly Verb[]): string {
  const width = Math.max(...verbs.map((verb) => verb.name.length)) + 2;
  const list = verbs.map((verb) => `  ${verb.name.padEnd(width)}${verb.summary}`).join('\n');
  return `Maquette turns a prompt into a 3D asset that ships.

Usage: maquette <verb> [arguments]

${list}

  maquette <verb> --help   more about a verb
  maquette --version       version of the program

${ENVIRONMENT}

${EXIT_STATUS}`;
}

/** Help for one verb. */
export function formatVerbHelp(verb: Verb): string {
  const entries = Object.entries(verb.options).map(([name, option]) => ({
    left: `--${name}${option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''}`,
    right: `${option.help}${option.multiple === true ? ' May be repeated.' : ''}`,
  }));
  const width = Math.max(0, ...entries.map((entry) => entry.left.length)) + 2;
  const options = entries.map((entry) => `  ${entry.left.padEnd(width)}${entry.right}`).join('\n');
  return [
    `${verb.summary}\n\nUsage: maquette ${verb.usage}`,
    ...(options === '' ? [] : [`Options:\n${options}`]),
    ...(verb.details === undefined ? [] : [verb.details]),
    EXIT_STATUS,
  ].join('\n\n');
}
