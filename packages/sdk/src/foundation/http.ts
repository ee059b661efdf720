import type { CancelSignal } from './cancel.ts';

/** Names a credential the Host holds, and where it belongs in a request. The core never sees its value. */
export interface CredentialUse {
  /** Name under which the Host knows it, for instance a provider id. */
  readonly name: string;
  /** Header that carries it, lower case. */
  readonly header: string;
  /** Text before the value, for instance `Bearer `. Default none. */
  readonly prefix?: string;
}

/** One request. Bodies are bytes, never strings. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly url: string;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly credential?: CredentialUse;
  /** Default `manual`: a redirect comes back as a 3xx answer, so that its target can be checked before it is followed. */
  readonly redirect?: 'manual' | 'error';
}

/** One answer. A status of 400 or more is an answer, not an exception. */
export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it arrives. Can be read once. Breaking off the loop closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Sends a request.
 *
 * Rejects with `NETWORK_FAILED` when no answer arrived, with `URL_NOT_TRUSTED` when the Host does not allow the origin or
 * the credential for it, with `CONFIG_MISSING` when the named credential is not set, and with the signal's reason when
 * cancelled. Never retries: whoever calls decides what may be repeated.
 */
export type HttpSend = (request: HttpRequest, signal?: CancelSignal) => Promise<HttpResponse>;
