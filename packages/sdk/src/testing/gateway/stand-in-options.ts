import type { GatewayAccountOptions } from './gateway-accounts.ts';
import type { GatewayFault } from './gateway-faults.ts';
import type { GatewayLimits, GatewayTimes } from './gateway-settings.ts';
import type { AcceptedOrder } from './gateway-task.ts';
import type { TaskScript } from './worker-script.ts';

/** One request a stand-in saw. Holds no key. */
export interface SeenRequest {
  readonly atMs: number;
  /** Number of the node it came to, from 1. */
  readonly node: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** The kind of fault that struck it, or null. */
  readonly fault: GatewayFault['kind'] | null;
  /** Status of the answer, whether or not it arrived. */
  readonly status: number;
}

/** How a stand-in behaves. Every member has a default. */
export interface GatewayStandInOptions {
  /** The only source of time. Default: starts at 1 700 000 000 000 and stands still; a listener brings the machine's. */
  readonly clock?: { now(): number };
  /** Bytes for ids and seeds. Default: a fixed stream, so that a test sees the same ids every time. */
  readonly random?: (byteLength: number) => Uint8Array;
  /** `off` lifts everything that counts requests, tasks and money, and takes every well-formed key. */
  readonly limits?: Partial<GatewayLimits> | 'off';
  readonly times?: Partial<GatewayTimes>;
  /** Default: one person with one key and 100 dollars. */
  readonly accounts?: readonly GatewayAccountOptions[];
  /** Default: a random one. */
  readonly genericKey?: string;
  /** Results a task is complete with. Default 3. */
  readonly expectedResults?: number;
  /** What the workers do with a task that no script was queued for. Default {@link STEADY_WORKERS}. */
  readonly workers?: (order: AcceptedOrder) => TaskScript;
  /**
   * The file of a success, `index` counting the successes of the task from 0. Asked for when it is downloaded first, and
   * kept. Default: a procedural object that fits the prompt, as SPZ or GLB.
   */
  readonly results?: (order: AcceptedOrder, index: number) => Uint8Array | Promise<Uint8Array>;
  /** Nodes of the cluster. They share tasks, keys and limits; the results are on the node that took the task. Default 1. */
  readonly nodeCount?: number;
  /** Believes `x-forwarded-for`: the second address from the right is the client's. Default false. */
  readonly trustsProxy?: boolean;
  /** Told of every request once its answer is known. */
  readonly onRequest?: (seen: SeenRequest) => void;
  /** Compresses with Zstandard, one frame. Default: frames of stored blocks, which need no compressor. */
  readonly compressZstd?: (bytes: Uint8Array) => Uint8Array;
}
