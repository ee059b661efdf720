import type { CancelSignal } from '../../foundation/cancel.ts';
import { SdkError } from '../../foundation/errors.ts';
import type { JsonValue } from '../../foundation/json.ts';
import type { StudioOptions } from '../../studio/create-studio.ts';
import type { ProduceAsset } from '../../studio/process-raw.ts';
import { assertProducible } from '../../studio/produce-asset.ts';
import { nodeCodecPresence } from './codecs.ts';
import { memoryOf, ownMemory } from './produce-message.ts';
import { createWorkerPool, type WorkerPoolOptions } from './worker-pool.ts';

/** Generating and processing on threads of their own. */
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
  /**
   * As the default of the local provider, with the same bytes as result, but the calling thread stays free. A cancel ends the
   * worker at once.
   *
   * @throws SdkError What the generator throws; `OPERATION_FAILED` when the worker dies.
   */
  readonly generate: (operation: JsonValue, signal?: CancelSignal) => Promise<Uint8Array>;
  /** Ends every worker. A job that one is at stays as it is, for another process to go on with. */
  close(): Promise<void>;
}

/**
 * Generating and processing in worker threads, see {@link createWorkerPool}. The one who generated an object usually
 * processes it too.
 */
export function createWorkerProduce(options: WorkerPoolOptions): WorkerProduce {
  const pool = createWorkerPool(options);
  return {
    async produce(job, raw, bytes, context, candidates = []) {
      const owned = ownMemory(bytes);
      const others = candidates.map((candidate) => ({ ...candidate, bytes: ownMemory(candidate.bytes) }));
      return await pool.run({
        order: { kind: 'asset', job, raw, bytes: owned, candidates: others },
        memory: memoryOf([owned, ...others.map((other) => other.bytes)]),
        signal: context.signal,
        listen(reply) {
          if (reply.kind === 'asset') return reply.asset;
          if (reply.kind === 'step') context.report(reply.step, reply.report);
          else if (reply.kind === 'warning') context.warn(reply.warning);
          return undefined;
        },
        died: processingDied,
      });
    },
    checkProduce: async (output, processing) => assertProducible(output, processing, nodeCodecPresence()),
    generate: (operation, signal) =>
      pool.run({
        order: { kind: 'object', operation },
        signal,
        listen: (reply) => (reply.kind === 'object' ? reply.bytes : undefined),
        died: generatingDied,
      }),
    close: () => pool.close(),
  };
}

function processingDied(cause: unknown): SdkError {
  const isMemory = isOutOfMemory(cause);
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

function generatingDied(cause: unknown): SdkError {
  const isMemory = isOutOfMemory(cause);
  return new SdkError({
    code: 'OPERATION_FAILED',
    message: isMemory
      ? 'The object is too large for the memory that the generator may use here.'
      : 'The generator ended unexpectedly.',
    remedy: 'Close other programs, then start a new job; nothing was spent.',
    details: { reason: isMemory ? 'memory' : 'crash' },
    cause,
  });
}

function isOutOfMemory(cause: unknown): boolean {
  return (cause as { readonly code?: unknown } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
