import { describe, expect, it } from 'vitest';
import { concatBytes } from '../foundation/bytes.ts';
import { createRandom } from '../foundation/random.ts';
import type { RasterImage } from '../host/host.ts';
import { webpOf, withWebpMetadata } from '../platform/node/webp.test-kit.ts';
import { createWebpDecoder } from '../platform/node/webp-decoder.ts';
import { decodeImage } from './decode-image.ts';
import { encodePng } from './encode-png.ts';
import { type FitLimits, fitImage } from './fit-image.ts';
import {
  ascii,
  exifBlock,
  jpegOf,
  pngOf,
  QUARTER_COLORS,
  quarterColors,
  quarters,
  storedAs,
  withChunk,
  withSegments,
} from './input-image.test-kit.ts';
import { sniffMediaType } from './sniff-media-type.ts';

const LIMITS: FitLimits = {
  mediaTypes: ['image/png', 'image/jpeg', 'image/webp'],
  maxSide: 1024,
  maxBytes: 2 * 1024 * 1024,
};
const codec = createWebpDecoder();

/** Every channel of the four quarters within `tolerance` of what was drawn. */
function expectUpright(image: RasterImage, tolerance: number, alpha = 255): void {
  const wanted = QUARTER_COLORS.map((color, quarter) => [...color, quarter === 3 ? alpha : 255]);
  quarterColors(image).forEach((color, quarter) => {
    color.forEach((value, channel) => {
      expect(Math.abs(value - (wanted[quarter]?.[channel] as number)), `quarter ${quarter}`).toBeLessThanOrEqual(
        tolerance,
      );
    });
  });
}

function noise(width: number, height: number, opaque: boolean): RasterImage {
  const random = createRandom(`${width}${height}`);
  const data = Uint8Array.from({ length: width * height * 4 }, (_, index) =>
    index % 4 === 3 && opaque ? 255 : random.integer(0, 255),
  );
  return { width, height, data };
}

describe('a large photo with alpha that lies on its side', () => {
  it('is sent upright, within the limits, with its alpha', async () => {
    const upright = quarters(2000, 3000, 120);
    const stored = storedAs(upright, 6);
    expect([stored.width, stored.height]).toEqual([3000, 2000]);
    const photo = pngOf(stored, exifBlock(6, { position: true }));
    const fitted = await fitImage(photo, LIMITS, codec);
    expect(fitted).toMatchObject({
      mediaType: 'image/png',
      width: 683,
      height: 1024,
      originalWidth: 2000,
      originalHeight: 3000,
      changes: ['turned', 'reduced', 'stripped', 'reencoded'],
    });
    expect(fitted.bytes.length).toBeLessThanOrEqual(LIMITS.maxBytes);
    const sent = await decodeImage(fitted.bytes);
    expect([sent.width, sent.height]).toEqual([683, 1024]);
    expectUpright(sent, 1, 120);
  });
});

describe('what keeps the limits', () => {
  it('is sent byte for byte', async () => {
    const image = quarters(64, 48);
    const files = [
      jpegOf(image),
      jpegOf(image, exifBlock(1)),
      pngOf(quarters(64, 48, 10)),
      pngOf(image, exifBlock(1)),
      withChunk(pngOf(image), 'tEXt', ascii('Software\0Somebody')),
      await webpOf(image),
      withWebpMetadata(await webpOf(image), image, { exif: exifBlock(1), xmp: ascii('<x:xmpmeta/>') }),
    ];
    for (const file of files) {
      const fitted = await fitImage(file, LIMITS, codec);
      expect(fitted).toMatchObject({ width: 64, height: 48, changes: [] });
      expect(fitted.bytes).toBe(file);
      expect(fitted.mediaType).toBe(sniffMediaType(file));
    }
  });

  it('needs no codec for a WebP', async () => {
    const file = await webpOf(quarters(64, 48));
    expect((await fitImage(file, LIMITS)).bytes).toBe(file);
  });

  it('loses its position and nothing else', async () => {
    const image = quarters(64, 48, 90);
    const place = exifBlock(1, { position: true });
    const plainWebp = await webpOf(image);
    const xmp = ascii('<x:xmpmeta><exif:GPSLatitude>52,31.2N</exif:GPSLatitude></x:xmpmeta>');
    const keyword = ascii('XML:com.adobe.xmp\0\0\0\0\0');
    const files: readonly [Uint8Array, Uint8Array | null][] = [
      [jpegOf(image, place), jpegOf(image)],
      [withSegments(jpegOf(image), [0xe1, concatBytes([ascii('http://ns.adobe.com/xap/1.0/\0'), xmp])]), jpegOf(image)],
      [
        withSegments(jpegOf(image), [
          0xed,
          ascii('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0b\x1c\x02\x5a\0\x06Berlin'),
        ]),
        jpegOf(image),
      ],
      [pngOf(image, place), pngOf(image)],
      [withChunk(pngOf(image), 'eXIf', place, 'back'), pngOf(image)],
      [withChunk(pngOf(image), 'iTXt', concatBytes([keyword, xmp])), pngOf(image)],
      [withChunk(pngOf(image), 'zTXt', ascii('Raw profile type exif\0\0xxxx')), pngOf(image)],
      [withWebpMetadata(plainWebp, image, { exif: place }), null],
      [withWebpMetadata(plainWebp, image, { xmp }), null],
    ];
    for (const [index, [file, without]] of files.entries()) {
      const fitted = await fitImage(file, LIMITS, codec);
      expect(fitted.changes, `file ${index}`).toEqual(['stripped']);
      if (without !== null) expect(fitted.bytes).toEqual(without);
      expect(Buffer.from(fitted.bytes).includes('Exif') || Buffer.from(fitted.bytes).includes('GPS')).toBe(false);
      expect(await decodeImage(fitted.bytes, codec)).toEqual(await decodeImage(file, codec));
      expect((await fitImage(fitted.bytes, LIMITS, codec)).changes).toEqual([]);
    }
  });

  it('keeps its colour profile and loses what follows its end when a position is cut out', async () => {
    const jpeg = jpegOf(quarters(16, 16));
    const profile = ascii('ICC_PROFILE\0\x01\x01colours');
    const place = concatBytes([ascii('Exif\0\0'), exifBlock(1, { position: true })]);
    const second = concatBytes([
      withSegments(jpeg, [0xe2, profile], [0xe1, place], [0xfe, ascii('a comment')]),
      ascii('video GPS'),
    ]);
    const fitted = await fitImage(second, LIMITS);
    // tables and pixels follow our segments and the header of the encoder
    expect(fitted.bytes).toEqual(withSegments(jpeg, [0xe2, profile]));
  });

  it('is small enough without its metadata, if only these are too large', async () => {
    const jpeg = jpegOf(quarters(64, 48));
    const heavy = withSegments(jpeg, [0xe1, new Uint8Array(60_000)], [0xfe, new Uint8Array(60_000)]);
    const fitted = await fitImage(heavy, { ...LIMITS, maxBytes: 20_000 });
    expect(fitted.changes).toEqual(['stripped']);
    expect(fitted.bytes).toEqual(jpeg);
  });
});

describe('orientation', () => {
  it.each([2, 3, 4, 5, 6, 7, 8])('%i is applied to JPEG, PNG and WebP', async (orientation) => {
    const upright = quarters(48, 32);
    const stored = storedAs(upright, orientation);
    const exif = exifBlock(orientation, { little: orientation % 2 === 0 });
    const files = [
      jpegOf(stored, exif),
      pngOf(stored, exif),
      withChunk(pngOf(stored), 'eXIf', exif, 'back'),
      withWebpMetadata(await webpOf(stored), stored, { exif }),
    ];
    for (const file of files) {
      const fitted = await fitImage(file, LIMITS, codec);
      expect(fitted).toMatchObject({
        mediaType: 'image/jpeg',
        width: 48,
        height: 32,
        changes: ['turned', 'reencoded'],
      });
      expectUpright(await decodeImage(fitted.bytes), 8);
    }
  });

  it('of a WebP with alpha is applied to a PNG that keeps it', async () => {
    const stored = storedAs(quarters(48, 32, 77), 8);
    const file = withWebpMetadata(await webpOf(stored), stored, { exif: exifBlock(8) });
    const fitted = await fitImage(file, LIMITS, codec);
    expect(fitted).toMatchObject({ mediaType: 'image/png', width: 48, height: 32 });
    expect(await decodeImage(fitted.bytes)).toEqual(quarters(48, 32, 77));
  });
});

describe('size', () => {
  it.each([
    [1025, 10, 1024, 10],
    [10, 1025, 10, 1024],
    [2048, 1, 1024, 1],
    [1500, 1000, 1024, 683],
    [1024, 1024, 1024, 1024],
  ])('of %i × %i becomes %i × %i', async (width, height, newWidth, newHeight) => {
    const fitted = await fitImage(encodePng(quarters(width, height), { level: 1 }), LIMITS);
    expect(fitted).toMatchObject({ width: newWidth, height: newHeight });
    const sent = await decodeImage(fitted.bytes);
    expect([sent.width, sent.height]).toEqual([newWidth, newHeight]);
  });

  it('is never enlarged', async () => {
    const fitted = await fitImage(pngOf(storedAs(quarters(6, 4), 3), exifBlock(3)), LIMITS);
    expect(fitted).toMatchObject({ width: 6, height: 4 });
  });

  it('of the file gives up quality first, then pixels', async () => {
    const image = noise(200, 150, true);
    const png = encodePng(image, { level: 1 });
    const limits = { ...LIMITS, maxBytes: 40_000 };
    const lower = await fitImage(png, limits);
    expect(lower).toMatchObject({ mediaType: 'image/jpeg', width: 200, height: 150, changes: ['reencoded'] });
    const smaller = await fitImage(png, { ...LIMITS, maxBytes: 12_000 });
    expect(smaller.changes).toEqual(['reduced', 'reencoded']);
    expect(smaller.width).toBeLessThan(200);
    expect(smaller.width / smaller.height).toBeCloseTo(4 / 3, 1);
    for (const [fitted, most] of [
      [lower, 40_000],
      [smaller, 12_000],
    ] as const) {
      expect(fitted.bytes.length).toBeLessThanOrEqual(most);
      // no further than needed
      expect(fitted.bytes.length).toBeGreaterThan(most / 3);
    }
  });

  it('of a file with alpha gives up pixels, never alpha', async () => {
    const fitted = await fitImage(encodePng(noise(200, 150, false), { level: 1 }), { ...LIMITS, maxBytes: 30_000 });
    expect(fitted).toMatchObject({ mediaType: 'image/png', changes: ['reduced', 'reencoded'] });
    expect(fitted.bytes.length).toBeLessThanOrEqual(30_000);
    const { data } = await decodeImage(fitted.bytes);
    expect(data.some((value, index) => index % 4 === 3 && value < 255)).toBe(true);
  });

  it('says so where no picture worth sending fits', async () => {
    await expect(fitImage(encodePng(noise(200, 150, true)), { ...LIMITS, maxBytes: 300 })).rejects.toMatchObject({
      code: 'ASSET_TOO_LARGE',
      message: 'The image cannot be made to fit into 300 bytes.',
    });
  });

  it('is the same, byte for byte, the second time', async () => {
    const png = encodePng(noise(150, 150, true));
    const limits = { ...LIMITS, maxSide: 100, maxBytes: 9000 };
    expect(await fitImage(png, limits)).toEqual(await fitImage(png.slice(), limits));
  });
});

describe('accepted types', () => {
  it('turn a WebP into PNG or JPEG', async () => {
    const limits = { ...LIMITS, mediaTypes: ['image/png', 'image/jpeg'] };
    expect((await fitImage(await webpOf(quarters(32, 32)), limits, codec)).mediaType).toBe('image/jpeg');
    const withAlpha = await fitImage(await webpOf(quarters(32, 32, 9)), limits, codec);
    expect(withAlpha).toMatchObject({ mediaType: 'image/png', changes: ['reencoded'] });
    expect(await decodeImage(withAlpha.bytes)).toEqual(quarters(32, 32, 9));
    await expect(fitImage(await webpOf(quarters(32, 32)), limits)).rejects.toMatchObject({
      code: 'UNSUPPORTED_ON_HOST',
      remedy: 'Convert the picture to PNG or JPEG first.',
    });
  });

  it('put alpha in front of white where only JPEG is taken', async () => {
    const fitted = await fitImage(pngOf(quarters(32, 32, 0)), { ...LIMITS, mediaTypes: ['image/jpeg'] });
    expect(fitted).toMatchObject({ mediaType: 'image/jpeg', changes: ['flattened', 'reencoded'] });
    const [first, , , last] = quarterColors(await decodeImage(fitted.bytes));
    expect(Math.min(...(last as number[]))).toBeGreaterThan(248);
    expect(first?.[0]).toBeGreaterThan(200);
    expect(first?.[1]).toBeLessThan(60);
  });

  it('keep opaque pictures as PNG where no JPEG is taken', async () => {
    const fitted = await fitImage(jpegOf(quarters(32, 32)), { ...LIMITS, mediaTypes: ['image/png'] });
    expect(fitted.mediaType).toBe('image/png');
  });

  it('that nobody can write are said', async () => {
    await expect(fitImage(pngOf(quarters(8, 8)), { ...LIMITS, mediaTypes: ['image/webp'] })).rejects.toMatchObject({
      code: 'UNSUPPORTED_ON_HOST',
      message: 'The image would have to be converted to image/webp, which cannot be written here.',
    });
  });
});

describe('what is refused', () => {
  const image = quarters(40, 24);

  it('other kinds, by name', async () => {
    await expect(fitImage(ascii('GIF89a\x01\0\x01\0'), LIMITS)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'The image is a GIF, not a PNG, JPEG or WebP picture.',
    });
  });

  it('files cut at any place', async () => {
    for (const file of [jpegOf(image, exifBlock(1)), pngOf(image, exifBlock(1)), await webpOf(image)]) {
      for (let length = 12; length < file.length - 1; length += Math.ceil(file.length / 60)) {
        const refused = await fitImage(file.subarray(0, length), LIMITS, codec).then(
          () => null,
          (error: { code?: string }) => error.code,
        );
        expect(refused, `${length} of ${file.length}`).toBe('ASSET_UNREADABLE');
      }
    }
  });

  it('damaged pixels, although the header keeps the limits', async () => {
    const png = pngOf(image);
    png[60] = (png[60] as number) ^ 0xff;
    await expect(fitImage(png, LIMITS)).rejects.toMatchObject({ code: 'ASSET_UNREADABLE' });
    const webp = await webpOf(image);
    webp.fill(0xff, 26);
    await expect(fitImage(webp, LIMITS, codec)).rejects.toMatchObject({ code: 'ASSET_UNREADABLE' });
  });

  it('sizes beyond what is read, before anything is allocated', async () => {
    const png = pngOf(image).slice();
    new DataView(png.buffer).setUint32(16, 0x7fffffff);
    const jpeg = jpegOf(image);
    const frame = jpeg.findIndex((value, index) => value === 0xff && jpeg[index + 1] === 0xc0);
    jpeg.set([0xff, 0xff, 0xff, 0xff], frame + 5);
    const webp = withWebpMetadata(await webpOf(image), { width: 2 ** 24, height: 9000, data: image.data }, {});
    for (const file of [png, jpeg, webp]) {
      await expect(fitImage(file, LIMITS, codec)).rejects.toMatchObject({ code: 'ASSET_TOO_LARGE' });
    }
    await expect(decodeImage(webp, codec)).rejects.toMatchObject({ code: 'ASSET_TOO_LARGE' });
  });

  it('animations', async () => {
    const file = withWebpMetadata(await webpOf(image), image, { flags: 0x02 });
    await expect(fitImage(file, LIMITS, codec)).rejects.toMatchObject({
      code: 'ASSET_UNREADABLE',
      message: 'The picture is an animation, not a single picture.',
    });
  });

  it('files of countless parts', async () => {
    const comment = Uint8Array.of(0xff, 0xfe, 0, 2);
    const jpeg = jpegOf(image);
    const many = concatBytes([jpeg.subarray(0, 2), ...Array.from({ length: 70_000 }, () => comment), jpeg.subarray(2)]);
    await expect(fitImage(many, LIMITS)).rejects.toMatchObject({ code: 'ASSET_UNREADABLE' });
  });

  it('nothing but with errors of ours, whatever is damaged', async () => {
    const random = createRandom(21);
    const files = [
      jpegOf(image, exifBlock(6, { position: true })),
      pngOf(image, exifBlock(6, { position: true })),
      withWebpMetadata(await webpOf(image), image, { exif: exifBlock(6, { position: true }), xmp: ascii('GPS') }),
    ];
    const outcomes = new Set<string>();
    for (let round = 0; round < 450; round += 1) {
      const damaged = (files[round % 3] as Uint8Array).slice();
      for (let hit = 0; hit < 3; hit += 1)
        damaged[random.integer(4, Math.min(300, damaged.length - 1))] = random.integer(0, 255);
      try {
        const fitted = await fitImage(damaged, LIMITS, codec);
        expect(Math.max(fitted.width, fitted.height)).toBeLessThanOrEqual(1024);
        outcomes.add('fitted');
      } catch (error) {
        outcomes.add((error as { code: string }).code);
      }
    }
    expect([...outcomes].sort()).toEqual(expect.arrayContaining(['ASSET_UNREADABLE', 'fitted']));
    for (const outcome of outcomes) {
      expect(['fitted', 'ASSET_UNREADABLE', 'ASSET_TOO_LARGE', 'INPUT_INVALID']).toContain(outcome);
    }
  });
});
