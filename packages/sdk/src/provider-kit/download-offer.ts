import type { CancelSignal } from '../foundation/cancel.ts';
import { SdkError } from '../foundation/errors.ts';
import type { CredentialUse, HttpResponse, HttpSend } from '../foundation/http.ts';
import { isPrivateHost, type ParsedUrl, parseUrl, resolveUrl } from '../foundation/url.ts';
import type { AssetOffer } from '../provider/provider.ts';
import { codeOfStatus, retryAfterMs } from './http-errors.ts';
import { discardBody } from './read-body.ts';

/** Redirects followed from one offer. */
const MAX_REDIRECTS = 5;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What a download needs. */
export interface DownloadContext {
  readonly http: HttpSend;
  readonly signal: CancelSignal;
  /** Origins the user configured: plain http, private addresses and credentials are allowed there and nowhere else. */
  readonly trustedOrigins: readonly string[];
}

/**
 * Opens the bytes of an offer that is a plain URL.
 *
 * The URL comes from a stranger. It must be https and on the public internet, unless its origin was configured; every
 * redirect is checked in the same way; a credential goes to a configured origin only, and own headers of the offer stay
 * with the origin they were made for. The size limit is kept by whoever reads.
 *
 * @throws {@link SdkError} `URL_NOT_TRUSTED`; `OPERATION_EXPIRED` for a link that is dead; by status otherwise. While
 * reading, `NETWORK_FAILED` if fewer bytes come than the server declared.
 */
export async function downloadOffer(
  offer: AssetOffer & { readonly url: string },
  context: DownloadContext,
): Promise<AsyncIterable<Uint8Array>> {
  let url = assertTrusted(parseUrl(offer.url), context);
  const firstOrigin = url.origin;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const credential = credentialFor(url, offer.credential, context);
    const response = await context.http(
      {
        method: 'GET',
        url: url.href,
        headers: url.origin === firstOrigin ? (offer.headers ?? {}) : {},
        redirect: 'manual',
        ...(credential === undefined ? {} : { credential }),
      },
      context.signal,
    );
    if (response.status === 200) return wholeBody(response);
    await discardBody(response);
    const location = response.headers.location;
    if (!REDIRECTS.has(response.status) || location === undefined)
      throw downloadError(response, credential !== undefined);
    url = assertTrusted(resolveUrl(url, location), context);
  }
  throw new SdkError({ code: 'URL_NOT_TRUSTED', message: `A result was redirected more than ${MAX_REDIRECTS} times.` });
}

/** Throws `URL_NOT_TRUSTED` unless the URL may be fetched. */
function assertTrusted(url: ParsedUrl, context: DownloadContext): ParsedUrl {
  if (isTrustedOrigin(url, context)) return url;
  if (url.scheme !== 'https') throw notTrusted(url, 'is not encrypted');
  if (isPrivateHost(url)) throw notTrusted(url, 'leads into a private network');
  return url;
}

function isTrustedOrigin(url: ParsedUrl, context: DownloadContext): boolean {
  return context.trustedOrigins.some((origin) => parseUrl(origin).origin === url.origin);
}

function credentialFor(
  url: ParsedUrl,
  credential: CredentialUse | undefined,
  context: DownloadContext,
): CredentialUse | undefined {
  return isTrustedOrigin(url, context) ? credential : undefined;
}

function downloadError(response: HttpResponse, hadCredential: boolean): SdkError {
  const code = codeOfStatus(response.status);
  // Signed links answer 400, 401 or 403 when their time is over.
  const isDeadLink = (code === 'AUTH_REJECTED' && !hadCredential) || code === 'INPUT_INVALID';
  const waitMs = retryAfterMs(response, 0);
  return new SdkError({
    code: isDeadLink ? 'OPERATION_EXPIRED' : code,
    message: `The download was answered with ${response.status}.`,
    details: { status: response.status },
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  });
}

function notTrusted(url: ParsedUrl, why: string): SdkError {
  return new SdkError({
    code: 'URL_NOT_TRUSTED',
    message: `The address of a result, ${url.origin}, ${why}.`,
    details: { origin: url.origin },
  });
}

/** The body, failing at its end if the server declared more than came. */
export async function* wholeBody(response: HttpResponse): AsyncGenerator<Uint8Array> {
  const declared = response.headers['content-length'];
  // A compressed transfer is unpacked on the way, so its length says nothing about ours.
  const isComparable =
    declared !== undefined &&
    /^\d+$/.test(declared) &&
    (response.headers['content-encoding'] ?? 'identity') === 'identity';
  let received = 0;
  for await (const chunk of response.body) {
    received += chunk.length;
    yield chunk;
  }
  if (isComparable && received < Number(declared)) {
    throw new SdkError({
      code: 'NETWORK_FAILED',
      message: `The download broke off after ${received} of ${declared} bytes.`,
    });
  }
}
