import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A worker's own memory goes a moment after it says that it ended. */
const AFTER_EXIT_MS = 500;

/**
 * Collects garbage whenever a worker thread has ended, which is half a minute after the last job. A process that waits
 * allocates nothing, so V8 would never come to it, and the helper would keep the results of yesterday's jobs.
 */
export function giveBackMemoryAfterWork(): void {
  const collect = exposedCollector();
  process.on('worker', (worker) => {
    worker.once('exit', () => setTimeout(collect, AFTER_EXIT_MS).unref());
  });
}

/** V8's collector. Takes some 20 ms where little is in use. @source V8's `--expose-gc`, GCExtension */
function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: Readonly<Record<string, string>>) => void;
  setFlagsFromString('--no-expose-gc');
  return () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
