import { sha256 } from '@noble/hashes/sha2.js';
import { throwIfCancelled } from '../foundation/cancel.ts';
import { SdkError } from '../foundation/errors.ts';
import type { HttpRequest, HttpResponse, HttpSend } from '../foundation/http.ts';
import { createRandom } from '../foundation/random.ts';
import type { Host, ImageCodec, LogEntry } from '../host/host.ts';
import { createFakeClock, type FakeClock, type FakeClockOptions } from './fake-clock.ts';
import { createMemoryFileStore, type MemoryFileStore } from './memory-file-store.ts';

/** What a {@link MemoryHost} is made from. */
export interface MemoryHostOptions {
  readonly clock?: FakeClockOptions | FakeClock;
  /** Files to work on, for instance those of an earlier host to play a restart. Default: an empty store. */
  readonly files?: MemoryFileStore;
  /** Seed of `random`. Default 1. */
  readonly seed?: number;
  /** Answers requests. Default: every request fails with `NETWORK_FAILED`, as on a machine without a network. */
  readonly http?: HttpSend;
  /** Names of the credentials that are set. Default none. */
  readonly credentials?: readonly string[];
  readonly images?: ImageCodec;
}

/** A Host that lives in memory and needs nothing of the platform. What it was asked to do can be looked at. */
export interface MemoryHost extends Host {
  readonly clock: FakeClock;
  readonly files: MemoryFileStore;
  /** Requests in the order in which they were sent. */
  readonly requests: readonly HttpRequest[];
  readonly logEntries: readonly LogEntry[];
}

/** Makes a {@link MemoryHost}. Works in an engine without any platform, as the script engine inside Unity is. */
export function createMemoryHost(options: MemoryHostOptions = {}): MemoryHost {
  const clock = isFakeClock(options.clock) ? options.clock : createFakeClock(options.clock);
  const stream = createRandom(options.seed ?? 1);
  const credentials = new Set(options.credentials ?? []);
  const requests: HttpRequest[] = [];
  const logEntries: LogEntry[] = [];
  const send: HttpSend =
    options.http ??
    (async (request) => {
      throw new SdkError({ code: 'NETWORK_FAILED', message: `There is no network to reach ${request.url}.` });
    });
  return {
    clock,
    files: options.files ?? createMemoryFileStore({ now: clock.now }),
    requests,
    logEntries,
    http: async (request, signal) => {
      throwIfCancelled(signal);
      requests.push(request);
      if (request.credential !== undefined && !credentials.has(request.credential.name)) {
        throw new SdkError({ code: 'CONFIG_MISSING', message: `No key is set for "${request.credential.name}".` });
      }
      return send(request, signal);
    },
    hasCredential: async (name) => credentials.has(name),
    random: (byteLength) => Uint8Array.from({ length: byteLength }, () => stream.integer(0, 255)),
    sha256: async (bytes) => sha256(bytes),
    log: (entry) => {
      logEntries.push(entry);
    },
    ...(options.images === undefined ? {} : { images: options.images }),
  };
}

function isFakeClock(value: FakeClockOptions | FakeClock | undefined): value is FakeClock {
  return value !== undefined && 'advance' in value;
}

/** One exchange of a {@link createScriptedHttp}. */
export interface ScriptedExchange {
  readonly method: HttpRequest['method'];
  /** Whole URL, or a test of it. */
  readonly url: string | ((url: string) => boolean);
  /** What comes back: an answer, a failure, or a function of the request. */
  readonly answer: ScriptedAnswer | SdkError | ((request: HttpRequest) => ScriptedAnswer | Promise<ScriptedAnswer>);
  /** How often it may be used. Default 1. */
  readonly times?: number;
}

/** An answer as a script writes it down. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes in one piece, or chunk by chunk. Default empty. */
  readonly body?: Uint8Array | readonly Uint8Array[] | AsyncIterable<Uint8Array>;
}

/**
 * A {@link HttpSend} that plays recorded exchanges: each request takes the first one that fits and is not used up. A
 * request nothing fits is an `INTERNAL` error naming it, so that a test cannot pass by accident.
 */
export function createScriptedHttp(exchanges: readonly ScriptedExchange[]): HttpSend {
  const left = exchanges.map((exchange) => exchange.times ?? 1);
  return async (request, signal) => {
    throwIfCancelled(signal);
    const index = exchanges.findIndex(
      (exchange, position) =>
        (left[position] as number) > 0 &&
        exchange.method === request.method &&
        (typeof exchange.url === 'string' ? exchange.url === request.url : exchange.url(request.url)),
    );
    const exchange = exchanges[index];
    if (exchange === undefined) {
      throw new SdkError({
        code: 'INTERNAL',
        message: `The script has no answer to ${request.method} ${request.url}.`,
      });
    }
    left[index] = (left[index] as number) - 1;
    if (exchange.answer instanceof SdkError) throw exchange.answer;
    const answer = typeof exchange.answer === 'function' ? await exchange.answer(request) : exchange.answer;
    throwIfCancelled(signal);
    return toResponse(answer);
  };
}

function toResponse(answer: ScriptedAnswer): HttpResponse {
  const body = answer.body;
  const chunks: AsyncIterable<Uint8Array> =
    body !== undefined && Symbol.asyncIterator in body
      ? body
      : (async function* () {
          if (body instanceof Uint8Array) yield body;
          else if (body !== undefined) yield* body as readonly Uint8Array[];
        })();
  return { status: answer.status, headers: answer.headers ?? {}, body: chunks };
}
