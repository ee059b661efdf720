import { encode } from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../foundation/random.ts';
import type { ImageCodec } from '../host/host.ts';
import { decodeImage } from './decode-image.ts';
import { decodeJpeg } from './decode-jpeg.ts';
import { encodePng } from './encode-png.ts';
import { sniffMediaType } from './sniff-media-type.ts';

const gradient = {
  width: 40,
  height: 24,
  data: Uint8Array.from({ length: 40 * 24 * 4 }, (_, index) => {
    const [pixel, channel] = [index >> 2, index % 4];
    return channel === 3 ? 255 : channel === 0 ? (pixel % 40) * 6 : channel === 1 ? Math.floor(pixel / 40) * 10 : 90;
  }),
};
const jpeg = new Uint8Array(encode(gradient, 95).data);
const webp = Uint8Array.from([...'RIFF\x10\x00\x00\x00WEBPVP8 '].map((character) => character.charCodeAt(0)));

describe('decodeJpeg', () => {
  it('reads colours close to what was written', () => {
    const image = decodeJpeg(jpeg);
    expect([image.width, image.height]).toEqual([40, 24]);
    let worst = 0;
    for (let index = 0; index < image.data.length; index += 1) {
      worst = Math.max(worst, Math.abs((image.data[index] as number) - (gradient.data[index] as number)));
    }
    expect(worst).toBeLessThan(16);
    expect(image.data[3]).toBe(255);
  });

  it('refuses a file cut at any place', () => {
    for (let length = 0; length < jpeg.length - 1; length += 3) {
      expect(() => decodeJpeg(jpeg.subarray(0, length)), `cut at ${length}`).toThrow(
        expect.objectContaining({ code: 'ASSET_UNREADABLE' }),
      );
    }
  });

  it('never throws anything but our errors on damaged files', () => {
    const random = createRandom(11);
    let refused = 0;
    for (let round = 0; round < 150; round += 1) {
      const damaged = jpeg.slice();
      for (let hit = 0; hit < 4; hit += 1) damaged[random.integer(2, jpeg.length - 1)] = random.integer(0, 255);
      try {
        const image = decodeJpeg(damaged);
        expect(image.data.length).toBe(image.width * image.height * 4);
      } catch (error) {
        refused += 1;
        expect(['ASSET_UNREADABLE', 'ASSET_TOO_LARGE']).toContain((error as { code?: string }).code);
      }
    }
    expect(refused).toBeGreaterThan(10);
  });

  it('refuses a size that is claimed only', () => {
    const claimed = jpeg.slice();
    const frame = claimed.findIndex((value, index) => value === 0xff && claimed[index + 1] === 0xc0);
    claimed.set([0xff, 0xff, 0xff, 0xff], frame + 5);
    expect(() => decodeJpeg(claimed)).toThrow(expect.objectContaining({ code: 'ASSET_TOO_LARGE' }));
  });
});

describe('decodeImage', () => {
  it('goes by the bytes', async () => {
    expect(await decodeImage(encodePng(gradient))).toEqual(gradient);
    expect((await decodeImage(jpeg)).width).toBe(40);
  });

  it('asks the codec of the Host for other kinds', async () => {
    const codec: ImageCodec = {
      mediaTypes: ['image/webp'],
      decode: async (bytes, mediaType) => {
        expect([bytes, mediaType]).toEqual([webp, 'image/webp']);
        return gradient;
      },
    };
    expect(await decodeImage(webp, codec)).toBe(gradient);
  });

  it.each([
    ['no codec', undefined],
    ['a codec for something else', { mediaTypes: ['image/avif'], decode: () => Promise.reject(new Error('unasked')) }],
  ] as [string, ImageCodec | undefined][])('is UNSUPPORTED_ON_HOST with %s', async (_name, codec) => {
    await expect(decodeImage(webp, codec)).rejects.toMatchObject({
      code: 'UNSUPPORTED_ON_HOST',
      details: { mediaType: 'image/webp' },
    });
  });

  it.each([
    ['throws', () => Promise.reject(new Error('bad bitstream')), 'ASSET_UNREADABLE'],
    ['returns too little', async () => ({ width: 4, height: 4, data: new Uint8Array(8) }), 'ASSET_UNREADABLE'],
    ['returns too much', async () => ({ width: 9000, height: 1, data: new Uint8Array(36_000) }), 'ASSET_TOO_LARGE'],
  ] as [string, ImageCodec['decode'], string][])('does not trust a codec that %s', async (_name, decode, code) => {
    await expect(decodeImage(webp, { mediaTypes: ['image/webp'], decode })).rejects.toMatchObject({ code });
  });

  it('refuses what is no picture', async () => {
    await expect(decodeImage(Uint8Array.of(1, 2, 3, 4))).rejects.toMatchObject({ code: 'ASSET_UNREADABLE' });
    await expect(decodeImage(new Uint8Array(0))).rejects.toMatchObject({ code: 'ASSET_UNREADABLE' });
  });
});

describe('sniffMediaType', () => {
  const text = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0));

  it.each([
    [encodePng(gradient), 'image/png'],
    [jpeg, 'image/jpeg'],
    [webp, 'image/webp'],
    [text('GIF89a'), 'image/gif'],
    [text('\xabKTX 20\xbb\r\n\x1a\n'), 'image/ktx2'],
    [text('\0\0\0\x1cftypavif'), 'image/avif'],
    [text('<svg xmlns="http://www.w3.org/2000/svg"/>'), null],
    [text('RIFF\0\0\0\0WAVE'), null],
  ])('knows case %#', (bytes, mediaType) => {
    expect(sniffMediaType(bytes)).toBe(mediaType);
  });
});
