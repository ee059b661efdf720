import type { Cluster } from './gateway-cluster.ts';
import { type AcceptedOrder, applyWorkerEvent, expireResults, type LiveTask } from './gateway-task.ts';
import { cutReason } from './worker-script.ts';

/** A task as a test looks at it. */
export interface GatewayTask extends AcceptedOrder {
  /** What the database says. */
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'timed_out';
  readonly finishedCount: number;
  readonly successCount: number;
  /** Results that can be downloaded at this moment. */
  readonly keptCount: number;
  /** What became of the price. */
  readonly money: 'reserved' | 'committed' | 'refunded';
}

/** Does to a task what workers and time otherwise do, at this moment of the clock. */
export interface TaskControl {
  look(): GatewayTask;
  /** A worker takes it. */
  take(workerId?: string): void;
  /** A worker delivers; it takes the task first where it has not. */
  succeed(options?: { readonly workerId?: string; readonly file?: Uint8Array }): void;
  fail(reason?: string, workerId?: string): void;
  /** The results are lost before their time. */
  expireResults(): void;
}

/** Makes the {@link TaskControl} of a task. */
export function createTaskControl(cluster: Cluster, task: LiveTask): TaskControl {
  const { rules, clock } = cluster;
  const find = (): LiveTask => cluster.find(task.order.id) ?? task;
  let count = 0;
  const finish = (
    workerId: string,
    kind: 'succeeded' | 'failed',
    rest: { reason?: string; file?: Uint8Array },
  ): void => {
    const live = find();
    const atMs = clock.now();
    if (live.memory?.holders.has(workerId) !== true) {
      applyWorkerEvent(live, { atMs, kind: 'taken', workerId }, rules);
    }
    applyWorkerEvent(live, { atMs, kind, workerId, ...rest }, rules);
  };
  const nextWorker = (): string => {
    count += 1;
    return `worker-by-hand-${find().row.finishedCount + count}`;
  };
  return {
    look() {
      const { order, row, memory } = find();
      return {
        ...order,
        state: row.status,
        finishedCount: row.finishedCount,
        successCount: row.successCount,
        keptCount: memory?.results.filter((result) => result.successIndex !== null).length ?? 0,
        money: row.money,
      };
    },
    take(workerId = nextWorker()) {
      applyWorkerEvent(find(), { atMs: clock.now(), kind: 'taken', workerId }, rules);
    },
    succeed({ workerId = nextWorker(), file } = {}) {
      finish(workerId, 'succeeded', file === undefined ? {} : { file });
    },
    fail(reason, workerId = nextWorker()) {
      finish(workerId, 'failed', { reason: cutReason(reason) });
    },
    expireResults() {
      expireResults(find());
    },
  };
}
