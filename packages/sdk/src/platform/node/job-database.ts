import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JobStore } from '../../jobs/job-store.ts';
import { toStoreError } from './store-error.ts';
import { assertFolderWritable } from './writable-folder.ts';

/** Path of the job database. */
export function databasePath(home: string): string {
  return join(home, 'jobs.sqlite');
}

/**
 * Makes the home folder if it is not there; prompts are nobody else's business.
 *
 * @throws {@link SdkError} `STORE_FAILED` where it cannot be made, `INPUT_INVALID` where a file is in the way.
 */
export async function makeHome(home: string): Promise<void> {
  // asked first: of some folders of the system Node's `mkdir` never comes back
  if (!existsSync(home)) await assertFolderWritable(home, 'Set MAQUETTE_HOME to a folder that can be written.');
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw toStoreError(error, home);
  }
}

/** The job database alone, which is all that listing needs. Home folder and database are made if they are not there. */
export async function openJobDatabase(home: string): Promise<JobStore> {
  const { createSqliteJobStore } = await import('./sqlite-job-store.ts');
  await makeHome(home);
  return createSqliteJobStore({ path: databasePath(home) });
}
