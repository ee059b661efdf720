import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Top of the checkout. */
export const ROOT = join(import.meta.dirname, '../..');

/** Tools keep logs and caches here instead of in the person's home folder. */
const TOOL_FOLDERS = {
  XDG_CACHE_HOME: join(ROOT, '.cache/tools'),
  XDG_DATA_HOME: join(ROOT, '.cache/tools'),
  XDG_STATE_HOME: join(ROOT, '.cache/tools'),
};

/** Marks every process of this test run in its environment, so that strays can be found whatever group they are in. */
const MARK = `MAQUETTE_TEST_RUN=${process.pid}-${Date.now()}`;

const running = new Set<ChildProcess>();

/** How a process ended. */
export interface ProcessOutcome {
  readonly exitCode: number;
  /** Standard output and error as they came; empty where they were shown instead. */
  readonly output: string;
}

/**
 * Runs a program under the pinned Node to its end, in a process group of its own.
 *
 * @param show - Lets it write to the terminal; otherwise the output is collected.
 */
export function runNode(
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string; readonly show?: boolean } = {},
): Promise<ProcessOutcome> {
  const [name = '', value = ''] = MARK.split('=');
  const child = spawn(process.execPath, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...TOOL_FOLDERS, ...options.env, [name]: value },
    stdio: options.show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(child);
      if (signal !== null) output += `\nended by ${signal}\n`;
      resolve({ exitCode: code ?? 1, output });
    });
  });
}

/** Ends everything that still runs, at once. */
export function killRunning(): void {
  for (const child of running) {
    try {
      if (process.platform === 'win32') child.kill('SIGKILL');
      else process.kill(-(child.pid as number), 'SIGKILL');
    } catch {
      // it ended in this moment
    }
  }
  killStrays();
}

/**
 * Ends what tests left behind, detached processes included.
 *
 * @returns The command lines of what was found. Only Linux shows the environment of other processes; elsewhere none.
 */
export function killStrays(): readonly string[] {
  if (process.platform !== 'linux') return [];
  const found: string[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(MARK)) continue;
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      if (command === '') continue; // already dead, only not yet buried
      process.kill(pid, 'SIGKILL');
      found.push(command);
    } catch {
      // not ours to look at, or gone
    }
  }
  return found;
}
