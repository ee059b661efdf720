import { ERROR_CATALOGUE, type ErrorCode } from './error-catalogue.ts';
import type { JsonObject } from './json.ts';

/** Whether the same call may work later: never by itself, or after a while. */
export type ErrorRetry = 'never' | 'later';

/** What an {@link SdkError} is made from. */
export interface SdkErrorInit {
  readonly code: ErrorCode;
  /** One sentence for people. Holds no secrets and no paths of a build machine. */
  readonly message: string;
  /** What the person can do about it, one sentence. Default: the remedy of the code's catalogue entry. */
  readonly remedy?: string;
  /** Milliseconds after which trying again is polite, when the other side said so. */
  readonly retryAfterMs?: number;
  /** Facts a program can act on. */
  readonly details?: JsonObject;
  readonly cause?: unknown;
}

/** The JSON form of an error, as it is stored in events and sent to peers. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy?: string;
  readonly retry: ErrorRetry;
  readonly retryAfterMs?: number;
  readonly details?: JsonObject;
}

// Registered, so that copies of this class in different bundles recognise each other.
const BRAND = Symbol.for('maquette.SdkError');

/** The one error class of the SDK: a stable code, one sentence for people, and whether trying again can help. */
export class SdkError extends Error {
  readonly code: ErrorCode;
  readonly retry: ErrorRetry;
  readonly remedy: string;
  readonly retryAfterMs: number | undefined;
  readonly details: JsonObject | undefined;

  constructor(init: SdkErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'SdkError';
    this.code = init.code;
    this.retry = ERROR_CATALOGUE[init.code].retry;
    this.remedy = init.remedy ?? ERROR_CATALOGUE[init.code].remedy;
    this.retryAfterMs = init.retryAfterMs;
    this.details = init.details;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** The storable form; leaves out cause and stack. */
  toRecord(): ErrorRecord {
    return {
      code: this.code,
      message: this.message,
      remedy: this.remedy,
      retry: this.retry,
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}

/** True for an {@link SdkError}, also for one made by another copy of this library. */
export function isSdkError(value: unknown): value is SdkError {
  return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
}

/** True for what a tripped signal rejects with: our own `CANCELLED`, or the platform's AbortError. */
export function isCancelError(value: unknown): boolean {
  if (isSdkError(value)) return value.code === 'CANCELLED';
  return typeof value === 'object' && value !== null && (value as { name?: unknown }).name === 'AbortError';
}

/** `value` itself if it is an {@link SdkError}, else an error of the given code (default `INTERNAL`) that keeps it as cause. */
export function toSdkError(value: unknown, code: ErrorCode = 'INTERNAL', context?: string): SdkError {
  if (isSdkError(value)) return value;
  const text = value instanceof Error ? value.message : String(value);
  return new SdkError({ code, message: context === undefined ? text : `${context}: ${text}`, cause: value });
}
