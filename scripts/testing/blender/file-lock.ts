import { spawn } from 'node:child_process';

/**
 * Runs `work` while no other process runs work under the same lock file.
 *
 * The lock is the kernel's and is held by a process that ends with ours, however ours ends: it cannot be left behind.
 *
 * @param path - The lock file; made if missing, and left.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', ['--exclusive', path, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    holder.once('error', reject);
    holder.stdout.once('data', () => resolve());
    void ended.then(() => reject(new Error(`${path} cannot be locked.`)));
  });
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
