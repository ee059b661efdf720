import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobEventBody } from '../../jobs/job-events.ts';
import type { JobStore } from '../../jobs/job-store.ts';
import { jobStoreContract } from '../../testing/job-store-contract.ts';
import { type Migration, openDatabase } from './sqlite-database.ts';
import { createSqliteJobStore } from './sqlite-job-store.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maquette-sqlite-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const QUEUED: JobEventBody = {
  type: 'job-queued',
  provider: 'echo',
  request: { prompt: { text: 'x' }, output: 'mesh', seed: 1, providerOptions: {} },
  processing: {},
  delivery: {},
  credit: '',
  licence: '',
};

describe('SQLite job store', () => {
  const paths = new Map<JobStore, string>();
  const open = (path: string): JobStore => {
    const store = createSqliteJobStore({ path });
    paths.set(store, path);
    return store;
  };
  const suite = jobStoreContract({
    createStore: () => open(join(folder, 'deep', 'jobs.db')),
    reopen: (closed) => open(paths.get(closed) ?? ''),
  });
  for (const { name, run } of suite) it(name, run);

  it('shows one process what another stored', async () => {
    const path = join(folder, 'jobs.db');
    const [one, other] = [createSqliteJobStore({ path }), createSqliteJobStore({ path })];
    await one.create('a', [QUEUED], 1);
    expect((await other.get('a'))?.phase).toBe('queued');
    await other.acquireLease('a', 'other', 1000, 1);
    expect(await one.acquireLease('a', 'one', 1000, 1)).toBeNull();
    expect(await one.append('a', 'one', [{ type: 'processing-started' }], 2)).toBeNull();
    await one.append('a', null, [{ type: 'cancel-requested' }], 2);
    expect((await other.events('a', 1)).map((event) => event.type)).toEqual(['cancel-requested']);
    await Promise.all([one.close(), other.close()]);
  });

  it.skipIf(process.platform === 'win32')('is for the person it belongs to only', async () => {
    const path = join(folder, 'jobs.db');
    const store = createSqliteJobStore({ path });
    await store.create('a', [QUEUED], 1);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it('is durable: full synchronisation and a write-ahead log', async () => {
    const path = join(folder, 'jobs.db');
    const database = openDatabase({ path, migrations: [] });
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    database.close();
  });

  it('waits for the disk with everything but mere progress', async () => {
    const store = createSqliteJobStore({ path: join(folder, 'jobs.db') });
    await store.create('a', [QUEUED], 1);
    await store.acquireLease('a', 'me', 1000, 1);
    const executed = vi.spyOn(DatabaseSync.prototype, 'exec');
    const whatAppends = async (...events: JobEventBody[]): Promise<readonly string[]> => {
      executed.mockClear();
      expect(await store.append('a', 'me', events, 2)).toHaveLength(events.length);
      return executed.mock.calls.map(([sql]) => sql);
    };
    const progress: JobEventBody = { type: 'progress-reported', progress: 0.5 };
    const plain = ['BEGIN IMMEDIATE', 'COMMIT'];
    expect(await whatAppends(progress, progress)).toEqual([
      'PRAGMA synchronous = NORMAL',
      ...plain,
      'PRAGMA synchronous = FULL',
    ]);
    expect(await whatAppends({ type: 'processing-started' })).toEqual(plain);
    expect(await whatAppends(progress, { type: 'job-cancelled', message: 'x' })).toEqual(plain);
    executed.mockRestore();
    await store.close();
  });

  it('says in one sentence that a file is no database', () => {
    const path = join(folder, 'jobs.db');
    writeFileSync(path, 'this is a text file, and a fairly long one at that, so that it has a header');
    expect(() => createSqliteJobStore({ path })).toThrow(expect.objectContaining({ code: 'STORE_FAILED' }));
    expect(readFileSync(path, 'utf8')).toMatch(/^this is a text file/);
  });

  it('says that it has been closed, as often as it is asked', async () => {
    const store = createSqliteJobStore({ path: join(folder, 'jobs.db') });
    await store.close();
    await store.close();
    await expect(store.list()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await expect(store.append('a', null, [{ type: 'cancel-requested' }], 1)).rejects.toMatchObject({
      code: 'STORE_FAILED',
    });
  });

  it('says that a stored event is damaged instead of passing it on', async () => {
    const path = join(folder, 'jobs.db');
    const store = createSqliteJobStore({ path });
    await store.create('a', [QUEUED], 1);
    const database = new DatabaseSync(path);
    database.exec(`UPDATE events SET body = '{"half":'`);
    database.close();
    await expect(store.events('a', 0)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await store.close();
  });
});

describe('versions of a database', () => {
  const first: Migration = (database) => database.exec('CREATE TABLE words (word TEXT)');
  const second: Migration = (database) => database.exec(`ALTER TABLE words ADD COLUMN language TEXT DEFAULT 'en'`);
  const broken: Migration = (database) => {
    database.exec('CREATE TABLE half (x)');
    throw new Error('power cut');
  };

  it('brings an older one forward and keeps what is in it', () => {
    const path = join(folder, 'a.db');
    const old = openDatabase({ path, migrations: [first] });
    old.exec(`INSERT INTO words VALUES ('sword')`);
    old.close();
    const migrated = openDatabase({ path, migrations: [first, second] });
    expect(migrated.prepare('SELECT * FROM words').all()).toEqual([{ word: 'sword', language: 'en' }]);
    expect(migrated.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
    migrated.close();
  });

  it('leaves it at the old version when a step fails', () => {
    const path = join(folder, 'a.db');
    openDatabase({ path, migrations: [first] }).close();
    expect(() => openDatabase({ path, migrations: [first, second, broken] })).toThrow('power cut');
    const database = openDatabase({ path, migrations: [first] });
    expect(database.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'words' }]);
    database.close();
  });

  it('refuses a newer one and leaves its bytes alone', () => {
    const path = join(folder, 'jobs.db');
    const database = new DatabaseSync(path);
    database.exec('CREATE TABLE future (x); PRAGMA user_version = 99');
    database.close();
    const before = readFileSync(path);
    expect(() => createSqliteJobStore({ path })).toThrow(
      expect.objectContaining({ code: 'STORE_VERSION', details: { found: 99, known: 1 } }),
    );
    expect(readFileSync(path)).toEqual(before);
  });

  it('refuses a newer one whose version is still in its log', () => {
    const path = join(folder, 'jobs.db');
    const writer = openDatabase({ path, migrations: [first] });
    writer.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 7');
    expect(() => openDatabase({ path, migrations: [first] })).toThrow(
      expect.objectContaining({ code: 'STORE_VERSION' }),
    );
    writer.close();
  });
});
