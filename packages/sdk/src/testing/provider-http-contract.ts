import type { ErrorCode } from '../foundation/error-catalogue.ts';
import { isSdkError, SdkError } from '../foundation/errors.ts';
import type { HttpRequest, HttpSend } from '../foundation/http.ts';
import type { JsonValue } from '../foundation/json.ts';
import type { CallContext, Provider } from '../provider/provider.ts';
import { type ContractCase, expectSame, expectTrue } from './contract-case.ts';
import { createScriptedHttp, type ScriptedAnswer, type ScriptedExchange } from './memory-host.ts';
import {
  type ContractBench,
  contractRequest,
  createContractBench,
  expectOneOf,
  type ProviderContractOptions,
  type RecordedAnswers,
  textBody,
} from './provider-contract-bench.ts';

/** What each status means when it says no more than that. Several codes where services differ. */
const STATUS_CODES: readonly {
  readonly status: number;
  readonly start: readonly ErrorCode[];
  readonly poll: readonly ErrorCode[];
}[] = [
  {
    status: 400,
    start: ['INPUT_INVALID', 'INPUT_REJECTED', 'UNSUPPORTED_BY_PROVIDER'],
    poll: ['INPUT_INVALID', 'OPERATION_EXPIRED'],
  },
  { status: 401, start: ['AUTH_REJECTED'], poll: ['AUTH_REJECTED'] },
  { status: 402, start: ['PAYMENT_REQUIRED'], poll: ['PAYMENT_REQUIRED'] },
  { status: 403, start: ['AUTH_REJECTED', 'INPUT_REJECTED'], poll: ['AUTH_REJECTED'] },
  { status: 429, start: ['RATE_LIMITED', 'QUEUE_FULL'], poll: ['RATE_LIMITED'] },
  // A server that broke down while it worked may have made the task before it did.
  { status: 500, start: ['OUTCOME_UNKNOWN'], poll: ['PROVIDER_UNAVAILABLE'] },
  { status: 502, start: ['OUTCOME_UNKNOWN'], poll: ['PROVIDER_UNAVAILABLE'] },
  { status: 503, start: ['PROVIDER_UNAVAILABLE', 'QUEUE_FULL'], poll: ['PROVIDER_UNAVAILABLE'] },
  { status: 504, start: ['OUTCOME_UNKNOWN'], poll: ['PROVIDER_UNAVAILABLE'] },
];

const BROKEN_BODIES: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['a web page', '<!doctype html><html><body>Welcome</body></html>'],
  ['half a JSON text', '{"stat'],
  ['null', 'null'],
  ['a list', '[]'],
  ['an object of something else', '{"hello":"world"}'],
];

const SECRETS = [
  'sk-live-0123456789abcdefghij',
  '9f8b7c6d-1a2b-4c3d-8e9f-0a1b2c3d4e5f',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
];

/** The cases about http of `providerContract`. */
export function providerHttpCases(
  options: ProviderContractOptions,
  recorded: RecordedAnswers,
): readonly ContractCase[] {
  const request = contractRequest(options);
  const start = async (http: HttpSend) => {
    const provider = options.createProvider();
    const bench = createContractBench(provider, http, options.inputs);
    return { provider, bench, started: provider.start(request, bench.context) };
  };
  /** An operation, made by the recorded start. */
  const operationOf = async (): Promise<JsonValue> =>
    (await (await start(createScriptedHttp([recorded.start]))).started).operation;
  const poll = async (http: HttpSend): Promise<{ bench: ContractBench; status: ReturnType<Provider['poll']> }> => {
    const operation = await operationOf();
    const provider = options.createProvider();
    const bench = createContractBench(provider, http, options.inputs);
    return { bench, status: provider.poll(operation, bench.context) };
  };
  const always =
    (answer: ScriptedAnswer | SdkError): HttpSend =>
    async (_request, signal) => {
      if (signal?.aborted) throw signal.reason;
      return createScriptedHttp([{ method: _request.method, url: _request.url, answer }])(_request, signal);
    };
  const answer = (status: number, body: string, headers: Record<string, string> = {}): ScriptedAnswer => ({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: textBody(body),
  });
  const cases: ContractCase[] = [];
  const test = (name: string, run: () => Promise<void>): void => {
    cases.push({ name, run });
  };

  for (const { name, exchange, state } of recorded.statuses) {
    test(`reads the status "${name}" as ${state}`, async () => {
      const { status } = await poll(createScriptedHttp([exchange]));
      expectSame((await status).state, state, 'state');
    });
  }
  test('does not take a status word it does not know for pending', async () => {
    const { status } = await poll(createScriptedHttp([recorded.unknownStatus.exchange]));
    const error = await failureOf(status);
    expectSame(error.code, 'PROVIDER_PROTOCOL', 'code');
    expectTrue(error.message.includes(recorded.unknownStatus.word), 'the word in the message');
  });
  for (const [name, body] of BROKEN_BODIES) {
    test(`does not believe a status that is ${name}`, async () => {
      await expectOneOf((await poll(always(answer(200, body)))).status, ['PROVIDER_PROTOCOL'], 'the poll');
    });
    test(`is not sure what a start made that is answered by ${name}`, async () => {
      await expectOneOf((await start(always(answer(200, body)))).started, ['OUTCOME_UNKNOWN'], 'the start');
    });
  }
  for (const { status, start: atStart, poll: atPoll } of STATUS_CODES) {
    for (const body of ['', 'plain words', '{"error":{"code":"x"}}', '<html>busy</html>']) {
      test(`understands ${status} with ${body === '' ? 'an empty body' : body}`, async () => {
        await expectOneOf((await start(always(answer(status, body)))).started, atStart, 'the start');
        await expectOneOf((await poll(always(answer(status, body)))).status, atPoll, 'the poll');
      });
    }
  }
  for (const { name, at, exchange, code } of recorded.failures ?? []) {
    test(`understands ${name}`, async () => {
      const http = createScriptedHttp([exchange]);
      await expectOneOf(at === 'start' ? (await start(http)).started : (await poll(http)).status, [code], `the ${at}`);
    });
  }
  test('passes on the time a server asks for', async () => {
    for (const status of [429, 503]) {
      const error = await failureOf((await poll(always(answer(status, '', { 'retry-after': '17' })))).status);
      expectSame(error.retryAfterMs, 17_000, `wait after ${status}`);
    }
  });
  test('sends a start once, whatever becomes of the answer', async () => {
    const failure = new SdkError({
      code: 'NETWORK_FAILED',
      message: 'The connection broke.',
      details: { reason: 'ECONNRESET' },
    });
    for (const outcome of [failure, answer(500, ''), answer(200, '{')]) {
      const { bench, started } = await start(always(outcome));
      await expectOneOf(started, ['OUTCOME_UNKNOWN'], 'the start');
      const sent = bench.host.requests.filter((sentRequest) => sentRequest.method !== 'GET');
      expectSame(sent.length, 1, 'number of requests that could have made a task');
    }
  });
  test('knows when a start never left the machine', async () => {
    const failure = new SdkError({ code: 'NETWORK_FAILED', message: 'Refused.', details: { reason: 'ECONNREFUSED' } });
    await expectOneOf((await start(always(failure))).started, ['NETWORK_FAILED'], 'the start');
  });
  test('leaves a poll without an answer to be tried again', async () => {
    const failure = new SdkError({ code: 'NETWORK_FAILED', message: 'The connection broke.' });
    await expectOneOf((await poll(always(failure))).status, ['NETWORK_FAILED'], 'the poll');
  });
  test('stops at every request when it is no longer wanted', async () => {
    const operation = await operationOf();
    const first = recorded.statuses.find(({ state }) => state === 'completed') ?? recorded.statuses[0];
    expectTrue(first !== undefined, 'at least one recorded status');
    await expectAborted(options, [recorded.start], (provider, context) => provider.start(request, context));
    await expectAborted(options, [first.exchange], (provider, context) => provider.poll(operation, context));
  });
  test('lets no secret of an answer out', async () => {
    const body = JSON.stringify({
      error: `Bad key ${SECRETS.join(' ')}`,
      authorization: `Bearer ${SECRETS[0]}`,
      api_key: SECRETS[0],
    });
    for (const status of [200, 400, 401, 403, 500]) {
      const started = await start(always(answer(status, body)));
      const polled = await poll(always(answer(status, body)));
      const shown = [
        await textOf(started.started),
        await textOf(polled.status),
        ...started.bench.logged,
        ...polled.bench.logged,
      ].join('\n');
      for (const secret of SECRETS)
        expectTrue(!shown.includes(secret), `${secret.slice(0, 6)}… not to be in ${shown.slice(0, 200)}`);
    }
  });
  test('asks the Host for the credential it describes, and holds none itself', async () => {
    const { bench, provider, started } = await start(createScriptedHttp([recorded.start]));
    await started;
    const { credential } = provider.describe();
    const names = bench.host.requests.map((sent) => sent.credential?.name);
    if (credential !== undefined) expectTrue(names.includes(credential.name), 'the credential of the description');
    for (const sent of bench.host.requests) expectTrue(!carriesSecret(sent), 'no header that authorises');
  });
  return cases;
}

function carriesSecret(sent: HttpRequest): boolean {
  return Object.keys(sent.headers ?? {}).some((name) => /authorization|api-key|cookie|token/i.test(name));
}

/** Trips the signal at every request in turn, before and after the answer. */
async function expectAborted(
  options: ProviderContractOptions,
  exchanges: readonly ScriptedExchange[],
  call: (provider: Provider, context: CallContext) => Promise<unknown>,
): Promise<void> {
  const reason = new Error('no longer wanted');
  for (const when of ['before', 'after'] as const) {
    const provider = options.createProvider();
    const scripted = createScriptedHttp(exchanges);
    let trip: (reason: unknown) => void = () => undefined;
    const http: HttpSend = async (request, signal) => {
      if (when === 'before') trip(reason);
      if (signal?.aborted) throw signal.reason;
      const response = await scripted(request, signal);
      trip(reason);
      const body = (async function* () {
        if (signal?.aborted) throw signal.reason;
        yield* response.body;
      })();
      return { ...response, body };
    };
    const bench = createContractBench(provider, http, options.inputs);
    trip = bench.cancel;
    try {
      await call(provider, bench.context);
    } catch (error) {
      if (error === reason) continue;
      throw new Error(`Expected the reason of the signal (${when} the answer), found ${String(error)}.`);
    }
    throw new Error(`Expected the call to reject when the signal trips ${when} the answer.`);
  }
}

async function failureOf(work: Promise<unknown>): Promise<SdkError> {
  try {
    await work;
  } catch (error) {
    if (isSdkError(error)) return error;
    throw new Error(`Expected an SdkError, found ${String(error)}.`);
  }
  throw new Error('Expected a rejection, but it resolved.');
}

async function textOf(work: Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await work) ?? '';
  } catch (error) {
    return isSdkError(error) ? `${JSON.stringify(error.toRecord())} ${error.stack ?? ''}` : String(error);
  }
}
