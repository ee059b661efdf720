import { describe, expect, it } from 'vitest';
import { STATUSES, TASK } from './__fixtures__/answers.ts';
import { toOperationStatus } from './map-status.ts';
import type { Operation404 } from './operation.ts';

const START = 1_800_000_000_000;
const ONE: Operation404 = {
  version: 1,
  task: TASK,
  origin: null,
  model: '404-3dgs',
  seed: 7,
  candidates: 1,
  startedAt: START,
};
const THREE: Operation404 = { ...ONE, candidates: 3 };
const ADOPTED: Operation404 = { ...ONE, model: null, seed: null, startedAt: null };

function read(answer: { status: string; reason?: string }, operation = ONE, elapsedMs = 1000) {
  return toOperationStatus(answer.status, answer.reason, operation, START + elapsedMs);
}

describe('a status', () => {
  it.each([
    [STATUSES.queued, 'queued'],
    [STATUSES.taken, 'generating'],
    [STATUSES.firstFailed, 'generating'],
    [{ status: 'PartialResult' }, 'generating'],
    [{ status: 'in_progress' }, 'generating'],
    [{ status: ' inProgress ' }, 'generating'],
    [{ status: 'partial_result( 0 )' }, 'generating'],
  ])('%j is pending: %s', (answer, stage) => {
    expect(read(answer)).toMatchObject({ state: 'pending', stage });
    expect(read(answer)).not.toHaveProperty('assets');
    expect(read(answer)).not.toHaveProperty('progress');
  });

  it.each([STATUSES.firstSucceeded, STATUSES.secondSucceeded, STATUSES.done, { status: 'Partial_Result( 2 )' }])(
    '%j is the end where one result is wanted',
    (answer) => {
      expect(read(answer)).toEqual({
        state: 'completed',
        assets: [{ id: 'main', kind: 'splat', frame: 'RUB' }],
        spend: { actual: { amount: 0.15, currency: 'USD' } },
        facts: { model: '404-3dgs', seed: 7 },
      });
    },
  );

  it('offers the first result at once where several are wanted, and the others at the end', () => {
    const first = read(STATUSES.firstSucceeded, THREE);
    expect(first).toMatchObject({ state: 'pending', progress: 1 / 3, assets: [{ id: 'main' }] });
    const second = read(STATUSES.secondSucceeded, THREE);
    expect(second).toMatchObject({ state: 'pending', progress: 2 / 3, stage: 'generating, results so far: 2' });
    expect(read({ status: 'PartialResult(9)' }, THREE)).toMatchObject({ state: 'pending', progress: 2 / 3 });
    const done = read(STATUSES.done, THREE);
    expect(done.state === 'completed' && done.assets.map(({ id }) => id)).toEqual([
      'main',
      'candidate-2',
      'candidate-3',
    ]);
  });

  it('offers a mesh of a mesh model, without the axes of a splat', () => {
    const done = read(STATUSES.done, { ...ONE, model: '404-mesh' });
    expect(done).toMatchObject({ assets: [{ kind: 'mesh', mediaType: 'model/gltf-binary' }] });
    expect(JSON.stringify(done)).not.toContain('RUB');
  });

  it('of an adopted task claims no price, model or seed', () => {
    const done = read(STATUSES.done, ADOPTED);
    expect(done).toMatchObject({ state: 'completed', facts: {} });
    expect(done).not.toHaveProperty('spend');
  });

  it.each([
    [STATUSES.failed, /CUDA out of memory\.$/, 0],
    [STATUSES.failedWithoutReason, /could not make it\.$/, 0],
    [STATUSES.timedOut, /Task timed out\.$/, 0],
    // the sweep may hide a success that was charged
    [STATUSES.swept, /deadline exceeded\.$/, undefined],
    [{ status: 'Failure', reason: 'bad key 9f8b7c6d-1a2b-4c3d-8e9f-0a1b2c3d4e5f' }, /bad key \[redacted\]/, 0],
  ])('%j is a failure with what it cost', (answer, message, amount) => {
    const status = read(answer);
    expect(status).toMatchObject({
      state: 'failed',
      error: { code: 'OPERATION_FAILED', message: expect.stringMatching(message), retry: 'never' },
    });
    expect(status.state === 'failed' ? status.spend?.actual?.amount : null).toBe(amount);
  });

  it.each(['Paused', 'PartialResult(-1)', 'PartialResult(one)', 'PartialResult(99999)', '', 'Successful'])(
    '"%s" is not guessed at',
    (status) => {
      expect(() => read({ status })).toThrow(
        expect.objectContaining({ code: 'PROVIDER_PROTOCOL', message: expect.stringContaining(`"${status}"`) }),
      );
    },
  );

  it('that knows nothing of a task is believed only when the time of the task is over', () => {
    expect(read(STATUSES.queued, ONE, 635_000).state).toBe('pending');
    const forgotten = read(STATUSES.queued, ONE, 635_001);
    expect(forgotten).toMatchObject({ state: 'failed', error: { code: 'OPERATION_EXPIRED' } });
    expect(forgotten).not.toHaveProperty('spend');
    expect(read(STATUSES.taken, ONE, 700_000).state).toBe('pending');
    expect(read(STATUSES.queued, ADOPTED, 9_000_000)).toMatchObject({
      state: 'pending',
      stage: expect.stringContaining('not known'),
    });
  });
});

describe('the time to the next poll', () => {
  const waits = (elapsedMs: number, count = 200): number[] =>
    Array.from({ length: count }, (_, index) => {
      const status = read(STATUSES.taken, ONE, elapsedMs + index);
      return status.state === 'pending' ? (status.pollAfterMs ?? 0) : 0;
    });

  it.each([
    [0, 1600, 2400],
    [59_000, 1600, 2400],
    [90_000, 2800, 4210],
    [120_000, 4000, 6000],
    [600_000, 4000, 6000],
  ])('after %i ms is from %i to %i ms, never the same', (elapsedMs, least, most) => {
    const found = waits(elapsedMs);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...found)).toBeLessThanOrEqual(most);
    expect(new Set(found).size).toBeGreaterThan(50);
  });

  it('is the same for the same task and time', () => {
    expect(waits(5000, 5)).toEqual(waits(5000, 5));
  });
});
