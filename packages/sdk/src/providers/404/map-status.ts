import { SdkError } from '../../foundation/errors.ts';
import { createRandom } from '../../foundation/random.ts';
import type { AssetOffer, OperationStatus, SpendReport } from '../../provider/provider.ts';
import { excerpt } from '../../provider-kit/redact.ts';
import { CURRENCY, findModel, priceOf } from './models.ts';
import type { Operation404 } from './operation.ts';
import { MOST_CANDIDATES } from './options.ts';

/**
 * Time after which a task the gateway calls unheard of is given up: its own deadline, one tick of its cleaning up, and the
 * grace for late results.
 *
 * @source gateway-rs: dev-env/config/config-single.toml (`taskmanager_task_lifetime`, `taskmanager_cleanup_interval`),
 * src/task/mod.rs
 */
const FORGOTTEN_AFTER_MS = 600_000 + 30_000 + 5_000;

/** The time between polls: the first minute, and what it grows to over the second one. */
const POLL_MS = { first: 2000, last: 5000, growsFromMs: 60_000, growsForMs: 60_000, jitter: 0.2 } as const;

/** Words the status can be, as they are compared: without case and separators. */
const PARTIAL = /^partialresult(?:\((\d{1,4})(?:\/\d{1,4})?\))?$/;

/**
 * What an answer of `get_status` means.
 *
 * One wanted result: the task counts as completed with the first success, also while other workers still try. The result
 * of the task is its earliest success, so nothing better comes later, it is charged with that success, and it can be
 * fetched for 300 s only. Several wanted results: the first is offered at once, the rest when all workers are through.
 *
 * @param status - The gateway's word, unchanged.
 * @throws {@link SdkError} `PROVIDER_PROTOCOL` for a word the gateway does not have.
 */
export function toOperationStatus(
  status: string,
  reason: string | null | undefined,
  operation: Operation404,
  nowMs: number,
): OperationStatus {
  const word = status
    .replaceAll(/\s/g, '')
    .replaceAll(/([a-z])[_-]([a-z])/gi, '$1$2')
    .toLowerCase();
  if (word === 'success') return completed(operation);
  if (word === 'failure') return failed(reason);
  if (word === 'noresult') {
    const isForgotten = operation.startedAt !== null && nowMs - operation.startedAt > FORGOTTEN_AFTER_MS;
    if (isForgotten) return forgotten(operation);
    return pending(operation, nowMs, operation.startedAt === null ? 'queued, or not known there' : 'queued');
  }
  if (word === 'inprogress') return pending(operation, nowMs, 'generating');
  const partial = PARTIAL.exec(word);
  if (partial === null) {
    throw new SdkError({
      code: 'PROVIDER_PROTOCOL',
      message: `404-GEN reports the unknown status "${excerpt(status, 60)}".`,
      details: { status: excerpt(status, 60) },
    });
  }
  // No number, or 0: a worker has failed, others are still at it.
  const successCount = Number(partial[1] ?? 0);
  if (successCount === 0) return pending(operation, nowMs, 'generating');
  if (operation.candidates === 1) return completed(operation);
  return {
    ...pending(operation, nowMs, `generating, results so far: ${successCount}`),
    progress: Math.min(successCount, MOST_CANDIDATES - 1) / MOST_CANDIDATES,
    assets: [offerOf(operation, 'main')],
  };
}

function pending(operation: Operation404, nowMs: number, stage: string): OperationStatus & { state: 'pending' } {
  return { state: 'pending', stage, pollAfterMs: pollAfterMs(operation, nowMs) };
}

/** Jittered by task and time, so that jobs started together do not poll together. */
function pollAfterMs(operation: Operation404, nowMs: number): number {
  const elapsedMs = operation.startedAt === null ? 0 : nowMs - operation.startedAt;
  const grown = Math.min(1, Math.max(0, (elapsedMs - POLL_MS.growsFromMs) / POLL_MS.growsForMs));
  const baseMs = POLL_MS.first + (POLL_MS.last - POLL_MS.first) * grown;
  const share = createRandom(`${operation.task}/${nowMs}`).range(-POLL_MS.jitter, POLL_MS.jitter);
  return Math.round(baseMs * (1 + share));
}

function completed(operation: Operation404): OperationStatus {
  const { candidates, model, seed } = operation;
  const assets = [offerOf(operation, 'main')];
  // How many there are is known only to the archive that holds them; one too many becomes a warning.
  for (let index = 2; index <= candidates; index += 1) assets.push(offerOf(operation, `candidate-${index}`));
  const actual = priceOf(model);
  return {
    state: 'completed',
    assets,
    ...(actual === undefined ? {} : { spend: { actual } }),
    facts: { ...(model === null ? {} : { model }), ...(seed === null ? {} : { seed }) },
  };
}

/** What is offered is a splat wherever it is not known to be a mesh; the bytes decide. */
function offerOf(operation: Operation404, id: string): AssetOffer {
  const kind = operation.model === null ? 'splat' : (findModel(operation.model)?.output ?? 'splat');
  return kind === 'mesh' ? { id, kind, mediaType: 'model/gltf-binary' } : { id, kind, frame: 'RUB' };
}

/** What the database says of a task that ran out of time, also of one that had results and was charged. */
const SWEPT = /^Gateway task deadline exceeded/i;

function failed(reason: string | null | undefined): OperationStatus {
  const said = excerpt(reason ?? '').replace(/[.\s]+$/, '');
  // The gateway gives the money back if no worker succeeded. Only the word of the sweep may hide a success nobody fetched.
  const spend: SpendReport = { actual: { amount: 0, currency: CURRENCY } };
  const isSwept = SWEPT.test(said);
  const { message, remedy } = new SdkError({
    code: 'OPERATION_FAILED',
    message: `404-GEN could not make it${said === '' ? '' : `: ${said}`}.`,
    remedy: isSwept
      ? 'Start a new job; the task may have been charged if a result was there and nobody fetched it within 300 s.'
      : 'Start a new job, perhaps with another seed or other words; the failed task is not charged.',
  });
  return {
    state: 'failed',
    error: { code: 'OPERATION_FAILED', message, remedy, retry: 'never' },
    ...(isSwept ? {} : { spend }),
  };
}

function forgotten(operation: Operation404): OperationStatus {
  const error = new SdkError({
    code: 'OPERATION_EXPIRED',
    message: `404-GEN no longer knows the task ${operation.task}, and the time in which it could have been made is over.`,
    remedy: 'Start a new job; whether the task was charged shows on the account page of gen.404.xyz.',
  });
  return { state: 'failed', error: error.toRecord() };
}
