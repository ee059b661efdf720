#!/usr/bin/env node
import { getAsset, isSea } from 'node:sea';
import { isSdkError } from '@maquette3d/sdk';
import { type LocalService, runProduceWorker, startLocalService } from '@maquette3d/sdk/service';
import packageJson from '../package.json' with { type: 'json' };
import { giveBackMemoryAfterWork } from './give-back-memory.ts';

/** This program as its executable holds it. Taken out only when it is asked for. */
const OWN_TEXT = {
  get source(): string {
    return getAsset('helper.cjs', 'utf8');
  },
};

const USAGE = `Maquette's helper for Blender. The add-on starts it; by hand:

  serve --json   starts the local service, or finds the one that runs, and prints where it listens
  --version      prints the version
`;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How long something forgotten may hold back a process whose work is done. */
const LAST_EXIT_MS = 2000;

// The same file processes results on another thread, see runProduceWorker.
if (!runProduceWorker()) void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  // Whoever reads may be gone while jobs run: that is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  switch (args.join(' ')) {
    case 'serve --json':
      return serve();
    case '--version':
      process.stdout.write(`${packageJson.version}\n`);
      return;
    default:
      process.stderr.write(USAGE);
      process.exitCode = 2;
  }
}

/** Prints one line, whatever happens: where the service listens, or why it does not. Nothing follows it on stdout. */
async function serve(): Promise<void> {
  const ending = waitForSignal();
  let service: LocalService;
  try {
    service = await startLocalService({
      version: packageJson.version,
      produceScript: isSea() ? OWN_TEXT : new URL(import.meta.url),
    });
  } catch (error) {
    print({ type: 'error', ...describe(error) });
    process.exitCode = 1;
    return;
  }
  const { url, token, panel, isNew } = service;
  print({ type: 'listening', url, token, panel });
  if (!isNew) return;
  giveBackMemoryAfterWork();
  await Promise.race([ending.then(() => service.close('the helper was asked to end')), service.ended]);
  setTimeout(() => process.exit(), LAST_EXIT_MS).unref();
}

/** Resolves with the first signal that asks the process to end; the second one ends it at once. */
function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = (): void => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
  });
}

function describe(error: unknown): { readonly code: string; readonly message: string; readonly remedy?: string } {
  if (isSdkError(error)) return error.toRecord();
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
