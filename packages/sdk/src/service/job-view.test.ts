import { describe, expect, it } from 'vitest';
import { SdkError } from '../foundation/errors.ts';
import type { JobEvent, JobEventBody } from '../jobs/job-events.ts';
import type { JobState } from '../jobs/job-state.ts';
import { reduceJobEvents } from '../jobs/reduce-job.ts';
import { jobViewSchema } from '../protocol/messages/job.ts';
import type { ProviderDescription } from '../provider/provider.ts';
import { createEchoProvider } from '../testing/echo-provider.ts';
import { type JobViewFacts, toJobView } from './job-view.ts';

const AT = 1_700_000_000_000;
const USD = (amount: number) => ({ amount, currency: 'USD' });
const paid: ProviderDescription = createEchoProvider({ price: USD(0.15) }).describe();
const free: ProviderDescription = createEchoProvider().describe();

const QUEUED = {
  type: 'job-queued',
  provider: 'echo',
  request: { prompt: { text: 'a chair' }, output: 'mesh', seed: 7, providerOptions: {} },
  processing: { profile: 'blender' },
  delivery: { folder: '/assets/a-chair', force: false, requester: { instance: 'instance-1', label: 'Blender' } },
  credit: 'Echoed',
  licence: 'CC0-1.0',
  estimate: USD(0.15),
} as const satisfies JobEventBody;
const STARTING: JobEventBody = { type: 'start-requested', idempotencyKey: 'k', reserved: USD(0.15) };
const STARTED: JobEventBody = { type: 'operation-started', operation: { id: 1 }, taskId: 'task-9' };
const OFFERED: JobEventBody = {
  type: 'asset-offered',
  assetId: 'main',
  kind: 'mesh',
  complete: true,
  actual: USD(0.12),
};
const PROCESSING: JobEventBody = { type: 'processing-started' };
const SUCCEEDED: JobEventBody = {
  type: 'job-succeeded',
  result: {
    location: '/assets/a-chair',
    manifestDigest: 'd',
    summary: { kind: 'mesh', levels: 4, triangles: [1_002_716, 500_000], materials: 2 },
  },
};
const RUN = [STARTING, STARTED];
const step = (name: string): JobEventBody => ({ type: 'step-finished', step: name, durationMs: 1 });

/** The fold of some events after the order. */
function stateOf(bodies: readonly JobEventBody[], queued: JobEventBody = QUEUED): JobState {
  const events = [queued, ...bodies].map(
    (body, index): JobEvent => ({ ...body, job: 'j', seq: index + 1, at: AT + index }),
  );
  return reduceJobEvents(events) as JobState;
}

function viewOf(
  bodies: readonly JobEventBody[],
  facts: JobViewFacts = { provider: paid },
  queued: JobEventBody = QUEUED,
) {
  const view = toJobView(stateOf(bodies, queued), facts);
  expect(jobViewSchema.safeParse(JSON.parse(JSON.stringify(view))).error).toBeUndefined();
  return view;
}

describe('a job in every phase', () => {
  it.each<[string, readonly JobEventBody[], string, string, readonly string[]]>([
    ['queued', [], 'queued', 'Waiting', ['cancel']],
    ['starting', [STARTING], 'running', 'Sending the order', ['cancel']],
    [
      'refused for now',
      [STARTING, { type: 'start-refused', error: { code: 'QUEUE_FULL', message: '', retry: 'later' }, retryAt: 1 }],
      'queued',
      'Waiting',
      ['cancel'],
    ],
    ['running', RUN, 'running', 'Generating', ['cancel']],
    [
      'running, in the words of the provider',
      [...RUN, { type: 'progress-reported', progress: 0.5, stage: 'in\nprogress' }],
      'running',
      'In progress',
      ['cancel'],
    ],
    [
      'running, without a word',
      [...RUN, { type: 'progress-reported', progress: 0.5, stage: ' ' }],
      'running',
      'Generating',
      ['cancel'],
    ],
    ['cancelling', [...RUN, { type: 'cancel-requested' }], 'running', 'Cancelling', []],
    ['fetching', [...RUN, OFFERED], 'running', 'Downloading', ['cancel']],
    [
      'processing',
      [...RUN, { type: 'progress-reported', progress: 0.9, stage: 'almost' }, OFFERED, PROCESSING],
      'running',
      'Reading the result',
      ['cancel'],
    ],
    ['cleaning', [...RUN, OFFERED, PROCESSING, step('inspect')], 'running', 'Cleaning up', ['cancel']],
    ['simplifying', [...RUN, OFFERED, PROCESSING, step('tidy')], 'running', 'Making levels', ['cancel']],
    ['saving', [...RUN, OFFERED, PROCESSING, step('write')], 'running', 'Saving', ['cancel']],
    ['succeeded', [...RUN, OFFERED, PROCESSING, step('write'), SUCCEEDED], 'succeeded', 'Done', ['import']],
    [
      'failed',
      [...RUN, { type: 'job-failed', error: { code: 'OPERATION_FAILED', message: 'No.', retry: 'never' } }],
      'failed',
      'Failed',
      ['retry'],
    ],
    [
      'failed with its outcome unknown: one click must not pay twice',
      [STARTING, { type: 'job-failed', error: { code: 'OUTCOME_UNKNOWN', message: 'No answer.', retry: 'never' } }],
      'failed',
      'Failed',
      [],
    ],
    [
      'cancelled',
      [...RUN, { type: 'cancel-requested' }, { type: 'job-cancelled', message: 'x' }],
      'cancelled',
      'Cancelled',
      ['retry'],
    ],
  ])('%s', (_name, bodies, state, stage, actions) => {
    expect(viewOf(bodies)).toMatchObject({ state, stage, actions });
  });

  it('tells when it ended, and only then', () => {
    expect(viewOf(RUN).endedAt).toBeUndefined();
    expect(viewOf([...RUN, OFFERED, PROCESSING, SUCCEEDED])).toMatchObject({
      createdAt: AT,
      endedAt: AT + 5,
      updatedAt: AT + 5,
    });
  });

  it('shows progress as it is folded', () => {
    expect(viewOf([]).progress).toBe(0);
    expect(viewOf(RUN).progress).toBeNull();
    expect(viewOf([...RUN, OFFERED, PROCESSING, SUCCEEDED]).progress).toBe(1);
  });
});

describe('a job that had to be left', () => {
  const stall = new SdkError({ code: 'STORE_FAILED', message: 'The disk is full.', remedy: 'Make room.' });

  it('says why and can be resumed', () => {
    const view = viewOf([...RUN, OFFERED, PROCESSING], { provider: paid, stall });
    expect(view).toMatchObject({
      state: 'running',
      stage: 'Stopped',
      summary: 'The disk is full.',
      actions: ['resume', 'cancel'],
    });
    expect(view.error).toMatchObject({ code: 'STORE_FAILED', remedy: 'Make room.', retry: 'later' });
  });

  it('is forgotten once the job has ended elsewhere', () => {
    const view = viewOf([...RUN, OFFERED, PROCESSING, SUCCEEDED], { provider: paid, stall });
    expect(view).toMatchObject({ state: 'succeeded', actions: ['import'] });
    expect(view.error).toBeUndefined();
  });
});

it('can be resumed where nobody seems to work on it any more, as long as it has not ended', () => {
  expect(viewOf(RUN, { provider: paid, isUnattended: true })).toMatchObject({
    stage: 'Generating',
    actions: ['resume', 'cancel'],
  });
  const done = viewOf([...RUN, OFFERED, PROCESSING, SUCCEEDED], { provider: paid, isUnattended: true });
  expect(done.actions).toEqual(['import']);
});

describe('texts', () => {
  it('names the result in one line', () => {
    expect(viewOf([...RUN, OFFERED, PROCESSING, SUCCEEDED]).summary).toBe('4 levels, 1\u202f002\u202f716 triangles');
    const splat = { location: '/x', manifestDigest: 'd', summary: { levels: 1, gaussians: [12_000] } };
    expect(viewOf([...RUN, OFFERED, { type: 'job-succeeded', result: splat }]).summary).toBe(
      '1 level, 12\u202f000 gaussians',
    );
    const foreign = { location: '/x', manifestDigest: 'd', summary: { levels: 'many', triangles: [null] } };
    expect(viewOf([...RUN, OFFERED, { type: 'job-succeeded', result: foreign }]).summary).toBe('Done');
    expect(viewOf(RUN).summary).toBe('Echo, about 0.15 USD');
    const failed: JobEventBody = {
      type: 'job-failed',
      error: { code: 'OPERATION_FAILED', message: 'No.', retry: 'never' },
    };
    expect(viewOf([...RUN, failed]).summary).toBe('No.');
  });

  const failure: JobEventBody = { type: 'job-failed', error: { code: 'INPUT_REJECTED', message: 'x', retry: 'never' } };

  it.each<[string, readonly JobEventBody[], JobViewFacts, JobEventBody, string]>([
    ['expected', [], { provider: paid }, QUEUED, 'about 0.15 USD'],
    ['known', [...RUN, OFFERED], { provider: paid }, QUEUED, '0.12 USD'],
    ['free', [], { provider: free }, { ...QUEUED, estimate: USD(0) }, 'free'],
    ['unknown', [], { provider: paid }, { ...QUEUED, estimate: undefined as never }, 'price unknown'],
    [
      'in credits',
      [],
      { provider: paid },
      { ...QUEUED, estimate: { amount: 1.5, currency: 'credits:echo' } },
      'about 1.5 credits',
    ],
    ['without rounding noise', [], { provider: paid }, { ...QUEUED, estimate: USD(0.1 + 0.2) }, 'about 0.3 USD'],
    ['given back', [...RUN, { ...failure, actual: USD(0) }], { provider: paid }, QUEUED, 'not charged'],
    ['never sent', [failure], { provider: paid }, QUEUED, 'not charged'],
    ['sent, and then lost', [STARTING, failure], { provider: paid }, QUEUED, 'about 0.15 USD, if charged'],
    [
      'sent, and cancelled',
      [STARTING, { type: 'job-cancelled', message: 'x' }],
      { provider: paid },
      QUEUED,
      'about 0.15 USD, if charged',
    ],
    ['of a provider nobody knows', [], {}, QUEUED, 'about 0.15 USD'],
    [
      'of an adopted task',
      [STARTED],
      { provider: paid },
      { ...QUEUED, adopted: true, estimate: undefined as never },
      'price unknown',
    ],
  ])('cost: %s', (_name, bodies, facts, queued, cost) => {
    expect(viewOf(bodies, facts, JSON.parse(JSON.stringify(queued)) as JobEventBody).cost).toBe(cost);
  });

  const named = (text: string | undefined, folder = '/assets/my chair/'): string =>
    viewOf(
      [],
      {},
      {
        ...QUEUED,
        request: { ...QUEUED.request, prompt: text === undefined ? {} : { text } },
        delivery: { folder },
      },
    ).name;

  it('makes a short name of the prompt, or of the folder', () => {
    expect(named('  a chair\n\tof wood ')).toBe('a chair of wood');
    expect(named('a very ornate baroque writing desk with forty drawers')).toBe(
      'a very ornate baroque writing desk with forty',
    );
    expect(named('x'.repeat(100))).toBe('x'.repeat(48));
    expect(named(`${'x'.repeat(47)}😀😀`)).toBe('x'.repeat(47));
    expect(named(undefined)).toBe('my chair');
    expect(named(undefined, 'C:\\assets\\lamp')).toBe('lamp');
    expect(named(undefined, '')).toBe('asset');
  });
});

it('tells who ordered it, unless that is not readable', () => {
  expect(viewOf([]).requester).toEqual({ instance: 'instance-1', label: 'Blender' });
  for (const requester of [null, 'me', { instance: 3, label: 'x' }, { instance: 'x' }]) {
    expect(viewOf([], {}, { ...QUEUED, delivery: { requester } }).requester).toBeUndefined();
  }
});

it('knows the seed of what was sent, and of an adopted task only what the provider tells', () => {
  expect(viewOf([]).seed).toBe(7);
  expect(viewOf([STARTED], {}, { ...QUEUED, adopted: true }).seed).toBeUndefined();
  expect(viewOf([STARTED, { ...OFFERED, seed: 99 }], {}, { ...QUEUED, adopted: true }).seed).toBe(99);
});

it('shows the first warnings and the task', () => {
  const warnings = Array.from(
    { length: 30 },
    (_value, index): JobEventBody => ({
      type: 'warning-raised',
      warning: { code: 'W', message: `warning ${index}` },
    }),
  );
  const view = viewOf([...RUN, ...warnings]);
  expect(view.warnings.length).toBe(20);
  expect(view.warnings[0]).toBe('warning 0');
  expect(view.operation).toBe('task-9');
});
