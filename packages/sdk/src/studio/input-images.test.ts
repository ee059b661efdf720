import { beforeAll, describe, expect, it } from 'vitest';
import type { Codecs } from '../host/codecs.ts';
import { decodeImage } from '../image/decode-image.ts';
import { ascii, exifBlock, jpegOf, pngOf, quarters, storedAs } from '../image/input-image.test-kit.ts';
import type { ProcessingOptions } from '../pipeline/processing-options.ts';
import { createNodeCodecs } from '../platform/node/codecs.ts';
import type { ImageLimits, Provider } from '../provider/provider.ts';
import type { FileReference, GenerationRequest } from '../provider/request.ts';
import { createEchoProvider } from '../testing/echo-provider.ts';
import { createMemoryHost, type MemoryHost } from '../testing/memory-host.ts';
import { createStudio, type Studio } from './create-studio.ts';
import { MAX_IMAGE_BYTES } from './input-images.ts';

const LIMITS: ImageLimits = {
  mediaTypes: ['image/png', 'image/jpeg'],
  maxSide: 100,
  maxBytes: 50_000,
  maxCount: 2,
};

const processing: Partial<ProcessingOptions> = { ratios: [], thumbnailSize: 0 };

let codecs: Codecs;

beforeAll(async () => {
  codecs = await createNodeCodecs();
});

/** A studio whose provider makes meshes of images and keeps what it was given. */
function openStudio(limits: ImageLimits | undefined, options: { locked?: boolean } = {}) {
  const host = createMemoryHost();
  const echo = createEchoProvider();
  const received: { request: GenerationRequest; images: Uint8Array[] }[] = [];
  const { images: _none, ...description } = echo.describe();
  const provider: Provider = {
    ...echo,
    describe: () => ({
      ...description,
      outputs: { text: ['mesh'], image: ['mesh'] },
      ...(limits === undefined ? {} : { images: limits }),
      ...(options.locked === true ? { credential: { name: 'echo', header: 'x-api-key' } } : {}),
    }),
    prepare: () => ({ warnings: [{ code: 'LATER', message: 'From the provider.' }] }),
    async start(request, context) {
      const images: Uint8Array[] = [];
      for (const reference of request.prompt.images ?? []) images.push(await context.readInput(reference));
      received.push({ request, images });
      return echo.start({ ...request, prompt: { text: 'an image' } }, context);
    },
  };
  return { host, received, studio: createStudio({ host, codecs, providers: [provider] }) };
}

async function storedInputs(host: MemoryHost): Promise<string[]> {
  return (await host.files.list('inputs/')).map(({ key }) => key);
}

async function finish(studio: Studio, images: readonly (FileReference | Uint8Array)[]) {
  const job = await studio.generate({ prompt: { images }, processing });
  await job.result();
  const state = await job.state();
  await studio.close();
  return state;
}

const turned = (): Uint8Array => jpegOf(storedAs(quarters(200, 300), 6), exifBlock(6));

describe('an image beyond the limits', () => {
  it('is sent and stored as what fits, and the job says what was done', async () => {
    const { studio, host, received } = openStudio(LIMITS);
    const photo = turned();
    const state = await finish(studio, [photo]);
    const [reference] = received[0]?.request.prompt.images ?? [];
    const [sent] = received[0]?.images ?? [];
    const image = await decodeImage(sent as Uint8Array);
    expect([image.width, image.height]).toEqual([67, 100]);
    expect(reference?.sizeBytes).toBe(sent?.length);
    expect(reference?.original).toMatchObject({ mediaType: 'image/jpeg', sizeBytes: photo.length });
    expect(reference?.original?.digest).not.toBe(reference?.digest);
    expect(await storedInputs(host)).toEqual([reference?.key]);
    expect(state.request.prompt.images).toEqual([reference]);
    expect(state.warnings.map(({ code }) => code)).toEqual(['IMAGE_CONVERTED', 'LATER']);
    expect(state.warnings[0]).toMatchObject({
      message: expect.stringMatching(
        /^The image was turned upright, reduced from 200 × 300 to 67 × 100 pixels and saved as JPEG \(\d kB\) for sending\.$/,
      ),
      details: { changes: ['turned', 'reduced', 'reencoded'], after: { width: 67, height: 100 } },
    });
  });

  it('that was stored before is replaced, and the first one is named as the original', async () => {
    const { studio, received } = openStudio(LIMITS);
    const given = await studio.addImage(turned());
    await finish(studio, [given]);
    expect(received[0]?.request.prompt.images?.[0]).toMatchObject({
      original: { digest: given.digest, sizeBytes: given.sizeBytes, mediaType: 'image/jpeg' },
    });
  });

  it('keeps its first original when it is ordered again', async () => {
    const { studio, received } = openStudio(LIMITS);
    const photo = turned();
    const { request } = await studio.prepare({ prompt: { images: [photo] }, processing });
    await finish(studio, [photo]);
    expect(received[0]?.request.prompt).toEqual(request.prompt);
    const [fitted] = request.prompt.images as [FileReference];
    const later = openStudio({ ...LIMITS, maxSide: 20 });
    await later.host.files.write(fitted.key, received[0]?.images[0] as Uint8Array);
    await finish(later.studio, [fitted]);
    expect(later.received[0]?.request.prompt.images?.[0]?.original).toEqual(fitted.original);
  });

  it('is one of several, and is named by its number', async () => {
    const { studio } = openStudio(LIMITS);
    const { warnings, request } = await studio.prepare({
      prompt: { images: [pngOf(quarters(30, 20)), pngOf(quarters(130, 20, 50))] },
      processing,
    });
    expect(warnings[0]?.message).toMatch(/^Image 2 was reduced from 130 × 20 to 100 × 15 pixels and saved as PNG/);
    expect(request.prompt.images?.map(({ original }) => original === undefined)).toEqual([true, false]);
  });
});

describe('an image within the limits', () => {
  it('is sent as it is, without a word', async () => {
    const { studio, host, received } = openStudio(LIMITS);
    const photo = jpegOf(quarters(60, 40));
    const state = await finish(studio, [photo]);
    expect(received[0]?.images).toEqual([photo]);
    expect(received[0]?.request.prompt.images?.[0]?.original).toBeUndefined();
    expect(await storedInputs(host)).toHaveLength(1);
    expect(state.warnings.map(({ code }) => code)).toEqual(['LATER']);
  });

  it('loses its position, and the warning says so', async () => {
    const { studio } = openStudio(LIMITS);
    const photo = jpegOf(quarters(60, 40), exifBlock(1, { position: true }));
    const { warnings, request } = await studio.prepare({ prompt: { images: [photo] }, processing });
    expect(warnings[0]?.message).toBe('The image was freed of metadata that may tell where it was taken.');
    expect(request.prompt.images?.[0]?.sizeBytes).toBeLessThan(photo.length);
  });
});

describe('a provider without limits', () => {
  it('gets the image as it is', async () => {
    const { studio, received } = openStudio(undefined);
    const photo = turned();
    await finish(studio, [photo]);
    expect(received[0]?.images).toEqual([photo]);
  });
});

describe('nothing is stored or sent', () => {
  it('by a dry run', async () => {
    const { studio, host, received } = openStudio(LIMITS);
    const { warnings } = await studio.prepare({ prompt: { images: [turned()] }, processing });
    expect(warnings[0]?.code).toBe('IMAGE_CONVERTED');
    expect(await host.files.list('')).toEqual([]);
    expect(received).toEqual([]);
  });

  it('when the order is refused for another reason', async () => {
    const { studio, host } = openStudio(LIMITS, { locked: true });
    await expect(studio.generate({ prompt: { images: [turned()] }, processing })).rejects.toMatchObject({
      code: 'CONFIG_MISSING',
    });
    expect(await host.files.list('')).toEqual([]);
  });

  const small = pngOf(quarters(8, 8));
  const reference = { key: 'inputs/aa/aa.png', mediaType: 'image/png', sizeBytes: 4, digest: 'aa' };
  it.each<[string, readonly (FileReference | Uint8Array)[], object]>([
    ['a GIF', [ascii('GIF89a\x01\0')], { code: 'INPUT_INVALID', message: expect.stringContaining('a GIF') }],
    ['a damaged picture', [small.subarray(0, 60)], { code: 'ASSET_UNREADABLE' }],
    [
      'more than 32 MB',
      [new Uint8Array(MAX_IMAGE_BYTES + 1)],
      { code: 'ASSET_TOO_LARGE', remedy: 'Save it smaller or as JPEG.' },
    ],
    [
      'more images than are taken',
      [small, small, small],
      { code: 'INPUT_INVALID', message: 'Echo takes at most 2 images for one asset, not 3.' },
    ],
    [
      'an image that is no longer stored',
      [reference],
      { code: 'INPUT_INVALID', message: expect.stringContaining('no longer stored') },
    ],
    ['an empty file', [new Uint8Array(0)], { code: 'INPUT_INVALID' }],
  ])('for %s', async (_name, images, expected) => {
    const { studio, host, received } = openStudio(LIMITS);
    await expect(studio.generate({ prompt: { images }, processing })).rejects.toMatchObject(expected);
    expect(await host.files.list('')).toEqual([]);
    expect(received).toEqual([]);
  });
});
