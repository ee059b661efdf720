import type { JsonObject } from '../foundation/json.ts';
import type { JobState } from '../jobs/job-state.ts';
import type { Money } from '../provider/provider.ts';
import { oneLine } from './report.ts';

/** One job as `jobs list --json` prints it. Public contract. */
export function toJobRecord(state: JobState): JsonObject {
  return {
    job: state.job,
    state: state.phase,
    ...(state.error === undefined ? {} : { code: state.error.code }),
    provider: state.provider,
    operation: state.taskId ?? null,
    prompt: promptText(state),
    createdAt: new Date(state.createdAt).toISOString(),
    updatedAt: new Date(state.updatedAt).toISOString(),
    progress: state.progress,
    folder: folderOf(state) ?? null,
  };
}

/** One job as `jobs show --json` prints it: the record of the list and everything else worth knowing. */
export function toJobDetails(state: JobState): JsonObject {
  return {
    ...toJobRecord(state),
    seq: state.seq,
    output: state.request.output,
    model: state.model ?? state.request.model ?? null,
    seed: seedOf(state) ?? null,
    credit: state.credit,
    licence: state.licence,
    adopted: state.adopted,
    cancelRequested: state.cancelRequested,
    ...(state.error === undefined ? {} : { error: { ...state.error } }),
    spend: toJson(state.spend),
    warnings: state.warnings.map((warning) => toJson(warning)),
    raw: state.fetched.map((asset) => toJson(asset)),
    processing: state.processing,
    ...(state.result === undefined ? {} : { summary: state.result.summary }),
  };
}

/** The seed that was used. Undefined for an adopted task whose provider does not tell: the order never went out. */
export function seedOf(state: JobState): number | undefined {
  return state.seed ?? (state.adopted ? undefined : state.request.seed);
}

/** One line of `jobs list`. */
export function formatJobLine(state: JobState): string {
  const when = new Date(state.createdAt).toISOString().slice(0, 16).replace('T', ' ');
  const code = state.error === undefined ? '' : ` ${state.error.code}`;
  return `${state.job}  ${when}  ${`${state.phase}${code}`.padEnd(11)}  ${state.provider}  ${shorten(promptText(state))}`;
}

/** What `jobs show` prints for people. */
export function formatJob(state: JobState): string {
  const rows: (readonly [string, string])[] = [
    ['job', state.job],
    ['state', `${state.phase}${state.progress === null ? '' : ` (${Math.floor(state.progress * 100)} %)`}`],
    ['prompt', shorten(promptText(state))],
    ['provider', `${state.provider}: ${oneLine(state.credit)}`],
    ['output', state.request.output],
    ...(seedOf(state) === undefined ? [] : [['seed', String(seedOf(state))] as const]),
    ['licence', oneLine(state.licence)],
    ['made', new Date(state.createdAt).toISOString()],
    ['changed', new Date(state.updatedAt).toISOString()],
    ...(state.taskId === undefined ? [] : [['task', oneLine(state.taskId)] as const]),
    ...spendRows(state),
    ...state.warnings.map((warning) => ['note', oneLine(warning.message)] as const),
    ...(state.error === undefined ? [] : [['error', `${oneLine(state.error.message)} [${state.error.code}]`] as const]),
    ...(folderOf(state) === undefined ? [] : [['folder', oneLine(folderOf(state) ?? '')] as const]),
  ];
  return rows.map(([name, value]) => `${name.padEnd(10)}${value}`).join('\n');
}

function spendRows(state: JobState): (readonly [string, string])[] {
  const rows: (readonly [string, Money | undefined])[] = [
    ['estimate', state.spend.estimate],
    ['reserved', state.spend.reserved],
    ['cost', state.spend.actual],
  ];
  return rows.flatMap(([name, money]) => (money === undefined ? [] : [[name, formatMoney(money)] as const]));
}

function formatMoney(money: Money): string {
  return `${money.amount} ${oneLine(money.currency)}`;
}

/** Where the asset is, or will be. */
function folderOf(state: JobState): string | undefined {
  const { folder } = state.delivery;
  return state.result?.location ?? (typeof folder === 'string' ? folder : undefined);
}

function promptText(state: JobState): string {
  return state.request.prompt.text ?? '';
}

const LONGEST_PROMPT = 60;

function shorten(text: string): string {
  const line = oneLine(text);
  return line.length > LONGEST_PROMPT ? `${line.slice(0, LONGEST_PROMPT - 1)}…` : line;
}

/** A plain object as JSON; these types hold nothing else. */
function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
