import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { maquetteHome } from '../maquette-home.ts';
import { toStoreError } from '../store-error.ts';
import { askDoor } from './ask-door.ts';
import { provesToken } from './proof.ts';

const LARGEST_BYTES = 4096;

/** How a running service is reached, as `service.json` in the home folder says it. */
export interface ServiceRecord {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Opens it. A secret. */
  readonly token: string;
  /** Of its process. */
  readonly pid: number;
  /** Of the program that started it. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

const recordSchema: z.ZodMiniType<ServiceRecord> = z.object({
  url: z.string().check(z.regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/)),
  token: z.string().check(z.regex(/^[\w-]{43}$/)),
  pid: z.int().check(z.positive()),
  version: z.string().check(z.maxLength(100)),
  startedAt: z.number(),
});

function pathIn(home: string): string {
  return join(home, 'service.json');
}

/**
 * The service that runs for a home folder, or null. A file that one left behind when it was killed is not believed: whoever
 * listens at the address must show that it knows the token, and is not told it before.
 *
 * @param home - Absolute path of the home folder. Default: what the environment says.
 */
export async function findRunningService(home: string = maquetteHome(process.env)): Promise<ServiceRecord | null> {
  const record = await readServiceFile(home);
  return record !== null && (await provesToken(record.url, record.token)) ? record : null;
}

/** What the file says, true or not. Null where there is none, or one that is not ours. */
async function readServiceFile(home: string): Promise<ServiceRecord | null> {
  try {
    const file = await open(pathIn(home), 'r');
    try {
      const facts = await file.stat();
      const isOurs = process.getuid === undefined || facts.uid === process.getuid();
      if (!facts.isFile() || !isOurs || facts.size > LARGEST_BYTES) return null;
      const parsed = recordSchema.safeParse(JSON.parse(await file.readFile('utf8')));
      return parsed.success ? parsed.data : null;
    } finally {
      await file.close();
    }
  } catch {
    return null; // there is none, or it cannot be read: nobody can be found by it
  }
}

/**
 * Writes the file, all of it or nothing, readable by its owner only.
 *
 * @throws {@link SdkError} `STORE_FAILED`
 */
export async function writeServiceFile(home: string, record: ServiceRecord): Promise<void> {
  const path = pathIn(home);
  const temporary = `${path}~${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(temporary, `${JSON.stringify(record)}\n`, { flag: 'wx', mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined); // the first error is the one that counts
    throw toStoreError(error, path);
  }
}

/** True if there is a file, whatever it says. */
export function hasServiceFile(home: string): boolean {
  return existsSync(pathIn(home));
}

/**
 * Removes the file of the service with this token. Another one stays: where somebody emptied the home folder of a service that
 * ran, lock included, the next one has begun beside it.
 */
export async function removeServiceFile(home: string, token: string): Promise<void> {
  const record = await readServiceFile(home);
  if (record !== null && record.token !== token) return;
  await rm(pathIn(home), { force: true }).catch(() => undefined); // a stale file is recognised by who comes next
}

/** Has a running service make a link to its panel. Null where it has just ended. */
export async function askPanelLink({ url, token }: ServiceRecord): Promise<string | null> {
  const answer = await askDoor(`${url}/panel/link`, { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
  const parsed = z.safeParse(z.object({ url: z.string() }), answer);
  return parsed.success && parsed.data.url.startsWith(`${url}/#`) ? parsed.data.url : null;
}
