import { createRandom } from '../../foundation/random.ts';
import { createDefaultResults } from './default-results.ts';
import { createGatewayKeys } from './gateway-accounts.ts';
import { type Cluster, createCluster } from './gateway-cluster.ts';
import { createFaultBox, type FaultOptions, type FaultRoute, type GatewayFault } from './gateway-faults.ts';
import { createUuid } from './gateway-ids.ts';
import type { GatewayAnswer, GatewayRequest } from './gateway-messages.ts';
import { createGatewayNode } from './gateway-node.ts';
import { GATEWAY_LIMITS, GATEWAY_TIMES, NO_COUNTING } from './gateway-settings.ts';
import type { AcceptedOrder } from './gateway-task.ts';
import type { GatewayStandInOptions, SeenRequest } from './stand-in-options.ts';
import { createTaskControl, type GatewayTask, type TaskControl } from './task-control.ts';
import type { TaskScript } from './worker-script.ts';

/** A gateway of 404-GEN in memory: the same answers to the same requests, without a network. */
export interface GatewayStandIn {
  /** A personal key with money on its account. */
  readonly key: string;
  /** The key that everybody may use. */
  readonly genericKey: string;
  /** Answers a request at a node, numbered from 1. Never throws. */
  handle(request: GatewayRequest, node?: number): Promise<GatewayAnswer>;
  readonly nodeCount: number;
  /** Every task accepted so far, oldest first, as it is at this moment. */
  readonly tasks: readonly GatewayTask[];
  /** Orders: `received` counts every `POST /add_task` that was not dropped before it was looked at. */
  readonly submissions: { readonly received: number; readonly accepted: number };
  /** The last 100 000 requests, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** What workers and operators can do to a task. Throws for an id it does not know. */
  control(taskId: string): TaskControl;
  /** Scripts for the next tasks, in their order. Later tasks are as the options say. */
  scriptNext(...scripts: readonly TaskScript[]): void;
  /** Arms a fault; calling what comes back disarms it. */
  arm(route: FaultRoute, fault: GatewayFault, options?: FaultOptions): () => void;
  /** Money on the account of a key, US cents. */
  balanceOf(key: string): number;
  setBalance(key: string, cents: number): void;
}

const MOST_REQUESTS = 100_000;

/** A clock nobody moves. */
const STILL_CLOCK = { now: () => 1_700_000_000_000 };

/**
 * Makes a stand-in for the gateway that runs wherever the language does.
 *
 * Time is what the clock says: workers and deadlines are worked out from it with each request, so that a clock may jump.
 */
export function createGatewayStandIn(options: GatewayStandInOptions = {}): GatewayStandIn {
  const clock = options.clock ?? STILL_CLOCK;
  const random = options.random ?? createByteStream();
  const key = options.accounts?.[0]?.keys[0] ?? createUuid(random);
  const genericKey = options.genericKey ?? createUuid(random);
  const limits = { ...GATEWAY_LIMITS, ...(options.limits === 'off' ? NO_COUNTING : options.limits) };
  const times = { ...GATEWAY_TIMES, ...options.times };
  const keys = createGatewayKeys({
    genericKey,
    accounts: options.accounts ?? [{ keys: [key] }],
    acceptsAnyKey: options.limits === 'off',
    limits,
    times,
    now: () => clock.now(),
  });
  const faults = createFaultBox();
  const scripts: TaskScript[] = [];
  const requests: SeenRequest[] = [];
  const makeFile = options.results ?? createDefaultResults(options.compressZstd);
  const cluster: Cluster = createCluster({
    clock,
    random,
    keys,
    limits,
    times,
    expectedResults: options.expectedResults ?? 3,
    takeScript: (order: AcceptedOrder) => scripts.shift() ?? options.workers?.(order),
    makeFile,
    trustsProxy: options.trustsProxy ?? false,
    nodeCount: options.nodeCount ?? 1,
  });
  const nodes = Array.from({ length: cluster.nodeCount }, (_, index) => createGatewayNode(cluster, index + 1, faults));
  return {
    key,
    genericKey,
    nodeCount: cluster.nodeCount,
    async handle(request, number = 1) {
      const node = nodes[number - 1];
      if (node === undefined) throw new RangeError(`There is no node ${number}.`);
      const { answer, fault } = await node.handle(request);
      const { method, path, query } = request;
      const seen: SeenRequest = { atMs: clock.now(), node: number, method, path, query, fault, status: answer.status };
      if (requests.length >= MOST_REQUESTS) requests.shift();
      requests.push(seen);
      options.onRequest?.(seen);
      return answer;
    },
    get tasks() {
      return cluster.liveTasks().map((task) => createTaskControl(cluster, task).look());
    },
    get submissions() {
      return { ...cluster.submissions };
    },
    requests,
    control(taskId) {
      const task = cluster.find(taskId);
      if (task === undefined) throw new RangeError(`There is no task ${taskId}.`);
      return createTaskControl(cluster, task);
    },
    scriptNext(...next) {
      scripts.push(...next);
    },
    arm: (route, fault, when) => faults.arm(route, fault, when),
    balanceOf: (text) => accountOf(text).balanceCents,
    setBalance(text, cents) {
      accountOf(text).balanceCents = cents;
    },
  };

  function accountOf(text: string): { balanceCents: number } {
    const account = keys.accountOf(text);
    if (account === undefined) throw new RangeError('No account has this key.');
    return account;
  }
}

function createByteStream(): (byteLength: number) => Uint8Array {
  const stream = createRandom('gateway stand-in');
  return (byteLength) => Uint8Array.from({ length: byteLength }, () => stream.integer(0, 255));
}
