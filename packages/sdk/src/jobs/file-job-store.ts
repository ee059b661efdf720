import { decodeUtf8, encodeUtf8 } from '../foundation/bytes.ts';
import { SdkError, toSdkError } from '../foundation/errors.ts';
import type { FileStore } from '../host/file-store.ts';
import { parseJobEvent } from './job-event-schema.ts';
import type { JobEvent } from './job-events.ts';
import type { JobStore } from './job-store.ts';
import { createLogJobStore } from './log-job-store.ts';

/** Version of the layout below. */
export const FILE_STORE_VERSION = 1;

const ENDS: ReadonlySet<JobEvent['type']> = new Set(['job-succeeded', 'job-failed', 'job-cancelled']);

const PREFIX = 'jobs/';
const VERSION_KEY = `${PREFIX}version.json`;

/**
 * A store in the Host's files, for platforms without a database. Right for one process at a time.
 *
 * A file cannot be appended to without the risk of half a line, so an append is one new small file, named after its first
 * event: `jobs/<job>/00000012.json`. When a job has ended, its files become one.
 */
export function createFileJobStore(files: FileStore): JobStore {
  return createLogJobStore({
    load: () => loadLogs(files),
    async save(job, added, log) {
      const isOver = added.some((event) => ENDS.has(event.type));
      await write(files, keyOf(job, added[0]?.seq ?? 1), added);
      if (isOver && log.length > added.length) await compact(files, job, log);
    },
    async remove(job) {
      for (const file of await files.list(`${PREFIX}${job}/`)) await files.delete(file.key);
    },
  });
}

function keyOf(job: string, seq: number): string {
  return `${PREFIX}${job}/${String(seq).padStart(8, '0')}.json`;
}

async function write(files: FileStore, key: string, value: unknown): Promise<void> {
  await files.write(key, encodeUtf8(JSON.stringify(value)));
}

/** Whatever goes wrong here, nothing is lost: events that are in two files are read once. */
async function compact(files: FileStore, job: string, log: readonly JobEvent[]): Promise<void> {
  const first = keyOf(job, 1);
  try {
    await write(files, first, log);
    for (const file of await files.list(`${PREFIX}${job}/`)) if (file.key !== first) await files.delete(file.key);
  } catch (error) {
    if (toSdkError(error).code !== 'STORE_FAILED') throw error;
    // the log is complete in its pieces
  }
}

async function loadLogs(files: FileStore): Promise<ReadonlyMap<string, readonly JobEvent[]>> {
  await checkVersion(files);
  const logs = new Map<string, JobEvent[]>();
  for (const file of await files.list(PREFIX)) {
    const job = file.key.split('/')[1];
    if (file.key === VERSION_KEY || job === undefined) continue;
    const log = logs.get(job) ?? [];
    logs.set(job, log);
    for (const event of await readEvents(files, file.key)) {
      const expected = log.length + 1;
      if (event.seq > expected) {
        throw new SdkError({
          code: 'STORE_FAILED',
          message: `Event ${expected} of job ${job} is missing from the store.`,
        });
      }
      if (event.seq === expected) log.push(event);
    }
  }
  return logs;
}

async function readEvents(files: FileStore, key: string): Promise<readonly JobEvent[]> {
  const value = await readJson(files, key);
  if (!Array.isArray(value))
    throw new SdkError({ code: 'STORE_FAILED', message: `The stored file ${key} is damaged.` });
  return value.map(parseJobEvent);
}

async function readJson(files: FileStore, key: string): Promise<unknown> {
  const bytes = await files.read(key);
  if (bytes === null) return null;
  try {
    return JSON.parse(decodeUtf8(bytes));
  } catch (error) {
    throw new SdkError({ code: 'STORE_FAILED', message: `The stored file ${key} is damaged.`, cause: error });
  }
}

async function checkVersion(files: FileStore): Promise<void> {
  const stored = (await readJson(files, VERSION_KEY)) as { version?: unknown } | null;
  if (stored === null) return await write(files, VERSION_KEY, { version: FILE_STORE_VERSION });
  if (typeof stored.version !== 'number')
    throw new SdkError({ code: 'STORE_FAILED', message: `The stored file ${VERSION_KEY} is damaged.` });
  if (stored.version > FILE_STORE_VERSION) {
    throw new SdkError({
      code: 'STORE_VERSION',
      message: `The jobs were written by a newer version (${stored.version}, this one knows ${FILE_STORE_VERSION}).`,
    });
  }
}
