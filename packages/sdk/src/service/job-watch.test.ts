import { expect, it, vi } from 'vitest';
import type { JobEventBody } from '../jobs/job-events.ts';
import type { JobState } from '../jobs/job-state.ts';
import { createMemoryJobStore } from '../jobs/memory-job-store.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createMemoryHost } from '../testing/memory-host.ts';
import { type JobView, toJobView } from './job-view.ts';
import { createJobWatch } from './job-watch.ts';
import type { Outlet } from './outlet.ts';
import { queuedEvent } from './service.test-kit.ts';

const AT = 1_700_000_000_000;
const progress = (fraction: number): JobEventBody => ({ type: 'progress-reported', progress: fraction });

/** Somebody who watches: the views it got, and whether it takes any. */
function createWatcher() {
  const listeners = new Set<() => void>();
  const views: JobView[] = [];
  const watcher = {
    views,
    isSlow: false,
    drain() {
      for (const listener of [...listeners]) listener();
    },
  };
  const outlet: Outlet = {
    push(text) {
      if (!watcher.isSlow) views.push((JSON.parse(text) as { params: { job: JobView } }).params.job);
      return !watcher.isSlow;
    },
    onDrain(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return { watcher, outlet };
}

async function open() {
  const clock = createFakeClock({ mode: 'manual' });
  const store = createMemoryJobStore();
  const made: number[] = [];
  const toView = (state: JobState): JobView => {
    made.push(state.seq);
    return toJobView(state);
  };
  const watch = createJobWatch(createMemoryHost({ clock }), store, toView);
  store.subscribe((event) => watch.note(event.job));
  for (const job of ['a', 'b']) {
    await store.create(job, [queuedEvent(job)], AT);
    await store.acquireLease(job, 'me', 1e9, AT);
    await store.append(
      job,
      'me',
      [
        { type: 'start-requested', idempotencyKey: 'k' },
        { type: 'operation-started', operation: 1 },
      ],
      AT,
    );
  }
  return { clock, store, watch, made };
}

it('tells of a change at once, and of those close behind it once', async () => {
  const { clock, store, watch, made } = await open();
  const { watcher, outlet } = createWatcher();
  watch.add(outlet);
  await store.append('a', 'me', [progress(0.1)], AT);
  await clock.settle();
  expect(watcher.views.map(({ seq }) => seq)).toEqual([4]);
  for (const fraction of [0.2, 0.3, 0.4]) await store.append('a', 'me', [progress(fraction)], AT);
  await store.append('b', 'me', [progress(0.5)], AT);
  await clock.settle();
  expect(watcher.views.length).toBe(1);
  await clock.advance(16);
  expect(watcher.views.slice(1).map(({ job, seq }) => `${job}${seq}`)).toEqual(['a7', 'b4']);
  expect(made).toEqual([4, 7, 4]);
  expect(clock.waitingCount).toBe(0);
});

it('makes a view once for everybody', async () => {
  const { clock, store, watch, made } = await open();
  const all = Array.from({ length: 100 }, createWatcher);
  for (const { outlet } of all) watch.add(outlet);
  await store.append('a', 'me', [progress(0.1)], AT);
  await clock.settle();
  expect(made).toEqual([4]);
  for (const { watcher } of all) expect(watcher.views.length).toBe(1);
});

it('tells a slow one the newest state of what it missed, and only that one', async () => {
  const { clock, store, watch } = await open();
  const [quick, slow] = [createWatcher(), createWatcher()];
  watch.add(quick.outlet);
  watch.add(slow.outlet);
  slow.watcher.isSlow = true;
  for (const fraction of [0.1, 0.2, 0.3]) {
    await store.append('a', 'me', [progress(fraction)], AT);
    await clock.advance(20);
  }
  await store.append('b', 'me', [progress(0.9)], AT);
  await clock.advance(20);
  expect([quick.watcher.views.length, slow.watcher.views.length]).toEqual([4, 0]);
  slow.watcher.isSlow = false;
  slow.watcher.drain();
  await clock.advance(20);
  expect(slow.watcher.views.map(({ job, seq }) => `${job}${seq}`)).toEqual(['a6', 'b4']);
  expect(quick.watcher.views.length).toBe(4);
});

it('forgets whoever has left, and does nothing while nobody watches', async () => {
  const { clock, store, watch, made } = await open();
  const { watcher, outlet } = createWatcher();
  const leave = watch.add(outlet);
  expect(watch.watcherCount).toBe(1);
  leave();
  await store.append('a', 'me', [progress(0.1)], AT);
  await clock.advance(20);
  expect([watch.watcherCount, watcher.views.length, made.length]).toEqual([0, 0, 0]);
});

it('tells of a change that the store could not give at first', async () => {
  const { clock, store, watch } = await open();
  const [one, other] = [createWatcher(), createWatcher()];
  watch.add(one.outlet);
  const get = vi.spyOn(store, 'get').mockRejectedValueOnce(new Error('The disk is busy.'));
  await store.append('a', 'me', [progress(0.1)], AT);
  await clock.settle();
  expect([get.mock.calls.length, one.watcher.views.length]).toEqual([1, 0]);
  watch.add(other.outlet);
  await clock.advance(499);
  expect(one.watcher.views.length).toBe(0);
  await clock.advance(1);
  for (const { watcher } of [one, other]) expect(watcher.views.map(({ seq }) => seq)).toEqual([4]);
  await clock.advance(1000);
  expect([get.mock.calls.length, clock.waitingCount]).toEqual([2, 0]);
});

it('does not go on asking a store that is closed, once nobody watches', async () => {
  const { clock, store, watch } = await open();
  const leave = watch.add(createWatcher().outlet);
  const get = vi.spyOn(store, 'get').mockRejectedValue(new Error('The store is closed.'));
  await store.append('a', 'me', [progress(0.1)], AT);
  await clock.settle();
  leave();
  await clock.advance(5000);
  expect([get.mock.calls.length, clock.waitingCount]).toEqual([1, 0]);
});

it('never shows an older state after a newer one', async () => {
  const { clock, store, watch } = await open();
  const { watcher, outlet } = createWatcher();
  watch.add(outlet);
  for (let index = 1; index <= 200; index += 1) {
    await store.append('a', 'me', [progress(index / 201)], AT);
    if (index % 7 === 0) await clock.advance(5);
  }
  await clock.advance(100);
  const numbers = watcher.views.map(({ seq }) => seq);
  expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  expect(numbers.at(-1)).toBe(203);
});
