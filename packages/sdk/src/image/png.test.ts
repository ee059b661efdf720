import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../foundation/random.ts';
import type { RasterImage } from '../host/host.ts';
import { decodePng } from './decode-png.ts';
import { encodePng } from './encode-png.ts';
import { crc32, PNG_SIGNATURE, writeUint32 } from './png-chunks.ts';

function randomImage(width: number, height: number, opaque: boolean): RasterImage {
  const random = createRandom(`${width}x${height}`);
  const data = Uint8Array.from({ length: width * height * 4 }, (_, index) =>
    index % 4 === 3 && opaque ? 255 : random.integer(0, 255),
  );
  return { width, height, data };
}

/** A chunk with its length and checksum. */
function chunk(type: string, content: readonly number[] | Uint8Array): number[] {
  const bytes = new Uint8Array(content.length + 12);
  writeUint32(bytes, 0, content.length);
  bytes.set(
    Array.from(type, (character) => character.charCodeAt(0)),
    4,
  );
  bytes.set(content, 8);
  writeUint32(bytes, content.length + 8, crc32(bytes, 4, content.length + 8));
  return [...bytes];
}

function uint32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

interface Crafted {
  width: number;
  height: number;
  depth: number;
  colorType: number;
  interlace?: number;
  /** Rows with their filter byte. */
  raw: readonly number[];
  before?: readonly number[];
}

function craft({ width, height, depth, colorType, interlace = 0, raw, before = [] }: Crafted): Uint8Array {
  return Uint8Array.from([
    ...PNG_SIGNATURE,
    ...chunk('IHDR', [...uint32(width), ...uint32(height), depth, colorType, 0, 0, interlace]),
    ...before,
    ...chunk('IDAT', zlibSync(Uint8Array.from(raw))),
    ...chunk('IEND', []),
  ]);
}

describe('encodePng', () => {
  it.each([
    [1, 1, true],
    [1, 1, false],
    [37, 19, true],
    [37, 19, false],
  ])('round-trips %i × %i, opaque %s', (width, height, opaque) => {
    const image = randomImage(width, height, opaque);
    expect(decodePng(encodePng(image))).toEqual(image);
  });

  it('keeps colours under full transparency', () => {
    const image = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 0, 40, 50, 60, 128) };
    expect(decodePng(encodePng(image)).data).toEqual(image.data);
  });

  it('stores opaque pictures without alpha and packs gradients by its filters', () => {
    const data = new Uint8Array(128 * 128 * 4);
    for (let pixel = 0; pixel < 128 * 128; pixel += 1) {
      const [x, y] = [pixel % 128, pixel >> 7];
      data.set([x + y, x * 2, y * 2, 255], pixel * 4);
    }
    const bytes = encodePng({ width: 128, height: 128, data });
    expect(bytes[25]).toBe(2);
    expect(bytes.length).toBeLessThan(1500);
    expect(zlibSync(data).length).toBeGreaterThan(bytes.length * 3);
    expect(encodePng(randomImage(4, 4, false))[25]).toBe(6);
  });

  it('stores uncompressed at level 0', () => {
    const image = { width: 32, height: 32, data: new Uint8Array(32 * 32 * 4).fill(255) };
    expect(encodePng(image, { level: 0 }).length).toBeGreaterThan(32 * 32 * 3);
    expect(decodePng(encodePng(image, { level: 0 }))).toEqual(image);
  });

  it('refuses a picture whose data do not fit its size', () => {
    expect(() => encodePng({ width: 2, height: 2, data: new Uint8Array(15) })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});

describe('decodePng', () => {
  it('reads packed grey and scales it to 8 bits', () => {
    const image = decodePng(craft({ width: 4, height: 1, depth: 2, colorType: 0, raw: [0, 0b00011011] }));
    expect([...image.data]).toEqual([0, 0, 0, 255, 85, 85, 85, 255, 170, 170, 170, 255, 255, 255, 255, 255]);
  });

  it('reads a palette with transparency', () => {
    const before = [...chunk('PLTE', [1, 2, 3, 4, 5, 6]), ...chunk('tRNS', [9])];
    const image = decodePng(craft({ width: 2, height: 1, depth: 8, colorType: 3, raw: [0, 1, 0], before }));
    expect([...image.data]).toEqual([4, 5, 6, 255, 1, 2, 3, 9]);
  });

  it('reads 16 bits, grey with alpha, and a transparent key colour', () => {
    const wide = decodePng(craft({ width: 1, height: 1, depth: 16, colorType: 4, raw: [0, 0x80, 0x01, 0x40, 0xff] }));
    expect([...wide.data]).toEqual([0x80, 0x80, 0x80, 0x40]);
    const before = chunk('tRNS', [0, 10, 0, 20, 0, 30]);
    const keyed = decodePng(
      craft({ width: 2, height: 1, depth: 8, colorType: 2, raw: [0, 10, 20, 30, 10, 20, 31], before }),
    );
    expect([...keyed.data]).toEqual([10, 20, 30, 0, 10, 20, 31, 255]);
  });

  it('reads every filter', () => {
    const raw = [0, 10, 20, 1, 5, 5, 2, 1, 2, 3, 4, 4, 4, 1, 1];
    const image = decodePng(craft({ width: 2, height: 5, depth: 8, colorType: 0, raw }));
    const grey = [...image.data].filter((_, index) => index % 4 === 0);
    // worked out by hand from §9.2: sub, up, average, Paeth
    expect(grey).toEqual([10, 20, 5, 10, 6, 12, 7, 13, 8, 14]);
  });

  it('puts interlaced pixels where they belong', () => {
    // 3 × 2, Adam7: pass 1 holds (0,0), pass 4 (2,0), pass 6 (1,0), pass 7 the second row
    const raw = [0, 1, 0, 3, 0, 2, 0, 4, 5, 6];
    const image = decodePng(craft({ width: 3, height: 2, depth: 8, colorType: 0, interlace: 1, raw }));
    expect([...image.data].filter((_, index) => index % 4 === 0)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  const good = encodePng(randomImage(16, 16, false));

  it('refuses a file cut at any place', () => {
    for (let length = 0; length < good.length; length += 1) {
      expect(() => decodePng(good.subarray(0, length)), `cut at ${length}`).toThrow(
        expect.objectContaining({ code: 'ASSET_UNREADABLE' }),
      );
    }
  });

  it('notices a flipped bit anywhere', () => {
    const random = createRandom(5);
    for (let round = 0; round < 200; round += 1) {
      const damaged = good.slice();
      const at = random.integer(8, good.length - 1);
      damaged[at] = (damaged[at] as number) ^ (1 << random.integer(0, 7));
      let image: RasterImage | undefined;
      try {
        image = decodePng(damaged);
      } catch (error) {
        expect(['ASSET_UNREADABLE', 'ASSET_TOO_LARGE']).toContain((error as { code?: string }).code);
      }
      // The only bits that may flip unnoticed are those of a chunk's name that make it one we skip; never pixels.
      if (image !== undefined) expect(image).toEqual(decodePng(good));
    }
  });

  it('does not allocate what a header merely claims', () => {
    const claim = (width: number, height: number): Uint8Array =>
      craft({ width, height, depth: 8, colorType: 6, raw: [0] });
    expect(() => decodePng(claim(100_000, 100_000))).toThrow(expect.objectContaining({ code: 'ASSET_TOO_LARGE' }));
    expect(() => decodePng(claim(9000, 1))).toThrow(expect.objectContaining({ code: 'ASSET_TOO_LARGE' }));
    expect(() => decodePng(claim(0, 4))).toThrow(expect.objectContaining({ code: 'ASSET_UNREADABLE' }));
    expect(() => decodePng(claim(64, 64))).toThrow(expect.objectContaining({ code: 'ASSET_UNREADABLE' }));
  });

  it('keeps a decompression bomb within the declared size', () => {
    const raw = new Array<number>(2_000_000).fill(0);
    const image = decodePng(craft({ width: 2, height: 2, depth: 8, colorType: 0, raw }));
    expect(image.data.length).toBe(16);
  });

  it.each([
    ['an impossible depth', { width: 1, height: 1, depth: 3, colorType: 2, raw: [0, 0, 0, 0] }],
    ['an unknown filter', { width: 1, height: 1, depth: 8, colorType: 0, raw: [7, 0] }],
    [
      'a pixel outside the palette',
      { width: 1, height: 1, depth: 8, colorType: 3, raw: [0, 9], before: chunk('PLTE', [1, 2, 3]) },
    ],
    ['no palette', { width: 1, height: 1, depth: 8, colorType: 3, raw: [0, 0] }],
  ] as [string, Crafted][])('refuses %s', (_name, crafted) => {
    expect(() => decodePng(craft(crafted))).toThrow(expect.objectContaining({ code: 'ASSET_UNREADABLE' }));
  });
});
