import { describe, expect, it } from 'vitest';
import { createRandom } from '../foundation/random.ts';
import { type Orientation, readExif } from './exif.ts';
import { ascii, exifBlock, quarters, storedAs } from './input-image.test-kit.ts';
import { turnUpright } from './turn-image.ts';

const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

describe('readExif', () => {
  it.each(ORIENTATIONS)(
    'reads orientation %i in both byte orders, with and without the prefix of JPEG',
    (orientation) => {
      for (const little of [true, false]) {
        const block = exifBlock(orientation, { little });
        expect(readExif(block)).toEqual({ orientation, mayHoldLocation: false });
        expect(readExif(Uint8Array.of(...ascii('Exif\0\0'), ...block))).toEqual({
          orientation,
          mayHoldLocation: false,
        });
      }
    },
  );

  it('takes an orientation that is none as upright', () => {
    for (const value of [0, 9, 255, 65_535]) expect(readExif(exifBlock(value)).orientation).toBe(1);
  });

  it('sees a position, and none where only the version of the directory is written', () => {
    const block = exifBlock(6, { position: true });
    expect(readExif(block)).toEqual({ orientation: 6, mayHoldLocation: true });
    new DataView(block.buffer).setUint16(38, 1);
    expect(readExif(block)).toEqual({ orientation: 6, mayHoldLocation: false });
  });

  it('supposes a position where the block is broken', () => {
    const beyond = exifBlock(3);
    new DataView(beyond.buffer).setUint32(4, 0xfffffff0);
    const positionBeyond = exifBlock(3, { position: true }).subarray(0, 60);
    for (const block of [
      new Uint8Array(0),
      ascii('Exif\0\0'),
      ascii('XXXXXXXXXX'),
      beyond,
      exifBlock(3).subarray(0, 30),
    ]) {
      expect(readExif(block)).toEqual({ orientation: 1, mayHoldLocation: true });
    }
    expect(readExif(positionBeyond)).toEqual({ orientation: 3, mayHoldLocation: true });
  });

  it('survives anything', () => {
    const random = createRandom(3);
    const seen = new Set<number>();
    for (let round = 0; round < 20_000; round += 1) {
      const block = exifBlock(random.integer(1, 8), {
        position: random.integer(0, 1) === 1,
        little: random.integer(0, 1) === 1,
      });
      for (let hit = 0; hit < 6; hit += 1) block[random.integer(0, block.length - 1)] = random.integer(0, 255);
      const { orientation } = readExif(block.subarray(0, random.integer(0, block.length)));
      expect(ORIENTATIONS).toContain(orientation);
      seen.add(orientation);
    }
    expect(seen.size).toBe(8);
  });
});

describe('turnUpright', () => {
  it.each(ORIENTATIONS)('undoes orientation %i pixel by pixel', (orientation) => {
    const upright = quarters(7, 4, 90);
    for (let index = 0; index < upright.data.length; index += 4) upright.data[index] = index;
    expect(turnUpright(storedAs(upright, orientation), orientation)).toEqual(upright);
  });

  it.each(ORIENTATIONS)('turns lines and single pixels, orientation %i', (orientation) => {
    for (const [width, height] of [
      [1, 1],
      [5, 1],
      [1, 5],
    ] as const) {
      const upright = { width, height, data: Uint8Array.from({ length: width * height * 4 }, (_, index) => index) };
      expect(turnUpright(storedAs(upright, orientation), orientation as Orientation)).toEqual(upright);
    }
  });

  it('reads pixels that do not begin at a multiple of four bytes', () => {
    const upright = quarters(4, 2);
    const shifted = new Uint8Array(upright.data.length + 1);
    shifted.set(storedAs(upright, 3).data, 1);
    expect(turnUpright({ width: 4, height: 2, data: shifted.subarray(1) }, 3)).toEqual(upright);
  });
});
