import { constants, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../foundation/random.ts';
import { isZstdCutOff } from './zstd-frame.ts';

/** A mix of noise and runs, so that frames have blocks of every type. */
function content(length: number): Uint8Array {
  const random = createRandom(`zstd ${length}`);
  return Uint8Array.from({ length }, (_, at) => ((at >> 14) % 2 === 0 ? random.integer(0, 255) : 7));
}

describe('isZstdCutOff', () => {
  it.each([
    ['a small one', 300, {}],
    ['of several blocks', 700_000, {}],
    ['with a checksum', 5000, { [constants.ZSTD_c_checksumFlag]: 1 }],
    ['without the size of its content', 5000, { [constants.ZSTD_c_contentSizeFlag]: 0 }],
  ] as const)('sees what is missing of a frame: %s', (_name, length, params) => {
    const frame = zstdCompressSync(content(length), { params });
    expect(isZstdCutOff(frame)).toBe(false);
    const cuts = new Set([4, 5, 8, 9, 12, frame.length >> 1, frame.length - 5, frame.length - 4, frame.length - 1]);
    for (const cut of cuts) expect(isZstdCutOff(frame.subarray(0, cut)), `${cut} of ${frame.length}`).toBe(true);
  });

  it('leaves to the reader what follows a frame or is none', () => {
    const frame = zstdCompressSync(content(300));
    expect(isZstdCutOff(Buffer.concat([frame, frame]))).toBe(false);
    const reserved = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0, 7, 7, 7);
    expect(isZstdCutOff(reserved)).toBe(false);
  });
});
