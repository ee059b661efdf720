import { type JsonValue, SdkError } from '@maquette3d/sdk';
import type { Provider, ProviderDescription } from '@maquette3d/sdk/provider';
import { assertSupported } from '@maquette3d/sdk/provider-kit';

/** What the adapter keeps of a task: enough to go on in another process. */
interface FavouriteOperation {
  readonly favourite: string;
}

const DESCRIPTION: ProviderDescription = {
  id: 'favourites',
  name: 'Favourites',
  credit: 'From our favourites',
  offline: true,
  outputs: { text: ['mesh'] },
  models: [{ name: 'favourites', inputs: ['text'], output: 'mesh', price: 0 }],
  concurrency: 4,
  canCancel: false,
  canAdopt: false,
  operationTimeoutMs: 10_000,
  outputLicence: 'CC0-1.0',
  currency: 'USD',
  options: [],
};

/** Serves models a team already has, by the words of the prompt. */
export function createFavouritesProvider(favourites: Readonly<Record<string, () => Promise<Uint8Array>>>): Provider {
  const favouriteFor = (text: string): string => {
    const name = Object.keys(favourites).find((candidate) => text.toLowerCase().includes(candidate));
    if (name === undefined) {
      throw new SdkError({
        code: 'INPUT_INVALID',
        message: `None of the favourites is named in "${text.slice(0, 60)}".`,
        remedy: `There are: ${Object.keys(favourites).join(', ')}.`,
      });
    }
    return name;
  };

  const readerOf = (operation: JsonValue): (() => Promise<Uint8Array>) => {
    const name = (operation as Partial<FavouriteOperation> | null)?.favourite;
    const read = name === undefined ? undefined : favourites[name];
    if (read === undefined) throw new SdkError({ code: 'INPUT_INVALID', message: 'This favourite is not known.' });
    return read;
  };

  return {
    specVersion: 1,
    id: 'favourites',
    describe: () => DESCRIPTION,
    prepare(request) {
      assertSupported(DESCRIPTION, request); // [1]
      favouriteFor(request.prompt.text ?? '');
      return { warnings: [], estimate: { amount: 0, currency: 'USD' } };
    },
    async start(request, context) {
      if (context.signal.aborted) throw context.signal.reason;
      const operation = { favourite: favouriteFor(request.prompt.text ?? '') };
      return { operation, warnings: [] };
    },
    lookUp: async () => null, // [2]
    async poll(operation, context) {
      if (context.signal.aborted) throw context.signal.reason;
      readerOf(operation);
      return { state: 'completed', assets: [{ id: 'main', kind: 'mesh', mediaType: 'model/gltf-binary' }] };
    },
    async fetchAsset(_offer, operation, context) {
      if (context.signal.aborted) throw context.signal.reason;
      return streamOf(await readerOf(operation)());
    },
  };
}

async function* streamOf(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

// [1] Everything that can be refused is refused here, before a job exists and before anything is spent.
// [2] Starting has no effect that could happen twice, so after a crash it is safe to start again.
