import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../foundation/error-catalogue.ts';
import type { HttpResponse } from '../../foundation/http.ts';
import { TASK } from './__fixtures__/answers.ts';
import { type GatewayCall, gatewayError } from './errors.ts';

async function* nothing(): AsyncGenerator<Uint8Array> {}

function errorOf(call: GatewayCall, status: number, body: unknown, headers: Record<string, string> = {}) {
  const response: HttpResponse = { status, headers, body: nothing() };
  return gatewayError(call, response, typeof body === 'string' ? body : JSON.stringify(body), 0);
}

const coded = (error: string, message: string, field?: string) => ({ error, message, field });
const caught = (code: number, name: string, brief: string) => ({ error: { code, name, brief } });
const PAGE = '<!DOCTYPE html><html><head><title>502</title></head><body>Bad gateway</body></html>';

/** @source gateway-rs: src/http3/error.rs, src/http3/rate_limits.rs, .../task/add_task_parse.rs, .../task/add_task_billing.rs */
const TABLE: readonly (readonly [GatewayCall, number, unknown, ErrorCode, RegExp])[] = [
  [
    'add_task',
    400,
    'Bad request: Prompt is too short: minimum length is 3 characters (got 2)',
    'INPUT_INVALID',
    /too short: minimum length is 3/,
  ],
  ['add_task', 400, 'Bad request: Image too wide: 1025px (max: 1024px)', 'INPUT_INVALID', /too wide: 1025px/],
  ['add_task', 400, 'Bad request: Invalid API key format', 'AUTH_REJECTED', /malformed/],
  [
    'add_task',
    400,
    coded('invalid_field', "Invalid value 'x'. Expected one of: 404-3dgs, 404-mesh", 'model'),
    'UNSUPPORTED_BY_PROVIDER',
    /404-3dgs, 404-mesh\.$/,
  ],
  [
    'add_task',
    400,
    coded('invalid_field', "Model '404-mesh' does not support txt3d input", 'model'),
    'UNSUPPORTED_BY_PROVIDER',
    /does not support txt3d/,
  ],
  [
    'add_task',
    400,
    caught(400, 'Bad Request', 'The request could not be understood.'),
    'INPUT_INVALID',
    /could not be understood\.$/,
  ],
  ['add_task', 401, 'Unauthorized request: Missing API key', 'AUTH_REJECTED', /No key reached/],
  ['add_task', 401, 'Unauthorized request: Invalid API key', 'AUTH_REJECTED', /does not know the key/],
  [
    'add_task',
    401,
    'Unauthorized request: API key is no longer active for billing.',
    'AUTH_REJECTED',
    /no longer active for billing\.$/,
  ],
  ['add_task', 401, coded('login_required', 'Sign in to continue.'), 'AUTH_REJECTED', /Sign in to continue\.$/],
  [
    'add_task',
    402,
    coded('insufficient_balance', 'Insufficient user balance.'),
    'PAYMENT_REQUIRED',
    /Insufficient user balance\.$/,
  ],
  [
    'add_task',
    404,
    caught(404, 'Not Found', 'The requested resource could not be found.'),
    'INPUT_INVALID',
    /no gateway/,
  ],
  ['add_task', 405, PAGE, 'INPUT_INVALID', /no gateway/],
  ['add_task', 413, 'payload too large', 'INPUT_INVALID', /payload too large\.$/],
  ['add_task', 429, caught(429, 'Too Many Requests', 'Too many requests.'), 'RATE_LIMITED', /too many requests/],
  ['add_task', 429, PAGE, 'RATE_LIMITED', /too many requests/],
  [
    'add_task',
    429,
    coded('concurrent_limit', 'User concurrent task limit exceeded.'),
    'QUEUE_FULL',
    /User concurrent task limit exceeded\.$/,
  ],
  ['add_task', 429, coded('daily_limit', 'User daily task limit exceeded.'), 'RATE_LIMITED', /for today: User daily/],
  [
    'add_task',
    429,
    coded('invalid_api_key_rate_limit', 'Too many invalid API key attempts from this IP.'),
    'AUTH_REJECTED',
    /300 s/,
  ],
  ['add_task', 429, coded('unauthorized_daily_limit', 'Too many.'), 'AUTH_REJECTED', /valid key/],
  ['add_task', 500, 'Internal Server Error', 'PROVIDER_UNAVAILABLE', /500: Internal Server Error\.$/],
  ['add_task', 502, PAGE, 'PROVIDER_UNAVAILABLE', /answered 502\.$/],
  ['add_task', 503, 'Service unavailable: Task queue is full', 'PROVIDER_UNAVAILABLE', /Task queue is full\.$/],
  [
    'add_task',
    503,
    'Service unavailable: Task limiter is unavailable',
    'PROVIDER_UNAVAILABLE',
    /limiter is unavailable\.$/,
  ],
  [
    'add_task',
    503,
    coded('pricing_unavailable', 'No active paid price configured for txt3d / 404-3dgs.'),
    'UNSUPPORTED_BY_PROVIDER',
    /No active paid price/,
  ],
  ['get_status', 400, 'Bad request: Invalid id', 'INPUT_INVALID', /Invalid id\.$/],
  ['get_status', 404, PAGE, 'PROVIDER_UNAVAILABLE', /No gateway/],
  ['get_status', 429, caught(429, 'Too Many Requests', 'Too many requests.'), 'RATE_LIMITED', /too many requests/],
  ['get_status', 500, 'Internal Server Error', 'PROVIDER_UNAVAILABLE', /500/],
  ['get_result', 401, 'Unauthorized request: Missing API key', 'AUTH_REJECTED', /No key/],
  ['get_result', 404, `Task ID ${TASK} not found`, 'OPERATION_EXPIRED', /300 s.*account/],
  ['get_result', 404, `No results found for task ID ${TASK}`, 'OPERATION_EXPIRED', /no result/],
  [
    'get_result',
    404,
    `No successful results found for task ID ${TASK}. Failure reason: out of memory`,
    'OPERATION_EXPIRED',
    /out of memory\.$/,
  ],
  ['get_result', 500, 'Internal Server Error', 'PROVIDER_UNAVAILABLE', /500/],
  ['get_result', 429, coded('invalid_api_key_rate_limit', 'Too many.'), 'AUTH_REJECTED', /300 s/],
];

describe('what the gateway refuses', () => {
  it.each(TABLE)('%s %i %j is %s', (call, status, body, code, message) => {
    const error = errorOf(call, status, body);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message), details: { status } });
    expect(error.message).not.toMatch(/[<>]|\.\.|undefined/);
    expect(error.remedy).toMatch(/\.$/);
  });

  it('waits a minute for the limit of starts, and as long as a proxy says where one does', () => {
    expect(errorOf('add_task', 429, '').retryAfterMs).toBe(60_000);
    expect(errorOf('add_task', 429, '', { 'retry-after': '7' }).retryAfterMs).toBe(7000);
    expect(errorOf('get_status', 429, '').retryAfterMs).toBeUndefined();
  });

  it('does not wait out a daily limit: the wait is longer than any job', () => {
    const { retryAfterMs = 0, remedy } = errorOf('add_task', 429, coded('daily_limit', 'x'));
    expect(retryAfterMs).toBeGreaterThan(7_200_000);
    expect(remedy).toMatch(/day/);
  });

  it('lets no secret out, in whichever form it is echoed', () => {
    const secrets = ['9f8b7c6d-1a2b-4c3d-8e9f-0a1b2c3d4e5f', 'sk-live-0123456789abcdefghij', 'hunter2hunter2'];
    const echoes = (secret: string): unknown[] => [
      `Bad request: Invalid API key ${secret}`,
      `Unauthorized request: x-api-key: ${secret}`,
      coded('invalid_field', `api_key=${secret}`, 'model'),
      coded(`token=${secret}`, `x-api-key: ${secret}`),
      caught(400, 'Bad Request', `x-api-key: ${secret} is wrong`),
      { error: { name: `token: ${secret}` } },
      `<html>api_key=${secret}</html>`,
    ];
    for (const [index, secret] of secrets.entries()) {
      for (const [form, body] of echoes(secret).entries()) {
        if (index === 2 && form === 0) continue; // nothing says that this word is one
        for (const status of [400, 401, 402, 404, 429, 500, 503]) {
          for (const call of ['add_task', 'get_status', 'get_result'] as const) {
            expect(JSON.stringify(errorOf(call, status, body).toRecord())).not.toContain(secret);
          }
        }
      }
    }
  });
});
