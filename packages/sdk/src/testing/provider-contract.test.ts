import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { encodeUtf8 } from '../foundation/bytes.ts';
import { throwIfCancelled } from '../foundation/cancel.ts';
import { SdkError } from '../foundation/errors.ts';
import type { HttpSend } from '../foundation/http.ts';
import type { JsonValue } from '../foundation/json.ts';
import type { CallContext, OperationStatus, Provider, ProviderDescription } from '../provider/provider.ts';
import { assertSupported } from '../provider-kit/assert-supported.ts';
import { sendJson } from '../provider-kit/send-json.ts';
import { createEchoProvider } from './echo-provider.ts';
import type { ScriptedExchange } from './memory-host.ts';
import { providerContract } from './provider-contract.ts';
import type { ProviderContractOptions, RecordedAnswers } from './provider-contract-bench.ts';

const ORIGIN = 'https://parrot.example';

const DESCRIPTION: ProviderDescription = {
  id: 'parrot',
  name: 'Parrot',
  credit: 'Repeated by Parrot',
  offline: false,
  outputs: { text: ['mesh'] },
  models: [{ name: 'macaw', inputs: ['text'], output: 'mesh', price: 0.1 }],
  credential: { name: 'parrot', header: 'x-api-key' },
  concurrency: 1,
  canCancel: false,
  canAdopt: true,
  operationTimeoutMs: 60_000,
  outputLicence: 'CC0-1.0',
  currency: 'USD',
  options: [{ key: 'feathers', description: 'Number of feathers.' }],
};

/** An adapter over http, as small as one can be: what a plug-in author would write with the kit. */
function createParrot(change: Partial<Provider> = {}): Provider {
  const credential = { name: 'parrot', header: 'x-api-key' };
  const idOf = (operation: JsonValue): string => {
    const parsed = z.safeParse(z.looseObject({ id: z.string() }), operation);
    if (!parsed.success) throw new SdkError({ code: 'INPUT_INVALID', message: 'This is no operation of Parrot.' });
    return parsed.data.id;
  };
  return {
    specVersion: 1,
    id: 'parrot',
    describe: () => DESCRIPTION,
    prepare(request) {
      assertSupported(DESCRIPTION, request);
      return { warnings: [], estimate: { amount: 0.1, currency: 'USD' } };
    },
    async start(request, context) {
      throwIfCancelled(context.signal);
      const answer = await sendJson(
        {
          provider: 'Parrot',
          method: 'POST',
          url: `${ORIGIN}/tasks`,
          body: { prompt: request.prompt.text ?? '', seed: request.seed },
          credential,
          schema: z.looseObject({ id: z.string() }),
          startsTask: true,
        },
        context,
      );
      return { operation: { id: answer.id }, warnings: [] };
    },
    async poll(operation, context): Promise<OperationStatus> {
      const id = idOf(operation);
      throwIfCancelled(context.signal);
      const answer = await sendJson(
        {
          provider: 'Parrot',
          method: 'GET',
          url: `${ORIGIN}/tasks/${id}`,
          credential,
          schema: z.looseObject({ status: z.string(), url: z.optional(z.string()) }),
        },
        context,
      );
      switch (answer.status) {
        case 'LISTENING':
        case 'REPEATING':
          return { state: 'pending', stage: answer.status };
        case 'DONE':
          return { state: 'completed', assets: [{ id: 'main', kind: 'mesh', url: answer.url ?? '' }] };
        case 'SILENT':
          return {
            state: 'failed',
            error: { code: 'OPERATION_FAILED', message: 'Parrot stayed silent.', retry: 'never' },
          };
        default:
          throw new SdkError({
            code: 'PROVIDER_PROTOCOL',
            message: `Parrot reports the unknown status "${answer.status}".`,
          });
      }
    },
    adopt(taskId) {
      if (!/^[\w-]+$/.test(taskId))
        throw new SdkError({ code: 'INPUT_INVALID', message: 'This is no task of Parrot.' });
      return { id: taskId };
    },
    taskId: (operation) => idOf(operation),
    ...change,
  };
}

function json(method: 'GET' | 'POST', url: string, value: unknown): ScriptedExchange {
  return {
    method,
    url,
    answer: { status: 200, headers: { 'content-type': 'application/json' }, body: encodeUtf8(JSON.stringify(value)) },
  };
}

const TASK = `${ORIGIN}/tasks/t1`;
const RECORDED: RecordedAnswers = {
  start: json('POST', `${ORIGIN}/tasks`, { id: 't1' }),
  statuses: [
    { name: 'LISTENING', exchange: json('GET', TASK, { status: 'LISTENING' }), state: 'pending' },
    { name: 'DONE', exchange: json('GET', TASK, { status: 'DONE', url: `${ORIGIN}/files/1.glb` }), state: 'completed' },
    { name: 'SILENT', exchange: json('GET', TASK, { status: 'SILENT' }), state: 'failed' },
  ],
  unknownStatus: { exchange: json('GET', TASK, { status: 'SQUAWKING' }), word: 'SQUAWKING' },
};

/** A service that is asked twice before it is done. */
function parrotService(): HttpSend {
  let polls = 0;
  return async (request, signal) => {
    throwIfCancelled(signal);
    if (request.method === 'GET') polls += 1;
    const value =
      request.method === 'POST'
        ? { id: 't1' }
        : polls < 3
          ? { status: 'REPEATING' }
          : { status: 'DONE', url: `${ORIGIN}/1.glb` };
    const body = encodeUtf8(JSON.stringify(value));
    return {
      status: 200,
      headers: {},
      body: (async function* () {
        yield body;
      })(),
    };
  };
}

const PARROT: ProviderContractOptions = {
  createProvider: () => createParrot(),
  http: parrotService,
  recorded: RECORDED,
};
const ECHO: ProviderContractOptions = {
  createProvider: () => createEchoProvider(),
  ignored: [
    {
      request: { prompt: { text: 'x' }, output: 'mesh', seed: 1, providerOptions: { echo: { colour: 'red' } } },
      warning: 'OPTION_IGNORED',
    },
  ],
};

describe('provider contract: echo', () => {
  for (const { name, run } of providerContract(ECHO)) it(name, run);
});

describe('provider contract: an adapter over http', () => {
  for (const { name, run } of providerContract(PARROT)) it(name, run);
});

describe('the suite notices', () => {
  const good = createParrot();
  const pollAs = (status: OperationStatus) => async (): Promise<OperationStatus> => status;
  const mistakes: readonly [string, Partial<Provider>, string][] = [
    [
      'an unknown status taken for pending',
      { poll: pollAs({ state: 'pending' }) },
      'does not take a status word it does not know for pending',
    ],
    [
      'a lost answer taken for a failure',
      { start: mapCode(good.start, 'OUTCOME_UNKNOWN', 'NETWORK_FAILED') },
      'sends a start once, whatever becomes of the answer',
    ],
    [
      'a start that is sent again',
      {
        async start(request, context) {
          try {
            return await good.start(request, context);
          } catch {
            return await good.start(request, context);
          }
        },
      },
      'sends a start once, whatever becomes of the answer',
    ],
    [
      'a model that is not checked',
      { prepare: () => ({ warnings: [] }) },
      'refuses what it cannot make before anything is sent',
    ],
    [
      'an operation that holds more than JSON',
      { start: async () => ({ operation: { id: 't1', when: new Date(0) } as unknown as JsonValue, warnings: [] }) },
      'keeps an operation that survives JSON and another process',
    ],
    [
      'a description that does not fit',
      { cancel: async () => undefined },
      'describes itself in plain, consistent data',
    ],
    [
      'a signal that is not heeded',
      { poll: pollAs({ state: 'completed', assets: [{ id: 'main', kind: 'mesh', url: 'https://x.example/' }] }) },
      'stops at once when it is no longer wanted',
    ],
    ['a secret in an error', { poll: leak }, 'lets no secret of an answer out'],
    ['a key in a header', { start: withKey }, 'asks the Host for the credential it describes, and holds none itself'],
    [
      'a crash on nonsense',
      { poll: async (operation) => ({ state: 'pending', stage: (operation as { id: string }).id.toUpperCase() }) },
      'refuses an operation that is none',
    ],
    [
      'an order that is changed',
      {
        prepare: (request) => {
          (request as { seed: number }).seed = 1;
          return good.prepare(request);
        },
      },
      'prepares an order without sending anything or changing it',
    ],
  ];

  it.each(mistakes)('%s', async (_name, change, failing) => {
    const suite = providerContract({ ...PARROT, createProvider: () => createParrot(change) });
    const theCase = suite.find(({ name }) => name === failing);
    expect(theCase, failing).toBeDefined();
    await expect(theCase?.run()).rejects.toThrow();
  });

  function mapCode(start: Provider['start'], from: string, to: 'NETWORK_FAILED'): Provider['start'] {
    return async (request, context) => {
      try {
        return await start(request, context);
      } catch (error) {
        if (error instanceof SdkError && error.code === from) throw new SdkError({ code: to, message: error.message });
        throw error;
      }
    };
  }

  async function leak(_operation: JsonValue, context: CallContext): Promise<OperationStatus> {
    const response = await context.http({ method: 'GET', url: TASK }, context.signal);
    let text = '';
    for await (const chunk of response.body) text += new TextDecoder().decode(chunk);
    throw new SdkError({ code: 'PROVIDER_PROTOCOL', message: text });
  }

  async function withKey(_request: unknown, context: CallContext): Promise<{ operation: JsonValue; warnings: [] }> {
    await context.http(
      { method: 'POST', url: `${ORIGIN}/tasks`, headers: { authorization: 'Bearer mine' } },
      context.signal,
    );
    return { operation: { id: 't1' }, warnings: [] };
  }
});
