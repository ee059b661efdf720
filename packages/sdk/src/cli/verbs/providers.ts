import type { ProviderDescription } from '../../provider/provider.ts';
import { createCommandHost } from '../open-studio.ts';
import { chooseProvider } from '../provider-registry.ts';
import { oneLine, printJson } from '../report.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT, isSet, type VerbCall } from '../verb.ts';

/** `maquette providers`. */
export async function runProviders({ positionals, values, terminal }: VerbCall): Promise<number> {
  if (positionals.length > 0) throw new UsageError('providers takes no arguments.');
  const { host, providers } = createCommandHost(terminal);
  const defaultId = chooseProvider(providers, undefined, terminal.env);
  for (const provider of providers) {
    const description = provider.describe();
    const isDefault = provider.id === defaultId;
    // a provider that needs no key is ready
    const isReady = description.credential === undefined || (await host.hasCredential(description.credential.name));
    if (isSet(values, 'json')) {
      const { credential, ...shown } = description;
      printJson(terminal, { type: 'provider', ...shown, needsKey: credential !== undefined, isReady, isDefault });
    } else terminal.print(formatProvider(description, isReady, isDefault));
  }
  return EXIT.done;
}

function formatProvider(description: ProviderDescription, isReady: boolean, isDefault: boolean): string {
  const makes = Object.entries(description.outputs).map(([input, outputs]) => `${outputs.join(' or ')} from ${input}`);
  const rows: (readonly [string, string])[] = [
    ['makes', makes.join(', ')],
    ['models', description.models.map((model) => modelText(model, description.currency)).join(', ')],
    ['works', description.offline ? 'offline' : 'over the network'],
    ['key', description.credential === undefined ? 'not needed' : isReady ? 'set' : 'missing'],
    ['costs', description.currency === undefined ? 'nothing' : `in ${oneLine(description.currency)}`],
    ['licence', oneLine(description.outputLicence)],
    ...description.options.map((option) => [`--option ${option.key}=…`, optionText(option)] as const),
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`);
  return [`${description.id}${isDefault ? ' (default)' : ''}: ${oneLine(description.name)}`, ...lines].join('\n');
}

function modelText(model: ProviderDescription['models'][number], currency: string | undefined): string {
  const price = model.price === undefined || currency === undefined ? '' : ` (${model.price} ${oneLine(currency)})`;
  return `${oneLine(model.name)}${price}`;
}

function optionText(option: ProviderDescription['options'][number]): string {
  const values = option.values === undefined ? '' : ` One of ${option.values.join(', ')}.`;
  return `${oneLine(option.description)}${values}`;
}
