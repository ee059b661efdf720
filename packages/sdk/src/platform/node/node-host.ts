import { randomBytes, webcrypto } from 'node:crypto';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { createTimerClock } from '../web/timer-clock.ts';
import { createKeyStore, type KeyStore } from './key-store.ts';
import { createLogFile } from './log-file.ts';
import { type Environment, maquetteHome } from './maquette-home.ts';
import { type CredentialOrigins, type CredentialSource, createNodeCredentials } from './node-credentials.ts';
import { createNodeFileStore, type NodeFileStore } from './node-file-store.ts';
import { createNodeHttp, type ProxySettings, proxySettingsOf } from './node-http.ts';
import { createWebpDecoder } from './webp-decoder.ts';

/** What a {@link NodeHost} is made from. Every member has a default that suits a program run by a person. */
export interface NodeHostOptions {
  /** Absolute path of the folder that holds everything Maquette keeps. Default: {@link maquetteHome} of `env`. */
  readonly home?: string;
  /** Environment for the home folder, proxies and keys. Default `process.env`. */
  readonly env?: Environment;
  /** Origins each credential may be sent to. A credential that is not listed reaches nothing. Default none. */
  readonly credentials?: CredentialOrigins;
  /** Default: what the environment says. */
  readonly proxy?: ProxySettings;
  /** Default: the key store of the operating system. */
  readonly keyStore?: KeyStore;
}

/** A Host on Node. */
export interface NodeHost extends Host {
  /** Absolute path of the home folder. */
  readonly home: string;
  readonly files: NodeFileStore;
  /** Where the value of a credential comes from, or null if it is not set. */
  credentialSource(name: string): Promise<CredentialSource | null>;
  /** To be called when a key was set or removed: its value is read again. */
  forgetCredential(name: string): void;
  /** Closes connections, so that the process can end. */
  close(): Promise<void>;
}

/**
 * The machine as the core sees it, on Node. Nothing is written before something is stored or logged.
 *
 * Files lie in `<home>/files`, the log in `<home>/logs/maquette.log`.
 */
export function createNodeHost(options: NodeHostOptions = {}): NodeHost {
  const env = options.env ?? process.env;
  const home = options.home ?? maquetteHome(env);
  const credentials = createNodeCredentials({
    env,
    keyStore: options.keyStore ?? createKeyStore(),
    origins: options.credentials ?? {},
  });
  const http = createNodeHttp({ credentials, proxy: options.proxy ?? proxySettingsOf(env) });
  const images = createWebpDecoder();
  return {
    home,
    clock: createTimerClock(),
    http: http.send,
    hasCredential: async (name) => (await credentials.sourceOf(name)) !== null,
    credentialSource: (name) => credentials.sourceOf(name),
    forgetCredential: (name) => credentials.forget(name),
    files: createNodeFileStore(join(home, 'files')),
    random: (byteLength) => new Uint8Array(randomBytes(byteLength)),
    // on another thread: while a large file is digested, signals and other jobs get their turn
    sha256: async (bytes) => new Uint8Array(await webcrypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)),
    log: createLogFile({ path: join(home, 'logs', 'maquette.log'), secrets: credentials.knownValues }),
    ...(images === undefined ? {} : { images }),
    close: () => http.close(),
  };
}
