import type { ErrorCode } from '../../foundation/error-catalogue.ts';
import { SdkError } from '../../foundation/errors.ts';
import type { HttpResponse } from '../../foundation/http.ts';
import { codeOfStatus, retryAfterMs } from '../../provider-kit/http-errors.ts';
import { type Refusal, readRefusal } from './responses.ts';

/** Which request was refused. */
export type GatewayCall = 'add_task' | 'get_status' | 'get_result';

/** Window of the limit by address, milliseconds. @source gateway-rs: dev-env/config/config-single.toml */
const ADDRESS_WINDOW_MS = 60_000;

/** Window of the daily limits, milliseconds: more than a job waits, so that it ends and says why. */
const DAY_MS = 86_400_000;

const ACCOUNT = 'the account page of gen.404.xyz';

interface Meaning {
  readonly code: ErrorCode;
  /** A full sentence without the full stop. */
  readonly message: string;
  readonly remedy?: string;
  readonly retryAfterMs?: number;
}

/**
 * What an answer of the gateway that is no success means.
 *
 * The gateway never sends `Retry-After`, but proxies before it do.
 *
 * @param body - As received. What looks like a secret in it does not get into the error.
 * @source gateway-rs: src/http3/error.rs, src/http3/rate_limits.rs, src/http3/handlers/task/add_task_billing.rs
 */
export function gatewayError(call: GatewayCall, response: HttpResponse, body: string, nowMs: number): SdkError {
  const refusal = readRefusal(body);
  const meaning = toMeaning(call, response.status, refusal);
  const waitMs = retryAfterMs(response, nowMs) ?? meaning.retryAfterMs;
  return new SdkError({
    code: meaning.code,
    message: `${meaning.message}.`,
    ...(meaning.remedy === undefined ? {} : { remedy: meaning.remedy }),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    details: { status: response.status, ...(refusal.word === undefined ? {} : { word: refusal.word }) },
  });
}

function toMeaning(call: GatewayCall, status: number, refusal: Refusal): Meaning {
  switch (status) {
    case 400:
      return badRequest(refusal);
    case 401:
      return unauthorized(refusal);
    case 402:
      return {
        code: 'PAYMENT_REQUIRED',
        message: said('The account at 404-GEN has no credit', refusal),
        remedy: `Top up on ${ACCOUNT}, then start a new job; nothing was spent.`,
      };
    case 404:
    case 405:
      return notThere(call, refusal);
    case 429:
      return tooMany(call, refusal);
    case 503:
      if (refusal.word === 'pricing_unavailable') {
        return {
          code: 'UNSUPPORTED_BY_PROVIDER',
          message: said('404-GEN does not sell this at the moment', refusal),
          remedy: 'Choose another model; nothing was spent.',
        };
      }
      return { code: 'PROVIDER_UNAVAILABLE', message: said('404-GEN takes no work at the moment', refusal) };
    default:
      return { code: codeOfStatus(status), message: said(`404-GEN answered ${status}`, refusal) };
  }
}

function badRequest(refusal: Refusal): Meaning {
  if (refusal.sentence === 'Invalid API key format') {
    return {
      code: 'AUTH_REJECTED',
      message: 'The key for 404-GEN is malformed; it is a UUID of 36 characters with hyphens',
      remedy: `Copy it from ${ACCOUNT} and store it again with \`maquette key set 404\`.`,
    };
  }
  if (refusal.word === 'invalid_field' && refusal.field === 'model') {
    return {
      code: 'UNSUPPORTED_BY_PROVIDER',
      message: said('404-GEN does not take that model', refusal),
      remedy: 'Choose a model the message names, or leave the model out; nothing was spent.',
    };
  }
  return {
    code: 'INPUT_INVALID',
    message: said('404-GEN refused the request', refusal),
    remedy: 'Correct what the message names; nothing was spent.',
  };
}

function unauthorized(refusal: Refusal): Meaning {
  const message =
    refusal.sentence === 'Missing API key'
      ? 'No key reached 404-GEN'
      : refusal.sentence === 'Invalid API key'
        ? '404-GEN does not know the key'
        : said('404-GEN does not accept the key', refusal);
  return {
    code: 'AUTH_REJECTED',
    message,
    remedy: `Take a key from ${ACCOUNT} and store it with \`maquette key set 404\`.`,
  };
}

function notThere(call: GatewayCall, refusal: Refusal): Meaning {
  if (call === 'get_result') {
    return {
      code: 'OPERATION_EXPIRED',
      message: refusal.sentence.startsWith('No successful results')
        ? said('404-GEN has no result of this task', refusal)
        : '404-GEN has no result of this task for this key: it keeps results for 300 s, and only for the account that ordered them',
      remedy: 'Check that the key is the one the task was started with; otherwise start a new job.',
    };
  }
  // A gateway answers get_status for every id. Something else stands there, perhaps not for long: a started task can wait.
  if (call === 'get_status') return { code: 'PROVIDER_UNAVAILABLE', message: 'No gateway of 404-GEN answers there' };
  return {
    code: 'INPUT_INVALID',
    message: 'The address answers, but is no gateway of 404-GEN',
    remedy: 'Check MAQUETTE_404_URL, or unset it for the public gateway; nothing was spent.',
  };
}

function tooMany(call: GatewayCall, refusal: Refusal): Meaning {
  switch (refusal.word) {
    case 'concurrent_limit':
      return {
        code: 'QUEUE_FULL',
        message: said('404-GEN already works on as many tasks as this key may have at once', refusal),
      };
    case 'daily_limit':
      return {
        code: 'RATE_LIMITED',
        message: said('This key has no tasks left at 404-GEN for today', refusal),
        remedy: 'Start the job again when the day is over (UTC), or use a key with a higher limit; nothing was spent.',
        retryAfterMs: DAY_MS,
      };
    case 'invalid_api_key_rate_limit':
      return {
        code: 'AUTH_REJECTED',
        message: '404-GEN does not know the key, and takes no unknown keys from this network for the next 300 s',
        remedy: `Take a key from ${ACCOUNT}, store it with \`maquette key set 404\` and try again in five minutes.`,
      };
    case 'unauthorized_daily_limit':
      return {
        code: 'AUTH_REJECTED',
        message: '404-GEN takes no more requests without a valid key from this network today',
        remedy: `Take a key from ${ACCOUNT} and store it with \`maquette key set 404\`.`,
      };
    default:
      return {
        code: 'RATE_LIMITED',
        message: '404-GEN gets too many requests from this network',
        // Polls have the engine's own back-off: results live for 300 s only, so a minute is long.
        ...(call === 'add_task' ? { retryAfterMs: ADDRESS_WINDOW_MS } : {}),
      };
  }
}

function said(what: string, refusal: Refusal): string {
  return refusal.sentence === '' ? what : `${what}: ${refusal.sentence}`;
}
