import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toStoreError } from '../platform/node/store-error.ts';

/** Where the output of detached processes goes. */
export function detachedLogPath(home: string): string {
  return join(home, 'logs', 'detached.log');
}

/**
 * Starts a process of its own that goes on with jobs until they have ended, and does not wait for it.
 *
 * The leases must have been given back. It belongs to no terminal, so neither Ctrl-C nor closing the window reaches it.
 *
 * @returns Its process id.
 */
export async function detachJobs(home: string, jobs: readonly string[]): Promise<number> {
  const path = detachedLogPath(home);
  let output: number;
  try {
    mkdirSync(dirname(path), { recursive: true });
    output = openSync(path, 'a', 0o600);
  } catch (error) {
    throw toStoreError(error, path);
  }
  try {
    const program = process.argv[1] as string;
    const child = spawn(
      process.execPath,
      [...process.execArgv, program, 'jobs', 'resume', ...jobs, '--detached', '--json'],
      {
        cwd: home, // no folder of the person is kept in use
        detached: true,
        stdio: ['ignore', output, output],
        // a relative home would be another one there
        env: { ...process.env, INIT_CWD: '', MAQUETTE_HOME: home },
        windowsHide: true,
      },
    );
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return child.pid as number;
  } finally {
    closeSync(output);
  }
}
