import { createGatewayStandIn, type GatewayStandIn } from './create-gateway-stand-in.ts';
import { listenOnNode, type NodeListener } from './node-listener.ts';
import { nodeModule } from './node-modules.ts';
import type { GatewayStandInOptions } from './stand-in-options.ts';

/** How a stand-in is started. */
export interface StartGatewayOptions extends GatewayStandInOptions {
  /** Default: a free one. Further nodes always take free ones. */
  readonly port?: number;
  /** How many times faster than the machine's its clock runs. Default 1. Left out of account where `clock` is given. */
  readonly speed?: number;
}

/** A stand-in that can be reached. */
export interface RunningGateway {
  /** Origin of the first node, for instance `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Origins of all nodes. */
  readonly urls: readonly string[];
  /** A personal key with money on its account. */
  readonly key: string;
  readonly genericKey: string;
  /** The gateway behind it: what it saw, and what it shall do. */
  readonly gateway: GatewayStandIn;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts a gateway of 404-GEN on the loopback address: real HTTP, real files, no account.
 *
 * @throws {@link SdkError} `UNSUPPORTED_ON_HOST` outside Node; `INPUT_INVALID` where the port is taken.
 */
export async function startGatewayStandIn(options: StartGatewayOptions = {}): Promise<RunningGateway> {
  const { randomBytes } = nodeModule('node:crypto');
  const { zstdCompressSync } = nodeModule('node:zlib');
  const gateway = createGatewayStandIn({
    clock: createFastClock(options.speed ?? 1),
    random: (byteLength) => new Uint8Array(randomBytes(byteLength)),
    ...(zstdCompressSync === undefined ? {} : { compressZstd: (bytes) => new Uint8Array(zstdCompressSync(bytes)) }),
    ...options,
  });
  const listeners: NodeListener[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(listeners.map((listener) => listener.close()));
  };
  try {
    for (let node = 1; node <= gateway.nodeCount; node += 1) {
      const port = node === 1 ? (options.port ?? 0) : 0;
      listeners.push(await listenOnNode((request) => gateway.handle(request, node), port));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const urls = listeners.map((listener) => listener.url);
  return { url: urls[0] as string, urls, key: gateway.key, genericKey: gateway.genericKey, gateway, close };
}

/** The machine's clock, running `speed` times as fast from now on. */
function createFastClock(speed: number): { now(): number } {
  const startMs = Date.now();
  return { now: () => startMs + (Date.now() - startMs) * speed };
}
