import type { ErrorCode } from '../foundation/error-catalogue.ts';
import { SdkError } from '../foundation/errors.ts';
import type { HttpResponse } from '../foundation/http.ts';
import { excerpt } from './redact.ts';

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** The code of an answer that is not a success, as far as its status alone tells. Adapters that know more map bodies first. */
export function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 400:
    case 405:
    case 406:
    case 411:
    case 413:
    case 414:
    case 415:
    case 422:
      return 'INPUT_INVALID';
    case 401:
    case 403:
      return 'AUTH_REJECTED';
    case 402:
      return 'PAYMENT_REQUIRED';
    case 404:
    case 410:
      return 'OPERATION_EXPIRED';
    case 408:
    case 425:
    case 500:
    case 502:
    case 503:
    case 504:
      return 'PROVIDER_UNAVAILABLE';
    case 429:
      return 'RATE_LIMITED';
    case 451:
      return 'INPUT_REJECTED';
    default:
      return status > 500 ? 'PROVIDER_UNAVAILABLE' : 'PROVIDER_PROTOCOL';
  }
}

/**
 * Milliseconds the server asks to wait, or undefined.
 *
 * @source RFC 9110 §10.2.3: seconds or a date; §5.6.7 for its form. Engines read other forms in ways of their own.
 */
export function retryAfterMs(response: HttpResponse, nowMs: number): number | undefined {
  const header = response.headers['retry-after']?.trim();
  if (header === undefined) return undefined;
  if (/^\d{1,7}$/.test(header)) return Number(header) * 1000;
  const date = HTTP_DATE.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** The error of an answer that is not a success. `body` is what the server wrote; secrets in it are taken out. */
export function httpError(provider: string, response: HttpResponse, body: string, nowMs: number): SdkError {
  const code = codeOfStatus(response.status);
  const waitMs = retryAfterMs(response, nowMs);
  const said = excerpt(body);
  return new SdkError({
    code,
    message: `${provider} answered ${response.status}${said === '' ? '' : `: ${said}`}.`,
    details: { status: response.status },
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  });
}
