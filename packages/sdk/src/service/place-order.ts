import type * as z from 'zod/mini';
import { SdkError } from '../foundation/errors.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { JobState } from '../jobs/job-state.ts';
import { LEVEL_RATIOS, type ProcessingOptions } from '../pipeline/processing-options.ts';
import type { jobOrderSchema } from '../protocol/messages/job.ts';
import type { GenerateOptions } from '../studio/generate-options.ts';
import { oneLine, shorten } from './one-line.ts';
import type { ServiceContext } from './service-context.ts';
import type { Client } from './session.ts';

/** An order as a client gives it. */
export type Order = z.infer<typeof jobOrderSchema>;

/** Where a result goes, and who wants it. */
export function deliveryFor(folder: string, client: Client | undefined): JsonObject {
  const requester = client === undefined ? undefined : { instance: client.instance, label: client.label };
  return { folder, force: false, ...(requester === undefined ? {} : { requester }) };
}

/** Longest path that is taken, UTF-16 code units. No system makes longer ones. */
const LONGEST_PATH = 4096;

/**
 * The path of a folder or file that a client names. `INPUT_INVALID` for a relative one, as the service stands somewhere else
 * than the client, and for what is no path on any system.
 */
export function assertAbsolute(path: string): string {
  const isAbsolute = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path);
  if (isAbsolute && path.length <= LONGEST_PATH && !path.includes('\0')) return path;
  const shown = shorten(oneLine(path), 200);
  const fault = isAbsolute ? `"${shown}" is not the path of anything` : `"${shown}" is not an absolute path`;
  throw new SdkError({
    code: 'INPUT_INVALID',
    message: `${fault}.`,
    remedy: 'Name files and folders by their whole path.',
  });
}

/** What the studio is asked for, where the asset goes included. */
export async function toGenerateOptions(
  { platform, defaultProvider }: ServiceContext,
  order: Order,
  delivery: (name: string) => JsonObject,
): Promise<GenerateOptions> {
  const { prompt, image, output, seed, model, options, maxCost } = order;
  const processing = toProcessing(order);
  const images = image === undefined ? undefined : [await platform.readImage(assertAbsolute(image))];
  const text = prompt?.trim() === '' ? undefined : prompt;
  return {
    prompt: { ...(text === undefined ? {} : { text }), ...(images === undefined ? {} : { images }) },
    provider: order.provider ?? defaultProvider,
    processing,
    delivery: delivery(text ?? (image === undefined ? 'asset' : fileName(image))),
    ...(output === undefined ? {} : { output }),
    ...(seed === undefined ? {} : { seed }),
    ...(model === undefined ? {} : { model }),
    ...(options === undefined ? {} : { options: options as JsonObject }),
    ...(maxCost === undefined ? {} : { maxCost }),
  };
}

/** The order of a job once more: the same request and processing, to another place. */
export async function toSameOrder(
  { store }: ServiceContext,
  state: JobState,
  delivery: JsonObject,
): Promise<GenerateOptions> {
  const { prompt, output, seed, model, providerOptions } = state.request;
  const options = providerOptions[state.provider];
  const [first] = await store.events(state.job, 0);
  const maxCost = first?.type === 'job-queued' ? first.maxCost : undefined;
  return {
    prompt: { ...prompt },
    provider: state.provider,
    output,
    seed,
    processing: state.processing as Partial<ProcessingOptions>,
    delivery,
    ...(model === undefined ? {} : { model }),
    ...(options === undefined ? {} : { options }),
    ...(maxCost === undefined ? {} : { maxCost }),
  };
}

function toProcessing({ profile, levels, height }: Order): Partial<ProcessingOptions> {
  const most = LEVEL_RATIOS.length + 1;
  if (levels !== undefined && (levels < 1 || levels > most)) {
    throw new SdkError({ code: 'INPUT_INVALID', message: `The number of levels must be 1 to ${most}.` });
  }
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(levels === undefined ? {} : { ratios: LEVEL_RATIOS.slice(0, levels - 1) }),
    ...(height === undefined ? {} : { heightM: height }),
  };
}

/** Name of a file without folders and extension. */
function fileName(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? '';
  return name.replace(/\.[^.]*$/, '') || 'asset';
}
