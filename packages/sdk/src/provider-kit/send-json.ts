import * as z from 'zod/mini';
import { decodeUtf8, encodeUtf8 } from '../foundation/bytes.ts';
import { isCancelError, SdkError, toSdkError } from '../foundation/errors.ts';
import type { CredentialUse, HttpRequest, HttpResponse } from '../foundation/http.ts';
import type { JsonValue } from '../foundation/json.ts';
import type { CallContext } from '../provider/provider.ts';
import { httpError } from './http-errors.ts';
import { readBody } from './read-body.ts';
import { excerpt } from './redact.ts';

/** Largest JSON answer, bytes. */
const MAX_JSON_BYTES = 4 * 1024 * 1024;

/** Tries of a request that may be repeated. The engine waits and tries again later; this only bridges a dropped connection. */
const SAFE_TRIES = 2;

/** One JSON exchange with a provider. */
export interface JsonExchange<Schema extends z.ZodMiniType> {
  /** The provider's name, for messages. */
  readonly provider: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; or bytes with a content type of their own among `headers`. */
  readonly body?: JsonValue | Uint8Array;
  readonly credential?: CredentialUse;
  /** What the answer has to hold. As lax as possible: only members in use. */
  readonly schema: Schema;
  /**
   * True for the request that makes a paid task: when it is not certain that nothing was accepted, the error is
   * `OUTCOME_UNKNOWN`. Never sent twice.
   */
  readonly startsTask?: boolean;
  /** Maps an answer that is not a success. Undefined as a result: the status decides. */
  readonly mapError?: (response: HttpResponse, body: string) => SdkError | undefined;
}

/**
 * Sends a request and reads a JSON answer.
 *
 * A GET whose connection broke is repeated once, at once; nothing else is. Waiting and trying again later is the engine's
 * work.
 *
 * @throws {@link SdkError} by status; `PROVIDER_PROTOCOL` for an answer that is no such JSON; `OUTCOME_UNKNOWN` as above;
 * `NETWORK_FAILED` when no answer came. The signal's reason passes through.
 */
export async function sendJson<Schema extends z.ZodMiniType>(
  exchange: JsonExchange<Schema>,
  context: CallContext,
): Promise<z.infer<Schema>> {
  const isBytes = exchange.body instanceof Uint8Array;
  const body =
    exchange.body === undefined ? undefined : isBytes ? exchange.body : encodeUtf8(JSON.stringify(exchange.body));
  const request: HttpRequest = {
    method: exchange.method,
    url: exchange.url,
    headers: {
      accept: 'application/json',
      ...(body === undefined || isBytes ? {} : { 'content-type': 'application/json' }),
      ...exchange.headers,
    },
    ...(body === undefined ? {} : { body }),
    ...(exchange.credential === undefined ? {} : { credential: exchange.credential }),
  };
  const { response, text } = await sendWithCare(exchange, request, context);
  if (response.status < 200 || response.status >= 300) {
    const mapped = exchange.mapError?.(response, text) ?? httpError(exchange.provider, response, text, context.now());
    // A server that broke down while it worked may have made the task before it did.
    throw exchange.startsTask === true && isDoubtful(response.status) && mapped.code === 'PROVIDER_UNAVAILABLE'
      ? unknown(exchange.provider, mapped)
      : mapped;
  }
  try {
    return parseAnswer(exchange, text);
  } catch (error) {
    // It said yes, and we cannot read what it made.
    throw exchange.startsTask === true ? unknown(exchange.provider, toSdkError(error)) : error;
  }
}

async function sendWithCare(
  exchange: JsonExchange<z.ZodMiniType>,
  request: HttpRequest,
  context: CallContext,
): Promise<{ response: HttpResponse; text: string }> {
  const tries = exchange.method === 'GET' ? SAFE_TRIES : 1;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await context.http(request, context.signal);
      return { response, text: decodeUtf8(await readBody(response, MAX_JSON_BYTES)) };
    } catch (error) {
      if (isCancelError(error) || context.signal.aborted) throw error;
      const failure = toSdkError(error, 'NETWORK_FAILED');
      if (failure.code === 'NETWORK_FAILED' && attempt < tries) continue;
      const isHarmless = failure.code === 'CONFIG_MISSING' || failure.code === 'URL_NOT_TRUSTED' || wasNotSent(failure);
      throw exchange.startsTask === true && !isHarmless ? unknown(exchange.provider, failure) : failure;
    }
  }
}

/** Reasons of the Host that come before the first byte of a request leaves the machine. Anything else is in doubt. */
const UNSENT_REASONS: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function wasNotSent(failure: SdkError): boolean {
  return failure.code === 'NETWORK_FAILED' && UNSENT_REASONS.has(failure.details?.reason);
}

/** 503 is given by servers that refuse at the door; the others can come from behind it. */
function isDoubtful(status: number): boolean {
  return status >= 500 && status !== 503;
}

function parseAnswer<Schema extends z.ZodMiniType>(exchange: JsonExchange<Schema>, text: string): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw protocolError(exchange.provider, `is no JSON: ${excerpt(text, 80)}`, error);
  }
  const parsed = z.safeParse(exchange.schema, value);
  if (parsed.success) return parsed.data as z.infer<Schema>;
  const issue = parsed.error.issues[0];
  throw protocolError(
    exchange.provider,
    `has no valid "${issue?.path.join('.') ?? ''}": ${excerpt(text, 80)}`,
    parsed.error,
  );
}

function protocolError(provider: string, what: string, cause: unknown): SdkError {
  return new SdkError({ code: 'PROVIDER_PROTOCOL', message: `The answer of ${provider} ${what}.`, cause });
}

function unknown(provider: string, cause: SdkError): SdkError {
  return new SdkError({
    code: 'OUTCOME_UNKNOWN',
    message: `${provider} may or may not have accepted the task: ${cause.message}`,
    details: { reason: cause.code, ...cause.details },
    cause,
  });
}
