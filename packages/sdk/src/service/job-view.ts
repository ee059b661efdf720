import type * as z from 'zod/mini';
import type { SdkError } from '../foundation/errors.ts';
import { isTerminalPhase, type JobPhase, type JobState } from '../jobs/job-state.ts';
import type { jobActionSchema, jobViewSchema } from '../protocol/messages/job.ts';
import type { ProviderDescription } from '../provider/provider.ts';
import { estimateText, moneyText } from './cost-text.ts';
import { oneLine } from './one-line.ts';
import { stageWords } from './stage-words.ts';

/** A job as it is shown. See the schema. */
export type JobView = z.infer<typeof jobViewSchema>;

/** Something a person can do with a job. */
export type JobAction = z.infer<typeof jobActionSchema>;

/** What a view needs to know beyond the job. */
export interface JobViewFacts {
  /** Of the job's provider; undefined where it is not known here. */
  readonly provider?: ProviderDescription | undefined;
  /** Why this process had to leave the job as it is. */
  readonly stall?: SdkError | null;
  /** True where it is unlikely that anybody works on the job, for instance because its process was killed. */
  readonly isUnattended?: boolean;
}

const LONGEST_NAME = 48;
const MOST_WARNINGS = 20;

const STATES: Readonly<Record<JobPhase, JobView['state']>> = {
  queued: 'queued',
  starting: 'running',
  running: 'running',
  fetching: 'running',
  processing: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** A job as it is shown: every text and every decision, so that clients need no rules. Pure. */
export function toJobView(state: JobState, facts: JobViewFacts = {}): JobView {
  const isTerminal = isTerminalPhase(state.phase);
  const stall = isTerminal ? null : (facts.stall ?? null);
  const { provider } = facts;
  const { estimate, actual } = state.spend;
  const seed = state.seed ?? (state.adopted ? undefined : state.request.seed);
  const requester = requesterOf(state);
  const error = stall?.toRecord() ?? state.error;
  const cost = costText(state, provider);
  return {
    job: state.job,
    seq: state.seq,
    state: STATES[state.phase],
    stage: stageWords(state, stall !== null),
    progress: state.progress,
    summary: summaryText(state, stall, `${provider?.name ?? state.provider}, ${cost}`),
    prompt: state.request.prompt.text ?? '',
    name: nameOf(state),
    provider: state.provider,
    providerName: provider?.name ?? state.provider,
    output: state.request.output,
    ...(seed === undefined ? {} : { seed }),
    ...(state.taskId === undefined ? {} : { operation: state.taskId }),
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
    ...(isTerminal ? { endedAt: state.updatedAt } : {}),
    ...(estimate === undefined ? {} : { estimate: { ...estimate } }),
    ...(actual === undefined ? {} : { actual: { ...actual } }),
    cost,
    credit: state.credit,
    licence: state.licence,
    ...(state.result === undefined ? {} : { folder: state.result.location }),
    ...(error === undefined ? {} : { error: toErrorView(error) }),
    warnings: state.warnings.slice(0, MOST_WARNINGS).map((warning) => warning.message),
    actions: actionsOf(state, stall !== null || facts.isUnattended === true),
    ...(requester === undefined ? {} : { requester }),
  };
}

/** What a person can do with a job now. */
function actionsOf(state: JobState, canResume: boolean): JobAction[] {
  switch (state.phase) {
    case 'succeeded':
      return ['import'];
    case 'failed':
      // The task may exist and be paid for: it is looked for and adopted. Ordering again is a new order, with the price in sight.
      return state.error?.code === 'OUTCOME_UNKNOWN' ? [] : ['retry'];
    case 'cancelled':
      return ['retry'];
    default:
      return [...(canResume ? ['resume' as const] : []), ...(state.cancelRequested ? [] : ['cancel' as const])];
  }
}

function costText(state: JobState, provider: ProviderDescription | undefined): string {
  const { estimate, actual } = state.spend;
  const hasNoResult = state.phase === 'failed' || state.phase === 'cancelled';
  if (actual !== undefined) {
    if (actual.amount === 0) return hasNoResult ? 'not charged' : 'free';
    return moneyText(actual);
  }
  // an adopted task was paid for when it was ordered, whatever it was
  if (state.adopted) return provider !== undefined && provider.currency === undefined ? 'free' : 'price unknown';
  const isFree = provider?.currency === undefined && (estimate?.amount ?? 0) === 0;
  const wasNeverSent = state.operation === undefined && state.idempotencyKey === undefined;
  if (hasNoResult && wasNeverSent && !isFree) return 'not charged';
  // the provider has not said: the estimate alone would read as a bill
  if (hasNoResult && estimate !== undefined && estimate.amount > 0) return `about ${moneyText(estimate)}, if charged`;
  if (provider !== undefined) return estimateText(provider, estimate);
  if (estimate === undefined) return 'price unknown';
  return estimate.amount === 0 ? 'free' : `about ${moneyText(estimate)}`;
}

function summaryText(state: JobState, stall: SdkError | null, standing: string): string {
  if (stall !== null) return stall.message;
  if (state.phase === 'failed') return state.error?.message ?? 'The job failed.';
  if (state.phase === 'cancelled') return 'The job was cancelled.';
  if (state.phase !== 'succeeded') return standing;
  const { levels, triangles, gaussians } = state.result?.summary ?? {};
  const parts = [
    countText(levels, 'level'),
    countText(firstOf(triangles), 'triangle'),
    countText(firstOf(gaussians), 'gaussian'),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'Done' : parts.join(', ');
}

/** `1 level`, `2 716 triangles`; undefined for what is no count. Groups are parted by a narrow space that does not break. */
function countText(count: unknown, noun: string): string | undefined {
  if (typeof count !== 'number' || !Number.isFinite(count)) return undefined;
  const grouped = String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, '\u202f');
  return `${grouped} ${noun}${count === 1 ? '' : 's'}`;
}

/** Of counts per level that of level 0, which is what people ask for. */
function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

/** The prompt on one line, cut between words; without one the name of the folder. */
function nameOf(state: JobState): string {
  const line = oneLine(state.request.prompt.text ?? '');
  if (line === '') return folderName(state.delivery.folder) ?? 'asset';
  if (line.length <= LONGEST_NAME) return line;
  const cut = line.slice(0, LONGEST_NAME + 1);
  const space = cut.lastIndexOf(' ');
  // half of a surrogate pair is no character
  return (space > LONGEST_NAME / 2 ? cut.slice(0, space) : cut.slice(0, LONGEST_NAME)).replace(/[\ud800-\udbff]$/, '');
}

function folderName(folder: unknown): string | undefined {
  if (typeof folder !== 'string') return undefined;
  const name = folder
    .split(/[\\/]/)
    .filter((part) => part !== '')
    .at(-1);
  return name?.slice(0, LONGEST_NAME);
}

function requesterOf(state: JobState): JobView['requester'] {
  const requester = state.delivery.requester as { instance?: unknown; label?: unknown } | null | undefined;
  if (typeof requester?.instance !== 'string' || typeof requester.label !== 'string') return undefined;
  return { instance: requester.instance, label: requester.label };
}

function toErrorView(error: NonNullable<JobState['error']>): NonNullable<JobView['error']> {
  const { code, message, remedy, retryAfterMs, details } = error;
  return {
    code,
    message,
    ...(remedy === undefined ? {} : { remedy }),
    // a log of another version may lack it
    retry: error.retry === 'later' ? 'later' : 'never',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(details === undefined ? {} : { details: { ...details } as Record<string, never> }),
  };
}
