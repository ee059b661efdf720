import type { CancelSignal } from '../foundation/cancel.ts';
import type { HttpSend } from '../foundation/http.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { FileStore } from './file-store.ts';

/** Time as the machine has it, or as a test wants it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as it is tripped. */
  sleep(ms: number, signal?: CancelSignal): Promise<void>;
}

/** One line of the log. Must hold no secrets. */
export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** What happened, noun plus past verb, kebab case. */
  readonly event: string;
  readonly message?: string;
  readonly data?: JsonObject;
}

/** A picture in memory: 8-bit RGBA, rows from the top, straight alpha, sRGB. Length of `data` is 4·width·height. */
export interface RasterImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Optional capability: decodes pictures beyond the PNG and JPEG that the SDK reads by itself. */
export interface ImageCodec {
  /** Lower-case media types it decodes, for instance `image/webp`. */
  readonly mediaTypes: readonly string[];
  decode(bytes: Uint8Array, mediaType: string): Promise<RasterImage>;
}

/**
 * Everything the core may ask of the machine. Passed as a parameter, never installed as a global.
 *
 * Optional members are capabilities. Code that needs one checks before work begins and throws `UNSUPPORTED_ON_HOST`
 * naming the capability.
 */
export interface Host {
  readonly clock: Clock;
  readonly http: HttpSend;
  /** True if the credential of that name is set. Its value never leaves the Host but in a header of a request. */
  readonly hasCredential: (name: string) => Promise<boolean>;
  readonly files: FileStore;
  /** Cryptographically strong bytes. */
  readonly random: (byteLength: number) => Uint8Array;
  /** SHA-256, 32 bytes. */
  readonly sha256: (bytes: Uint8Array) => Promise<Uint8Array>;
  readonly log: (entry: LogEntry) => void;
  readonly images?: ImageCodec;
}
