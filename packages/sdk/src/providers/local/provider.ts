import { throwIfCancelled } from '../../foundation/cancel.ts';
import { SdkError } from '../../foundation/errors.ts';
import { FAMILIES } from '../../generator/families.generated.ts';
import { STYLE_NAMES } from '../../generator/vocabulary/modifier-words.ts';
import type { Provider, ProviderDescription } from '../../provider/provider.ts';
import type { GenerationRequest } from '../../provider/request.ts';
import { assertSupported } from '../../provider-kit/assert-supported.ts';
import { type GenerateObject, generateObject } from './generate-object.ts';
import { type LocalOperation, parseLocalOperation, understandOperation } from './operation.ts';
import { parseLocalOptions } from './options.ts';

/** Longest prompt in UTF-16 code units. What the tables can make use of fits many times over. */
const PROMPT_LIMIT = 2000;
const MODEL = 'procedural-1';

/** What a {@link createLocalProvider} is made from. */
export interface LocalProviderOptions {
  /** Where objects are made, for instance on another thread. Default: in this one, which does nothing else meanwhile. */
  readonly generate?: GenerateObject;
}

/**
 * The built-in generator as a provider: offline, free and instant.
 *
 * The operation holds the whole order, so nothing is kept between calls: `fetchAsset` makes the object anew, with the
 * same bytes each time. Warnings about the reading of the prompt come with `prepare`, so that a dry run shows them, and
 * not again with `start`, because a job keeps those of both.
 */
export function createLocalProvider(options: LocalProviderOptions = {}): Provider {
  const { generate = generateObject } = options;
  return {
    specVersion: 1,
    id: 'local',
    describe,
    prepare(request) {
      const { warnings } = understandOperation(toOperation(request));
      return { warnings, estimate: { amount: 0, currency: 'USD' } };
    },
    async start(request, context) {
      throwIfCancelled(context.signal);
      const operation = toOperation(request);
      const { spec } = understandOperation(operation);
      context.log('prompt-understood', { family: spec.family, noun: spec.noun, variant: spec.variant });
      const free = { amount: 0, currency: 'USD' };
      return { operation, warnings: [], spend: { reserved: free, actual: free } };
    },
    async lookUp(_request, context) {
      throwIfCancelled(context.signal);
      return null; // starting again is free and gives the same object
    },
    async poll(operation, context) {
      throwIfCancelled(context.signal);
      const { seed } = parseLocalOperation(operation);
      return {
        state: 'completed',
        assets: [{ id: 'main', kind: 'mesh', mediaType: 'model/gltf-binary' }],
        facts: { model: MODEL, seed },
      };
    },
    async fetchAsset(offer, operation, context) {
      throwIfCancelled(context.signal);
      if (offer.id !== 'main') {
        throw new SdkError({ code: 'INPUT_INVALID', message: `The local provider offers no asset "${offer.id}".` });
      }
      const bytes = await generate(operation, context.signal);
      throwIfCancelled(context.signal);
      return single(bytes);
    },
  };
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function describe(): ProviderDescription {
  return {
    id: 'local',
    name: "Maquette's built-in generator",
    credit: "Generated with Maquette's built-in generator",
    offline: true,
    outputs: { text: ['mesh'] },
    models: [{ name: MODEL, inputs: ['text'], output: 'mesh', price: 0 }],
    concurrency: 2,
    canCancel: false,
    canAdopt: false,
    operationTimeoutMs: 60_000,
    outputLicence: 'CC0-1.0',
    options: [
      {
        key: 'family',
        description: 'Kind of object to make, whatever noun the prompt holds.',
        values: FAMILIES.map(({ id }) => id),
      },
      { key: 'style', description: `Style words to add, separated by commas: ${STYLE_NAMES.join(', ')}.` },
    ],
  };
}

/** Checks a request and turns it into the operation that stands for it. */
function toOperation(request: GenerationRequest): LocalOperation {
  assertSupported(describe(), request);
  const text = request.prompt.text ?? '';
  if (text.length > PROMPT_LIMIT) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `The prompt has ${text.length} characters; the local provider takes at most ${PROMPT_LIMIT}.`,
      remedy: 'Shorten the prompt.',
    });
  }
  const options = parseLocalOptions(request.providerOptions.local);
  return {
    version: 1,
    prompt: text,
    seed: request.seed,
    ...(options.family === undefined ? {} : { family: options.family }),
    ...(options.styles === undefined ? {} : { styles: [...options.styles] }),
  };
}
