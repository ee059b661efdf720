import { SdkError } from '../foundation/errors.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { Host } from '../host/host.ts';
import type { JobOrder } from '../jobs/check-order.ts';
import type { ProcessingOptions } from '../pipeline/processing-options.ts';
import type { Provider, ProviderDescription } from '../provider/provider.ts';
import type { AssetKind, FileReference, GenerationRequest, InputKind } from '../provider/request.ts';
import { type PreparedImages, prepareImages } from './input-images.ts';

/** Longest text of a prompt, UTF-16 code units. No service takes more; a longer one is a mistake. */
export const MAX_PROMPT_LENGTH = 4096;

/** Largest seed. */
export const MAX_SEED = 2_147_483_647;

/** A prompt as a person gives it. At least one of the members is present. */
export interface PromptInput {
  readonly text?: string;
  /** PNG, JPEG or WebP files as they are, or images added with `addImage`. */
  readonly images?: readonly (FileReference | Uint8Array)[];
}

/** What a person asks for. Everything but the prompt has a default. */
export interface GenerateOptions {
  /** A text, or a text and images. Images are made to fit what the provider takes. */
  readonly prompt: string | PromptInput;
  /** Provider id. Default: the studio's first provider. */
  readonly provider?: string;
  /** Default: what the provider makes from such a prompt. */
  readonly output?: AssetKind;
  /** [0, 2³¹ − 1]. Default: chosen at random, and kept with the job. */
  readonly seed?: number;
  /** Default: the provider's. */
  readonly model?: string;
  /** Options that only this provider knows. */
  readonly options?: JsonObject;
  /** What differs from `PROCESSING_DEFAULTS`. */
  readonly processing?: Partial<ProcessingOptions>;
  /** Handed to `deliver` as it is. */
  readonly delivery?: JsonObject;
  /** Nothing is sent if the estimate is above it, or if there is none. In the currency of the provider. */
  readonly maxCost?: number;
}

/** Fills in what is missing and refuses what cannot be made, before anything is stored or sent. */
export async function toJobOrder(
  options: GenerateOptions,
  processing: ProcessingOptions,
  provider: Provider,
  host: Host,
): Promise<{ order: JobOrder; images: PreparedImages }> {
  const { text, images: given } = checkPrompt(
    typeof options.prompt === 'string' ? { text: options.prompt } : options.prompt,
  );
  const description = provider.describe();
  const output = chooseOutput(description, given === undefined ? 'text' : 'image', options.output);
  const seed = chooseSeed(options.seed, host);
  // last, because it takes long
  const images = await prepareImages(host, given ?? [], description);
  const request: GenerationRequest = {
    prompt: {
      ...(text === undefined ? {} : { text }),
      ...(given === undefined ? {} : { images: images.references }),
    },
    output,
    seed,
    ...(options.model === undefined ? {} : { model: options.model }),
    providerOptions: options.options === undefined ? {} : { [provider.id]: options.options },
  };
  const order: JobOrder = {
    provider: provider.id,
    request,
    processing,
    delivery: options.delivery ?? {},
    ...(options.maxCost === undefined ? {} : { maxCost: options.maxCost }),
    ...(images.warnings.length === 0 ? {} : { warnings: images.warnings }),
  };
  return { order, images };
}

function checkPrompt(prompt: PromptInput): PromptInput {
  const { text, images } = prompt;
  const hasImages = images !== undefined && images.length > 0;
  if (text !== undefined && typeof text !== 'string') throw invalid('The prompt must be text.');
  if ((text === undefined || text.trim() === '') && !hasImages) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: 'The prompt is empty.',
      remedy: 'Say in a few words what to make.',
    });
  }
  if (text !== undefined && text.length > MAX_PROMPT_LENGTH) {
    throw invalid(`The prompt has ${text.length} characters; at most ${MAX_PROMPT_LENGTH} are allowed.`);
  }
  return {
    ...(text === undefined || text.trim() === '' ? {} : { text }),
    ...(hasImages ? { images } : {}),
  };
}

function chooseOutput(description: ProviderDescription, input: InputKind, wanted: AssetKind | undefined): AssetKind {
  const possible = description.outputs[input] ?? [];
  const output = wanted ?? possible[0];
  if (output !== undefined && possible.includes(output)) return output;
  const offers = (Object.entries(description.outputs) as [InputKind, readonly AssetKind[]][])
    .filter(([, outputs]) => outputs.length > 0)
    .map(([kind, outputs]) => `a ${outputs.join(' or a ')} from ${kind === 'text' ? 'a text' : 'an image'}`);
  throw new SdkError({
    code: 'UNSUPPORTED_BY_PROVIDER',
    message: `${description.name} cannot make ${wanted === undefined ? 'anything' : `a ${wanted}`} from ${input === 'text' ? 'a text' : 'an image'}.`,
    remedy: `It makes ${offers.join(', and ')}: change the input or the output, or choose another provider.`,
  });
}

function chooseSeed(wanted: number | undefined, host: Host): number {
  if (wanted === undefined) {
    const [a = 0, b = 0, c = 0, d = 0] = host.random(4);
    return (((a & 0x7f) << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > MAX_SEED) {
    throw invalid(`The seed must be a whole number from 0 to ${MAX_SEED}.`);
  }
  return wanted;
}

function invalid(message: string): SdkError {
  return new SdkError({ code: 'INPUT_INVALID', message });
}
