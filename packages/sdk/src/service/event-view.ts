import type { JsonObject, JsonValue } from '../foundation/json.ts';
import type { JobEvent, JobEventBody } from '../jobs/job-events.ts';
import { jobEvent } from '../protocol/messages/job.ts';
import { serialiseNotification } from '../protocol/peer.ts';

/**
 * Members that go out, per type. What is not named stays: orders, places of delivery, what a provider needs to go on,
 * keys of files and of idempotency. An event of a type this version does not know goes out empty.
 */
const SHOWN: Readonly<Record<JobEventBody['type'], readonly string[]>> = {
  'job-queued': ['provider', 'credit', 'licence', 'estimate', 'maxCost', 'adopted'],
  'start-requested': ['reserved'],
  'start-refused': ['error', 'retryAt'],
  'operation-started': ['taskId', 'reserved', 'actual'],
  'progress-reported': ['progress', 'stage'],
  'warning-raised': ['warning'],
  'cancel-requested': [],
  'delivery-changed': [],
  'asset-offered': ['assetId', 'kind', 'complete', 'actual', 'model', 'seed'],
  'asset-fetched': ['asset'],
  'processing-started': [],
  'step-finished': ['step', 'durationMs', 'report'],
  'job-succeeded': ['result'],
  'job-failed': ['error', 'actual'],
  'job-cancelled': ['message', 'actual'],
};

/** Members of members that stay. */
const HIDDEN_INSIDE: Readonly<Record<string, readonly string[]>> = { asset: ['key'], result: ['location'] };

/** The text of `job/event` for a stored event. */
export function serialiseJobEvent(stored: JobEvent): string {
  const { job, seq, at, type } = stored;
  return serialiseNotification(jobEvent, { job, seq, at, type, event: shownMembers(stored) as Record<string, never> });
}

function shownMembers(stored: JobEvent): JsonObject {
  const shown: Record<string, JsonValue> = {};
  const names = Object.hasOwn(SHOWN, stored.type) ? SHOWN[stored.type] : [];
  for (const name of names) {
    const value = (stored as unknown as JsonObject)[name];
    if (value !== undefined) shown[name] = without(value, HIDDEN_INSIDE[name] ?? []);
  }
  return shown;
}

function without(value: JsonValue, names: readonly string[]): JsonValue {
  if (names.length === 0 || value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name))) as JsonObject;
}
