import type { CancelSignal } from '../foundation/cancel.ts';
import { ERROR_CATALOGUE } from '../foundation/error-catalogue.ts';
import { SdkError } from '../foundation/errors.ts';
import type { EventsOptions } from '../jobs/event-feed.ts';
import type { JobEngine } from '../jobs/job-engine.ts';
import type { JobEvent, JobResult } from '../jobs/job-events.ts';
import type { JobState } from '../jobs/job-state.ts';

/** One job, wherever it is driven. Holds nothing but the id: dropping it does not stop the job. */
export interface JobHandle {
  readonly id: string;
  /** Stored events, then new ones; ends after the last. Pass the number of the last one seen to go on from there. */
  events(options?: EventsOptions): AsyncIterable<JobEvent>;
  state(): Promise<JobState>;
  /**
   * Resolves when the asset is delivered.
   *
   * Rejects with the job's own error if it failed, with `CANCELLED` if it was cancelled, with the signal's reason if the
   * caller no longer wants to wait (the job goes on), and with the reason if this process cannot go on while the job stays
   * as it is (`STORE_FAILED`, `CONFIG_MISSING`): such a job can be resumed.
   */
  result(signal?: CancelSignal): Promise<JobResult>;
  /** Sees the wish through and resolves with the end: `succeeded` if the result was faster. */
  cancel(): Promise<JobState>;
}

/** Makes the handle of a job. */
export function createJobHandle(engine: JobEngine, id: string): JobHandle {
  return {
    id,
    events: (options) => engine.events(id, options),
    async state() {
      const state = await engine.get(id);
      if (state === null) throw new SdkError({ code: 'INPUT_INVALID', message: `There is no job ${id}.` });
      return state;
    },
    result: async (signal) => resultOf(await engine.wait(id, signal === undefined ? {} : { signal })),
    cancel: () => engine.cancel(id),
  };
}

/** The result of a job that has ended, or its error. */
export function resultOf(state: JobState): JobResult {
  if (state.phase === 'succeeded' && state.result !== undefined) return state.result;
  if (state.phase === 'failed' && state.error !== undefined) {
    const { code, message, remedy, retryAfterMs, details } = state.error;
    throw new SdkError({
      // The log may have been written by a version with more codes.
      code: Object.hasOwn(ERROR_CATALOGUE, code) ? code : 'INTERNAL',
      message,
      ...(remedy === undefined ? {} : { remedy }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(details === undefined ? {} : { details }),
    });
  }
  if (state.phase === 'cancelled') throw new SdkError({ code: 'CANCELLED', message: 'The job was cancelled.' });
  throw new SdkError({ code: 'INTERNAL', message: `The job ${state.job} has not ended; it is ${state.phase}.` });
}
