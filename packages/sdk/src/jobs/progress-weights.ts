import type { JobPhase } from './job-state.ts';

/**
 * Where the bar stands when a phase begins. The only place where stages are weighed.
 *
 * The provider's work dominates on paid services (tens of seconds against one or two for download and processing); on the
 * embedded provider everything is over before the bar is drawn.
 */
export const PROGRESS_FLOOR: Readonly<Record<Exclude<JobPhase, 'failed' | 'cancelled'>, number>> = {
  queued: 0,
  starting: 0.02,
  running: 0.05,
  fetching: 0.75,
  processing: 0.8,
  succeeded: 1,
};

/** Share of the way to the end of `processing` that every finished step covers: the number of steps is not known. */
export const STEP_SHARE = 0.15;

/** The bar never shows more than this before the job has succeeded. */
export const PROGRESS_CEILING = 0.99;
