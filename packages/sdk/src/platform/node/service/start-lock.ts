import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemErrorCode, toStoreError } from '../store-error.ts';

const BUSY = 5;

/** Held by the one service of a home folder, from before it listens until it has let go of everything. */
export interface StartLock {
  release(): void;
}

/**
 * Takes the lock of a home folder, or gives null where another process, or another part of this one, has it.
 *
 * A lock of the operating system by way of SQLite: when its holder is killed, it is free again, at once and without
 * anybody having to guess from a process id.
 *
 * @throws {@link SdkError} `STORE_FAILED` where the file cannot be written.
 * @source SQLite: file locking §3.0, the EXCLUSIVE lock.
 */
export function takeStartLock(home: string): StartLock | null {
  const path = join(home, 'service.lock');
  let database: DatabaseSync | undefined;
  try {
    makeFile(path);
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY'); // nothing is ever written: no file beside it
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === BUSY) return null;
    throw toStoreError(error, path);
  }
  const held = database;
  return {
    release() {
      if (held.isOpen) held.close();
    },
  };
}

/**
 * Makes the file, readable by its owner only, and leaves one that is there alone: where this process holds the lock, to close
 * the file is to lose it.
 *
 * @source POSIX fcntl(): a process loses its locks on a file when it closes any descriptor of it.
 */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
}
