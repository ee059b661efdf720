import { webcrypto } from 'node:crypto';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { toSdkError } from '../../foundation/errors.ts';
import type { JsonValue } from '../../foundation/json.ts';
import type { StepContext } from '../../pipeline/step.ts';
import { produceAsset } from '../../studio/produce-asset.ts';
import {
  type AssetOrder,
  memoryOf,
  ownMemory,
  PRODUCE_WORKER_ROLE,
  type ProduceOrder,
  type ProduceReply,
} from './produce-message.ts';
import { createWebpDecoder } from './webp-decoder.ts';

type Reply = (message: ProduceReply, memory?: readonly ArrayBuffer[]) => void;

/**
 * Makes this thread a produce worker, if that is what it was started for.
 *
 * To be called first thing in the file that {@link createWorkerProduce} was given as its script, which usually is the
 * program's own main file. Codecs and the roads of assets are loaded with the first order that needs them.
 *
 * @param generate - The built-in generator, which a platform knows nothing of.
 * @returns True if this thread is one: nothing else must be done in it then. False in a program's main thread.
 */
export function runProduceWorker(generate: (operation: JsonValue) => Promise<Uint8Array>): boolean {
  const port = parentPort;
  if (isMainThread || port === null || !isRole(workerData)) return false;
  const reply: Reply = (message, memory = []) => port.postMessage(message, memory);
  const work = async (order: ProduceOrder): Promise<void> => {
    if (order.kind === 'asset') return await produce(order, reply);
    const bytes = ownMemory(await generate(order.operation));
    reply({ kind: 'object', bytes }, memoryOf([bytes]));
  };
  port.on('message', (order: ProduceOrder) => {
    work(order).catch((error: unknown) => {
      const { stack } = error instanceof Error ? error : { stack: undefined };
      reply({ kind: 'failure', error: toSdkError(error).toRecord(), ...(stack === undefined ? {} : { stack }) });
    });
  });
  return true;
}

async function produce(order: AssetOrder, reply: Reply): Promise<void> {
  const { createNodeCodecs } = await import('./codecs.ts');
  const images = createWebpDecoder();
  const context: StepContext = {
    codecs: await createNodeCodecs(),
    ...(images === undefined ? {} : { images }),
    sha256: async (bytes) => new Uint8Array(await webcrypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)),
    warn: (warning) => reply({ kind: 'warning', warning }),
    report: (step, report) => reply({ kind: 'step', step, report }),
  };
  const { manifest, files, summary } = await produceAsset(order.job, order.raw, order.bytes, context, order.candidates);
  const owned = new Map([...files].map(([name, bytes]) => [name, ownMemory(bytes)]));
  reply({ kind: 'asset', asset: { manifest, files: owned, summary } }, memoryOf(owned.values()));
}

function isRole(data: unknown): boolean {
  return typeof data === 'object' && data !== null && (data as { role?: unknown }).role === PRODUCE_WORKER_ROLE;
}
