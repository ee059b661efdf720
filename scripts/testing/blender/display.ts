import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A screen that nobody sees. */
export interface Display {
  /** Value of `DISPLAY`. */
  readonly name: string;
  /** Writes what the screen shows to a PNG file. */
  screenshot(path: string): Promise<void>;
  /** Ends it. Resolves when it is gone. */
  close(): Promise<void>;
}

/**
 * Starts an X server of its own on a free display.
 *
 * Not by xvfb-run, which at times ends with a status of its own and leaves the server running.
 */
export async function openDisplay(width: number, height: number): Promise<Display> {
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-ac'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  const name = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.stdio[3]?.once('data', (number: Buffer) => resolve(`:${number.toString().trim()}`));
    void ended.then(() => reject(new Error('Xvfb ended before it had a display.')));
  });
  return {
    name,
    // blender's own screenshot operator writes black pictures on the software renderer
    screenshot: async (path) => {
      await run('import', ['-display', name, '-window', 'root', path]);
    },
    close: async () => {
      server.kill();
      await ended;
    },
  };
}
