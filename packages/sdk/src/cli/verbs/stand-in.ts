import { isKeyForm } from '../../testing/gateway/gateway-ids.ts';
import { type RunningGateway, startGatewayStandIn } from '../../testing/gateway/start-gateway-stand-in.ts';
import { parseAmount, parseChoice, parseWhole } from '../argument-values.ts';
import { watchEndings } from '../interrupts.ts';
import { printJson } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT, isSet, textOf, type VerbCall } from '../verb.ts';

const KEY_VARIABLE = 'MAQUETTE_404_KEY';
const HIGHEST_PORT = 65_535;
const FASTEST = 100_000;

/** `maquette stand-in 404`. */
export async function runStandIn({ positionals, values, terminal }: VerbCall): Promise<number> {
  const [name, ...rest] = positionals;
  if (name === undefined) throw new UsageError('stand-in needs the name of a service; there is one for 404.');
  if (name !== '404') throw new UsageError(`There is no stand-in for "${name.slice(0, 40)}"; there is one for 404.`);
  if (rest.length > 0) throw new UsageError('stand-in takes one name.');
  const port = textOf(values, 'port');
  const limits = textOf(values, 'limits');
  const speed = speedOf(textOf(values, 'speed'));
  const ownKey = ownKeyOf(terminal);
  const ending = watchEndings();
  try {
    const running = await startGatewayStandIn({
      speed,
      ...(port === undefined ? {} : { port: parseWhole(port, 'port', 0, HIGHEST_PORT) }),
      ...(limits === undefined ? {} : { limits: parseChoice(limits, 'limits', ['off'] as const) }),
      ...(ownKey === undefined ? {} : { accounts: [{ keys: [ownKey] }] }),
      onRequest: ({ method, path, status, fault }) => {
        if (!isSet(values, 'json'))
          terminal.note(`${method} ${path} ${status}${fault === null ? '' : ` (${fault})`}\n`);
      },
    });
    if (isSet(values, 'json')) tellProgram(terminal, running, ownKey !== undefined);
    else tellPerson(terminal, running, ownKey !== undefined);
    const signal = await ending.ended;
    await running.close();
    return signal === 'SIGINT' ? EXIT.interrupted : EXIT.done;
  } finally {
    ending.stop();
  }
}

function speedOf(text: string | undefined): number {
  const speed = text === undefined ? 1 : parseAmount(text, 'speed');
  if (!(speed > 0) || speed > FASTEST) {
    throw new UsageError(`--speed must be a number above 0 and up to ${FASTEST}.`);
  }
  return speed;
}

/** The key the person's commands already use, if it could be one of the service. */
function ownKeyOf(terminal: Terminal): string | undefined {
  const key = terminal.env[KEY_VARIABLE];
  if (!key) return undefined;
  if (isKeyForm(key)) return key;
  terminal.note(`Note: ${KEY_VARIABLE} is no key of the service's form (a UUID with hyphens) and is not used.\n`);
  return undefined;
}

function tellProgram(terminal: Terminal, { url, key, genericKey }: RunningGateway, isOwnKey: boolean): void {
  // a key that came from outside may open something else as well
  printJson(terminal, { type: 'listening', url, ...(isOwnKey ? {} : { key }), genericKey });
}

function tellPerson(terminal: Terminal, { url, key, genericKey }: RunningGateway, isOwnKey: boolean): void {
  const command = terminal.env.npm_lifecycle_event === undefined ? 'maquette' : 'npm run -s maquette --';
  const setKey = isOwnKey ? '' : ` ${KEY_VARIABLE}=${key}`;
  terminal.print(
    [
      `The stand-in for 404-GEN listens on ${url} until it is interrupted (Ctrl-C).`,
      '',
      'In another terminal:',
      `  export MAQUETTE_404_URL=${url}${setKey}`,
      `  ${command} generate "mossy stone lantern" --provider 404`,
      '',
      isOwnKey ? `It takes the key in ${KEY_VARIABLE}.` : 'The key is good for this stand-in only.',
      `The key that everybody may use is ${genericKey} here.`,
    ].join('\n'),
  );
}
