import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CACHE, SentenceError } from './common.mjs';
import { explainFailure } from './explain.mjs';

const POLL_MS = 100;

/**
 * Runs `work` while no other process of this checkout runs work under the same name.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, work) {
  const release = await acquireLock(join(CACHE, `${name}.lock`));
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * Waits until the lock file is ours. A lock whose process is gone is taken over.
 *
 * The file is written under another name and then linked, which fails if the lock exists: nobody ever reads a lock
 * without its process id.
 *
 * @param {string} path
 * @returns {Promise<() => void>} Gives the lock back.
 */
async function acquireLock(path) {
  const own = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(own, String(process.pid));
  } catch (error) {
    throw new SentenceError(explainFailure(String(error), `Nothing can be written in ${dirname(path)}`));
  }
  try {
    while (!tryLink(own, path)) {
      if (!isHeld(path)) rmSync(path, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/**
 * @param {string} from
 * @param {string} to
 */
function tryLink(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * True while the process that wrote the lock lives.
 *
 * @param {string} path
 */
function isHeld(path) {
  let owner;
  try {
    owner = Number(readFileSync(path, 'utf8'));
  } catch {
    return false; // given back in this moment
  }
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    // EPERM: alive, but somebody else's
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
