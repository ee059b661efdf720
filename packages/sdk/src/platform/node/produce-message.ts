import type { ErrorRecord } from '../../foundation/errors.ts';
import type { JsonObject } from '../../foundation/json.ts';
import type { Warning } from '../../foundation/warning.ts';
import type { RawAsset } from '../../jobs/job-events.ts';
import type { JobState } from '../../jobs/job-state.ts';
import type { Candidate } from '../../pipeline/produce-input.ts';
import type { ProducedAsset } from '../../pipeline/produced-asset.ts';

/** What `workerData` says to a thread that shall serve as a produce worker. A program's main file sees it before all else. */
export const PRODUCE_WORKER_ROLE = 'maquette-produce';

/** What a produce worker is asked to do. The memory of the bytes goes over with it. */
export interface ProduceOrder {
  readonly job: JobState;
  readonly raw: RawAsset;
  readonly bytes: Uint8Array;
  readonly candidates: readonly Candidate[];
}

/** What a produce worker says: any number of steps and warnings, then one asset or one failure. */
export type ProduceReply =
  | { readonly kind: 'step'; readonly step: string; readonly report: JsonObject }
  | { readonly kind: 'warning'; readonly warning: Warning }
  | { readonly kind: 'asset'; readonly asset: ProducedAsset }
  | { readonly kind: 'failure'; readonly error: ErrorRecord; readonly stack?: string };

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
