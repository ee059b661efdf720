import { SdkError } from '../../foundation/errors.ts';

/** What is used of Node's `http`, said in types, because this folder is checked without Node's own. */
export interface NodeHttp {
  createServer(listener: (request: NodeRequest, response: NodeResponse) => void): NodeServer;
}

/** An incoming request. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string;
  readonly url?: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly socket: { readonly remoteAddress?: string; destroy(): void };
}

/** An outgoing answer. */
export interface NodeResponse {
  writeHead(status: number, headers: Readonly<Record<string, string>>): void;
  flushHeaders(): void;
  /** False when the connection cannot take more at the moment. */
  write(chunk: Uint8Array): boolean;
  end(): void;
  once(event: 'drain' | 'close', listener: () => void): void;
  off(event: 'drain' | 'close', listener: () => void): void;
  readonly destroyed: boolean;
}

/** A listening server. */
export interface NodeServer {
  listen(port: number, host: string, listener: () => void): void;
  once(event: 'error', listener: (error: unknown) => void): void;
  address(): { readonly port: number } | string | null;
  close(listener: () => void): void;
  closeAllConnections(): void;
}

/** What is used of Node's `zlib`. Zstandard came with Node 22.15. */
export interface NodeZlib {
  readonly zstdCompressSync?: (bytes: Uint8Array) => Uint8Array;
  gzipSync(bytes: Uint8Array): Uint8Array;
}

/** What is used of Node's `crypto`. */
export interface NodeCrypto {
  randomBytes(length: number): Uint8Array;
}

/** What is used of Node's timers. */
export interface NodeTimers {
  setTimeout(ms: number): Promise<unknown>;
}

interface NodeModules {
  readonly 'node:http': NodeHttp;
  readonly 'node:zlib': NodeZlib;
  readonly 'node:crypto': NodeCrypto;
  readonly 'node:timers/promises': NodeTimers;
}

/**
 * A module of Node, asked for when it is needed: the entry this belongs to loads on every engine.
 *
 * @throws {@link SdkError} `UNSUPPORTED_ON_HOST` outside Node.
 */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] {
  const { process } = globalThis as { readonly process?: { getBuiltinModule?: (name: string) => unknown } };
  const found = process?.getBuiltinModule?.(name);
  if (found === undefined) {
    throw new SdkError({
      code: 'UNSUPPORTED_ON_HOST',
      message: 'The stand-in gateway can listen on Node only.',
      remedy: 'Use createGatewayStandIn here, or start the listener on Node 22.13 or newer.',
    });
  }
  return found as NodeModules[Name];
}
