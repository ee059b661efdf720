import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../foundation/bytes.ts';
import { SdkError } from '../foundation/errors.ts';
import type { Codecs } from '../host/codecs.ts';
import { readManifest } from '../pipeline/manifest.ts';
import { createNodeCodecs } from '../platform/node/codecs.ts';
import { createEchoModel } from '../testing/echo-model.ts';
import { createEchoProvider, type EchoProviderOptions } from '../testing/echo-provider.ts';
import { createMemoryHost, type MemoryHost } from '../testing/memory-host.ts';
import { createStudio, type StudioOptions } from './create-studio.ts';

let codecs: Codecs;

beforeAll(async () => {
  codecs = await createNodeCodecs();
});

function openStudio(options: Partial<StudioOptions> & { echo?: EchoProviderOptions; memory?: MemoryHost } = {}) {
  const { echo, memory, ...rest } = options;
  const host = memory ?? createMemoryHost();
  const starts: string[] = [];
  const provider = createEchoProvider({
    ...echo,
    onStart: async (request, key) => {
      starts.push(key);
      await echo?.onStart?.(request, key);
    },
  });
  return { host, starts, studio: createStudio({ host, codecs, providers: [provider], ...rest }) };
}

describe('generate', () => {
  it('makes a complete asset from a prompt', async () => {
    const { studio, host } = openStudio({
      echo: { price: { amount: 0.15, currency: 'USD' }, behaviour: { durationMs: 4000 } },
    });
    const job = await studio.generate({
      prompt: 'a mossy lantern',
      seed: 5,
      processing: { ratios: [0.5, 0.25], thumbnailSize: 64 },
    });
    const { location, manifestDigest, summary } = await job.result();
    expect(location).toBe(`assets/${job.id}`);
    const names = (await host.files.list(`${location}/`)).map((file) => file.key.slice(location.length + 1));
    expect(names).toEqual(['lod0.glb', 'lod1.glb', 'lod2.glb', 'manifest.json', 'raw.glb', 'thumbnail.png']);
    const bytes = (await host.files.read(`${location}/manifest.json`)) as Uint8Array;
    expect(toHex(await host.sha256(bytes))).toBe(manifestDigest);
    const manifest = readManifest(bytes);
    expect(manifest.provenance).toMatchObject({
      prompt: 'a mossy lantern',
      provider: 'echo',
      model: 'box',
      seed: 5,
      job: job.id,
      task: `echo-${job.id}`,
    });
    expect(manifest).toMatchObject({
      credit: 'Echoed by the test provider',
      licence: 'CC0-1.0',
      spend: { estimate: { amount: 0.15 }, actual: { amount: 0.15, currency: 'USD' } },
    });
    expect(await host.files.read(`${location}/raw.glb`)).toEqual(createEchoModel('a mossy lantern', 5));
    for (const level of manifest.levels) {
      const file = (await host.files.read(`${location}/${level.file}`)) as Uint8Array;
      expect(toHex(await host.sha256(file))).toBe(level.digest);
      expect((await codecs.validator?.validate(file))?.errors).toBe(0);
    }
    expect(summary).toMatchObject({ levels: 3 });
    await studio.close();
  });

  it('chooses a seed where none is given, and keeps it', async () => {
    const { studio } = openStudio();
    const seeds = new Set<number>();
    for (let round = 0; round < 5; round += 1) {
      const { request } = await studio.prepare({ prompt: 'x' });
      expect(request.seed).toBeGreaterThanOrEqual(0);
      expect(request.seed).toBeLessThanOrEqual(2_147_483_647);
      seeds.add(request.seed);
    }
    expect(seeds.size).toBe(5);
  });

  it('goes on in another studio over the same files', async () => {
    const first = openStudio({ echo: { behaviour: { durationMs: 60_000 } } });
    const job = await first.studio.generate({ prompt: 'a lamp', processing: { thumbnailSize: 0 } });
    for await (const event of job.events()) if (event.type === 'operation-started') break;
    await first.studio.release();
    expect((await job.state()).phase).toBe('running');

    const second = openStudio({ memory: first.host, echo: { behaviour: { durationMs: 60_000 } } });
    const [resumed] = await second.studio.resume();
    expect(resumed?.id).toBe(job.id);
    await resumed?.result();
    expect([...first.starts, ...second.starts]).toHaveLength(1);
  });

  it('adopts a task by its id', async () => {
    const { studio, starts } = openStudio();
    const job = await studio.adopt('echo', 'echo-17', { processing: { thumbnailSize: 0 } });
    await job.result();
    expect(starts).toEqual([]);
    const state = await job.state();
    expect(state).toMatchObject({ adopted: true, taskId: 'echo-17', phase: 'succeeded' });
    await expect(studio.adopt('echo', 'nonsense')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('what is refused before anything is stored or sent', () => {
  const cases: readonly [
    string,
    string,
    Parameters<ReturnType<typeof openStudio>['studio']['generate']>[0],
    Parameters<typeof openStudio>[0]?,
  ][] = [
    ['an empty prompt', 'INPUT_INVALID', { prompt: '' }],
    ['a blank prompt', 'INPUT_INVALID', { prompt: ' \n\t ' }],
    ['a prompt of two megabytes', 'INPUT_INVALID', { prompt: 'x'.repeat(2_000_000) }],
    ['no prompt at all', 'INPUT_INVALID', { prompt: {} }],
    ['an unknown provider', 'INPUT_INVALID', { prompt: 'x', provider: 'nobody' }],
    ['an output the provider cannot make', 'UNSUPPORTED_BY_PROVIDER', { prompt: 'x', output: 'splat' }],
    [
      'an input the provider does not take',
      'UNSUPPORTED_BY_PROVIDER',
      { prompt: { images: [{ key: 'a', mediaType: 'image/png', sizeBytes: 1, digest: 'a' }] } },
    ],
    ['a model the provider does not have', 'UNSUPPORTED_BY_PROVIDER', { prompt: 'x', model: 'sphere' }],
    ['an option the provider does not know', 'INPUT_INVALID', { prompt: 'x', options: { size: 'big' } }],
    ['a negative seed', 'INPUT_INVALID', { prompt: 'x', seed: -1 }],
    ['a seed that is too large', 'INPUT_INVALID', { prompt: 'x', seed: 2 ** 31 }],
    ['half a seed', 'INPUT_INVALID', { prompt: 'x', seed: 0.5 }],
    ['ratios and triangles at once', 'INPUT_INVALID', { prompt: 'x', processing: { ratios: [0.5], triangles: [100] } }],
    ['levels that grow', 'INPUT_INVALID', { prompt: 'x', processing: { ratios: [0.25, 0.5] } }],
    ['a height of zero', 'INPUT_INVALID', { prompt: 'x', processing: { heightM: 0 } }],
    [
      'an estimate above the limit',
      'SPEND_LIMIT',
      { prompt: 'x', maxCost: 0.1 },
      { echo: { price: { amount: 0.15, currency: 'USD' } } },
    ],
    [
      'a limit without an estimate',
      'SPEND_LIMIT',
      { prompt: 'x', maxCost: 9 },
      { echo: { price: { amount: 0.15, currency: 'USD' }, givesEstimate: false } },
    ],
    ['a negative limit', 'INPUT_INVALID', { prompt: 'x', maxCost: -1 }],
    ['levels without a simplifier', 'UNSUPPORTED_ON_HOST', { prompt: 'x' }, { codecs: {} }],
  ];

  it.each(cases)('%s: %s', async (_name, code, options, studioOptions) => {
    const { studio, starts } = openStudio(studioOptions);
    await expect(studio.prepare(options)).rejects.toMatchObject({ code });
    await expect(studio.generate(options)).rejects.toMatchObject({ code });
    expect(await studio.jobs()).toEqual([]);
    expect(starts).toEqual([]);
  });

  it('a place of delivery that will not do, for every way in', async () => {
    const { studio, starts } = openStudio({
      checkDelivery: async ({ folder }) => {
        if (folder !== 'good') throw new SdkError({ code: 'CONFIG_MISSING', message: 'No folder.' });
      },
    });
    for (const order of [studio.prepare, studio.generate]) {
      await expect(order({ prompt: 'x' })).rejects.toMatchObject({ code: 'CONFIG_MISSING' });
    }
    await expect(studio.adopt('echo', 'echo-17')).rejects.toMatchObject({ code: 'CONFIG_MISSING' });
    expect(await studio.jobs()).toEqual([]);
    expect(starts).toEqual([]);
    expect((await studio.prepare({ prompt: 'x', delivery: { folder: 'good' } })).provider.id).toBe('echo');
  });

  it('names what the provider can make', async () => {
    const { studio } = openStudio();
    await expect(studio.prepare({ prompt: 'x', output: 'splat' })).rejects.toMatchObject({
      message: 'Echo cannot make a splat from a text.',
      remedy: 'It makes a mesh from a text: change the input or the output, or choose another provider.',
    });
  });

  it('a missing key, with the remedy', async () => {
    const provider = createEchoProvider();
    const locked = {
      ...provider,
      describe: () => ({ ...provider.describe(), credential: { name: 'echo', header: 'x-api-key' } }),
    };
    const { studio } = openStudio({ providers: [locked] });
    await expect(studio.generate({ prompt: 'x' })).rejects.toMatchObject({
      code: 'CONFIG_MISSING',
      remedy: 'Store one with `maquette key set echo`.',
    });
    expect(await studio.jobs()).toEqual([]);
  });

  it('lets what is free and what is affordable pass any limit', async () => {
    const free = await openStudio().studio.prepare({ prompt: 'x', maxCost: 0 });
    expect(free.estimate).toBeUndefined();
    const paid = await openStudio({ echo: { price: { amount: 0.15, currency: 'USD' } } }).studio.prepare({
      prompt: 'x',
      maxCost: 0.15,
    });
    expect(paid.estimate).toEqual({ amount: 0.15, currency: 'USD' });
  });
});

describe('warnings of the order', () => {
  it('are shown by the dry run and stored with the job', async () => {
    const { studio } = openStudio();
    const options = { prompt: 'x', options: { colour: 'red' }, processing: { thumbnailSize: 0 } };
    expect((await studio.prepare(options)).warnings.map((warning) => warning.code)).toEqual(['OPTION_IGNORED']);
    const job = await studio.generate(options);
    await job.result();
    expect((await job.state()).warnings.map((warning) => warning.code)).toContain('OPTION_IGNORED');
  });
});

describe('a job that does not succeed', () => {
  it('rejects with its own error', async () => {
    const { studio } = openStudio({
      echo: { behaviour: { failure: { code: 'INPUT_REJECTED', message: 'moderated', retry: 'never' } } },
    });
    const job = await studio.generate({ prompt: 'x' });
    await expect(job.result()).rejects.toMatchObject({ code: 'INPUT_REJECTED', message: 'moderated' });
  });

  it('rejects with CANCELLED after a cancel', async () => {
    const { studio } = openStudio({ echo: { behaviour: { durationMs: 60_000 } } });
    const job = await studio.generate({ prompt: 'x' });
    expect((await job.cancel()).phase).toBe('cancelled');
    await expect(job.result()).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('leaves no manifest behind when the disk is full, and finishes when there is room', async () => {
    const { studio, host } = openStudio();
    host.files.failWrites(1, (key) => key.startsWith('assets/') && key.endsWith('lod1.glb'));
    const job = await studio.generate({ prompt: 'x', processing: { thumbnailSize: 0 } });
    await expect(job.result()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect((await host.files.list(`assets/${job.id}/`)).some((file) => file.key.endsWith('manifest.json'))).toBe(false);
    await studio.resume();
    await job.result();
    expect((await host.files.list(`assets/${job.id}/`)).some((file) => file.key.endsWith('manifest.json'))).toBe(true);
  });

  it('waits when the place of delivery is taken, and delivers to another one', async () => {
    const { studio, starts } = openStudio({
      deliver: async (_asset, { delivery }) => {
        if (delivery.folder === 'taken') throw new SdkError({ code: 'INPUT_INVALID', message: 'Not empty.' });
        return String(delivery.folder);
      },
    });
    const job = await studio.generate({ prompt: 'x', processing: { thumbnailSize: 0 }, delivery: { folder: 'taken' } });
    await expect(job.result()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect((await job.state()).phase).toBe('processing');
    await studio.changeDelivery(job.id, { folder: 'free' });
    await studio.resume([job.id]);
    expect((await job.result()).location).toBe('free');
    expect(starts).toHaveLength(1);
  });

  it('says that raw bytes in the store are damaged', async () => {
    const { studio, host } = openStudio({
      produce: async () => {
        throw new Error('never reached with damaged bytes');
      },
    });
    const original = host.files.read;
    host.files.read = async (key) => {
      const bytes = await original(key);
      return key.startsWith('raw/') && bytes !== null
        ? bytes.map((byte, index) => (index === 100 ? byte ^ 1 : byte))
        : bytes;
    };
    const job = await studio.generate({ prompt: 'x' });
    await expect(job.result()).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: 'The raw result in the store is damaged.',
    });
  });
});

describe('addImage', () => {
  it('stores pictures under their digest and refuses everything else', async () => {
    const { studio, host } = openStudio();
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
    const reference = await studio.addImage(png);
    expect(reference).toMatchObject({ mediaType: 'image/png', sizeBytes: 11 });
    expect(await host.files.read(reference.key)).toEqual(png);
    await expect(studio.addImage(Uint8Array.from([1, 2, 3]))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
