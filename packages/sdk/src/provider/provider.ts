import type { CancelSignal } from '../foundation/cancel.ts';
import type { ErrorRecord } from '../foundation/errors.ts';
import type { CredentialUse, HttpSend } from '../foundation/http.ts';
import type { JsonObject, JsonValue } from '../foundation/json.ts';
import type { Warning } from '../foundation/warning.ts';
import type { AssetKind, FileReference, GenerationRequest, InputKind, SplatFrame } from './request.ts';

/**
 * A service that turns a prompt into 3D. An adapter translates and nothing else: it holds no timers, no loops, no state
 * and no files, and reads nothing from the environment.
 *
 * Slow, billable work is *start* plus *poll* around an opaque, storable operation.
 */
export interface Provider {
  readonly specVersion: 1;
  /** Lower case, `[a-z0-9-]+`. */
  readonly id: string;
  describe(): ProviderDescription;
  /**
   * Checks a request without sending anything, and says what it would cost.
   *
   * Unsupported inputs, outputs, models and option values throw (`UNSUPPORTED_BY_PROVIDER`, `INPUT_INVALID`);
   * generic options that merely have no effect become warnings.
   */
  prepare(request: GenerationRequest): Prepared;
  /** Starts the work: one billable call. Rejects with `OUTCOME_UNKNOWN` when the answer to a request that may have been accepted was lost. */
  start(request: GenerationRequest, context: CallContext): Promise<Started>;
  /**
   * Finds what an earlier `start` with the same idempotency key began.
   *
   * `null` is a promise that nothing was started, so that starting is safe. Providers that cannot know leave the method
   * out; a job that died while starting then ends in `OUTCOME_UNKNOWN`.
   */
  lookUp?(request: GenerationRequest, context: CallContext): Promise<Started | null>;
  /** Asks once how the operation stands. */
  poll(operation: JsonValue, context: CallContext): Promise<OperationStatus>;
  /** Fetches the bytes of an offer that is not a plain URL download. Needed only if the adapter makes such offers. */
  fetchAsset?(offer: AssetOffer, operation: JsonValue, context: CallContext): Promise<AsyncIterable<Uint8Array>>;
  /** Asks the provider to stop. Resolves when the request was taken; says nothing about charges. */
  cancel?(operation: JsonValue, context: CallContext): Promise<void>;
  /** Turns a task id a person knows into an operation. Throws `INPUT_INVALID` if it cannot be one. Left out where adopting is impossible. */
  adopt?(taskId: string): JsonValue;
  /** The task id a person would look for at the provider, or null if there is none. */
  taskId?(operation: JsonValue): string | null;
}

/** What a provider can do. Plain data, safe to send to a panel. */
export interface ProviderDescription {
  readonly id: string;
  /** As people know it. */
  readonly name: string;
  /** Shown with every result: "Generated with …". */
  readonly credit: string;
  readonly homepage?: string;
  readonly offline: boolean;
  /** Which outputs can be made from which input. The first entry of an input is its default output. */
  readonly outputs: Readonly<Partial<Record<InputKind, readonly AssetKind[]>>>;
  readonly models: readonly ModelDescription[];
  /** Credential that must be set, or undefined for none. */
  readonly credential?: CredentialUse;
  /** Jobs driven at once, ≥ 1. */
  readonly concurrency: number;
  readonly canCancel: boolean;
  readonly canAdopt: boolean;
  /** Longest time an operation may take, milliseconds. */
  readonly operationTimeoutMs: number;
  /** Licence under which results may be used, an SPDX expression or a short name. */
  readonly outputLicence: string;
  /** Currency of costs, ISO 4217; undefined where everything is free. */
  readonly currency?: string;
  /** Origins the user configured (`scheme://host:port`). Results may be fetched there although they are private or plain http. */
  readonly trustedOrigins?: readonly string[];
  /** What an input image has to be like. Pictures beyond it are made to fit before they are sent. Undefined: taken as they are. */
  readonly images?: ImageLimits;
  /** Options beyond the generic ones, for help texts and forms. */
  readonly options: readonly ProviderOption[];
}

/** What a provider takes as an input image. */
export interface ImageLimits {
  /** Lower-case media types it accepts. */
  readonly mediaTypes: readonly string[];
  /** Longest side, pixels. */
  readonly maxSide: number;
  /** Largest file, bytes. */
  readonly maxBytes: number;
  /** How many images one order may hold. */
  readonly maxCount: number;
}

/** One model of a provider. */
export interface ModelDescription {
  readonly name: string;
  readonly inputs: readonly InputKind[];
  readonly output: AssetKind;
  /** Price of one generation in the description's currency; undefined where unknown. */
  readonly price?: number;
}

/** One option of a provider, as `--option KEY=VALUE` gives it. */
export interface ProviderOption {
  readonly key: string;
  readonly description: string;
  readonly values?: readonly string[];
}

/** What is known before anything is spent. */
export interface Prepared {
  readonly warnings: readonly Warning[];
  /** Undefined where the provider does not publish prices. */
  readonly estimate?: Money;
}

/** An amount of money. */
export interface Money {
  /** In units of the currency, ≥ 0: 0.15, not 15 cents. */
  readonly amount: number;
  /** ISO 4217, or `credits:<provider>`. */
  readonly currency: string;
}

/** What a call receives from the engine. */
export interface CallContext {
  readonly http: HttpSend;
  readonly hasCredential: (name: string) => Promise<boolean>;
  readonly log: (event: string, data?: JsonObject) => void;
  readonly signal: CancelSignal;
  /** The bytes of an input of the order. `INPUT_INVALID` if they are no longer stored. */
  readonly readInput: (reference: FileReference) => Promise<Uint8Array>;
  /** The same for every start of one job, stored before the first. */
  readonly idempotencyKey: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A start that was accepted. */
export interface Started {
  /** Everything needed to go on in another process. Holds no secrets. */
  readonly operation: JsonValue;
  readonly warnings: readonly Warning[];
  readonly spend?: SpendReport;
}

/** What the provider says about money. */
export interface SpendReport {
  readonly reserved?: Money;
  readonly actual?: Money;
}

/** How an operation stands. */
export type OperationStatus =
  | {
      readonly state: 'pending';
      /** [0, 1), or undefined where the provider gives none. */
      readonly progress?: number;
      /** The provider's own word, for people. */
      readonly stage?: string;
      /** A polite time for the next poll. */
      readonly pollAfterMs?: number;
      /** Results that can already be fetched. */
      readonly assets?: readonly AssetOffer[];
      readonly warnings?: readonly Warning[];
    }
  | {
      readonly state: 'completed';
      /** At least one. */
      readonly assets: readonly AssetOffer[];
      readonly warnings?: readonly Warning[];
      readonly spend?: SpendReport;
      /** Facts worth keeping in the provenance: seed and model as used. */
      readonly facts?: { readonly model?: string; readonly seed?: number };
    }
  | { readonly state: 'failed'; readonly error: ErrorRecord; readonly spend?: SpendReport }
  | { readonly state: 'cancelled'; readonly spend?: SpendReport };

/** A result that can be fetched. */
export interface AssetOffer {
  /** Distinguishes the results of one operation; stable between polls. `main` is the one to use. */
  readonly id: string;
  readonly kind: AssetKind;
  /** As the provider declares it; bytes are sniffed before it is believed. */
  readonly mediaType?: string;
  /** Axes of a splat, where the provider is known to use one frame whatever the format says. */
  readonly frame?: SplatFrame;
  /** Plain download. Without it the adapter's `fetchAsset` brings the bytes. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credential?: CredentialUse;
  readonly sizeBytes?: number;
}
