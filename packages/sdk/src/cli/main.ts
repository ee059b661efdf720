#!/usr/bin/env node
import { isMainThread } from 'node:worker_threads';
import { runCommandLine } from './run-command-line.ts';
import { createProcessTerminal } from './terminal.ts';

if (isMainThread) {
  const terminal = createProcessTerminal(process);
  process.exitCode = await runCommandLine(process.argv.slice(2), terminal);
} else {
  const [{ runProduceWorker }, { generateObject }] = await Promise.all([
    import('../platform/node/produce-worker.ts'),
    import('../providers/local/generate-object.ts'),
  ]);
  runProduceWorker(generateObject);
}
