import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** A process that is made to be killed. */
export interface WorkerProcess {
  /** Resolves when it says the word, or ends before. */
  said(word: string): Promise<void>;
  /** Exit code, or null if it was killed. */
  readonly ended: Promise<number | null>;
  readonly errors: () => string;
  kill(): void;
}

/** Starts workers and knows those that still run. */
export interface WorkerProcesses {
  start(script: string, args: readonly string[], env?: Readonly<Record<string, string>>): WorkerProcess;
  killAll(): void;
}

/** Makes a {@link WorkerProcesses}. Scripts are names in this folder. */
export function createWorkerProcesses(): WorkerProcesses {
  const children = new Set<ChildProcess>();
  return {
    start(script, args, env = {}) {
      const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...env },
      });
      children.add(child);
      let errors = '';
      let output = '';
      child.stderr.on('data', (chunk) => {
        errors += String(chunk);
      });
      child.stdout.on('data', (chunk) => {
        output += String(chunk);
      });
      const ended = new Promise<number | null>((resolve) => {
        child.once('exit', (code) => {
          children.delete(child);
          resolve(code);
        });
      });
      return {
        ended,
        said: (word) =>
          new Promise((resolve) => {
            const look = (): void => {
              if (output.split('\n').includes(word)) resolve();
            };
            child.stdout.on('data', look);
            void ended.then(() => resolve());
            look();
          }),
        errors: () => errors,
        kill: () => child.kill('SIGKILL'),
      };
    },
    killAll() {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** SHA-256, hexadecimal. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
