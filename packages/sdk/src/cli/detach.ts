import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LARGEST_LOG_BYTES = 2 * 1024 * 1024;

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
  const output = openLog(detachedLogPath(home));
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
    if (output !== 'ignore') closeSync(output);
  }
}

/** The log for appending, begun anew when it has grown large; without it the work goes on unseen. */
function openLog(path: string): number | 'ignore' {
  try {
    mkdirSync(dirname(path), { recursive: true });
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG_BYTES) renameSync(path, `${path}.1`);
    return openSync(path, 'a', 0o600);
  } catch {
    return 'ignore'; // full or read-only disk: the job itself will say so where it is followed
  }
}
