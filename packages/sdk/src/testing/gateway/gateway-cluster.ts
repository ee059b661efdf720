import type { GatewayKeys } from './gateway-accounts.ts';
import type { GatewayLimits, GatewayTimes } from './gateway-settings.ts';
import {
  type AcceptedOrder,
  advanceTask,
  createLiveTask,
  type KeptResult,
  type LiveTask,
  type TaskRules,
} from './gateway-task.ts';
import { planWorkers, STEADY_WORKERS, type TaskScript } from './worker-script.ts';

/** What the nodes of a gateway have in common. */
export interface ClusterOptions {
  readonly clock: { now(): number };
  readonly random: (byteLength: number) => Uint8Array;
  readonly keys: GatewayKeys;
  readonly limits: GatewayLimits;
  readonly times: GatewayTimes;
  readonly expectedResults: number;
  readonly nodeCount: number;
  readonly trustsProxy: boolean;
  /** The script of a task, or undefined for the usual one. */
  readonly takeScript: (order: AcceptedOrder) => TaskScript | undefined;
  readonly makeFile: (order: AcceptedOrder, index: number) => Uint8Array | Promise<Uint8Array>;
}

/** The nodes' common ground: database, queue and workers. */
export interface Cluster extends ClusterOptions {
  readonly rules: TaskRules;
  readonly submissions: { received: number; accepted: number };
  /** Every task that is not purged, up to date, oldest first. */
  liveTasks(): readonly LiveTask[];
  /** A task by its id, up to date. */
  find(taskId: string): LiveTask | undefined;
  /** Takes a task in. Its price is taken from the account. */
  add(order: AcceptedOrder): LiveTask;
  /** The file of a result, made when it is first asked for. */
  readFile(task: LiveTask, result: KeptResult): Promise<Uint8Array>;
}

/** Makes a {@link Cluster}. */
export function createCluster(options: ClusterOptions): Cluster {
  const { clock, times } = options;
  const tasks = new Map<string, LiveTask>();
  const files = new Map<string, Promise<Uint8Array>[]>();
  const rules: TaskRules = {
    times,
    expectedResults: options.expectedResults,
    startedAtMs: clock.now(),
    refund(order) {
      if (order.accountId !== null) options.keys.refund(order.accountId, order.priceCents);
    },
  };
  const upToDate = (task: LiveTask): LiveTask => {
    advanceTask(task, clock.now(), rules);
    if (task.memory === null) files.delete(task.order.id);
    return task;
  };
  const purge = (): void => {
    for (const [id, task] of tasks) {
      if (clock.now() - task.order.acceptedAtMs < times.retentionMs) return; // the others are younger
      tasks.delete(id);
      files.delete(id);
    }
  };
  return {
    ...options,
    rules,
    submissions: { received: 0, accepted: 0 },
    liveTasks() {
      purge();
      return [...tasks.values()].map(upToDate);
    },
    find(taskId) {
      purge();
      const task = tasks.get(taskId);
      return task === undefined ? undefined : upToDate(task);
    },
    add(order) {
      const plan = planWorkers(options.takeScript(order) ?? STEADY_WORKERS, order.acceptedAtMs);
      const task = createLiveTask(order, plan, rules);
      tasks.set(order.id, task);
      return upToDate(task);
    },
    readFile(task, result) {
      if (result.file !== null) return Promise.resolve(result.file);
      const index = result.successIndex ?? 0;
      const made = files.get(task.order.id) ?? [];
      files.set(task.order.id, made);
      made[index] ??= Promise.resolve(options.makeFile(task.order, index));
      return made[index];
    },
  };
}
