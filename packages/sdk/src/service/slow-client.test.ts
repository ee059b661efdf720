import { afterEach, expect, it } from 'vitest';
import type { JobEventBody } from '../jobs/job-events.ts';
import * as jobs from '../protocol/messages/job.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { HIGH_WATER_BYTES } from './outlet.ts';
import {
  createServiceBench,
  queuedEvent,
  type ServiceBench,
  type ServiceBenchOptions,
  type ServiceClient,
} from './service.test-kit.ts';

const AT = 1_700_000_000_000;
/** An event of about ten kilobytes. */
const LONG: JobEventBody = { type: 'progress-reported', progress: 0.5, stage: 'x'.repeat(10_000) };
const MANY = new Array<JobEventBody>(20).fill(LONG);
let bench: ServiceBench;

afterEach(() => bench.close());

/** Two clients that follow and watch a job, one of which hangs. */
async function open(options: ServiceBenchOptions = {}): Promise<{ hanging: ServiceClient; lively: ServiceClient }> {
  bench = await createServiceBench(options);
  await bench.store.create('a', [queuedEvent('a box')], AT);
  await bench.store.acquireLease('a', 'me', 1e9, AT);
  const [hanging, lively] = [await bench.connect({ label: 'hanging' }), await bench.connect()];
  for (const { peer } of [hanging, lively]) {
    await peer.request(jobs.subscribeJob, { job: 'a' });
    await peer.request(jobs.watchJobs, {});
  }
  return { hanging, lively };
}

const oneTo = (last: number): number[] => Array.from({ length: last }, (_value, index) => index + 1);
const seqs = ({ events }: ServiceClient): number[] => events.map(({ seq }) => seq);

it('a client that hangs costs no more than the mark, keeps nobody waiting, and goes on where it stood', async () => {
  const clock = createFakeClock({ mode: 'manual' });
  const { hanging, lively } = await open({ clock });
  await clock.advance(100);
  hanging.transport.pause();
  for (let round = 0; round < 25; round += 1) {
    await bench.store.append('a', 'me', MANY, AT);
    await clock.advance(20);
  }
  // five megabytes were stored; what comes without time passing is what had been let go of
  const before = hanging.events.length;
  hanging.transport.resume();
  await clock.settle();
  const waited = hanging.events.slice(before).reduce((sum, event) => sum + JSON.stringify(event).length, 0);
  expect(waited).toBeGreaterThan(HIGH_WATER_BYTES / 2);
  expect(waited).toBeLessThan(HIGH_WATER_BYTES + 50_000);
  expect(seqs(lively)).toEqual(oneTo(501));
  expect(seqs(hanging).length).toBeLessThan(200);
  await clock.advance(2000);
  expect(seqs(hanging)).toEqual(oneTo(501));
  expect(hanging.views.at(-1)?.seq).toBe(501);
  expect(hanging.views.length).toBeLessThan(lively.views.length);
});

it('a client that hangs for good is let go', async () => {
  const clock = createFakeClock({ mode: 'manual' });
  const { hanging, lively } = await open({ clock });
  hanging.transport.pause();
  for (let round = 0; round < 10; round += 1) await bench.store.append('a', 'me', MANY, AT);
  await clock.advance(29_000);
  expect(bench.service.clientCount).toBe(2);
  await clock.advance(2000);
  expect(bench.service.clientCount).toBe(1);
  hanging.transport.resume();
  expect(await hanging.peer.closed).toBe('The client has stopped reading.');
  expect(seqs(lively)).toEqual(oneTo(201));
});
