import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';

// Loaded into a program before its own main file: writes down, a line each, the SHA-256 of every object that another thread
// hands to the program's main thread.
const notes = process.env.WATCH_WORKERS_NOTES;
if (notes === undefined) throw new Error('WATCH_WORKERS_NOTES names no file.');

process.on('worker', (worker: Worker) => {
  worker.on('message', ({ kind, bytes }: { readonly kind: string; readonly bytes: Uint8Array }) => {
    if (kind === 'object') appendFileSync(notes, `${createHash('sha256').update(bytes).digest('hex')}\n`);
  });
});
