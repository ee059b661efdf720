import { closeSync, existsSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isSdkError, SdkError } from '../../foundation/errors.ts';
import { toStoreError } from './store-error.ts';

/** One step from a version to the next. Runs inside the transaction that also raises the version. */
export type Migration = (database: DatabaseSync) => void;

/** Where a database lies and what it has to look like. */
export interface DatabaseOptions {
  /** Absolute path. The folder is made if it is not there. */
  readonly path: string;
  /** Step 0 makes version 1 of an empty file, step 1 makes version 2 of version 1, and so on. Never edited, only added to. */
  readonly migrations: readonly Migration[];
  /** How long to wait for another process's transaction, milliseconds. Default 10 000. */
  readonly busyTimeoutMs?: number;
}

const MAGIC = 'SQLite format 3\0';

/**
 * Opens a database for several processes at once, bringing it to the newest version in one transaction.
 *
 * Write-ahead log with full synchronisation: a transaction that has returned survives a power cut.
 *
 * @throws {@link SdkError} `STORE_VERSION` if a newer program wrote it, which leaves the file as it is; `STORE_FAILED`
 * otherwise.
 * @source SQLite: file format §1.3.10 (user version), write-ahead logging, PRAGMA synchronous.
 */
export function openDatabase(options: DatabaseOptions): DatabaseSync {
  const { path, migrations } = options;
  let database: DatabaseSync | undefined;
  try {
    // Before SQLite sees it: opening may already write.
    assertReadable(readHeader(path), path, migrations.length);
    mkdirSync(dirname(path), { recursive: true });
    // It holds prompts, which are nobody else's business. Its log and shared memory take over the mode.
    closeSync(openSync(path, 'a', 0o600));
    database = new DatabaseSync(path, { timeout: options.busyTimeoutMs ?? 10_000 });
    // The newest version may still be in the log.
    assertVersion(userVersion(database), migrations.length);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    migrate(database, migrations);
    return database;
  } catch (error) {
    database?.close();
    throw toDatabaseError(error, path);
  }
}

/** Runs `work` in a transaction that holds the write lock from its beginning. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has already rolled back.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * As {@link inTransaction}, without waiting for the disk: it survives the end of the process, and may be lost in a power cut
 * unless a later transaction that waits has returned. For what nobody misses; the disk takes milliseconds, a busy one a
 * large part of a second.
 *
 * @source SQLite: PRAGMA synchronous, NORMAL in WAL mode: consistent, in order, and perhaps without the last commits.
 */
export function inUnsyncedTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('PRAGMA synchronous = NORMAL');
  try {
    return inTransaction(database, work);
  } finally {
    database.exec('PRAGMA synchronous = FULL');
  }
}

/** `STORE_FAILED` with a sentence about what SQLite or the file system said. Errors of the SDK pass through. */
export function toDatabaseError(error: unknown, path: string): unknown {
  if (isSdkError(error)) return error;
  const { errcode, code } = error as { errcode?: unknown; code?: unknown };
  if (code === 'ERR_INVALID_STATE') {
    return new SdkError({ code: 'STORE_FAILED', message: `The database ${path} has been closed.`, cause: error });
  }
  if (typeof errcode !== 'number') return toStoreError(error, path);
  const [reason, sentence] = REASONS[errcode] ??
    REASONS[errcode & 0xff] ?? [`sqlite-${errcode}`, `failed: ${(error as Error).message}`];
  return new SdkError({
    code: 'STORE_FAILED',
    message: `The database ${path} ${sentence}.`,
    ...(reason === 'disk-full' ? { remedy: 'Make room on that disk, then run `maquette jobs resume`.' } : {}),
    details: { reason, path },
    cause: error,
  });
}

/** Primary result codes, and extended ones that mean something of their own. @source sqlite3.h */
const REASONS: Readonly<Record<number, readonly [string, string]>> = {
  5: ['busy', 'is in use by another process for too long'],
  8: ['not-writable', 'cannot be written'],
  10: ['input-output', 'could not be read or written by the disk'],
  11: ['damaged', 'is damaged'],
  13: ['disk-full', 'cannot grow: the disk is full'],
  14: ['not-writable', 'cannot be opened or made'],
  26: ['damaged', 'is no database'],
  // SQLITE_IOERR_SHMSIZE: no room for the shared memory of the write-ahead log
  4874: ['disk-full', 'cannot be used: the disk is full'],
};

function migrate(database: DatabaseSync, migrations: readonly Migration[]): void {
  if (userVersion(database) === migrations.length) return;
  inTransaction(database, () => {
    // Another process may have been faster.
    const found = userVersion(database);
    assertVersion(found, migrations.length);
    for (const step of migrations.slice(found)) step(database);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function userVersion(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

function assertVersion(found: number, known: number): void {
  if (found <= known) return;
  throw new SdkError({
    code: 'STORE_VERSION',
    message: `The job database was written by a newer version (${found}, this one knows ${known}).`,
    details: { found, known },
  });
}

/** The first hundred bytes, or null if there is no file or an empty one. */
function readHeader(path: string): Buffer | null {
  if (!existsSync(path)) return null;
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(100);
    return readSync(file, header, 0, 100, 0) === 0 ? null : header;
  } finally {
    closeSync(file);
  }
}

function assertReadable(header: Buffer | null, path: string, known: number): void {
  if (header === null) return;
  if (header.toString('latin1', 0, 16) !== MAGIC) {
    throw new SdkError({
      code: 'STORE_FAILED',
      message: `The database ${path} is no database.`,
      details: { reason: 'damaged', path },
    });
  }
  assertVersion(header.readUInt32BE(60), known);
}
