import type { ErrorRecord } from '../foundation/errors.ts';
import type { JsonObject, JsonValue } from '../foundation/json.ts';
import type { Warning } from '../foundation/warning.ts';
import type { Money } from '../provider/provider.ts';
import type { GenerationRequest } from '../provider/request.ts';
import type { JobResult, RawAsset } from './job-events.ts';

/** Where a job stands. The last three are terminal. */
export type JobPhase =
  | 'queued'
  | 'starting'
  | 'running'
  | 'fetching'
  | 'processing'
  | 'succeeded'
  | 'failed'
  | 'cancelled';

const TERMINAL: ReadonlySet<JobPhase> = new Set<JobPhase>(['succeeded', 'failed', 'cancelled']);

/** True for `succeeded`, `failed` and `cancelled`: nothing happens to the job any more. */
export function isTerminalPhase(phase: JobPhase): boolean {
  return TERMINAL.has(phase);
}

/** Money of one job: what was expected, what is held back, what it cost. */
export interface SpendRecord {
  readonly estimate?: Money;
  readonly reserved?: Money;
  readonly actual?: Money;
}

/** A job as the fold of its events. Plain data. */
export interface JobState {
  readonly job: string;
  readonly seq: number;
  readonly phase: JobPhase;
  readonly provider: string;
  readonly request: GenerationRequest;
  readonly processing: JsonObject;
  readonly delivery: JsonObject;
  readonly credit: string;
  readonly licence: string;
  readonly adopted: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly idempotencyKey?: string;
  readonly operation?: JsonValue;
  readonly operationStartedAt?: number;
  readonly taskId?: string;
  /** [0, 1] over the whole job, or null while the provider works and tells no fraction. Numbers never go back; 1 only with success. */
  readonly progress: number | null;
  readonly stage?: string;
  /** A wish that is still open. A result that the provider finished first overtakes it and makes this false again. */
  readonly cancelRequested: boolean;
  readonly offered: readonly string[];
  readonly fetched: readonly RawAsset[];
  readonly warnings: readonly Warning[];
  /** How many of them came before processing: the others are raised again when it runs again. */
  readonly warningsBeforeProcessing?: number;
  readonly model?: string;
  readonly seed?: number;
  readonly spend: SpendRecord;
  readonly result?: JobResult;
  readonly error?: ErrorRecord;
}
