import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodePng } from '../image/encode-png.ts';
import * as jobs from '../protocol/messages/job.ts';
import type { Provider } from '../provider/provider.ts';
import { createEchoProvider } from '../testing/echo-provider.ts';
import { createServiceBench, queuedEvent, type ServiceBench, type ServiceClient } from './service.test-kit.ts';

/** An echo that takes images as well, and never finishes. */
function createImageEcho(): Provider {
  const echo = createEchoProvider({ price: { amount: 2, currency: 'USD' }, behaviour: { durationMs: 1e9 } });
  const images = { mediaTypes: ['image/png'], maxSide: 8, maxBytes: 100_000, maxCount: 1 };
  return {
    ...echo,
    describe: () => ({ ...echo.describe(), outputs: { text: ['mesh'], image: ['mesh'] }, images }),
    prepare: () => ({ warnings: [], estimate: { amount: 2, currency: 'USD' } }),
  };
}

let bench: ServiceBench;
let client: ServiceClient;

beforeEach(async () => {
  bench = await createServiceBench({ providers: [createImageEcho()] });
  client = await bench.connect();
  const pixels = new Uint8Array(16 * 4 * 4).fill(180);
  await bench.host.files.write('pictures/red-chair.old.png', encodePng({ width: 16, height: 4, data: pixels }));
});

afterEach(() => bench.close());

it('an order of an image alone is named after its file, and tried again with the image that was sent', async () => {
  const order = { image: '/pictures/red-chair.old.png', provider: 'echo', seed: 3, maxCost: 5 };
  const { job } = await client.peer.request(jobs.createJob, order);
  expect(job).toMatchObject({ prompt: '', name: '1-red-chair-old', cost: 'about 2 USD' });
  expect(job.warnings).toEqual([expect.stringMatching(/^The image was reduced from 16 × 4 to 8 × 2 pixels/)]);
  await bench.studio.cancel(job.job);
  await bench.host.files.delete('pictures/red-chair.old.png');
  const again = (await client.peer.request(jobs.retryJob, { job: job.job })).job;
  const [before, after] = await Promise.all([bench.store.get(job.job), bench.store.get(again.job)]);
  expect(after?.request).toEqual(before?.request);
  expect(after?.request.prompt.images?.[0]?.original?.sizeBytes).toBeGreaterThan(0);
  const [first] = await bench.store.events(again.job, 0);
  expect(first).toMatchObject({ type: 'job-queued', maxCost: 5 });
});

it('the limit of the cost holds before anything is stored', async () => {
  const order = { prompt: 'a chair', provider: 'echo', maxCost: 1 };
  await expect(client.peer.request(jobs.createJob, order)).rejects.toMatchObject({ code: 'SPEND_LIMIT' });
  await expect(client.peer.request(jobs.estimateJob, order)).rejects.toMatchObject({ code: 'SPEND_LIMIT' });
  expect(await client.peer.request(jobs.estimateJob, { ...order, maxCost: 2 })).toMatchObject({ cost: 'about 2 USD' });
  expect(await bench.store.list()).toEqual([]);
});

it('a client may name the folder, or one in which the folder is made', async () => {
  const folderOf = async (order: object): Promise<unknown> => {
    const { job } = await client.peer.request(jobs.createJob, { prompt: 'a chair', provider: 'echo', ...order });
    return (await bench.store.get(job.job))?.delivery.folder;
  };
  expect(await folderOf({ folder: '/mine/chair' })).toBe('/mine/chair');
  expect(await folderOf({ parent: '/mine' })).toMatch(/^\/mine\/\d-a-chair$/);
  expect(await folderOf({ folder: 'C:\\assets\\chair', parent: '/mine' })).toBe('C:\\assets\\chair');
  for (const order of [{ parent: 'mine' }, { folder: '' }, { folder: '~/chair' }]) {
    await expect(folderOf(order)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const estimate = client.peer.request(jobs.estimateJob, { prompt: 'a chair', provider: 'echo', ...order });
    await expect(estimate).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  }
});

it('estimates take no names away from assets', async () => {
  for (let round = 0; round < 5; round += 1)
    await client.peer.request(jobs.estimateJob, { prompt: 'a', provider: 'echo' });
  const { job } = await client.peer.request(jobs.createJob, { prompt: 'a chair', provider: 'echo' });
  expect((await bench.store.get(job.job))?.delivery.folder).toBe('/assets/2-a-chair');
});

it('an asset goes into a new folder of the one that is named, when it is tried again too', async () => {
  const { job } = (await client.peer.request(jobs.createJob, { prompt: 'a chair', provider: 'echo', parent: '/mine' }))
    .job;
  expect((await bench.store.get(job))?.delivery.folder).toBe('/mine/1-a-chair');
  await bench.studio.cancel(job);
  const again = (await client.peer.request(jobs.retryJob, { job, parent: '/yours' })).job;
  expect((await bench.store.get(again.job))?.delivery.folder).toBe('/yours/2-a-chair');
});

it('a job that goes on cannot be tried again, one that has ended cannot be resumed', async () => {
  const { job } = (await client.peer.request(jobs.createJob, { prompt: 'a chair', provider: 'echo' })).job;
  await expect(client.peer.request(jobs.retryJob, { job })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await bench.studio.cancel(job);
  await expect(client.peer.request(jobs.resumeJob, { job })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  const asked = await client.peer.request(jobs.cancelJob, { job });
  expect(asked.job.state).toBe('cancelled');
});

it('an adopted task is adopted again, which costs nothing', async () => {
  const adopted = await client.peer.request(jobs.adoptJob, { provider: 'echo', task: 'echo-5', profile: 'print' });
  await bench.studio.cancel(adopted.job.job);
  const again = (await client.peer.request(jobs.retryJob, { job: adopted.job.job })).job;
  expect(again).toMatchObject({ operation: 'echo-5', prompt: 'task echo-5' });
  expect((await bench.store.get(again.job))?.processing).toMatchObject({ profile: 'print' });
});

it('a job of a process that died is offered to be resumed, and taken up', async () => {
  await bench.store.create('left', [queuedEvent('a lamp')], Date.now() - 61_000);
  await bench.store.create('fresh', [queuedEvent('a lamp')], Date.now());
  const actions = async () =>
    (await client.peer.request(jobs.listJobs, {})).jobs.map((view) => [view.job, view.actions.includes('resume')]);
  expect(await actions()).toEqual([
    ['fresh', false],
    ['left', true],
  ]);
  await client.peer.request(jobs.resumeJob, { job: 'left' });
  expect(await actions()).toContainEqual(['left', false]);
  expect(await bench.service.hasOpenJobs()).toBe(true);
});
