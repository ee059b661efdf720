import type { JobEvent } from './job-events.ts';
import { isTerminalPhase, type JobPhase, type JobState, type SpendRecord } from './job-state.ts';
import { PROGRESS_CEILING, PROGRESS_FLOOR, STEP_SHARE } from './progress-weights.ts';

type QueuedEvent = Extract<JobEvent, { type: 'job-queued' }>;

/**
 * The state of a job after one more event.
 *
 * Pure and total: it never throws and never modifies `state`. Events that were folded already, events after the end and
 * events before `job-queued` change nothing; events of a type this version does not know, and events that would undo a
 * phase, only advance the number. A panel or another process that folds the same events sees the same state.
 *
 * @param state - What the earlier events gave, null before the first.
 * @returns The new state, or null as long as `job-queued` has not been seen.
 */
export function reduceJob(state: JobState, event: JobEvent): JobState;
export function reduceJob(state: JobState | null, event: JobEvent): JobState | null;
export function reduceJob(state: JobState | null, event: JobEvent): JobState | null {
  if (state === null) return event.type === 'job-queued' ? queuedState(event) : null;
  if (event.seq <= state.seq || isTerminalPhase(state.phase)) return state;
  return { ...state, ...changes(state, event), seq: event.seq, updatedAt: event.at };
}

/** Folds a whole log. */
export function reduceJobEvents(events: readonly JobEvent[]): JobState | null {
  let state: JobState | null = null;
  for (const event of events) state = reduceJob(state, event);
  return state;
}

function queuedState(event: QueuedEvent): JobState {
  return {
    job: event.job,
    seq: event.seq,
    phase: 'queued',
    provider: event.provider,
    request: event.request,
    processing: event.processing,
    delivery: event.delivery,
    credit: event.credit,
    licence: event.licence,
    adopted: event.adopted === true,
    createdAt: event.at,
    updatedAt: event.at,
    progress: PROGRESS_FLOOR.queued,
    cancelRequested: false,
    offered: [],
    fetched: [],
    warnings: [],
    spend: event.estimate === undefined ? {} : { estimate: event.estimate },
  };
}

function changes(state: JobState, event: JobEvent): Partial<JobState> {
  switch (event.type) {
    case 'start-requested':
      if (state.phase !== 'queued') return {};
      return {
        ...enter(state, 'starting'),
        idempotencyKey: event.idempotencyKey,
        spend: withSpend(state, event),
      };
    case 'start-refused': {
      if (state.phase !== 'starting') return {};
      // Nothing is held back any more; the estimate stays.
      const { reserved: _released, ...spend } = state.spend;
      return { phase: 'queued', spend };
    }
    case 'operation-started':
      if (state.phase !== 'queued' && state.phase !== 'starting') return {};
      return {
        phase: 'running',
        progress: null,
        operation: event.operation,
        operationStartedAt: event.at,
        ...(event.taskId === undefined ? {} : { taskId: event.taskId }),
        spend: withSpend(state, event),
      };
    case 'progress-reported':
      return {
        progress: providerProgress(state, event.progress),
        ...(event.stage === undefined ? {} : { stage: event.stage }),
      };
    case 'warning-raised':
      return { warnings: [...state.warnings, event.warning] };
    case 'cancel-requested':
      return { cancelRequested: true };
    case 'delivery-changed':
      return { delivery: event.delivery };
    case 'asset-offered':
      return {
        ...(event.complete && (state.phase === 'running' || state.phase === 'starting')
          ? { ...enter(state, 'fetching'), cancelRequested: false }
          : {}),
        offered: state.offered.includes(event.assetId) ? state.offered : [...state.offered, event.assetId],
        ...(event.model === undefined ? {} : { model: event.model }),
        ...(event.seed === undefined ? {} : { seed: event.seed }),
        spend: withSpend(state, event),
      };
    case 'asset-fetched':
      return { fetched: [...state.fetched.filter((asset) => asset.assetId !== event.asset.assetId), event.asset] };
    case 'processing-started':
      return state.phase === 'processing'
        ? {}
        : { ...enter(state, 'processing'), warningsBeforeProcessing: state.warnings.length };
    case 'step-finished':
      return { progress: stepProgress(state), stage: event.step };
    case 'job-succeeded':
      return { phase: 'succeeded', progress: PROGRESS_FLOOR.succeeded, result: event.result };
    case 'job-failed':
      return { phase: 'failed', error: event.error, spend: withSpend(state, event) };
    case 'job-cancelled':
      return { phase: 'cancelled', cancelRequested: true, spend: withSpend(state, event) };
    default:
      return {};
  }
}

function enter(state: JobState, phase: Exclude<JobPhase, 'failed' | 'cancelled'>): Partial<JobState> {
  return { phase, progress: Math.max(state.progress ?? 0, PROGRESS_FLOOR[phase]) };
}

/** Maps the provider's fraction into the share of the bar that belongs to its work; a step back is not shown. */
function providerProgress(state: JobState, fraction: number | null): number | null {
  if (state.phase !== 'running' || fraction === null || !Number.isFinite(fraction)) return state.progress;
  const clamped = Math.min(Math.max(fraction, 0), 1);
  const weighed = PROGRESS_FLOOR.running + clamped * (PROGRESS_FLOOR.fetching - PROGRESS_FLOOR.running);
  return Math.max(state.progress ?? 0, weighed);
}

function stepProgress(state: JobState): number | null {
  if (state.phase !== 'processing') return state.progress;
  const current = state.progress ?? PROGRESS_FLOOR.processing;
  return Math.min(PROGRESS_CEILING, current + (PROGRESS_CEILING - current) * STEP_SHARE);
}

/** Once the actual price is known, nothing is reserved any more. */
function withSpend(
  state: JobState,
  event: { reserved?: SpendRecord['reserved']; actual?: SpendRecord['actual'] },
): SpendRecord {
  const { reserved, ...rest } = state.spend;
  if (event.actual !== undefined) return { ...rest, actual: event.actual };
  const held = event.reserved ?? reserved;
  return held === undefined || rest.actual !== undefined ? rest : { ...rest, reserved: held };
}
