import { describe, expect, it } from 'vitest';
import { createRandom } from '../foundation/random.ts';
import type { JobEvent, JobEventBody, RawAsset } from './job-events.ts';
import { isTerminalPhase, type JobPhase, type JobState } from './job-state.ts';
import { PROGRESS_FLOOR } from './progress-weights.ts';
import { reduceJob, reduceJobEvents } from './reduce-job.ts';

const RAW: RawAsset = {
  assetId: 'main',
  kind: 'mesh',
  key: 'raw/ab/abc.glb',
  mediaType: 'model/gltf-binary',
  extension: 'glb',
  sizeBytes: 3,
  digest: 'abc',
};
const ERROR = { code: 'OPERATION_FAILED', message: 'no', retry: 'never' } as const;
const PRICE = { amount: 0.15, currency: 'USD' };

const BODIES: { readonly [Type in JobEventBody['type']]: Extract<JobEventBody, { type: Type }> } = {
  'job-queued': {
    type: 'job-queued',
    provider: 'echo',
    request: { prompt: { text: 'x' }, output: 'mesh', seed: 1, providerOptions: {} },
    processing: {},
    delivery: {},
    credit: 'credit',
    licence: 'CC0-1.0',
    estimate: PRICE,
  },
  'start-requested': { type: 'start-requested', idempotencyKey: 'key', reserved: PRICE },
  'start-refused': { type: 'start-refused', error: { ...ERROR, code: 'QUEUE_FULL' }, retryAt: 9 },
  'operation-started': { type: 'operation-started', operation: { id: 1 }, taskId: 'task' },
  'progress-reported': { type: 'progress-reported', progress: 0.5, stage: 'half' },
  'warning-raised': { type: 'warning-raised', warning: { code: 'W', message: 'w' } },
  'delivery-changed': { type: 'delivery-changed', delivery: { folder: 'elsewhere' } },
  'cancel-requested': { type: 'cancel-requested' },
  'asset-offered': { type: 'asset-offered', assetId: 'main', kind: 'mesh', complete: true, actual: PRICE },
  'asset-fetched': { type: 'asset-fetched', asset: RAW },
  'processing-started': { type: 'processing-started' },
  'step-finished': { type: 'step-finished', step: 'weld', durationMs: 3 },
  'job-succeeded': { type: 'job-succeeded', result: { location: 'here', manifestDigest: 'd', summary: {} } },
  'job-failed': { type: 'job-failed', error: ERROR },
  'job-cancelled': { type: 'job-cancelled', message: 'over' },
};

const TYPES = Object.keys(BODIES) as JobEventBody['type'][];

/** The events that lead to each phase. */
const ROADS: Readonly<Record<JobPhase, readonly JobEventBody['type'][]>> = {
  queued: ['job-queued'],
  starting: ['job-queued', 'start-requested'],
  running: ['job-queued', 'start-requested', 'operation-started'],
  fetching: ['job-queued', 'start-requested', 'operation-started', 'asset-offered'],
  processing: [
    'job-queued',
    'start-requested',
    'operation-started',
    'asset-offered',
    'asset-fetched',
    'processing-started',
  ],
  succeeded: [
    'job-queued',
    'start-requested',
    'operation-started',
    'asset-offered',
    'asset-fetched',
    'processing-started',
    'job-succeeded',
  ],
  failed: ['job-queued', 'job-failed'],
  cancelled: ['job-queued', 'job-cancelled'],
};

function number(bodies: readonly JobEventBody[]): JobEvent[] {
  return bodies.map((body, index) => ({ ...body, job: 'a', seq: index + 1, at: 100 + index }));
}

function stateIn(phase: JobPhase): JobState {
  return reduceJobEvents(number(ROADS[phase].map((type) => BODIES[type]))) as JobState;
}

describe('the phase after an event', () => {
  // Rows: where the job stands. Columns: what happens. Only what changes the phase is written down.
  const TRANSITIONS: Readonly<Record<JobPhase, Partial<Record<JobEventBody['type'], JobPhase>>>> = {
    queued: {
      'start-requested': 'starting',
      'operation-started': 'running',
      'processing-started': 'processing',
      ...ends(),
    },
    starting: {
      'start-refused': 'queued',
      'operation-started': 'running',
      'asset-offered': 'fetching',
      'processing-started': 'processing',
      ...ends(),
    },
    running: { 'asset-offered': 'fetching', 'processing-started': 'processing', ...ends() },
    fetching: { 'processing-started': 'processing', ...ends() },
    processing: ends(),
    succeeded: {},
    failed: {},
    cancelled: {},
  };

  function ends(): Partial<Record<JobEventBody['type'], JobPhase>> {
    return { 'job-succeeded': 'succeeded', 'job-failed': 'failed', 'job-cancelled': 'cancelled' };
  }

  const rows = (Object.keys(ROADS) as JobPhase[]).flatMap((phase) =>
    TYPES.filter((type) => type !== 'job-queued').map(
      (type) => [phase, type, TRANSITIONS[phase][type] ?? phase] as const,
    ),
  );

  it.each(rows)('%s, then %s: %s', (phase, type, expected) => {
    const state = stateIn(phase);
    expect(state.phase).toBe(phase);
    const next = reduceJob(state, { ...BODIES[type], job: 'a', seq: state.seq + 1, at: 999 });
    expect(next.phase).toBe(expected);
    if (isTerminalPhase(phase)) expect(next).toBe(state);
    else expect(next).toMatchObject({ seq: state.seq + 1, updatedAt: 999 });
  });
});

describe('reduceJob', () => {
  it('knows nothing before job-queued', () => {
    for (const type of TYPES) {
      const state = reduceJob(null, { ...BODIES[type], job: 'a', seq: 1, at: 1 });
      expect(state === null).toBe(type !== 'job-queued');
    }
  });

  it('folds an event once, however often it is delivered', () => {
    const events = number(ROADS.processing.map((type) => BODIES[type]));
    const doubled = events.flatMap((event, index) => [event, ...events.slice(0, index + 1)]);
    expect(reduceJobEvents(doubled)).toEqual(reduceJobEvents(events));
  });

  it('only counts events of a type it does not know', () => {
    const state = stateIn('running');
    const event = { type: 'thumbnail-offered', job: 'a', seq: 4, at: 5 } as unknown as JobEvent;
    expect(reduceJob(state, event)).toEqual({ ...state, seq: 4, updatedAt: 5 });
  });

  it('modifies nothing it was given', () => {
    const state = deepFreeze(stateIn('running'));
    for (const type of TYPES) reduceJob(state, deepFreeze({ ...BODIES[type], job: 'a', seq: 9, at: 9 }));
  });

  it('gives the same from a stored state as from the events', () => {
    const events = number(ROADS.succeeded.map((type) => BODIES[type]));
    let stored: JobState | null = null;
    for (const event of events) stored = JSON.parse(JSON.stringify(reduceJob(stored, event))) as JobState;
    expect(stored).toEqual(reduceJobEvents(events));
  });
});

describe('progress', () => {
  it('is never a smaller number than before and 1 only with success, whatever happens', () => {
    const random = createRandom('progress');
    for (let round = 0; round < 300; round += 1) {
      let state = reduceJobEvents(number([BODIES['job-queued']])) as JobState;
      let highest = 0;
      for (let seq = 2; seq < 40; seq += 1) {
        const type = random.pick(TYPES);
        const body =
          type === 'progress-reported'
            ? { ...BODIES[type], progress: random.pick([null, -1, 0, 0.3, 0.9, 1, 7, Number.NaN]) }
            : BODIES[type];
        state = reduceJob(state, { ...body, job: 'a', seq, at: seq });
        if (state.progress === null) continue;
        expect(state.progress).toBeGreaterThanOrEqual(highest);
        highest = state.progress;
        expect(state.progress === 1).toBe(state.phase === 'succeeded');
      }
    }
  });

  it('is unknown while the provider works and tells no fraction', () => {
    expect(stateIn('running').progress).toBeNull();
    expect(stateIn('fetching').progress).toBe(PROGRESS_FLOOR.fetching);
  });

  it('grows with every step of the processing', () => {
    let state = stateIn('processing');
    for (let step = 0; step < 50; step += 1) {
      const next = reduceJob(state, { ...BODIES['step-finished'], job: 'a', seq: state.seq + 1, at: 1 });
      expect(next.progress).toBeGreaterThan(state.progress ?? 1);
      expect(next.progress).toBeLessThan(1);
      state = next;
    }
  });
});

describe('spend', () => {
  it('goes from estimate over reserved to actual', () => {
    expect(stateIn('queued').spend).toEqual({ estimate: PRICE });
    expect(stateIn('running').spend).toEqual({ estimate: PRICE, reserved: PRICE });
    expect(stateIn('fetching').spend).toEqual({ estimate: PRICE, actual: PRICE });
    expect(stateIn('succeeded').spend).toEqual({ estimate: PRICE, actual: PRICE });
  });

  it('reserves nothing after a refusal', () => {
    const state = reduceJob(stateIn('starting'), { ...BODIES['start-refused'], job: 'a', seq: 3, at: 1 });
    expect(state.spend).toEqual({ estimate: PRICE });
  });
});

describe('a wish to cancel', () => {
  it('is overtaken by a result the provider finished first', () => {
    const wished = reduceJob(stateIn('running'), { ...BODIES['cancel-requested'], job: 'a', seq: 4, at: 1 });
    expect(wished.cancelRequested).toBe(true);
    const offered = reduceJob(wished, { ...BODIES['asset-offered'], job: 'a', seq: 5, at: 1 });
    expect(offered).toMatchObject({ phase: 'fetching', cancelRequested: false });
  });

  it('stays open while results are only partial', () => {
    const wished = reduceJob(stateIn('running'), { ...BODIES['cancel-requested'], job: 'a', seq: 4, at: 1 });
    const partial = reduceJob(wished, { ...BODIES['asset-offered'], complete: false, job: 'a', seq: 5, at: 1 });
    expect(partial).toMatchObject({ phase: 'running', cancelRequested: true });
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
