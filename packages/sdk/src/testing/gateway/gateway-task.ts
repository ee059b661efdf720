import type { JsonObject } from '../../foundation/json.ts';
import type { GatewayModel } from './gateway-models.ts';
import type { GatewayTimes } from './gateway-settings.ts';
import type { WorkerEvent } from './worker-script.ts';

/** An accepted order. */
export interface AcceptedOrder {
  readonly id: string;
  readonly prompt: string | null;
  readonly image: Uint8Array | null;
  readonly model: GatewayModel;
  readonly seed: number;
  readonly modelParams: JsonObject | null;
  /** Whoever the client said it is, `api` if that is nobody known, `guest_generic` for the generic key. */
  readonly origin: string;
  /** Id of the owner's account, or null for the generic key. */
  readonly accountId: number | null;
  readonly address: string;
  /** Number of the node that took it, from 1: the only one that has its results. */
  readonly node: number;
  readonly acceptedAtMs: number;
  /** US cents taken from the account. */
  readonly priceCents: number;
}

/** A result of a worker while it is kept. */
export interface KeptResult {
  readonly workerId: string;
  /** Position among the successes of the task, from 0; null for a failure. */
  readonly successIndex: number | null;
  readonly reason: string | null;
  readonly file: Uint8Array | null;
}

/** What the node that took the task remembers. Null once it forgot everything. */
export interface TaskMemory {
  /** Null after the deadline, or when all results are in. */
  expiresAtMs: number | null;
  resultsExpireAtMs: number | null;
  results: KeptResult[];
  successCount: number;
  finishedCount: number;
  firstSuccessWorker: string | null;
  lastFailureReason: string | null;
  readonly holders: Set<string>;
  /** Forgotten with the deadline while results remain: from then on a mesh is served as if it were a splat. */
  knowsModel: boolean;
}

/** What the database that all nodes share says of the task. */
export interface TaskRow {
  status: 'queued' | 'running' | 'succeeded' | 'failed' | 'timed_out';
  finishedCount: number;
  successCount: number;
  firstSuccessWorker: string | null;
  error: string | null;
  money: 'reserved' | 'committed' | 'refunded';
}

/** A task with everything that time does to it. */
export interface LiveTask {
  readonly order: AcceptedOrder;
  readonly row: TaskRow;
  memory: TaskMemory | null;
  /** Still to come, in the order of their times. */
  plan: WorkerEvent[];
  takenCount: number;
}

/** What the life of a task depends on besides its workers. */
export interface TaskRules {
  readonly times: GatewayTimes;
  /** Results a task is complete with. */
  readonly expectedResults: number;
  /** The moment from which clean-ups are counted. */
  readonly startedAtMs: number;
  /** Called when the price of a task goes back to its owner. */
  readonly refund: (order: AcceptedOrder) => void;
}

/** A task at the moment it was accepted. */
export function createLiveTask(order: AcceptedOrder, plan: WorkerEvent[], rules: TaskRules): LiveTask {
  return {
    order,
    plan,
    takenCount: 0,
    row: {
      status: 'queued',
      finishedCount: 0,
      successCount: 0,
      firstSuccessWorker: null,
      error: null,
      money: 'reserved',
    },
    memory: {
      expiresAtMs: order.acceptedAtMs + rules.times.taskLifetimeMs,
      resultsExpireAtMs: null,
      results: [],
      successCount: 0,
      finishedCount: 0,
      firstSuccessWorker: null,
      lastFailureReason: null,
      holders: new Set(),
      knowsModel: true,
    },
  };
}

/** True when the task counts against no limit of unfinished ones any more. */
export function isTerminal(task: LiveTask): boolean {
  return task.row.status !== 'queued' && task.row.status !== 'running';
}

/**
 * Lets time pass: everything that happened to the task up to `nowMs`, in its order. Nothing of a stand-in runs on timers,
 * so that a clock may jump.
 */
export function advanceTask(task: LiveTask, nowMs: number, rules: TaskRules): void {
  for (;;) {
    const next = nextHappening(task, rules);
    if (next === null || next.atMs > nowMs) return;
    if (next.kind === 'worker') {
      const event = task.plan.shift() as WorkerEvent;
      applyWorkerEvent(task, event, rules);
    } else if (next.kind === 'results') loseResults(task);
    else passDeadline(task, next.atMs, rules);
  }
}

interface Happening {
  readonly kind: 'worker' | 'results' | 'deadline';
  readonly atMs: number;
}

function nextHappening(task: LiveTask, rules: TaskRules): Happening | null {
  const happenings: Happening[] = [];
  const event = task.plan[0];
  if (event !== undefined) happenings.push({ kind: 'worker', atMs: event.atMs });
  const memory = task.memory;
  // what falls due between two clean-ups happens at the second one, in the order in which it fell due
  const due: (readonly ['results' | 'deadline', number])[] = [];
  if (memory !== null && memory.expiresAtMs !== null) due.push(['deadline', memory.expiresAtMs]);
  if (memory !== null && memory.resultsExpireAtMs !== null) due.push(['results', memory.resultsExpireAtMs]);
  due.sort((a, b) => a[1] - b[1]);
  for (const [kind, atMs] of due) happenings.push({ kind, atMs: cleanupAt(atMs, rules) });
  let first: Happening | null = null;
  for (const happening of happenings) if (first === null || happening.atMs < first.atMs) first = happening;
  return first;
}

/** The first clean-up that is not before a moment. */
function cleanupAt(atMs: number, rules: TaskRules): number {
  const { cleanupIntervalMs } = rules.times;
  const rounds = Math.ceil((atMs - rules.startedAtMs) / cleanupIntervalMs);
  return rules.startedAtMs + Math.max(1, rounds) * cleanupIntervalMs;
}

/** Something a worker does. What comes from one that does not hold the task, as after the deadline, is lost. */
export function applyWorkerEvent(task: LiveTask, event: WorkerEvent, rules: TaskRules): void {
  const { memory, row } = task;
  if (memory === null || memory.expiresAtMs === null) return;
  if (event.kind === 'taken') {
    memory.holders.add(event.workerId);
    task.takenCount += 1;
    if (row.status === 'queued') row.status = 'running';
    return;
  }
  if (!memory.holders.delete(event.workerId)) return;
  const isSuccess = event.kind === 'succeeded';
  memory.results.push({
    workerId: event.workerId,
    successIndex: isSuccess ? row.successCount : null,
    reason: isSuccess ? null : (event.reason ?? null),
    file: event.file ?? null,
  });
  memory.finishedCount += 1;
  memory.resultsExpireAtMs = event.atMs + rules.times.resultLifetimeMs;
  row.finishedCount += 1;
  if (isSuccess) {
    memory.successCount += 1;
    memory.firstSuccessWorker ??= event.workerId;
    row.successCount += 1;
    row.firstSuccessWorker ??= event.workerId;
    row.money = 'committed';
  } else {
    memory.lastFailureReason = event.reason ?? null;
    row.error = event.reason ?? null;
  }
  if (row.finishedCount < rules.expectedResults) return;
  row.status = row.successCount > 0 ? 'succeeded' : 'failed';
  memory.expiresAtMs = null;
  task.plan = [];
  if (row.successCount === 0) giveBack(task, rules);
}

function loseResults(task: LiveTask): void {
  const memory = task.memory as TaskMemory;
  if (memory.expiresAtMs === null) {
    task.memory = null;
    return;
  }
  // the task still has time: it looks as if it never had a result, and its successes do not count at the deadline
  memory.results = [];
  memory.successCount = 0;
  memory.finishedCount = 0;
  memory.firstSuccessWorker = null;
  memory.lastFailureReason = null;
  memory.resultsExpireAtMs = null;
  memory.knowsModel = false;
}

function passDeadline(task: LiveTask, atMs: number, rules: TaskRules): void {
  const memory = task.memory as TaskMemory;
  memory.expiresAtMs = null;
  memory.holders.clear();
  memory.knowsModel = false;
  if (memory.successCount === 0) memory.lastFailureReason ??= 'Task timed out';
  if (memory.resultsExpireAtMs === null || memory.resultsExpireAtMs <= atMs) {
    memory.resultsExpireAtMs = atMs + rules.times.resultLifetimeMs;
  }
  task.plan = [];
  task.row.status = 'timed_out';
  task.row.error = 'Gateway task deadline exceeded.';
  if (task.row.successCount === 0) giveBack(task, rules);
}

/** Loses the results of a task before their time. */
export function expireResults(task: LiveTask): void {
  if (task.memory !== null) loseResults(task);
}

function giveBack(task: LiveTask, rules: TaskRules): void {
  task.row.money = 'refunded';
  rules.refund(task.order);
}
