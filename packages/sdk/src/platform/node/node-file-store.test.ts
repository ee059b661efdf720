import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../foundation/bytes.ts';
import { fileStoreContract } from '../../testing/file-store-contract.ts';
import { createNodeFileStore } from './node-file-store.ts';

describe('createNodeFileStore', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'maquette-files-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });

  for (const { name, run } of fileStoreContract({ create: async () => createNodeFileStore(join(root, 'store')) })) {
    it(name, run);
  }

  it('does not make its folder before something is written', async () => {
    const files = createNodeFileStore(join(root, 'store'));
    await files.read('a/b');
    await files.list('');
    await files.delete('a');
    expect(await readdir(root)).toEqual([]);
  });

  it('shows nothing of a writer that died, and sweeps it away once it is old', async () => {
    const files = createNodeFileStore(root);
    await files.write('raw/a.glb', encodeUtf8('whole'));
    const leftover = join(root, 'raw', 'b.glb~0123456789ab');
    await writeFile(leftover, 'half');
    expect((await files.list('raw/')).map((entry) => entry.key)).toEqual(['raw/a.glb']);
    expect(await files.sweep(60_000)).toBe(0);
    const before = new Date(Date.now() - 120_000);
    await utimes(leftover, before, before);
    expect(await files.sweep(60_000)).toBe(1);
    expect(await readdir(join(root, 'raw'))).toEqual(['a.glb']);
  });

  it('leaves no temporary file after a failed write', async () => {
    const files = createNodeFileStore(root);
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(1000);
      throw new Error('broken');
    };
    await expect(files.write('a/b', broken())).rejects.toThrow('broken');
    expect(await readdir(join(root, 'a'))).toEqual([]);
  });

  it('says in one sentence what is in the way', async () => {
    const files = createNodeFileStore(root);
    await files.write('a', encodeUtf8('a file'));
    await expect(files.write('a/b', encodeUtf8('below a file'))).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await mkdir(join(root, 'folder', 'child'), { recursive: true });
    await expect(files.write('folder', encodeUtf8('over a folder'))).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await expect(files.read('folder')).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(await files.stat('folder')).toBeNull();
  });

  it('lists what lies there, links not followed', async () => {
    const files = createNodeFileStore(join(root, 'store'));
    await files.write('a', encodeUtf8('mine'));
    await writeFile(join(root, 'outside'), 'not mine');
    await symlink(join(root, 'outside'), join(root, 'store', 'link'));
    await symlink(root, join(root, 'store', 'up'));
    expect((await files.list('')).map((entry) => entry.key)).toEqual(['a']);
  });
});
