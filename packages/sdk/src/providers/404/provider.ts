import { throwIfCancelled } from '../../foundation/cancel.ts';
import { SdkError, toSdkError } from '../../foundation/errors.ts';
import type { CredentialUse } from '../../foundation/http.ts';
import type { Warning } from '../../foundation/warning.ts';
import type { CallContext, Provider, ProviderDescription } from '../../provider/provider.ts';
import type { FileReference, GenerationRequest } from '../../provider/request.ts';
import { assertSupported } from '../../provider-kit/assert-supported.ts';
import { sendJson } from '../../provider-kit/send-json.ts';
import { readCandidate } from './candidates.ts';
import { gatewayError } from './errors.ts';
import { fetchResult } from './fetch-result.ts';
import { DEFAULT_REGION, type Gateways, REGIONS, toGateways } from './gateway-address.ts';
import { assertImage, IMAGE_LIMITS } from './image-file.ts';
import { toOperationStatus } from './map-status.ts';
import { CURRENCY, findModel, fittingModels, MODELS, priceOf } from './models.ts';
import { adoptTask, type Operation404, originsOf, parseOperation } from './operation.ts';
import { OPTION_DESCRIPTIONS, type Options404, parseOptions } from './options.ts';
import { toGatewayPrompt } from './prompt.ts';
import { imageBody, type RequestBody, textBody } from './request-body.ts';
import { statusSchema, taskSchema } from './responses.ts';

/** What the gateway counts a task under. @source gateway-rs: src/http3/handlers/common/origin.rs */
export type ClientOrigin = 'api' | 'blender' | 'unity';

/** What a {@link create404Provider} is made from. */
export interface Provider404Options {
  /**
   * Origin of a gateway, https, or plain http on this machine: `http://127.0.0.1:4404`. Default: the public regions. One
   * that cannot be used is refused with `CONFIG_MISSING` when the provider is used, not before.
   */
  readonly url?: string;
  /** Jobs driven at once, ≥ 1. Default 4; the gateway lets a new key have one and the others wait for it. */
  readonly concurrency?: number;
  /** Default `api`. */
  readonly clientOrigin?: ClientOrigin;
}

const CREDENTIAL: CredentialUse = { name: '404', header: 'x-api-key' };

/** The gateway's deadline of 600 s, its cleaning up every 30 s, and a margin. @source gateway-rs: dev-env/config/config-single.toml */
const OPERATION_TIMEOUT_MS = 660_000;

/**
 * 404-GEN, Subnet 17 of Bittensor, through its public gateway: splats from texts, meshes and splats from images.
 *
 * A task cannot be cancelled there, but every task can be adopted by its id while its result is kept. The seed is always
 * ours, because the gateway tells nobody which one it drew. The gateway sends no CORS headers, so a web page cannot call it
 * from its own origin.
 */
export function create404Provider(options: Provider404Options = {}): Provider {
  const gateways = toGateways(options.url);
  const description = describe(gateways, options.concurrency ?? 4);
  const headers = { accept: 'application/json', 'x-client-origin': options.clientOrigin ?? 'api' };
  return {
    specVersion: 1,
    id: '404',
    describe: () => description,
    prepare(request) {
      const { order, warnings } = check(request, description, gateways);
      const estimate = priceOf(order.model);
      return { warnings, ...(estimate === undefined ? {} : { estimate }) };
    },
    async start(request, context) {
      throwIfCancelled(context.signal);
      const { order, origin } = check(request, description, gateways);
      const body = await toBody(order, request.seed, context);
      throwIfCancelled(context.signal);
      const { id } = await sendJson(
        {
          provider: '404-GEN',
          method: 'POST',
          url: `${origin}/add_task`,
          headers: { ...headers, 'content-type': body.contentType },
          body: body.bytes,
          credential: CREDENTIAL,
          schema: taskSchema,
          startsTask: true,
          mapError: (response, text) => gatewayError('add_task', response, text, context.now()),
        },
        context,
      );
      const reserved = priceOf(order.model);
      const operation: Operation404 = {
        version: 1,
        task: id,
        origin,
        model: order.model,
        seed: request.seed,
        candidates: order.options.candidates,
        startedAt: context.now(),
      };
      return { operation, warnings: [], ...(reserved === undefined ? {} : { spend: { reserved } }) };
    },
    async poll(stored, context) {
      throwIfCancelled(context.signal);
      const operation = parseOperation(stored);
      const { status, reason } = await askStatus(operation.task, originsOf(operation, gateways), context);
      return toOperationStatus(status, reason, operation, context.now());
    },
    async fetchAsset(offer, stored, context) {
      throwIfCancelled(context.signal);
      const operation = parseOperation(stored);
      const origins = originsOf(operation, gateways);
      const place = placeOf(offer.id);
      const query = { task: operation.task, origins, all: place > 0, credential: CREDENTIAL, headers };
      const stream = await fetchResult(query, context);
      return place === 0 ? stream : single(await readCandidate(stream, place));
    },
    adopt(taskId) {
      if (gateways.fault !== undefined) throw gateways.fault;
      return adoptTask(taskId, gateways);
    },
    taskId: (operation) => parseOperation(operation).task,
  };
}

function describe(gateways: Gateways, concurrency: number): ProviderDescription {
  return {
    id: '404',
    name: '404-GEN',
    credit: 'Generated with 404-GEN',
    homepage: 'https://404.xyz',
    offline: false,
    outputs: { text: ['splat'], image: ['mesh', 'splat'] },
    models: MODELS,
    credential: CREDENTIAL,
    concurrency,
    canCancel: false,
    canAdopt: true,
    operationTimeoutMs: OPERATION_TIMEOUT_MS,
    // Nothing public says more about the rights in results; whoever ships one should read the terms.
    outputLicence: 'Terms of 404-GEN',
    currency: CURRENCY,
    trustedOrigins: gateways.origins,
    images: IMAGE_LIMITS,
    options: OPTION_DESCRIPTIONS,
  };
}

/** An order as it will be sent. */
interface Order {
  readonly model: string;
  readonly options: Options404;
  /** What the task is made from: a text the gateway takes, or a stored image. */
  readonly input: string | FileReference;
}

/** Refuses what the gateway would refuse, before anything is sent. */
function check(
  request: GenerationRequest,
  description: ProviderDescription,
  gateways: Gateways,
): { order: Order; origin: string; warnings: readonly Warning[] } {
  if (gateways.fault !== undefined) throw gateways.fault;
  assertModelFits(request);
  assertSupported(description, request);
  const model = request.model ?? (fittingModels(request)[0]?.name as string);
  const options = parseOptions(request.providerOptions['404'], model);
  const origin = chooseOrigin(options, gateways);
  const [image, ...more] = request.prompt.images ?? [];
  const { text } = request.prompt;
  if (image === undefined)
    return { order: { model, options, input: toGatewayPrompt(text ?? '') }, origin, warnings: [] };
  if (more.length > 0) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `404-GEN takes one image, and there are ${more.length + 1}.`,
      remedy: 'Choose the one that shows the object best.',
    });
  }
  const warnings =
    text === undefined || text.trim() === ''
      ? []
      : [
          {
            code: 'PROMPT_IGNORED',
            message: '404-GEN takes a text or an image, not both: the image is sent, the text only names the asset.',
          },
        ];
  return { order: { model, options, input: image }, origin, warnings };
}

/** A model that exists but not for this says what it is for; the rest is for the general check. */
function assertModelFits(request: GenerationRequest): void {
  const model = request.model === undefined ? undefined : findModel(request.model);
  if (model === undefined || fittingModels(request).includes(model)) return;
  throw new SdkError({
    code: 'UNSUPPORTED_BY_PROVIDER',
    message: `The model ${model.name} of 404-GEN makes a ${model.output} from ${model.inputs.join(' or ')} only.`,
    remedy: 'Leave the model out, or change the output or the input; nothing was spent.',
  });
}

function chooseOrigin(options: Options404, gateways: Gateways): string {
  if (!gateways.isConfigured) return REGIONS[options.region ?? DEFAULT_REGION];
  if (options.region === undefined) return gateways.origins[0] as string;
  throw new SdkError({
    code: 'INPUT_INVALID',
    message: 'The option "region" of 404-GEN cannot be used while MAQUETTE_404_URL names a gateway.',
    remedy: 'Leave one of them out.',
  });
}

async function toBody(order: Order, seed: number, context: CallContext): Promise<RequestBody> {
  const { model, options, input } = order;
  const { modelParams } = options;
  const task = { model, seed, ...(modelParams === undefined ? {} : { modelParams }) };
  if (typeof input === 'string') return textBody(input, task);
  const image = await context.readInput(input);
  return imageBody(image, assertImage(image), task, `${context.idempotencyKey}/${input.digest}`);
}

/** Any gateway can answer for any task, so the next one is asked where the first cannot be reached. The key is not sent. */
async function askStatus(task: string, origins: readonly string[], context: CallContext) {
  for (const [index, origin] of origins.entries()) {
    try {
      return await sendJson(
        {
          provider: '404-GEN',
          method: 'GET',
          url: `${origin}/get_status?id=${task}`,
          schema: statusSchema,
          mapError: (response, text) => gatewayError('get_status', response, text, context.now()),
        },
        context,
      );
    } catch (error) {
      if (index + 1 === origins.length || context.signal.aborted || toSdkError(error).retry === 'never') throw error;
    }
  }
  throw new SdkError({ code: 'INTERNAL', message: '404-GEN has no gateway to ask.' });
}

/** Place of an offer among the results of its task, from 0. */
function placeOf(offerId: string): number {
  if (offerId === 'main') return 0;
  const match = /^candidate-([23])$/.exec(offerId);
  if (match !== null) return Number(match[1]) - 1;
  throw new SdkError({ code: 'INPUT_INVALID', message: '404-GEN offers no such result.' });
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
