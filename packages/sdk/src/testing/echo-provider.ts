import { cancelReason } from '../foundation/cancel.ts';
import { type ErrorRecord, SdkError } from '../foundation/errors.ts';
import type { JsonValue } from '../foundation/json.ts';
import type {
  CallContext,
  Money,
  OperationStatus,
  Prepared,
  Provider,
  ProviderDescription,
  Started,
} from '../provider/provider.ts';
import type { GenerationRequest } from '../provider/request.ts';
import { createEchoModel } from './echo-model.ts';

/** How a start goes: accepted; answer lost before or after the task was made; no answer at all; or an error. */
export type EchoStart = 'accepted' | 'lost-before' | 'lost-after' | 'silence' | SdkError;

/** How a poll goes: what the script says, no answer at all, or an error. */
export type EchoPoll = OperationStatus | 'silence' | SdkError;

/** How a download goes: whole, half, a web page, a dead link, silence in the middle, or an error. */
export type EchoFetch = 'whole' | 'half' | 'web-page' | 'expired' | 'silence' | SdkError;

/** What happens to one task. Every list is used from the front, once per call; when it is empty, things go well. */
export interface EchoBehaviour {
  /** Time from start to result, milliseconds. Default 0: the first poll finds the result. */
  readonly durationMs?: number;
  /** Hint for the next poll, milliseconds. Default none. */
  readonly pollAfterMs?: number;
  /** Offers the result while the task is still pending. */
  readonly offersEarly?: boolean;
  /** Fails in the end, instead of delivering. */
  readonly failure?: ErrorRecord;
  readonly starts?: readonly EchoStart[];
  readonly polls?: readonly EchoPoll[];
  readonly fetches?: readonly EchoFetch[];
}

/** What an {@link createEchoProvider} is made from. */
export interface EchoProviderOptions {
  /** Default `echo`. */
  readonly id?: string;
  /** Default 4. */
  readonly concurrency?: number;
  /** Default true. */
  readonly canCancel?: boolean;
  /** True: finds starts by their key, as long as this object lives. Default false. */
  readonly canLookUp?: boolean;
  /** Default 600 000. */
  readonly operationTimeoutMs?: number;
  /** Price of a task: estimated, reserved at the start and charged at the end. Default free. */
  readonly price?: Money;
  /** False: the price is charged, but not told in advance. Default true. */
  readonly givesEstimate?: boolean;
  /** The same for every task, or chosen by its request. Default: the first poll finds the result. */
  readonly behaviour?: EchoBehaviour | ((request: { readonly text: string; readonly seed: number }) => EchoBehaviour);
  /** Called inside every start, before it is answered. */
  readonly onStart?: (request: GenerationRequest, idempotencyKey: string) => void | Promise<void>;
  /** Called inside every cancel. */
  readonly onCancel?: (taskId: string) => void | Promise<void>;
}

/** What the stored operation of the echo provider holds: enough for another process. */
interface EchoOperation {
  readonly task: string;
  readonly text: string;
  readonly seed: number;
  readonly startedAt: number;
}

/** A provider for tests: it sends every prompt back as a box, and misbehaves exactly as told. */
export function createEchoProvider(options: EchoProviderOptions = {}): Provider {
  const id = options.id ?? 'echo';
  const canCancel = options.canCancel ?? true;
  // The memory of the pretended service. A real adapter holds no state.
  const calls = new Map<string, number>();
  const known = new Map<string, Started>();
  const cancelled = new Set<string>();

  const behaviourOf = (text: string, seed: number): EchoBehaviour =>
    typeof options.behaviour === 'function' ? options.behaviour({ text, seed }) : (options.behaviour ?? {});

  const next = <T>(list: readonly T[] | undefined, key: string): T | undefined => {
    const index = calls.get(key) ?? 0;
    calls.set(key, index + 1);
    return list?.[index];
  };

  const description: ProviderDescription = {
    id,
    name: 'Echo',
    credit: 'Echoed by the test provider',
    offline: true,
    outputs: { text: ['mesh'] },
    models: [
      {
        name: 'box',
        inputs: ['text'],
        output: 'mesh',
        ...(options.price === undefined ? {} : { price: options.price.amount }),
      },
    ],
    concurrency: options.concurrency ?? 4,
    canCancel,
    canAdopt: true,
    operationTimeoutMs: options.operationTimeoutMs ?? 600_000,
    outputLicence: 'CC0-1.0',
    ...(options.price === undefined ? {} : { currency: options.price.currency }),
    options: [{ key: 'colour', description: 'Has no effect; only there to be warned about.' }],
  };

  const begin = (request: GenerationRequest, context: CallContext): Started => {
    const operation: EchoOperation = {
      task: `echo-${context.idempotencyKey}`,
      text: request.prompt.text ?? '',
      seed: request.seed,
      startedAt: context.now(),
    };
    const started: Started = {
      operation: { ...operation },
      warnings: [],
      ...(options.price === undefined ? {} : { spend: { reserved: options.price } }),
    };
    known.set(context.idempotencyKey, started);
    return started;
  };

  return {
    specVersion: 1,
    id,
    describe: () => description,
    prepare(request): Prepared {
      if (request.prompt.text === undefined || request.prompt.images !== undefined || request.output !== 'mesh') {
        throw new SdkError({
          code: 'UNSUPPORTED_BY_PROVIDER',
          message: 'Echo makes a mesh from text and nothing else.',
        });
      }
      if (request.model !== undefined && request.model !== 'box') {
        throw new SdkError({
          code: 'UNSUPPORTED_BY_PROVIDER',
          message: `Echo has no model "${request.model}", only box.`,
        });
      }
      const warnings = Object.keys(request.providerOptions[id] ?? {}).map((key) => {
        if (key !== 'colour') throw new SdkError({ code: 'INPUT_INVALID', message: `Echo has no option "${key}".` });
        return { code: 'OPTION_IGNORED', message: 'Echo ignores the option "colour".', details: { option: key } };
      });
      const hasEstimate = options.price !== undefined && options.givesEstimate !== false;
      return { warnings, ...(hasEstimate && options.price !== undefined ? { estimate: options.price } : {}) };
    },
    async start(request, context) {
      throwIfAborted(context);
      const answer = next(
        behaviourOf(request.prompt.text ?? '', request.seed).starts,
        `start ${context.idempotencyKey}`,
      );
      if (answer instanceof SdkError) throw answer;
      if (answer === 'silence') return await silence(context);
      if (answer === 'lost-before') throw lostAnswer();
      const started = begin(request, context);
      await options.onStart?.(request, context.idempotencyKey);
      throwIfAborted(context);
      if (answer === 'lost-after') throw lostAnswer();
      return started;
    },
    ...(options.canLookUp === true
      ? {
          lookUp: async (_request: GenerationRequest, context: CallContext) =>
            known.get(context.idempotencyKey) ?? null,
        }
      : {}),
    async poll(operation, context) {
      throwIfAborted(context);
      const task = parseOperation(operation);
      const behaviour = behaviourOf(task.text, task.seed);
      const scripted = next(behaviour.polls, `poll ${task.task}`);
      if (scripted === 'silence') return await silence(context);
      if (scripted instanceof SdkError) throw scripted;
      if (scripted !== undefined) return scripted;
      if (cancelled.has(task.task)) return { state: 'cancelled' };
      const assets = [{ id: 'main', kind: 'mesh', mediaType: 'model/gltf-binary' }] as const;
      const durationMs = behaviour.durationMs ?? 0;
      const elapsedMs = context.now() - task.startedAt;
      if (elapsedMs < durationMs) {
        return {
          state: 'pending',
          progress: Math.max(0, elapsedMs / durationMs),
          stage: 'echoing',
          ...(behaviour.pollAfterMs === undefined ? {} : { pollAfterMs: behaviour.pollAfterMs }),
          ...(behaviour.offersEarly === true ? { assets } : {}),
        };
      }
      if (behaviour.failure !== undefined) return { state: 'failed', error: behaviour.failure };
      return {
        state: 'completed',
        assets,
        facts: { model: 'box', seed: task.seed },
        ...(options.price === undefined ? {} : { spend: { actual: options.price } }),
      };
    },
    async fetchAsset(offer, operation, context) {
      throwIfAborted(context);
      const task = parseOperation(operation);
      const answer = next(behaviourOf(task.text, task.seed).fetches, `fetch ${task.task} ${offer.id}`) ?? 'whole';
      if (answer instanceof SdkError) throw answer;
      if (answer === 'expired') throw new SdkError({ code: 'OPERATION_EXPIRED', message: 'The echo has faded away.' });
      return streamModel(createEchoModel(task.text, task.seed), answer, context);
    },
    ...(canCancel
      ? {
          async cancel(operation: JsonValue, context: CallContext) {
            throwIfAborted(context);
            const { task } = parseOperation(operation);
            await options.onCancel?.(task);
            cancelled.add(task);
          },
        }
      : {}),
    adopt(taskId) {
      if (!taskId.startsWith('echo-'))
        throw new SdkError({ code: 'INPUT_INVALID', message: `"${taskId.slice(0, 40)}" is no task of Echo.` });
      return { task: taskId, text: 'adopted', seed: 0, startedAt: 0 };
    },
    taskId: (operation) => parseOperation(operation).task,
  };
}

async function* streamModel(model: Uint8Array, how: EchoFetch, context: CallContext): AsyncGenerator<Uint8Array> {
  if (how === 'web-page') {
    yield Uint8Array.from('<html><body>Bad gateway</body></html>', (character) => character.charCodeAt(0));
    return;
  }
  const end = how === 'whole' ? model.length : model.length >> 1;
  for (let offset = 0; offset < end; offset += 16_384) {
    throwIfAborted(context);
    yield model.subarray(offset, Math.min(offset + 16_384, end));
  }
  if (how === 'silence') await silence(context);
}

function parseOperation(operation: JsonValue): EchoOperation {
  const value = operation as Partial<EchoOperation> | null;
  if (typeof value?.task !== 'string' || typeof value.text !== 'string' || typeof value.startedAt !== 'number') {
    throw new SdkError({ code: 'INPUT_INVALID', message: 'This is no operation of Echo.' });
  }
  return { task: value.task, text: value.text, seed: value.seed ?? 0, startedAt: value.startedAt };
}

function lostAnswer(): SdkError {
  return new SdkError({ code: 'OUTCOME_UNKNOWN', message: 'The answer of Echo was lost.' });
}

function throwIfAborted(context: CallContext): void {
  if (context.signal.aborted) throw cancelReason(context.signal);
}

/** Never answers, until the caller gives up. */
function silence(context: CallContext): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = (): void => reject(cancelReason(context.signal));
    if (context.signal.aborted) onAbort();
    else context.signal.addEventListener('abort', onAbort);
  });
}
