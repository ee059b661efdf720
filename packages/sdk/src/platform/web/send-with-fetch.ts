import ky from 'ky';
import { type CancelSignal, cancelReason, throwIfCancelled } from '../../foundation/cancel.ts';
import { SdkError } from '../../foundation/errors.ts';
import type { HttpRequest, HttpResponse } from '../../foundation/http.ts';

/** The part of a platform's `fetch` that is used. Redirects are not followed. */
export type FetchOnce = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array<ArrayBuffer> | undefined;
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

/**
 * Sends one request through ky and hands the answer over as it arrives.
 *
 * Nothing is repeated, followed, timed or thrown for a status: all of that is decided by whoever calls.
 *
 * @param url - Checked by the caller.
 * @param headers - Lower-case names, credential included.
 */
export async function sendWithFetch(
  fetchOnce: FetchOnce,
  request: HttpRequest,
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: CancelSignal | undefined,
): Promise<HttpResponse> {
  throwIfCancelled(signal);
  const abort = new AbortController();
  const onCancel = (): void => abort.abort();
  signal?.addEventListener('abort', onCancel);
  const release = (): void => signal?.removeEventListener('abort', onCancel);
  const body = request.body === undefined ? undefined : new Uint8Array(request.body);
  try {
    const response = await ky(url.href, {
      method: request.method,
      headers: { ...headers },
      redirect: 'manual',
      signal: abort.signal,
      retry: 0,
      timeout: false,
      throwHttpErrors: false,
      // The body goes past ky: a Request turns it into a stream, and a stream is sent without its length.
      fetch: () => fetchOnce(url.href, { method: request.method, headers, body, signal: abort.signal }),
    });
    if (response.type === 'opaqueredirect') {
      throw new SdkError({
        code: 'URL_NOT_TRUSTED',
        message: `${url.origin} answered with a redirect, whose target this platform does not show.`,
      });
    }
    if (request.redirect === 'error' && response.status >= 300 && response.status < 400 && response.status !== 304) {
      abort.abort();
      throw new SdkError({ code: 'NETWORK_FAILED', message: `${url.origin} answered with a redirect.` });
    }
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: streamBody(response, url, abort, signal, release),
    };
  } catch (error) {
    release();
    throw toNetworkError(error, url, signal);
  }
}

async function* streamBody(
  response: Response,
  url: URL,
  abort: AbortController,
  signal: CancelSignal | undefined,
  release: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let isComplete = false;
  try {
    const reader = response.body?.getReader();
    for (;;) {
      throwIfCancelled(signal);
      const next = await reader?.read();
      if (next === undefined || next.done) break;
      yield next.value;
    }
    isComplete = true;
  } catch (error) {
    throw toNetworkError(error, url, signal);
  } finally {
    release();
    // broken off, by the reader or by a fault: the connection must not go on filling memory
    if (!isComplete) abort.abort();
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the connection broke',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** `NETWORK_FAILED` that says what happened in words and as a code; the tripped signal's reason if that was the cause. */
function toNetworkError(error: unknown, url: URL, signal: CancelSignal | undefined): unknown {
  if (signal?.aborted) return cancelReason(signal);
  if (error instanceof SdkError) return error;
  let reason: string | undefined;
  // ky wraps fetch's TypeError, which wraps the error of the socket
  for (let cause: unknown = error, depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    const code = (cause as { code?: unknown }).code;
    if (typeof code === 'string') reason = code;
    cause = cause.cause;
  }
  const sentence =
    reason === undefined ? 'the connection failed' : (SENTENCES[reason] ?? `the connection failed, ${reason}`);
  return new SdkError({
    code: 'NETWORK_FAILED',
    message: `No complete answer from ${url.origin}: ${sentence}.`,
    ...(reason === undefined ? {} : { details: { reason } }),
    cause: error,
  });
}

/**
 * The address of a request, if it may be called at all: https, or plain http to this very machine.
 *
 * Whether a provider's link leads to a private network is decided above, where it is known who gave it.
 */
export function parseRequestUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    throw new SdkError({ code: 'INPUT_INVALID', message: 'The address of a request is malformed.', cause: error });
  }
  const isPlainAllowed = url.protocol === 'http:' && isLoopbackName(url.hostname);
  if (url.protocol !== 'https:' && !isPlainAllowed) {
    throw new SdkError({
      code: 'URL_NOT_TRUSTED',
      message: `${url.origin === 'null' ? url.protocol : url.origin} is not https; plain http is for this machine only.`,
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new SdkError({ code: 'URL_NOT_TRUSTED', message: `The address at ${url.host} holds a name and password.` });
  }
  return url;
}

/** True for names that only ever mean this machine. @source RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3 */
export function isLoopbackName(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}
