import { SdkError } from '../../foundation/errors.ts';
import { createKeyStore, environmentNameOf } from '../../platform/node/key-store.ts';
import type { Provider } from '../../provider/provider.ts';
import { createCommandHost } from '../open-studio.ts';
import { printJson } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT, isSet, type VerbCall } from '../verb.ts';

const LONGEST_KEY_BYTES = 8 * 1024;

/** `maquette key`. */
export async function runKey(call: VerbCall): Promise<number> {
  const [action, id, ...rest] = call.positionals;
  const needsProvider = action === 'set' || action === 'remove';
  if (rest.length > 0 || (needsProvider && id === undefined) || (!needsProvider && id !== undefined)) {
    throw new UsageError('key is called as key set PROVIDER, key list or key remove PROVIDER.');
  }
  if (action === 'set') return setKey(call, id as string);
  if (action === 'remove') return removeKey(call, id as string);
  if (action === 'list') return listKeys(call);
  throw new UsageError(
    action === undefined ? 'key needs an action: set, list or remove.' : `key has no action "${action.slice(0, 40)}".`,
  );
}

async function setKey({ terminal, values }: VerbCall, id: string): Promise<number> {
  const { providers } = createCommandHost(terminal);
  requireProvider(providers, id);
  if (terminal.isInputTyped) {
    throw new UsageError(`The key is read from standard input: maquette key set ${id} < file`);
  }
  const value = (await terminal.readInput(LONGEST_KEY_BYTES)).trim();
  if (value === '')
    throw new SdkError({ code: 'INPUT_INVALID', message: 'Standard input held no key; nothing was stored.' });
  if (/[^\x21-\x7e]/.test(value)) {
    throw new SdkError({ code: 'INPUT_INVALID', message: 'A key is one word of printable ASCII; nothing was stored.' });
  }
  await createKeyStore().set(id, value);
  tell(
    terminal,
    isSet(values, 'json'),
    { type: 'key-stored', provider: id },
    `The key for ${id} is in the key store of the operating system.`,
  );
  return EXIT.done;
}

async function removeKey({ terminal, values }: VerbCall, id: string): Promise<number> {
  const { providers } = createCommandHost(terminal);
  requireProvider(providers, id);
  const wasThere = await createKeyStore().remove(id);
  if (terminal.env[environmentNameOf(id)]) {
    terminal.note(`Note: ${environmentNameOf(id)} is still set in this environment.\n`);
  }
  const sentence = wasThere ? `The key for ${id} was removed.` : `No key for ${id} was stored.`;
  tell(terminal, isSet(values, 'json'), { type: 'key-removed', provider: id, wasThere }, sentence);
  return EXIT.done;
}

async function listKeys({ terminal, values }: VerbCall): Promise<number> {
  const { host, providers } = createCommandHost(terminal);
  const store = createKeyStore();
  for (const provider of providers) {
    const { credential } = provider.describe();
    // a key may have been stored for a provider that needs none; it is shown so that it can be removed
    const source = await host.credentialSource(provider.id);
    const inStore = await store.get(provider.id).then(
      (value) => value !== null,
      () => null,
    );
    const isNeeded = credential !== undefined;
    const place =
      source === 'environment' ? environmentNameOf(provider.id) : source === 'key-store' ? 'key store' : 'none';
    tell(
      terminal,
      isSet(values, 'json'),
      { type: 'key', provider: provider.id, source, inStore, isNeeded },
      `${provider.id.padEnd(12)}${place}${isNeeded ? '' : ' (not needed)'}`,
    );
  }
  return EXIT.done;
}

function requireProvider(providers: readonly Provider[], id: string): void {
  if (providers.some((provider) => provider.id === id)) return;
  throw new UsageError(
    `There is no provider "${id.slice(0, 60)}"; known are ${providers.map((provider) => provider.id).join(', ')}.`,
  );
}

function tell(terminal: Terminal, json: boolean, record: object, sentence: string): void {
  if (json) printJson(terminal, record);
  else terminal.print(sentence);
}
