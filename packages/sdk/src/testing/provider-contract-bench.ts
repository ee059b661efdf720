import { encodeUtf8 } from '../foundation/bytes.ts';
import { createCancelController } from '../foundation/cancel.ts';
import type { ErrorCode } from '../foundation/error-catalogue.ts';
import { isSdkError } from '../foundation/errors.ts';
import type { HttpSend } from '../foundation/http.ts';
import { readInput } from '../jobs/read-input.ts';
import type { CallContext, OperationStatus, Provider } from '../provider/provider.ts';
import type { GenerationRequest } from '../provider/request.ts';
import { createMemoryHost, type MemoryHost, type ScriptedExchange } from './memory-host.ts';

/** What the suite needs to know about a provider. */
export interface ProviderContractOptions {
  /** A fresh adapter, as another process would make it. */
  readonly createProvider: () => Provider;
  /** A prompt it makes something of. Default `a lamp`. */
  readonly text?: string;
  /** A whole order, for providers that need more than a text. */
  readonly request?: GenerationRequest;
  /** Bytes of the images `request` refers to, by their key. */
  readonly inputs?: Readonly<Record<string, Uint8Array>>;
  /** Orders with a generic option that has no effect, and the code of the warning it gives. */
  readonly ignored?: readonly { readonly request: GenerationRequest; readonly warning: string }[];
  /** A service that does what it should: answers every request of a task that goes well. Left out by providers without http. */
  readonly http?: () => HttpSend;
  /** Recorded answers. With them the cases about http run too; without, the others only. */
  readonly recorded?: RecordedAnswers;
}

/** Answers of the real service, with secrets removed. */
export interface RecordedAnswers {
  /** The exchange that starts a task. */
  readonly start: ScriptedExchange;
  /** Every status the documentation knows, as the exchange that brings it, and what it means. */
  readonly statuses: readonly {
    readonly name: string;
    readonly exchange: ScriptedExchange;
    readonly state: OperationStatus['state'];
  }[];
  /** A status answer with a word that the documentation does not know. */
  readonly unknownStatus: { readonly exchange: ScriptedExchange; readonly word: string };
  /** Failures with a meaning of their own. General ones (401, 402, 429, 5xx, broken bodies) are part of the suite. */
  readonly failures?: readonly {
    readonly name: string;
    readonly at: 'start' | 'poll';
    readonly exchange: ScriptedExchange;
    readonly code: ErrorCode;
  }[];
}

/** A call context of the suite and what went through it. */
export interface ContractBench {
  readonly host: MemoryHost;
  readonly context: CallContext;
  readonly logged: string[];
  readonly cancel: (reason: unknown) => void;
}

/** Makes the bench of one case. */
export function createContractBench(
  provider: Provider,
  http: HttpSend | undefined,
  inputs: ProviderContractOptions['inputs'] = {},
): ContractBench {
  const credential = provider.describe().credential?.name;
  const host = createMemoryHost({
    ...(http === undefined ? {} : { http }),
    ...(credential === undefined ? {} : { credentials: [credential] }),
  });
  const controller = createCancelController();
  const logged: string[] = [];
  return {
    host,
    logged,
    cancel: controller.cancel,
    context: {
      http: host.http,
      hasCredential: host.hasCredential,
      log: (event, data) => {
        logged.push(JSON.stringify([event, data]));
      },
      signal: controller.signal,
      readInput: async (reference) => inputs[reference.key] ?? (await readInput(host, reference)),
      idempotencyKey: 'contract-key',
      now: () => host.clock.now(),
    },
  };
}

/** The order the suite sends. Frozen: an adapter that changes it fails. */
export function contractRequest(options: ProviderContractOptions): GenerationRequest {
  const output = options.createProvider().describe().outputs.text?.[0] ?? 'mesh';
  return deepFreeze(
    options.request ?? { prompt: { text: options.text ?? 'a lamp' }, output, seed: 7, providerOptions: {} },
  );
}

/** Throws unless `work` rejects with one of the codes. */
export async function expectOneOf(work: Promise<unknown>, codes: readonly ErrorCode[], what: string): Promise<void> {
  let outcome = 'it resolved';
  try {
    await work;
  } catch (error) {
    if (isSdkError(error) && codes.includes(error.code)) return;
    outcome = isSdkError(error) ? `${error.code}: ${error.message}` : String(error);
  }
  throw new Error(`Expected ${what} to reject with ${codes.join(' or ')}, but ${outcome}.`);
}

/** Throws unless `value` is plain data that comes back from JSON as it was. Absent and undefined members are the same. */
export function expectJson(value: unknown, what: string): void {
  const isPlain = (part: unknown): boolean => {
    if (part === null || typeof part === 'string' || typeof part === 'boolean') return true;
    if (typeof part === 'number') return Number.isFinite(part);
    if (Array.isArray(part)) return part.every(isPlain);
    if (typeof part !== 'object' || Object.getPrototypeOf(part) !== Object.prototype) return false;
    return Object.values(part).every((member) => member === undefined || isPlain(member));
  };
  if (!isPlain(value))
    throw new Error(`Expected ${what} to be plain JSON, found ${String(JSON.stringify(value)).slice(0, 200)}.`);
}

/** Text as a body. */
export function textBody(text: string): Uint8Array {
  return encodeUtf8(text);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
