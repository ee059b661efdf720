import { Worker } from 'node:worker_threads';
import { type CancelSignal, cancelReason, throwIfCancelled } from '../../foundation/cancel.ts';
import { type ErrorRecord, SdkError } from '../../foundation/errors.ts';
import { DriveStopped } from '../../jobs/job-drive.ts';
import type { StepContext } from '../../pipeline/step.ts';
import type { StudioOptions } from '../../studio/create-studio.ts';
import type { ProduceAsset } from '../../studio/process-raw.ts';
import { assertProducible } from '../../studio/produce-asset.ts';
import { nodeCodecPresence } from './codecs.ts';
import { memoryOf, ownMemory, PRODUCE_WORKER_ROLE, type ProduceOrder, type ProduceReply } from './produce-message.ts';

const IDLE_MS = 30_000;

/** What a produce worker is started from. */
export interface WorkerProduceOptions {
  /**
   * A file that calls `runProduceWorker` first thing, usually the program's own main file; or the text of one as a CommonJS
   * script, for a program that is a single executable.
   */
  readonly script: URL | { readonly source: string };
  /** How long a worker waits for its next job before it ends and its memory is given back, milliseconds. Default 30 000. */
  readonly idleMs?: number;
  /** Most memory the objects of a worker may take, mebibytes; buffers do not count. Default: what Node allows itself. */
  readonly memoryMb?: number;
}

/** Processing on threads of its own. */
export interface WorkerProduce {
  /**
   * As the default of a studio, with the same bytes as result, but the calling thread stays free. Takes over the memory of
   * the bytes it is given. A cancel ends the worker at once.
   *
   * @throws SdkError What processing throws; `STEP_FAILED` when the worker dies, for instance because memory runs out. The
   * next job gets a new one.
   */
  readonly produce: ProduceAsset;
  /** The check that belongs to it, without loading what processes: a studio's `checkProduce`. */
  readonly checkProduce: NonNullable<StudioOptions['checkProduce']>;
  /** Ends every worker. A job that is still being processed stays as it is, for another process to go on with. */
  close(): Promise<void>;
}

interface IdleWorker {
  readonly worker: Worker;
  readonly timer: NodeJS.Timeout;
}

/**
 * Processing in worker threads: nothing is started before the first job, idle workers end by themselves and hold no
 * process back. A worker has one job at a time; how many there are is up to the engine's processing slots.
 */
export function createWorkerProduce(options: WorkerProduceOptions): WorkerProduce {
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
    // dying while it waits harms nobody: the next job gets another one
    worker.on('error', forget).on('exit', forget);
    idle.push({ worker, timer });
  };

  const produce: ProduceAsset = async (job, raw, bytes, context, candidates = []) => {
    throwIfCancelled(context.signal);
    if (isClosed) throw new DriveStopped();
    const order: ProduceOrder = {
      job,
      raw,
      bytes: ownMemory(bytes),
      candidates: candidates.map((candidate) => ({ ...candidate, bytes: ownMemory(candidate.bytes) })),
    };
    const worker = take();
    busy.add(worker);
    try {
      const asset = await work(worker, order, context, () => isClosed);
      stopListening(worker);
      giveBack(worker);
      return asset;
    } catch (error) {
      stopListening(worker);
      // it may still be at work, or have failed with its memory in any state
      worker.on('error', () => undefined);
      await worker.terminate();
      throw error;
    } finally {
      busy.delete(worker);
    }
  };

  return {
    produce,
    checkProduce: async (output, processing) => assertProducible(output, processing, nodeCodecPresence()),
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

type Asset = Awaited<ReturnType<ProduceAsset>>;

/** One job in a worker that is free. Rejects as soon as the signal is tripped; the worker is then still at it. */
function work(worker: Worker, order: ProduceOrder, context: StepContext, isClosed: () => boolean): Promise<Asset> {
  const { signal }: { readonly signal?: CancelSignal } = context;
  return new Promise<Asset>((resolve, reject) => {
    const onAbort = (): void => settle(() => reject(signal === undefined ? undefined : cancelReason(signal)));
    const settle = (end: () => void): void => {
      signal?.removeEventListener('abort', onAbort);
      end();
    };
    signal?.addEventListener('abort', onAbort);
    worker.on('message', (reply: ProduceReply) => {
      switch (reply.kind) {
        case 'asset':
          return settle(() => resolve(reply.asset));
        case 'failure':
          return settle(() => reject(toError(reply.error, reply.stack)));
        default:
          try {
            if (reply.kind === 'step') context.report(reply.step, reply.report);
            else context.warn(reply.warning);
          } catch (error) {
            settle(() => reject(error)); // as it would end the work in this thread
          }
      }
    });
    worker.on('messageerror', (error) => settle(() => reject(died(error))));
    worker.on('error', (error) => settle(() => reject(died(error))));
    worker.on('exit', () => settle(() => reject(isClosed() ? new DriveStopped() : died())));
    worker.postMessage(order, memoryOf([order.bytes, ...order.candidates.map(({ bytes }) => bytes)]));
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

function died(cause?: unknown): SdkError {
  const isMemory = (cause as { readonly code?: unknown } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return new SdkError({
    code: 'STEP_FAILED',
    message: isMemory
      ? 'The result is too large for the memory that processing may use here.'
      : 'Processing ended unexpectedly.',
    remedy: 'The result as it was received is kept. Close other programs, or ask for fewer details, and try again.',
    details: { step: 'process', reason: isMemory ? 'memory' : 'crash' },
    cause,
  });
}
