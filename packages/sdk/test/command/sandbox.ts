import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUNDLE = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SOURCE = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Arguments of Node that start the command: what people install, or its source where nothing is built. */
export const PROGRAM: readonly string[] =
  existsSync(BUNDLE) && !process.env.MAQUETTE_TEST_SOURCE ? [BUNDLE] : ['--conditions=source', SOURCE];

/** How a command ended. */
export interface Finished {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is started. */
export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Working folder. Default: the sandbox's. */
  readonly cwd?: string;
  /** A program that starts ours, with its arguments: ours follow. */
  readonly under?: readonly string[];
}

/** A command that may still run. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly pid: number;
  readonly finished: Promise<Finished>;
  /** Resolves with the first line of stdout that fits; rejects if the command ends before. */
  lineWith(fits: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
}

/** A folder and a home of its own for the commands of a test. */
export interface Sandbox {
  readonly folder: string;
  readonly home: string;
  readonly start: (args: readonly string[], options?: RunOptions) => Running;
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Finished>;
  /** Names in the folder, in order. */
  readonly names: () => readonly string[];
  /** Ends what still runs and removes everything. */
  readonly remove: () => Promise<void>;
}

/** Makes a {@link Sandbox}. The commands inherit no setting of the person who runs the tests. */
export async function createSandbox(): Promise<Sandbox> {
  const root = await mkdtemp(join(tmpdir(), 'maquette-command-'));
  const folder = await mkdtemp(join(root, 'work-'));
  const home = join(root, 'home');
  const running = new Set<ChildProcessWithoutNullStreams>();
  const start = (args: readonly string[], options: RunOptions = {}): Running => {
    const [program = process.execPath, ...before] = [...(options.under ?? []), process.execPath];
    const child = spawn(program, [...before, ...PROGRAM, ...args], {
      cwd: options.cwd ?? folder,
      env: { PATH: process.env.PATH, HOME: root, TMPDIR: tmpdir(), MAQUETTE_HOME: home, ...options.env },
    });
    running.add(child);
    child.stdin.on('error', () => undefined); // a command that refuses its arguments reads no input
    child.stdin.end(options.input ?? '');
    return follow(child, () => running.delete(child));
  };
  return {
    folder,
    home,
    start,
    run: (args, options) => start(args, options).finished,
    names: () => readdirSync(folder).sort(),
    async remove() {
      for (const child of running) child.kill('SIGKILL');
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function follow(child: ChildProcessWithoutNullStreams, onEnd: () => void): Running {
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const watch of watchers) watch();
    });
  }
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      onEnd();
      resolve({ status, signal, ...output });
    });
  });
  return {
    child,
    pid: child.pid as number,
    finished,
    lineWith: (fits) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          const line = parseLines(output.stdout.slice(0, output.stdout.lastIndexOf('\n') + 1)).find(fits);
          if (line === undefined) return;
          watchers.delete(watch);
          resolve(line);
        };
        watchers.add(watch);
        watch();
        void finished.then((end) => reject(new Error(`The command ended with ${end.status}: ${end.stderr}`)));
      }),
  };
}

/** Every line of an output as JSON. Throws if one is not. */
export function parseLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Reads until a condition holds. */
export async function until<T>(
  look: () => Promise<T | null | false> | T | null | false,
  timeoutMs = 60_000,
): Promise<T> {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (Date.now() > giveUpAt) throw new Error(`Nothing was seen within ${timeoutMs} ms.`);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

/** Path of a fixture of the repository. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../../../fixtures/${name}`, import.meta.url));
}
