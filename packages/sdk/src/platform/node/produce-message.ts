import type { ErrorRecord } from '../../foundation/errors.ts';
import type { JsonObject, JsonValue } from '../../foundation/json.ts';
import type { Warning } from '../../foundation/warning.ts';
import type { RawAsset } from '../../jobs/job-events.ts';
import type { JobState } from '../../jobs/job-state.ts';
import type { Candidate } from '../../pipeline/produce-input.ts';
import type { ProducedAsset } from '../../pipeline/produced-asset.ts';

/** What `workerData` says to a thread that shall serve as a produce worker. A program's main file sees it before all else. */
export const PRODUCE_WORKER_ROLE = 'maquette-produce';

/** What a produce worker is asked to do, one order at a time. */
export type ProduceOrder = AssetOrder | ObjectOrder;

/** Raw bytes to be made an asset. Their memory goes over with it. */
export interface AssetOrder {
  readonly kind: 'asset';
  readonly job: JobState;
  readonly raw: RawAsset;
  readonly bytes: Uint8Array;
  readonly candidates: readonly Candidate[];
}

/** An operation of the built-in generator to be made an object. */
export interface ObjectOrder {
  readonly kind: 'object';
  readonly operation: JsonValue;
}

/** What a produce worker says: any number of steps and warnings, then what it was asked for or one failure. */
export type ProduceReply =
  | ProduceNews
  | { readonly kind: 'asset'; readonly asset: ProducedAsset }
  | { readonly kind: 'object'; readonly bytes: Uint8Array }
  | { readonly kind: 'failure'; readonly error: ErrorRecord; readonly stack?: string };

/** What it says on the way. */
export type ProduceNews =
  | { readonly kind: 'step'; readonly step: string; readonly report: JsonObject }
  | { readonly kind: 'warning'; readonly warning: Warning };

/** The memory of some bytes, as far as it can change its owner; what shares its memory is copied first by {@link ownMemory}. */
export function memoryOf(arrays: Iterable<Uint8Array>): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { buffer } of arrays) if (buffer instanceof ArrayBuffer) buffers.add(buffer);
  return [...buffers];
}

/** The same bytes in memory of their own: small files read by Node lie in a pool with others. */
export function ownMemory(bytes: Uint8Array): Uint8Array {
  const { buffer } = bytes;
  const isAlone = buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength;
  // a Buffer arrives as a Uint8Array; made one here, so that both ends see the same
  return isAlone ? new Uint8Array(buffer) : new Uint8Array(bytes);
}
