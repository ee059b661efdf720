import type { JsonObject } from '../../foundation/json.ts';
import type { LiveTask, TaskMemory, TaskRow } from './gateway-task.ts';

/**
 * The answer to `get_status`: what the node remembers, and where that is nothing, what the database says.
 *
 * @param task - Undefined for an id nobody knows; that looks like a queued task.
 * @param hasMemory - True on the node that took the task.
 * @source gateway-rs src/task/mod.rs `get_status`, src/http3/handlers/result/read.rs
 */
export function statusOf(task: LiveTask | undefined, hasMemory: boolean, expectedResults: number): JsonObject {
  if (task === undefined) return NO_RESULT;
  const { memory, row } = task;
  const remembered = hasMemory && memory !== null ? memoryStatus(memory, expectedResults) : NO_RESULT;
  return remembered === NO_RESULT ? rowStatus(row) : remembered;
}

const NO_RESULT: JsonObject = { status: 'NoResult' };

function memoryStatus(memory: TaskMemory, expectedResults: number): JsonObject {
  const canStillReceive = memory.holders.size > 0 || memory.expiresAtMs !== null;
  if (memory.results.length === 0) {
    if (memory.holders.size > 0) return { status: 'InProgress' };
    if (!canStillReceive && memory.lastFailureReason !== null) return failure(memory.lastFailureReason);
    return NO_RESULT;
  }
  if (memory.finishedCount < expectedResults && canStillReceive) return partial(memory.successCount);
  if (memory.firstSuccessWorker !== null) return success(memory.firstSuccessWorker);
  return failure(memory.lastFailureReason ?? 'No successful result found');
}

function rowStatus(row: TaskRow): JsonObject {
  switch (row.status) {
    case 'succeeded':
      return success(row.firstSuccessWorker ?? 'unknown-worker');
    case 'failed':
    case 'timed_out':
      return failure(row.error ?? 'Task failed without a stored error message.');
    case 'running':
      return row.finishedCount > 0 ? partial(row.successCount) : { status: 'InProgress' };
    case 'queued':
      return NO_RESULT;
  }
}

function partial(successCount: number): JsonObject {
  return { status: `PartialResult(${successCount})` };
}

function success(workerId: string): JsonObject {
  return { status: 'Success', worker_id: workerId };
}

function failure(reason: string): JsonObject {
  return { status: 'Failure', reason };
}
