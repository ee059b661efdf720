import type { ErrorRecord } from '../foundation/errors.ts';
import type { JsonObject, JsonValue } from '../foundation/json.ts';
import type { Warning } from '../foundation/warning.ts';
import type { Money } from '../provider/provider.ts';
import type { AssetKind, GenerationRequest, SplatFrame } from '../provider/request.ts';

/** Everything that can happen to a job, without the envelope. */
export type JobEventBody =
  | {
      readonly type: 'job-queued';
      readonly provider: string;
      readonly request: GenerationRequest;
      /** How the result is processed: a recipe's name and options, opaque to the engine. */
      readonly processing: JsonObject;
      /** Where the result goes, opaque to the engine. */
      readonly delivery: JsonObject;
      readonly credit: string;
      readonly licence: string;
      readonly estimate?: Money;
      readonly maxCost?: number;
      /** Set when the job was made by adopting a task the provider already had. */
      readonly adopted?: boolean;
    }
  | { readonly type: 'start-requested'; readonly idempotencyKey: string; readonly reserved?: Money }
  /** The start was definitely not accepted, so trying again later is safe. The job waits in `queued`. */
  | { readonly type: 'start-refused'; readonly error: ErrorRecord; readonly retryAt: number }
  | {
      readonly type: 'operation-started';
      readonly operation: JsonValue;
      readonly taskId?: string;
      readonly reserved?: Money;
      /** Where the price is final at once. */
      readonly actual?: Money;
    }
  | { readonly type: 'progress-reported'; readonly progress: number | null; readonly stage?: string }
  | { readonly type: 'warning-raised'; readonly warning: Warning }
  | { readonly type: 'cancel-requested' }
  /** The result is to go elsewhere than `job-queued` said. */
  | { readonly type: 'delivery-changed'; readonly delivery: JsonObject }
  | {
      readonly type: 'asset-offered';
      readonly assetId: string;
      readonly kind: AssetKind;
      /** Set on the event that ends the operation at the provider. */
      readonly complete: boolean;
      readonly actual?: Money;
      readonly model?: string;
      readonly seed?: number;
    }
  | {
      readonly type: 'asset-fetched';
      readonly asset: RawAsset;
    }
  | { readonly type: 'processing-started' }
  | { readonly type: 'step-finished'; readonly step: string; readonly durationMs: number; readonly report?: JsonObject }
  | { readonly type: 'job-succeeded'; readonly result: JobResult }
  | { readonly type: 'job-failed'; readonly error: ErrorRecord; readonly actual?: Money }
  | { readonly type: 'job-cancelled'; readonly message: string; readonly actual?: Money };

/** An event as it is stored and published: numbered from 1 per job without gaps. */
export type JobEvent = JobEventBody & {
  readonly job: string;
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
};

/** Bytes exactly as the provider sent them. */
export interface RawAsset {
  readonly assetId: string;
  readonly kind: AssetKind;
  /** Key in the Host's files: `raw/<first two digits>/<digest>.<ext>`. */
  readonly key: string;
  /** As sniffed from the bytes. */
  readonly mediaType: string;
  /** File extension without the dot. */
  readonly extension: string;
  readonly sizeBytes: number;
  /** SHA-256, hexadecimal. */
  readonly digest: string;
  /** Axes of a splat, where the provider declares them. */
  readonly frame?: SplatFrame;
}

/** What a finished job leaves behind. */
export interface JobResult {
  /** Where the asset is: a folder on Node, a key prefix elsewhere. */
  readonly location: string;
  /** Digest of the manifest, hexadecimal. */
  readonly manifestDigest: string;
  /** Numbers for a summary line. */
  readonly summary: JsonObject;
}
