import { SdkError } from '../foundation/errors.ts';
import { isPrivateHost, parseUrl } from '../foundation/url.ts';
import * as key from '../protocol/messages/key.ts';
import { listProviders } from '../protocol/messages/provider.ts';
import type { ResultOf } from '../protocol/method.ts';
import type { ProviderDescription } from '../provider/provider.ts';
import { priceText } from './cost-text.ts';
import type { KeySource } from './service.ts';
import { requireDescription, type ServiceContext } from './service-context.ts';
import type { Session } from './session.ts';

type ProviderView = ResultOf<typeof listProviders>['providers'][number];

/** Answers a client's requests about providers and their keys. */
export function answerProviders(context: ServiceContext, { peer }: Session): void {
  const { platform, descriptions, defaultProvider } = context;

  const keyOf = async (provider: string) => ({ provider, source: await platform.keySource(provider) });

  const requireKeyed = (provider: string): ProviderDescription => {
    const description = requireDescription(context, provider);
    if (description.credential !== undefined) return description;
    throw new SdkError({ code: 'INPUT_INVALID', message: `${description.name} needs no key.` });
  };

  peer.answer(listProviders, async () => ({
    providers: await Promise.all(
      [...descriptions.values()].map(async (description) =>
        toProviderView(
          description,
          description.id === defaultProvider,
          description.credential === undefined ? undefined : await platform.keySource(description.id),
        ),
      ),
    ),
  }));

  peer.answer(key.setKey, async ({ provider, value }) => {
    requireKeyed(provider);
    try {
      await platform.setKey(provider, value);
    } catch (error) {
      throw withoutSecret(error, value);
    }
    return { key: await keyOf(provider) };
  });

  peer.answer(key.removeKey, async ({ provider }) => {
    requireKeyed(provider);
    const removed = await platform.removeKey(provider);
    return { key: await keyOf(provider), removed };
  });

  peer.answer(key.listKeys, async () => ({
    keys: await Promise.all(
      [...descriptions.values()].filter(({ credential }) => credential !== undefined).map(({ id }) => keyOf(id)),
    ),
  }));
}

function toProviderView(description: ProviderDescription, isDefault: boolean, source?: KeySource): ProviderView {
  const { id, name, credit, homepage, outputs, models, currency, canCancel, canAdopt } = description;
  return {
    id,
    name,
    credit,
    licence: description.outputLicence,
    ...(homepage === undefined ? {} : { homepage }),
    offline: worksOffline(description),
    isDefault,
    outputs: { text: [...(outputs.text ?? [])], image: [...(outputs.image ?? [])] },
    models: models.map((model) => ({
      name: model.name,
      inputs: [...model.inputs],
      output: model.output,
      ...(model.price === undefined ? {} : { price: model.price }),
    })),
    ...(currency === undefined ? {} : { currency }),
    price: priceText(description),
    ...(source === undefined ? {} : { key: source }),
    canCancel,
    canAdopt,
    options: description.options.map((option) => ({
      key: option.key,
      description: option.description,
      ...(option.values === undefined ? {} : { values: [...option.values] }),
    })),
  };
}

/** True where nothing leaves this machine or its own network. */
function worksOffline({ offline, trustedOrigins = [] }: ProviderDescription): boolean {
  if (offline) return true;
  return trustedOrigins.length > 0 && trustedOrigins.every((origin) => isPrivateHost(parseUrl(origin)));
}

/** A key store that fails may say what it was given. */
function withoutSecret(error: unknown, secret: string): unknown {
  const text = error instanceof SdkError ? JSON.stringify(error.toRecord()) : String(error);
  if (!text.includes(secret) && !text.includes(JSON.stringify(secret).slice(1, -1))) return error;
  return new SdkError({ code: 'STORE_FAILED', message: 'The key could not be stored.' });
}
