import { lstat, mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { isSdkError, SdkError } from '../../foundation/errors.ts';
import type { JsonObject } from '../../foundation/json.ts';
import type { JobState } from '../../jobs/job-state.ts';
import type { ProducedAsset } from '../../pipeline/produced-asset.ts';
import { flushFolder, writeAndFlush } from './atomic-file.ts';
import { systemErrorCode, toStoreError } from './store-error.ts';
import { assertFolderWritable } from './writable-folder.ts';

/** How an asset is put into a folder. */
export interface FolderDeliveryOptions {
  /** Overwrite what is in the folder. Files that are no part of an asset stay. */
  readonly force: boolean;
  /** The same on every attempt for one job, for instance its id: leftovers of an earlier attempt are recognised by it. */
  readonly token: string;
}

const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
const TOKEN = /^[A-Za-z0-9-]{1,100}$/;
/** Files an earlier asset may have left in a folder that is overwritten. */
const ASSET_FILE = /^(?:manifest\.json|thumbnail\.png|raw\.[a-z0-9]+|lod\d+\.[a-z0-9]+|candidate-\d+\.[a-z0-9]+)$/;
const MANIFEST = 'manifest.json';

/**
 * Fails if an asset cannot be put there. Call it before anything is spent.
 *
 * @throws {@link SdkError} `INPUT_INVALID` where the path is a file, or a folder that holds something while `force` is not
 * set; `STORE_FAILED` where nothing can be written.
 */
export async function assertFolderFree(folder: string, force: boolean): Promise<void> {
  if ((await stateOf(folder)) === 'occupied' && !force) throw occupiedError(folder);
  await assertFolderWritable(folder, 'Choose another folder, or allow writing there.');
}

/**
 * Looks before a job is stored whether {@link deliverToNamedFolder} will be able to do its work.
 *
 * @throws {@link SdkError} `CONFIG_MISSING` where no folder is named, `INPUT_INVALID` where its path is relative, and what
 * {@link assertFolderFree} throws.
 */
export async function checkNamedFolder(delivery: JsonObject): Promise<void> {
  const { folder, force } = delivery;
  if (typeof folder !== 'string' || folder === '') {
    throw new SdkError({
      code: 'CONFIG_MISSING',
      message: 'The order names no folder for its result.',
      remedy: 'Say where it goes with `delivery: { folder }`, an absolute path.',
    });
  }
  if (!isAbsolute(folder)) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `The folder for the result must be an absolute path, "${folder.slice(0, 200)}" is relative.`,
      remedy: 'Make it absolute with `resolve` of `node:path`.',
    });
  }
  await assertFolderFree(folder, force === true);
}

/**
 * Puts all files of an asset into a folder: all of them, or none.
 *
 * A new folder is written under another name beside its place and renamed. Into a folder that exists already (empty,
 * or overwritten by `force`) the files are written aside and moved in one by one, the manifest last. A folder that
 * holds the very same manifest is what an attempt before a crash delivered, and is written again without asking.
 *
 * @param folder - Absolute path.
 * @returns The folder.
 * @throws {@link SdkError} `INPUT_INVALID` where the folder is occupied, `STORE_FAILED` where it cannot be written; then
 * nothing new is left behind.
 */
export async function deliverToFolder(
  folder: string,
  asset: Pick<ProducedAsset, 'files'>,
  options: FolderDeliveryOptions,
): Promise<string> {
  for (const name of asset.files.keys()) {
    if (!FILE_NAME.test(name)) {
      throw new SdkError({ code: 'INTERNAL', message: `"${name.slice(0, 100)}" is no name for a file of an asset.` });
    }
  }
  if (!TOKEN.test(options.token)) {
    throw new SdkError({ code: 'INTERNAL', message: 'The token of a delivery holds characters it must not hold.' });
  }
  const aside = join(dirname(folder), `.${basename(folder)}.${options.token}.partial`);
  const inside = join(folder, `.${options.token}.partial`);
  try {
    const state = await stateOf(folder);
    const wasInterrupted = await exists(inside);
    await rm(aside, { recursive: true, force: true });
    if (state === 'occupied' && !options.force && !wasInterrupted && !(await holdsSameManifest(folder, asset))) {
      throw occupiedError(folder);
    }
    if (state === 'absent') await deliverNew(folder, aside, asset);
    else await deliverInto(folder, inside, asset);
  } catch (error) {
    throw toStoreError(error, folder);
  }
  return folder;
}

/**
 * Delivers into the folder that a job names: `delivery.folder`, an absolute path, overwritten for `delivery.force`.
 *
 * @throws {@link SdkError} What {@link deliverToFolder} throws, and `CONFIG_MISSING` where the job names no folder.
 */
export async function deliverToNamedFolder(asset: ProducedAsset, job: JobState): Promise<string> {
  const { folder, force } = job.delivery;
  if (typeof folder !== 'string' || folder === '') {
    throw new SdkError({
      code: 'CONFIG_MISSING',
      message: `Job ${job.job} names no folder for its result.`,
      remedy: 'Resume it with the program that made it, or say where results go with `delivery: { folder }`.',
    });
  }
  try {
    return await deliverToFolder(folder, asset, { force: force === true, token: job.job });
  } catch (error) {
    if (!isSdkError(error) || (error.code !== 'INPUT_INVALID' && error.code !== 'STORE_FAILED')) throw error;
    const { code, message, details } = error;
    throw new SdkError({
      code,
      message,
      remedy: `Nothing is lost: \`maquette jobs resume ${job.job}\` tries again, with --out DIR in another folder.`,
      ...(details === undefined ? {} : { details }),
      cause: error,
    });
  }
}

async function deliverNew(folder: string, aside: string, asset: Pick<ProducedAsset, 'files'>): Promise<void> {
  const parent = dirname(folder);
  const firstMade = await mkdir(parent, { recursive: true });
  try {
    await writeAll(aside, asset);
    await renameIntoPlace(aside, folder);
    await flushFolder(parent);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (firstMade !== undefined) await removeEmptyFolders(parent, firstMade);
    throw error;
  }
}

/** Renames a folder; fails if the place was taken meanwhile by anything but an empty folder. */
async function renameIntoPlace(aside: string, folder: string): Promise<void> {
  try {
    await rename(aside, folder);
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM'].includes(systemErrorCode(error) ?? '') && (await exists(folder))) {
      throw occupiedError(folder);
    }
    throw error;
  }
}

async function deliverInto(folder: string, inside: string, asset: Pick<ProducedAsset, 'files'>): Promise<void> {
  const before = new Set(await readdir(folder));
  const moved: string[] = [];
  try {
    await rm(inside, { recursive: true, force: true });
    await writeAll(inside, asset);
    // from here on the folder changes: a reader goes by the manifest, so the old one goes first and the new one comes last
    await rm(join(folder, MANIFEST), { force: true });
    const names = [...asset.files.keys()].sort((left, right) => Number(left === MANIFEST) - Number(right === MANIFEST));
    for (const name of names) {
      await rename(join(inside, name), join(folder, name));
      moved.push(name);
    }
    for (const name of before) {
      if (ASSET_FILE.test(name) && !asset.files.has(name)) await rm(join(folder, name), { force: true });
    }
    await flushFolder(folder);
    await rmdir(inside);
  } catch (error) {
    for (const name of moved) if (!before.has(name)) await rm(join(folder, name), { force: true });
    await rm(inside, { recursive: true, force: true });
    throw error;
  }
}

async function writeAll(folder: string, asset: Pick<ProducedAsset, 'files'>): Promise<void> {
  await mkdir(folder);
  for (const [name, bytes] of asset.files) await writeAndFlush(join(folder, name), bytes);
  await flushFolder(folder);
}

async function stateOf(folder: string): Promise<'absent' | 'empty' | 'occupied'> {
  try {
    const facts = await stat(folder);
    if (!facts.isDirectory()) {
      throw new SdkError({ code: 'INPUT_INVALID', message: `${folder} is a file, not a folder.` });
    }
    return (await readdir(folder)).length === 0 ? 'empty' : 'occupied';
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return 'absent';
    if (code === 'ENOTDIR') {
      throw new SdkError({
        code: 'INPUT_INVALID',
        message: `${folder} lies under a file, not a folder.`,
        cause: error,
      });
    }
    throw toStoreError(error, folder);
  }
}

async function holdsSameManifest(folder: string, asset: Pick<ProducedAsset, 'files'>): Promise<boolean> {
  const manifest = asset.files.get(MANIFEST);
  if (manifest === undefined) return false;
  try {
    return Buffer.compare(await readFile(join(folder, MANIFEST)), manifest) === 0;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false; // no manifest that can be read: not ours
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

/** Removes folders that were made on the way, from the deepest up to the first made, while they are empty. */
async function removeEmptyFolders(deepest: string, firstMade: string): Promise<void> {
  for (let path = deepest; path.length >= firstMade.length; path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return; // somebody put something there meanwhile: it stays
    }
  }
}

function occupiedError(folder: string): SdkError {
  return new SdkError({
    code: 'INPUT_INVALID',
    message: `The folder ${folder} is not empty.`,
    remedy: 'Choose another folder with --out, or overwrite with --force.',
    details: { folder },
  });
}
