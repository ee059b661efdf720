import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodePng } from '../image/encode-png.ts';
import * as asset from '../protocol/messages/asset.ts';
import * as engine from '../protocol/messages/engine.ts';
import { hello, rename } from '../protocol/messages/hello.ts';
import * as jobs from '../protocol/messages/job.ts';
import * as key from '../protocol/messages/key.ts';
import { listProviders } from '../protocol/messages/provider.ts';
import * as about from '../protocol/messages/service.ts';
import type { Method } from '../protocol/method.ts';
import { METHODS } from '../protocol/methods.ts';
import { produceAsset } from '../studio/produce-asset.ts';
import { clientOf, createServiceBench, type ServiceBench, type ServiceClient, until } from './service.test-kit.ts';

let bench: ServiceBench;
let client: ServiceClient;

beforeEach(async () => {
  bench = await createServiceBench({
    echo: { behaviour: ({ text }) => ({ durationMs: text === 'slow' ? 60_000 : 0 }) },
  });
  client = await bench.connect({ label: 'Tool' });
});

afterEach(() => bench.close());

const SMALL = { provider: 'echo', levels: 2, height: 1 } as const;

/** Orders something and waits for its end. */
async function make(prompt = 'a box'): Promise<string> {
  const { job } = await client.peer.request(jobs.createJob, { prompt, ...SMALL });
  await until(async () => (await client.peer.request(jobs.getJob, { job: job.job })).job.endedAt !== undefined);
  return job.job;
}

/** Connects an editor that answers everything. */
async function connectEngine(asked: string[] = []): Promise<void> {
  const editor = await bench.connect({
    kind: 'engine',
    instance: 'blender-1',
    label: 'Blender, kitchen.blend',
    capabilities: ['engine/import', 'engine/selection', 'engine/placeholder'],
  });
  const bounds = { min: [0, 0, 0], max: [1, 2, 1] } as { min: [number, number, number]; max: [number, number, number] };
  editor.peer.answer(asset.engineImport, ({ job, folder, replaces }) => {
    asked.push(`import ${folder} for ${replaces}`);
    return { receipt: { job, object: 'box', objects: ['box_LOD0'] } };
  });
  editor.peer.answer(engine.engineSelection, () => {
    asked.push('selection');
    return { objects: [{ name: 'Cube', type: 'MESH', bounds }] };
  });
  editor.peer.answer(engine.enginePlaceholder, () => {
    asked.push('placeholder');
    return { placeholder: { name: 'Cube', bounds } };
  });
}

const importIt = async (): Promise<void> => {
  const asked: string[] = [];
  await connectEngine(asked);
  const job = await make();
  const { receipt } = await client.peer.request(asset.importAsset, { job, replaces: 'Cube' });
  expect(receipt).toEqual({ job, object: 'box', objects: ['box_LOD0'] });
  expect(asked).toEqual(['import /assets/1-a-box for Cube']);
};

const askSelection = async (): Promise<void> => {
  await connectEngine();
  const { objects } = await client.peer.request(engine.selection, {});
  expect(objects).toMatchObject([{ name: 'Cube', bounds: { max: [1, 2, 1] } }]);
};

const askPlaceholder = async (): Promise<void> => {
  await connectEngine();
  const { placeholder } = await client.peer.request(engine.placeholder, { target: 'blender-1' });
  expect(placeholder).toMatchObject({ name: 'Cube', bounds: { min: [0, 0, 0] } });
};

/** One use of every method, with what it has to lead to. */
const USES: Readonly<Record<string, () => Promise<void>>> = {
  'to-service peer/hello': async () => {
    const answer = await bench.dial().peer.request(hello, { protocol: { major: 1, minor: 7 }, client: clientOf() });
    expect(answer.protocol).toEqual({ major: 1, minor: 0 });
    expect(answer.service).toMatchObject({ version: '0.0.1', pid: 4711, home: '/home' });
    expect(answer.capabilities).toEqual(expect.arrayContaining(['job/create', 'engine/selection', 'panel/link']));
    expect(answer.capabilities).not.toContain('engine/import');
    expect(bench.service.clientCount).toBe(2);
  },
  'to-service peer/rename': async () => {
    await connectEngine();
    const panel = await bench.connect({ kind: 'engine', label: 'old', instance: 'instance-x' });
    await panel.peer.request(rename, { label: 'new.blend' });
    const { engines } = await client.peer.request(engine.listEngines, {});
    expect(engines.map(({ label }) => label)).toEqual(['Blender, kitchen.blend', 'new.blend']);
  },
  'to-service provider/list': async () => {
    const { providers } = await client.peer.request(listProviders, {});
    expect(providers.map(({ id, isDefault, price, key }) => [id, isDefault, price, key])).toEqual([
      ['local', true, 'free', undefined],
      ['echo', false, 'free', undefined],
      ['keyed', false, '0.15 USD', 'missing'],
    ]);
    expect(providers[1]).toMatchObject({ outputs: { text: ['mesh'], image: [] }, canCancel: true, offline: true });
  },
  'to-service job/create': async () => {
    await bench.close();
    bench = await createServiceBench({ produce: produceAsset });
    client = await bench.connect({ label: 'Tool' });
    const order = { prompt: 'a wooden chair', seed: 5, profile: 'blender', levels: 2, height: 0.9 } as const;
    const { job } = await client.peer.request(jobs.createJob, order);
    expect(job).toMatchObject({ provider: 'local', seed: 5, name: 'a wooden chair', requester: { label: 'Tool' } });
    await until(async () => (await client.peer.request(jobs.getJob, { job: job.job })).job.endedAt !== undefined);
    const done = (await client.peer.request(jobs.getJob, { job: job.job })).job;
    expect(done).toMatchObject({ state: 'succeeded', progress: 1, stage: 'Done', cost: 'free', actions: ['import'] });
    expect(done.summary).toMatch(/^2 levels, [\d\u202f]+ triangles$/);
    expect(done.folder).toBe('/assets/1-a-wooden-chair');
    const state = await bench.store.get(job.job);
    expect(state?.processing).toMatchObject({ profile: 'blender', ratios: [0.5], heightM: 0.9 });
  },
  'to-service job/estimate': async () => {
    const bytes = encodePng({ width: 4, height: 4, data: new Uint8Array(64).fill(200) });
    await bench.host.files.write('pictures/my-chair.png', bytes);
    const answer = await client.peer.request(jobs.estimateJob, { prompt: 'a box', provider: 'echo' });
    expect(answer).toMatchObject({ provider: 'echo', output: 'mesh', cost: 'free', licence: 'CC0-1.0' });
    const image = { image: '/pictures/my-chair.png', provider: 'echo' };
    await expect(client.peer.request(jobs.estimateJob, image)).rejects.toMatchObject({
      code: 'UNSUPPORTED_BY_PROVIDER',
    });
    expect(await bench.store.list()).toEqual([]);
  },
  'to-service job/cancel': async () => {
    const { job } = await client.peer.request(jobs.createJob, { prompt: 'slow', ...SMALL });
    const asked = (await client.peer.request(jobs.cancelJob, { job: job.job })).job;
    expect(['running', 'queued', 'cancelled']).toContain(asked.state);
    await until(async () => (await client.peer.request(jobs.getJob, { job: job.job })).job.state === 'cancelled');
  },
  'to-service job/retry': async () => {
    const { job } = await client.peer.request(jobs.createJob, { prompt: 'slow', seed: 42, model: 'box', ...SMALL });
    await bench.studio.cancel(job.job);
    const again = (await client.peer.request(jobs.retryJob, { job: job.job })).job;
    expect(again.job).not.toBe(job.job);
    expect(again).toMatchObject({ prompt: 'slow', seed: 42, provider: 'echo', requester: { label: 'Tool' } });
    const [before, after] = await Promise.all([bench.store.get(job.job), bench.store.get(again.job)]);
    expect(after?.request).toEqual(before?.request);
    expect(after?.processing).toEqual(before?.processing);
    expect([before?.delivery.folder, after?.delivery.folder]).toEqual(['/assets/1-slow', '/assets/2-slow']);
  },
  'to-service job/resume': async () => {
    bench.blockedFolders.add('/assets/1-a-box');
    await client.peer.request(jobs.watchJobs, {});
    const { job } = await client.peer.request(jobs.createJob, { prompt: 'a box', ...SMALL });
    await until(() => client.views.some(({ actions }) => actions.includes('resume')));
    const stalled = (await client.peer.request(jobs.getJob, { job: job.job })).job;
    expect(stalled).toMatchObject({ state: 'running', stage: 'Stopped', summary: 'The disk is full.' });
    expect(stalled).toMatchObject({
      error: { code: 'STORE_FAILED', remedy: 'Make room.' },
      actions: ['resume', 'cancel'],
    });
    expect(await bench.service.hasOpenJobs()).toBe(false);
    const resumed = (await client.peer.request(jobs.resumeJob, { job: job.job, folder: '/elsewhere' })).job;
    expect(resumed.actions).not.toContain('resume');
    await until(() => client.views.at(-1)?.state === 'succeeded');
    expect(client.views.at(-1)).toMatchObject({ folder: '/elsewhere', requester: { label: 'Tool' } });
  },
  'to-service job/adopt': async () => {
    const order = { provider: 'echo', task: 'echo-77', profile: 'web', folder: '/mine' } as const;
    const { job } = await client.peer.request(jobs.adoptJob, order);
    expect(job).toMatchObject({ operation: 'echo-77', provider: 'echo' });
    expect(job.seed).toBeUndefined();
    await until(async () => (await bench.store.get(job.job))?.phase === 'succeeded');
    expect((await bench.store.get(job.job))?.result?.location).toBe('/mine');
  },
  'to-service job/get': async () => {
    await expect(client.peer.request(jobs.getJob, { job: 'none' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const job = await make();
    expect((await client.peer.request(jobs.getJob, { job })).job).toMatchObject({ job, state: 'succeeded' });
  },
  'to-service job/list': async () => {
    const made = [await make(), await make(), await make()].reverse();
    expect((await client.peer.request(jobs.listJobs, {})).jobs.map(({ job }) => job)).toEqual(made);
    expect((await client.peer.request(jobs.listJobs, { limit: 1 })).jobs.map(({ job }) => job)).toEqual(
      made.slice(0, 1),
    );
  },
  'to-service job/watch': async () => {
    const job = await make();
    expect((await client.peer.request(jobs.watchJobs, {})).jobs).toMatchObject([{ job, state: 'succeeded' }]);
  },
  'to-client job/changed': async () => {
    await client.peer.request(jobs.watchJobs, {});
    const job = await make();
    await until(() => client.views.at(-1)?.state === 'succeeded');
    const numbers = client.views.filter((view) => view.job === job).map(({ seq }) => seq);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  },
  'to-service job/subscribe': async () => {
    const job = await make();
    const answer = await client.peer.request(jobs.subscribeJob, { job, afterSeq: 2 });
    expect(answer.job.job).toBe(job);
    await until(() => client.events.at(-1)?.type === 'job-succeeded');
    expect(client.events.map(({ seq }) => seq)).toEqual(client.events.map((_event, index) => index + 3));
  },
  'to-service job/unsubscribe': async () => {
    const { job } = (await client.peer.request(jobs.createJob, { prompt: 'slow', ...SMALL })).job;
    await client.peer.request(jobs.subscribeJob, { job });
    await until(() => client.events.some(({ type }) => type === 'operation-started'));
    await client.peer.request(jobs.unsubscribeJob, { job });
    const { length } = client.events;
    await bench.studio.cancel(job);
    await client.peer.request(jobs.getJob, { job });
    expect(client.events.length).toBe(length);
  },
  'to-client job/event': async () => {
    const { job } = (await client.peer.request(jobs.createJob, { prompt: 'a box', ...SMALL })).job;
    await client.peer.request(jobs.subscribeJob, { job });
    await until(() => client.events.at(-1)?.type === 'job-succeeded');
    expect(client.events.map(({ seq }) => seq)).toEqual(client.events.map((_event, index) => index + 1));
    expect(client.events[0]).toMatchObject({
      job,
      type: 'job-queued',
      event: { provider: 'echo', licence: 'CC0-1.0' },
    });
    const text = JSON.stringify(client.events);
    for (const secret of ['/assets', 'a box', 'idempotency', '"operation"', '"key"'])
      expect(text).not.toContain(secret);
  },
  'to-service asset/describe': async () => {
    const job = await make();
    const { folder, files } = await client.peer.request(asset.describeAsset, { job });
    expect(folder).toBe('/assets/1-a-box');
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['lod0.glb', 'lod1.glb', 'manifest.json']));
  },
  'to-service asset/link': async () => {
    const job = await make();
    const link = await client.peer.request(asset.linkAsset, { job, file: 'lod1.glb' });
    expect(link).toMatchObject({
      url: 'http://127.0.0.1/files/lod1.glb',
      mediaType: 'model/gltf-binary',
      expiresAt: 1,
    });
    for (const file of ['lod9.glb', '..']) {
      await expect(client.peer.request(asset.linkAsset, { job, file })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    }
  },
  'to-service asset/import': importIt,
  'to-client engine/import': importIt,
  'to-service asset/imported': async () => {
    client.peer.notify(asset.assetImported, { receipt: { job: 'j', object: 'box', objects: [] } });
    await client.peer.request(jobs.listJobs, {});
    expect(bench.host.logEntries).toContainEqual({
      level: 'info',
      event: 'asset-imported',
      data: { job: 'j', object: 'box', by: 'Tool' },
    });
  },
  'to-service engine/list': async () => {
    expect(await client.peer.request(engine.listEngines, {})).toEqual({ engines: [] });
    await connectEngine();
    expect((await client.peer.request(engine.listEngines, {})).engines).toMatchObject([{ instance: 'blender-1' }]);
  },
  'to-service engine/selection': askSelection,
  'to-client engine/selection': askSelection,
  'to-service engine/placeholder': askPlaceholder,
  'to-client engine/placeholder': askPlaceholder,
  'to-service key/set': async () => {
    const answer = await client.peer.request(key.setKey, { provider: 'keyed', value: 'sk-1234' });
    expect(answer).toEqual({ key: { provider: 'keyed', source: 'key-store' } });
    expect([...bench.keys]).toEqual([['keyed', 'sk-1234']]);
    const unkeyed = client.peer.request(key.setKey, { provider: 'local', value: 'x' });
    await expect(unkeyed).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  },
  'to-service key/remove': async () => {
    bench.keys.set('keyed', 'x');
    const answer = await client.peer.request(key.removeKey, { provider: 'keyed' });
    expect(answer).toEqual({ key: { provider: 'keyed', source: 'missing' }, removed: true });
  },
  'to-service key/list': async () => {
    bench.keys.set('keyed', 'x');
    const { keys } = await client.peer.request(key.listKeys, {});
    expect(keys).toEqual([{ provider: 'keyed', source: 'key-store' }]);
  },
  'to-service doctor/run': async () => {
    const { findings } = await client.peer.request(about.runDoctor, {});
    expect(findings).toEqual([{ check: 'node', state: 'ok', message: 'Node is there.' }]);
  },
  'to-service panel/link': async () => {
    expect(await client.peer.request(about.linkPanel, {})).toEqual({ url: 'http://127.0.0.1/#once' });
  },
  'to-client service/stopping': async () => {
    await bench.service.close('Maquette was updated.');
    expect(await client.peer.closed).toBe('Maquette was updated.');
    expect(client.stops).toEqual(['Maquette was updated.']);
    expect(bench.service.clientCount).toBe(0);
  },
};

const idOf = ({ direction, method }: Method): string => `${direction} ${method}`;

it.each(METHODS.map(idOf))('%s', async (id) => {
  const use = USES[id];
  if (use === undefined) throw new Error(`No use of ${id} is tested.`);
  await use();
});

it('tests no method that does not exist', () => {
  expect(Object.keys(USES).sort()).toEqual(METHODS.map(idOf).sort());
});
