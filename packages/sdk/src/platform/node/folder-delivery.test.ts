import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../foundation/bytes.ts';
import { assertFolderFree, checkNamedFolder, deliverToFolder } from './folder-delivery.ts';

const TOKEN = '0193b0a0-0000-7000-8000-000000000000';

function assetOf(files: Record<string, string>): { files: ReadonlyMap<string, Uint8Array> } {
  return { files: new Map(Object.entries(files).map(([name, text]) => [name, encodeUtf8(text)])) };
}

const SWORD = assetOf({ 'manifest.json': '{"name":"sword"}', 'lod0.glb': 'zero', 'lod1.glb': 'one', 'raw.glb': 'raw' });
const options = { force: false, token: TOKEN };

describe('deliverToFolder', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'maquette-delivery-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });

  it('is checked beforehand: a folder must be named, absolute, free and writable, and nothing stays of the check', async () => {
    await expect(checkNamedFolder({})).rejects.toMatchObject({ code: 'CONFIG_MISSING' });
    await expect(checkNamedFolder({ folder: 'out' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await checkNamedFolder({ folder: join(root, 'a', 'b') });
    expect(await readdir(root)).toEqual([]);
    await writeFile(join(root, 'file'), '');
    await expect(checkNamedFolder({ folder: join(root, 'file', 'a') })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await expect(checkNamedFolder({ folder: root })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await checkNamedFolder({ folder: root, force: true });
    expect(await readdir(root)).toEqual(['file']);
  });

  it.runIf(process.platform === 'linux')('is refused beforehand where the system lets nobody write', async () => {
    for (const folder of ['/proc/maquette', '/proc/maquette/deeper']) {
      await expect(checkNamedFolder({ folder })).rejects.toMatchObject({
        code: 'STORE_FAILED',
        message: `${folder} cannot be written: the system lets nobody make a folder in /proc.`,
      });
    }
  });

  it('makes the folder and the folders above it, and leaves nothing else', async () => {
    const folder = join(root, 'a', 'b', 'sword');
    expect(await deliverToFolder(folder, SWORD, options)).toBe(folder);
    expect((await readdir(folder)).sort()).toEqual(['lod0.glb', 'lod1.glb', 'manifest.json', 'raw.glb']);
    expect(await readdir(join(root, 'a', 'b'))).toEqual(['sword']);
    expect(await readFile(join(folder, 'lod1.glb'), 'utf8')).toBe('one');
  });

  it('fills an empty folder', async () => {
    await deliverToFolder(root, SWORD, options);
    expect((await readdir(root)).sort()).toEqual(['lod0.glb', 'lod1.glb', 'manifest.json', 'raw.glb']);
  });

  it('refuses a folder that holds something, early and at the end', async () => {
    await writeFile(join(root, 'mine.txt'), 'mine');
    await expect(assertFolderFree(root, false)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(deliverToFolder(root, SWORD, options)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await readdir(root)).toEqual(['mine.txt']);
  });

  it('refuses a path that is a file or leads through one', async () => {
    await writeFile(join(root, 'file'), '');
    for (const path of ['file', 'file/below']) {
      await expect(assertFolderFree(join(root, path), true)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      await expect(deliverToFolder(join(root, path), SWORD, options)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
    expect(await readdir(root)).toEqual(['file']);
  });

  it('overwrites by force: levels of the old asset go, files of the person stay', async () => {
    await deliverToFolder(root, assetOf({ 'manifest.json': 'old', 'lod0.glb': 'old', 'lod7.glb': 'old' }), options);
    await writeFile(join(root, 'mine.txt'), 'mine');
    await deliverToFolder(root, SWORD, { ...options, force: true });
    expect((await readdir(root)).sort()).toEqual(['lod0.glb', 'lod1.glb', 'manifest.json', 'mine.txt', 'raw.glb']);
    expect(await readFile(join(root, 'lod0.glb'), 'utf8')).toBe('zero');
  });

  it('delivers again what the same job delivered before a crash', async () => {
    const folder = join(root, 'sword');
    await deliverToFolder(folder, SWORD, options);
    await deliverToFolder(folder, SWORD, options);
    expect((await readdir(folder)).sort()).toEqual(['lod0.glb', 'lod1.glb', 'manifest.json', 'raw.glb']);
  });

  it('clears what an attempt of the same job left, beside the folder and in it', async () => {
    const folder = join(root, 'sword');
    await mkdir(join(root, `.sword.${TOKEN}.partial`));
    await writeFile(join(root, `.sword.${TOKEN}.partial`, 'lod0.glb'), 'ha');
    await mkdir(join(folder, `.${TOKEN}.partial`), { recursive: true });
    await writeFile(join(folder, 'lod0.glb'), 'moved before the crash');
    await deliverToFolder(folder, SWORD, options);
    expect(await readdir(root)).toEqual(['sword']);
    expect((await readdir(folder)).sort()).toEqual(['lod0.glb', 'lod1.glb', 'manifest.json', 'raw.glb']);
  });

  it('does not write outside the folder', async () => {
    for (const name of ['../evil', 'a/b', '.hidden', '', 'C:\\evil', '..']) {
      await expect(deliverToFolder(join(root, 'x'), assetOf({ [name]: 'x' }), options)).rejects.toThrow();
    }
    await expect(deliverToFolder(join(root, 'x'), SWORD, { force: false, token: '../x' })).rejects.toThrow();
    expect(await readdir(root)).toEqual([]);
  });
});
