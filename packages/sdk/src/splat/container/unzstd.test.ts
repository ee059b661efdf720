import { constants, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isSdkError } from '../../foundation/errors.ts';
import { createRandom } from '../../foundation/random.ts';
import type { OutputBounds } from './bounded-output.ts';
import { unzstd } from './unzstd.ts';

const exactly = (size: number): OutputBounds => ({ headBytes: 0, sizeOf: () => size, maxBytes: 1e8 });

/** Bytes with little, some or much structure. */
function makeContent(length: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  const alphabet = [2, 5, 30, 200, 256][seed % 5] as number;
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const distance = 1 + Math.floor(random.next() * Math.min(at, 40_000));
    if (at > 0 && seed % 3 !== 0 && random.next() < 0.3) {
      for (let left = Math.floor(random.next() ** 8 * 3000); left >= 0 && at < length; left -= 1, at += 1) {
        bytes[at] = bytes[at - distance] as number;
      }
    } else bytes[at++] = Math.floor(random.next() ** 2 * alphabet);
  }
  return bytes;
}

describe('unzstd', () => {
  it('undoes what the reference library made, at every level and size', () => {
    let seed = 0;
    for (const length of [1, 2, 17, 255, 256, 1000, 70_000, 300_000]) {
      for (const level of [-5, 1, 3, 9, 19]) {
        for (const checksum of [0, 1]) {
          seed += 1;
          const content = makeContent(length, seed);
          const frame = zstdCompressSync(content, {
            params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: checksum },
          });
          expect(Buffer.compare(unzstd(frame, exactly(length)), content)).toBe(0);
        }
      }
    }
  });

  it('reads frames that do not tell their size', () => {
    const content = makeContent(400_000, 7);
    const frame = zstdCompressSync(content, { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } });
    expect(Buffer.compare(unzstd(frame, exactly(content.length)), content)).toBe(0);
  });

  it('ends every damaged frame with an error of its own or the right size', () => {
    const content = makeContent(20_000, 11);
    const frame = zstdCompressSync(content, { params: { [constants.ZSTD_c_compressionLevel]: 9 } });
    const random = createRandom(5);
    let refused = 0;
    for (let round = 0; round < 3000; round += 1) {
      const broken = Uint8Array.from(frame);
      for (let flips = 1 + Math.floor(random.next() * 3); flips > 0; flips -= 1) {
        const at = Math.floor(random.next() * broken.length * (round % 2 === 0 ? 0.02 : 1));
        broken[at] = Math.floor(random.next() * 256);
      }
      try {
        expect(unzstd(broken, exactly(content.length))).toHaveLength(content.length);
      } catch (error) {
        if (!isSdkError(error)) throw error;
        expect(error.code).toBe('ASSET_UNREADABLE');
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(500);
    for (let length = 0; length < frame.length; length += 1 + (length >> 6)) {
      expect(() => unzstd(frame.subarray(0, length), exactly(content.length))).toThrow(/Zstandard|less than/);
    }
    expect(() => unzstd(Buffer.concat([frame, frame]), exactly(content.length))).toThrow('other data follow');
  });

  it('stops a bomb at the size its content declares', () => {
    const frame = zstdCompressSync(new Uint8Array(50_000_000));
    expect(frame.length).toBeLessThan(10_000);
    expect(() => unzstd(frame, exactly(1000))).toThrow('more than it declares');
  });

  it('refuses a Huffman table whose states take no bits, which never ends elsewhere', () => {
    // one compressed block: literals with a tree whose weights are one symbol with every share
    const tree = [4, 0xf0, 0x03, 0xff, 0xff];
    const literals = [0x02 | (8 << 4), ((tree.length + 1) << 6) & 0xff, (tree.length + 1) >> 2, ...tree, 0x01];
    const body = [...literals, 0];
    const frame = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 8, 0x05 | ((body.length << 3) & 0xff), body.length >> 5, 0, ...body];
    expect(() => unzstd(Uint8Array.from(frame), exactly(8))).toThrow('damaged');
  });
});
