import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readCandidate } from './candidates.ts';

const FIRST = Uint8Array.of(1, 2, 3);
const SECOND = Uint8Array.of(4, 5, 6, 7);

async function* inChunks(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size);
}

const stored = (files: Record<string, Uint8Array>): Uint8Array => zipSync(files, { level: 0 });
const read = (archive: Uint8Array, index: number): Promise<Uint8Array> => readCandidate(inChunks(archive), index);

describe('the archive of results', () => {
  const archive = stored({ '1.spz': FIRST, '2.spz': SECOND });

  it('holds the results in the order in which they came', async () => {
    expect(await read(archive, 0)).toEqual(FIRST);
    expect(await read(archive, 1)).toEqual(SECOND);
  });

  it('may name its entries as it likes', async () => {
    const hostile = stored({ '../../etc/passwd': FIRST, 'C:\\a.exe': SECOND });
    expect(await read(hostile, 1)).toEqual(SECOND);
  });

  it('says how many there are when one more is asked for', async () => {
    await expect(read(archive, 2)).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      message: expect.stringContaining('2 results'),
    });
    await expect(read(stored({ '1.glb': FIRST }), 1)).rejects.toMatchObject({
      message: expect.stringContaining('one result'),
    });
    await expect(read(stored({}), 1)).rejects.toMatchObject({ message: expect.stringContaining('0 results') });
  });

  it('that broke off anywhere is to be fetched again', async () => {
    for (let length = 0; length < archive.length; length += 1) {
      await expect(read(archive.subarray(0, length), 1)).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
    }
  });

  it('is refused where an entry is compressed: that is how a small file becomes a large one', async () => {
    const bomb = zipSync({ '1.spz': FIRST, '2.spz': new Uint8Array(1_000_000) }, { level: 9 });
    await expect(read(bomb, 1)).rejects.toMatchObject({ code: 'ASSET_UNREADABLE' });
  });

  it('is refused where it lists more than workers could make', async () => {
    const files = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`${index}.spz`, FIRST]));
    await expect(read(stored(files), 1)).rejects.toMatchObject({ code: 'ASSET_UNREADABLE' });
  });

  it('never crashes with any byte changed', async () => {
    for (let offset = 0; offset < archive.length; offset += 1) {
      const damaged = new Uint8Array(archive);
      damaged[offset] = (archive[offset] as number) ^ 0xff;
      const outcome = await read(damaged, 1).then(
        (bytes) => bytes.length,
        (error: { code?: string }) => error.code,
      );
      expect([SECOND.length, 'ASSET_UNREADABLE', 'NETWORK_FAILED', 'OPERATION_FAILED']).toContain(outcome);
    }
  });
});
