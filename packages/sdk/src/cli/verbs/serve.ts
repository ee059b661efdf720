import { spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { LocalService } from '../../platform/node/service/local-service.ts';
import { startService } from '../../platform/node/service/start-service.ts';
import { createWorkerProduce } from '../../platform/node/worker-produce.ts';
import { createProviders } from '../../providers/standard/create-providers.ts';
import { parseWhole } from '../argument-values.ts';
import { watchEndings } from '../interrupts.ts';
import { homeOf } from '../open-studio.ts';
import { chooseProvider } from '../provider-registry.ts';
import { printJson } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT, isSet, textOf, type VerbCall } from '../verb.ts';

const HIGHEST_PORT = 65_535;

/** `maquette serve`. */
export async function runServe({ positionals, values, terminal, version }: VerbCall): Promise<number> {
  if (positionals.length > 0) throw new UsageError('serve takes no arguments.');
  const port = textOf(values, 'port');
  const processing = createWorkerProduce({ script: mainFile() });
  const providers = createProviders(terminal.env, { generate: processing.generate });
  const ending = watchEndings();
  try {
    const service = await startService({
      home: homeOf(terminal),
      env: terminal.env,
      providers,
      defaultProvider: chooseProvider(providers, undefined, terminal.env),
      version,
      ...(port === undefined ? {} : { port: parseWhole(port, 'port', 0, HIGHEST_PORT) }),
      processing,
    });
    if (isSet(values, 'json')) {
      printJson(terminal, { type: 'listening', url: service.url, token: service.token, panel: service.panel });
    } else tellPerson(terminal, service);
    if (isSet(values, 'open')) openLink(service.panel, terminal);
    if (!service.isNew) return EXIT.done;
    const signal = await Promise.race([ending.ended, service.ended.then(() => null)]);
    await service.close('the command was interrupted');
    if (signal === null && !isSet(values, 'json'))
      terminal.note('Nobody has needed the service for a while; it has ended.\n');
    return signal === 'SIGINT' ? EXIT.interrupted : EXIT.done;
  } finally {
    ending.stop();
  }
}

/** The file this program was started with: it is a produce worker too. */
function mainFile(): URL {
  return pathToFileURL(process.argv[1] ?? fileURLToPath(import.meta.url));
}

function tellPerson(terminal: Terminal, { url, panel, pid, isNew }: LocalService): void {
  terminal.print(
    [
      isNew ? `The service listens on ${url}.` : `The service runs already, on ${url} in process ${pid}.`,
      `Open this link in a browser, once and within five minutes: ${panel}`,
      isNew
        ? 'It ends with Ctrl-C, or by itself some minutes after its last client and its last job; jobs are kept.'
        : 'It ends by itself some minutes after its last client and its last job.',
    ].join('\n'),
  );
}

/** Programs that open a link, by system. The link is an argument of its own, read by no shell. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

function openLink(link: string, terminal: Terminal): void {
  const [program = 'xdg-open', ...before] = OPENERS[process.platform] ?? ['xdg-open'];
  const opener = spawn(program, [...before, link], { detached: true, stdio: 'ignore' });
  opener.on('error', () => terminal.note(`No browser could be opened (${program}); open the link yourself.\n`));
  opener.unref();
}
