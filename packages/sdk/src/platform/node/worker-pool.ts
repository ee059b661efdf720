import { Worker } from 'node:worker_threads';
import { type CancelSignal, cancelReason, throwIfCancelled } from '../../foundation/cancel.ts';
import { type ErrorRecord, SdkError } from '../../foundation/errors.ts';
import { DriveStopped } from '../../jobs/job-drive.ts';
import { PRODUCE_WORKER_ROLE, type ProduceOrder, type ProduceReply } from './produce-message.ts';

const IDLE_MS = 30_000;

/** What workers are started from. */
export interface WorkerPoolOptions {
  /**
   * A file that calls `runProduceWorker` first thing, usually the program's own main file; or the text of one as a CommonJS
   * script, for a program that is a single executable.
   */
  readonly script: URL | { readonly source: string };
  /** How long a worker waits for its next order before it ends and its memory is given back, milliseconds. Default 30 000. */
  readonly idleMs?: number;
  /** Most memory the objects of a worker may take, mebibytes; buffers do not count. Default: what Node allows itself. */
  readonly memoryMb?: number;
}

/** One order, and what becomes of it. */
export interface PoolWork<Result> {
  readonly order: ProduceOrder;
  /** Given away with the order. */
  readonly memory?: readonly ArrayBuffer[];
  readonly signal?: CancelSignal | undefined;
  /** Called with everything a worker says but a failure; returns the result when that was it. What it throws ends the order. */
  listen(reply: Exclude<ProduceReply, { readonly kind: 'failure' }>): Result | undefined;
  /** The error for a worker that died over it. */
  died(cause: unknown): SdkError;
}

/** Threads that wait for orders. */
export interface WorkerPool {
  /**
   * Has one order done by a worker that is free, or a new one. Rejects with the signal's reason as soon as it is tripped, and
   * the worker ends; with what the worker says of a failure; with a {@link DriveStopped} when the pool is closed.
   */
  run<Result>(work: PoolWork<Result>): Promise<Result>;
  /** Ends every worker, whatever it is at. */
  close(): Promise<void>;
}

interface IdleWorker {
  readonly worker: Worker;
  readonly timer: NodeJS.Timeout;
}

/**
 * Worker threads: nothing is started before the first order, idle workers end by themselves and hold no process back. A
 * worker has one order at a time; how many there are is up to those who order.
 */
export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const { script, idleMs = IDLE_MS, memoryMb } = options;
  const idle: IdleWorker[] = [];
  const busy = new Set<Worker>();
  let isClosed = false;

  const start = (): Worker => {
    const isFile = script instanceof URL;
    const worker = new Worker(isFile ? script : script.source, {
      eval: !isFile,
      name: 'maquette produce',
      workerData: { role: PRODUCE_WORKER_ROLE },
      env: {}, // files of strangers are read there: keys are none of its business
      stdout: true,
      stderr: true,
      ...(memoryMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: memoryMb } }),
    });
    // what libraries print must not get between the lines of a program
    worker.stdout.resume();
    worker.stderr.resume();
    return worker;
  };

  const take = (): Worker => {
    const waiting = idle.pop();
    if (waiting === undefined) return start();
    clearTimeout(waiting.timer);
    stopListening(waiting.worker);
    waiting.worker.ref();
    return waiting.worker;
  };

  const giveBack = (worker: Worker): void => {
    if (isClosed) return void worker.terminate();
    const forget = (): void => {
      const index = idle.findIndex((candidate) => candidate.worker === worker);
      if (index >= 0) idle.splice(index, 1);
    };
    const timer = setTimeout(() => {
      forget();
      void worker.terminate();
    }, idleMs).unref();
    worker.unref();
    // dying while it waits harms nobody: the next order gets another one
    worker.on('error', forget).on('exit', forget);
    idle.push({ worker, timer });
  };

  return {
    async run(work) {
      throwIfCancelled(work.signal);
      if (isClosed) throw new DriveStopped();
      const worker = take();
      busy.add(worker);
      try {
        const result = await doOne(worker, work, () => isClosed);
        stopListening(worker);
        giveBack(worker);
        return result;
      } catch (error) {
        stopListening(worker);
        // it may still be at work, or have failed with its memory in any state
        worker.on('error', () => undefined);
        await worker.terminate();
        throw error;
      } finally {
        busy.delete(worker);
      }
    },
    async close() {
      isClosed = true;
      const all = [...busy, ...idle.map(({ worker }) => worker)];
      for (const { timer } of idle.splice(0)) clearTimeout(timer);
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}

/** Takes off our own listeners, event by event: without a name Node's would go with them, and the worker fall silent. */
function stopListening(worker: Worker): void {
  for (const event of ['message', 'messageerror', 'error', 'exit']) worker.removeAllListeners(event);
}

/** One order for a worker that is free. Rejects as soon as the signal is tripped; the worker is then still at it. */
function doOne<Result>(worker: Worker, work: PoolWork<Result>, isClosed: () => boolean): Promise<Result> {
  const { order, memory = [], signal } = work;
  return new Promise<Result>((resolve, reject) => {
    const onAbort = (): void => settle(() => reject(signal === undefined ? undefined : cancelReason(signal)));
    const settle = (end: () => void): void => {
      signal?.removeEventListener('abort', onAbort);
      end();
    };
    signal?.addEventListener('abort', onAbort);
    worker.on('message', (reply: ProduceReply) => {
      if (reply.kind === 'failure') return settle(() => reject(toError(reply.error, reply.stack)));
      try {
        const result = work.listen(reply);
        if (result !== undefined) settle(() => resolve(result));
      } catch (error) {
        settle(() => reject(error)); // as it would end the work in this thread
      }
    });
    worker.on('messageerror', (error) => settle(() => reject(work.died(error))));
    worker.on('error', (error) => settle(() => reject(work.died(error))));
    worker.on('exit', () => settle(() => reject(isClosed() ? new DriveStopped() : work.died(undefined))));
    worker.postMessage(order, memory);
  });
}

function toError(error: ErrorRecord, stack: string | undefined): SdkError {
  const { retry: _retry, ...record } = error;
  if (stack === undefined) return new SdkError(record);
  // what went wrong lies over there; for whoever reads the log
  const cause = new Error(error.message);
  cause.stack = stack;
  return new SdkError({ ...record, cause });
}
