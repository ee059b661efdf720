import { collectBytes } from '../foundation/bytes.ts';
import type { JsonValue } from '../foundation/json.ts';
import type { CallContext, OperationStatus, Provider } from '../provider/provider.ts';
import type { GenerationRequest } from '../provider/request.ts';
import { type ContractCase, expectRejection, expectSame, expectTrue } from './contract-case.ts';
import {
  type ContractBench,
  contractRequest,
  createContractBench,
  expectJson,
  expectOneOf,
  type ProviderContractOptions,
} from './provider-contract-bench.ts';
import { providerHttpCases } from './provider-http-contract.ts';

// An hour of pending at one poll a second: longer tasks are no use in a test.
const MAX_POLLS = 3600;

/**
 * Every promise of {@link Provider}, as cases for any test runner.
 *
 * Cases about http need `recorded`; offline providers leave it out. Run it beside the adapter:
 * `for (const { name, run } of providerContract(…)) it(name, run)`.
 */
export function providerContract(options: ProviderContractOptions): readonly ContractCase[] {
  const request = contractRequest(options);
  const test = (name: string, run: (provider: Provider, bench: ContractBench) => Promise<void>): ContractCase => ({
    name,
    run: async () => {
      const provider = options.createProvider();
      await run(provider, createContractBench(provider, options.http?.(), options.inputs));
    },
  });

  const cases: ContractCase[] = [
    test('describes itself in plain, consistent data', async (provider) => {
      const description = provider.describe();
      expectJson(description, 'the description');
      expectSame(description.id, provider.id, 'id in the description');
      expectTrue(/^[a-z0-9-]+$/.test(provider.id), 'an id of lower-case letters, digits and hyphens');
      expectTrue(
        Number.isInteger(description.concurrency) && description.concurrency >= 1,
        'a concurrency of at least 1',
      );
      expectTrue(description.operationTimeoutMs > 0, 'a positive operation time-out');
      expectTrue(description.credit !== '' && description.outputLicence !== '', 'credit and licence');
      expectTrue(
        Object.values(description.outputs).some((outputs) => outputs.length > 0),
        'at least one output',
      );
      expectSame(description.canCancel, provider.cancel !== undefined, 'canCancel, as there is a cancel');
      expectSame(description.canAdopt, provider.adopt !== undefined, 'canAdopt, as there is an adopt');
    }),
    test('prepares an order without sending anything or changing it', async (provider, { host }) => {
      const prepared = provider.prepare(request);
      expectJson(prepared, 'what was prepared');
      expectSame(host.requests.length, 0, 'number of requests');
      const { estimate } = prepared;
      expectTrue(
        estimate === undefined || (estimate.amount >= 0 && estimate.currency !== ''),
        'an estimate of at least 0',
      );
    }),
    test('refuses what it cannot make before anything is sent', async (provider, { host }) => {
      const { outputs } = provider.describe();
      const wrong: [string, GenerationRequest][] = [
        ['an order without input', { ...request, prompt: {} }],
        ['a model that does not exist', { ...request, model: 'no-such-model-9' }],
        ['an option it does not know', { ...request, providerOptions: { [provider.id]: { noSuchOption9: true } } }],
      ];
      if (outputs.text !== undefined) {
        const missing = (['mesh', 'splat'] as const).find((output) => !outputs.text?.includes(output));
        if (missing !== undefined)
          wrong.push([`a ${missing} from text`, { ...request, prompt: { text: 'a lamp' }, output: missing }]);
      }
      for (const [name, bad] of wrong) {
        const refusal = (async () => provider.prepare(bad))();
        await expectOneOf(refusal, ['UNSUPPORTED_BY_PROVIDER', 'INPUT_INVALID'], name);
      }
      expectSame(host.requests.length, 0, 'number of requests');
    }),
    test('brings a result from start to bytes', async (provider, { context }) => {
      const started = await provider.start(request, context);
      const status = await pollToEnd(provider, started.operation, context);
      const bytes = await fetchMain(provider, status, started.operation, context);
      expectTrue(bytes === null || bytes.length > 0, 'bytes');
    }),
    test('keeps an operation that survives JSON and another process', async (provider, { context }) => {
      const { operation } = await provider.start(request, context);
      expectJson(operation, 'the operation');
      const stored = JSON.parse(JSON.stringify(operation)) as JsonValue;
      const other = options.createProvider();
      const status = await pollToEnd(other, stored, context);
      expectSame(status.state, 'completed', 'state in the other process');
      await fetchMain(other, status, stored, context);
    }),
    test('answers in plain data', async (provider, { context }) => {
      const started = await provider.start(request, context);
      expectJson(started, 'the answer of start');
      const status = await provider.poll(started.operation, context);
      expectJson(status, 'the status');
      const id = provider.taskId?.(started.operation);
      expectTrue(id === undefined || id === null || (typeof id === 'string' && id !== ''), 'a task id that is text');
    }),
    test('stops at once when it is no longer wanted', async (provider, bench) => {
      const { operation } = await provider.start(request, bench.context);
      const status = await pollToEnd(provider, operation, bench.context);
      const reason = new Error('no longer wanted');
      bench.cancel(reason);
      await expectReason(provider.start(request, bench.context), reason, 'start');
      await expectReason(provider.poll(operation, bench.context), reason, 'poll');
      await expectReason(fetchMain(provider, status, operation, bench.context), reason, 'fetch', true);
      if (provider.cancel !== undefined)
        await expectReason(provider.cancel(operation, bench.context), reason, 'cancel');
    }),
    test('refuses an operation that is none', async (provider, { context }) => {
      for (const nonsense of [null, 'x', 7, [], {}, { task: null }] as JsonValue[]) {
        await expectOneOf(
          provider.poll(nonsense, context),
          ['INPUT_INVALID', 'PROVIDER_PROTOCOL'],
          `polling ${JSON.stringify(nonsense)}`,
        );
      }
    }),
    test('finds an adopted task', async (provider, { context }) => {
      if (provider.adopt === undefined) return;
      const { operation } = await provider.start(request, context);
      const id = provider.taskId?.(operation);
      expectTrue(typeof id === 'string', 'a task id to adopt by');
      const adopted = provider.adopt(id);
      expectSame(provider.taskId?.(adopted), id, 'task id of the adopted operation');
      await provider.poll(adopted, context);
      await expectRejection(
        (async () => provider.adopt?.(' \u0000 no id \n'))(),
        'INPUT_INVALID',
        'adopting what is no id',
      );
    }),
    test('says what became of a task that was cancelled', async (provider, { context }) => {
      if (provider.cancel === undefined) return;
      const { operation } = await provider.start(request, context);
      await provider.cancel(operation, context);
      const status = await provider.poll(operation, context);
      expectTrue(status.state !== 'failed', 'a cancelled task not to count as failed');
    }),
    test('finds a start by its key, or promises that there was none', async (provider, { context }) => {
      if (provider.lookUp === undefined) return;
      await provider.start(request, context);
      const found = await provider.lookUp(request, context);
      if (found !== null) await provider.poll(found.operation, context);
    }),
    test('warns about options that have no effect', async (provider) => {
      for (const { request: order, warning } of options.ignored ?? []) {
        const codes = provider.prepare(order).warnings.map((found) => found.code);
        expectTrue(codes.includes(warning), `a warning ${warning} among ${JSON.stringify(codes)}`);
      }
    }),
  ];

  if (options.createProvider().describe().offline) {
    cases.push(
      test('gives the same bytes for the same order', async (provider, { context }) => {
        const make = async (adapter: Provider): Promise<Uint8Array | null> => {
          const { operation } = await adapter.start(request, context);
          return fetchMain(adapter, await pollToEnd(adapter, operation, context), operation, context);
        };
        expectSame(await make(options.createProvider()), await make(provider), 'bytes');
      }),
    );
  }
  return options.recorded === undefined ? cases : [...cases, ...providerHttpCases(options, options.recorded)];
}

async function pollToEnd(provider: Provider, operation: JsonValue, context: CallContext): Promise<OperationStatus> {
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    const status = await provider.poll(operation, context);
    if (status.state !== 'pending') return status;
  }
  throw new Error(`Expected the task to end within ${MAX_POLLS} polls.`);
}

/** Bytes of the main result; null for one behind a URL, which the engine fetches. */
async function fetchMain(
  provider: Provider,
  status: OperationStatus,
  operation: JsonValue,
  context: CallContext,
): Promise<Uint8Array | null> {
  expectTrue(status.state === 'completed', `a completed task, found ${status.state}`);
  const offer = status.assets.find((asset) => asset.id === 'main') ?? status.assets[0];
  expectTrue(offer !== undefined, 'at least one result');
  if (offer.url !== undefined) return null;
  expectTrue(provider.fetchAsset !== undefined, 'a way to fetch a result without a URL');
  return collectBytes(await provider.fetchAsset(offer, operation, context));
}

async function expectReason(work: Promise<unknown>, reason: unknown, what: string, mayResolve = false): Promise<void> {
  let outcome: unknown;
  try {
    const value = await work;
    if (mayResolve && value === null) return; // behind a URL: not the adapter's work
    outcome = 'it resolved';
  } catch (error) {
    if (error === reason) return;
    outcome = error;
  }
  throw new Error(`Expected ${what} to reject with the reason of the signal, but ${String(outcome)}.`);
}
