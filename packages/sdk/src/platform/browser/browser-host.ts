import { sha256 as hashWithoutPlatform } from '@noble/hashes/sha2.js';
import { SdkError } from '../../foundation/errors.ts';
import type { HttpSend } from '../../foundation/http.ts';
import type { FileStore } from '../../host/file-store.ts';
import type { Host, LogEntry } from '../../host/host.ts';
import { createMemoryFiles } from '../../host/memory-files.ts';
import { type FetchOnce, parseRequestUrl, sendWithFetch } from '../web/send-with-fetch.ts';
import { createTimerClock } from '../web/timer-clock.ts';
import { createDirectoryFileStore } from './directory-file-store.ts';

/** What a {@link createBrowserHost} is made from. */
export interface BrowserHostOptions {
  /** Default: the origin-private file system, or memory where the browser has none that can be written. */
  readonly files?: FileStore;
  /** Folder in the origin-private file system. Default `maquette`. */
  readonly folder?: string;
  /** Default: the console. */
  readonly log?: (entry: LogEntry) => void;
}

/** Most bytes `getRandomValues` gives at once. @source W3C Web Cryptography §10.1.1 */
const RANDOM_CHUNK = 65_536;

/**
 * The browser as the core sees it. It holds no keys: work that needs one belongs to a peer that has a key store.
 *
 * CORS applies to every request, and a redirect cannot be looked at, so it is refused with `URL_NOT_TRUSTED`.
 */
export function createBrowserHost(options: BrowserHostOptions = {}): Host {
  return {
    clock: createTimerClock(),
    http: sendFromBrowser,
    hasCredential: async () => false,
    files: options.files ?? createBrowserFiles(options.folder ?? 'maquette'),
    random: randomBytes,
    sha256: digest,
    log: options.log ?? logToConsole,
  };
}

/** True if this browser has a private file system whose files can be replaced as a whole. */
export function hasPrivateFileSystem(): boolean {
  return (
    typeof navigator !== 'undefined' &&
    typeof navigator.storage?.getDirectory === 'function' &&
    typeof FileSystemFileHandle !== 'undefined' &&
    typeof FileSystemFileHandle.prototype.createWritable === 'function'
  );
}

function createBrowserFiles(folder: string): FileStore {
  if (!hasPrivateFileSystem()) return createMemoryFiles({ now: () => Date.now() });
  return createDirectoryFileStore(async () => {
    const root = await navigator.storage.getDirectory();
    return root.getDirectoryHandle(folder, { create: true });
  });
}

const fetchOnce: FetchOnce = (url, init) =>
  fetch(url, {
    method: init.method,
    headers: { ...init.headers },
    body: init.body ?? null,
    signal: init.signal,
    redirect: 'manual',
    // the page's cookies and address are nobody's business
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  });

const sendFromBrowser: HttpSend = async (request, signal) => {
  const url = parseRequestUrl(request.url);
  if (request.credential !== undefined) {
    throw new SdkError({
      code: 'URL_NOT_TRUSTED',
      message: `A browser holds no key for "${request.credential.name}" and sends none to ${url.origin}.`,
      remedy: 'Let the service on this machine do it: `maquette serve`.',
    });
  }
  return sendWithFetch(fetchOnce, request, url, { ...request.headers }, signal);
};

function randomBytes(byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength);
  for (let offset = 0; offset < byteLength; offset += RANDOM_CHUNK) {
    crypto.getRandomValues(bytes.subarray(offset, offset + RANDOM_CHUNK));
  }
  return bytes;
}

async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  // `subtle` is missing on plain http pages of another machine
  if (crypto.subtle === undefined) return hashWithoutPlatform(bytes);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
}

function logToConsole(entry: LogEntry): void {
  // biome-ignore lint/suspicious/noConsole: the console is where a page logs
  console[entry.level](`maquette: ${entry.event}`, entry.message ?? '', entry.data ?? '');
}
