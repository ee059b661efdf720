import { isCancelError, SdkError, toSdkError } from '../foundation/errors.ts';
import type { JobEvent, JobResult } from '../jobs/job-events.ts';
import { isTerminalPhase, type JobState } from '../jobs/job-state.ts';
import type { HomeStudio } from '../platform/node/open-home-studio.ts';
import type { JobHandle } from '../studio/job-handle.ts';
import { detachedLogPath, detachJobs } from './detach.ts';
import { watchInterrupts } from './interrupts.ts';
import { seedOf } from './job-text.ts';
import { createProgressView } from './progress-view.ts';
import { oneLine, printFailure, printJson } from './report.ts';
import type { Terminal } from './terminal.ts';
import { EXIT } from './verb.ts';

/** How jobs are shown. */
export interface FollowOptions {
  readonly json: boolean;
  /** True in the process that goes on after an interrupt: being interrupted itself it lets go and starts no other. */
  readonly isDetached?: boolean;
}

/**
 * Shows jobs until all of them have ended, and tells how.
 *
 * The first interrupt hands what has not ended over to a process of its own and says how to follow or cancel it; the
 * second one quits at once. Jobs are never ended by it.
 *
 * @param handles - Jobs this process drives, or watches while another one drives them.
 * @param seen - State of a job up to which its events need not be shown, null for none.
 * @returns Exit status.
 */
export async function followJobs(
  open: HomeStudio,
  handles: readonly JobHandle[],
  terminal: Terminal,
  options: FollowOptions,
  seen: (job: string) => JobState | null = () => null,
): Promise<number> {
  const interrupts = watchInterrupts(() => {
    terminal.note('\nStopped at once. `maquette jobs resume` goes on with what has not ended.\n');
  });
  const follow = async (handle: JobHandle): Promise<JobOutcome> =>
    followOne(handle, terminal, options, interrupts.signal, {
      state: seen(handle.id),
      ...(handles.length === 1 ? {} : { label: handle.id.slice(-LABEL_LENGTH) }),
    });
  try {
    const outcomes = await Promise.all(handles.map(follow));
    if (!outcomes.some((outcome) => outcome.kind === 'interrupted')) {
      for (const outcome of outcomes) tell(outcome, terminal, options);
      return outcomes.every((outcome) => outcome.kind === 'succeeded') ? EXIT.done : EXIT.failed;
    }
    return await handOver(open, handles, terminal, options);
  } finally {
    interrupts.stop();
  }
}

/** The end of an id differs between jobs made in the same moment, its beginning does not. */
const LABEL_LENGTH = 8;

type JobOutcome =
  | { readonly kind: 'succeeded'; readonly state: JobState; readonly result: JobResult }
  | { readonly kind: 'failed'; readonly job: string; readonly error: SdkError }
  | { readonly kind: 'interrupted' };

async function followOne(
  handle: JobHandle,
  terminal: Terminal,
  options: FollowOptions,
  interrupt: AbortSignal,
  from: { readonly state: JobState | null; readonly label?: string },
): Promise<JobOutcome> {
  const view = createProgressView(terminal, from.state, from.label);
  const stop = new AbortController();
  const signal = AbortSignal.any([interrupt, stop.signal]);
  const show = async (): Promise<void> => {
    for await (const event of handle.events({ afterSeq: from.state?.seq ?? 0, signal })) {
      if (options.json) printJson(terminal, inReadingOrder(event));
      view.show(event);
    }
  };
  const shown = show();
  shown.catch(() => undefined); // looked at below, once the result is known
  try {
    const outcome = await outcomeOf(handle, signal);
    if (outcome.kind === 'failed' && !isTerminalPhase((await handle.state()).phase)) stop.abort(); // no last event will come
    await shown.catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    return outcome;
  } catch (error) {
    if (interrupt.aborted) return { kind: 'interrupted' };
    throw error;
  } finally {
    stop.abort();
    view.clear();
  }
}

/** How a job ended; rejects when the signal tripped before. */
async function outcomeOf(handle: JobHandle, signal: AbortSignal): Promise<JobOutcome> {
  try {
    const result = await handle.result(signal);
    return { kind: 'succeeded', result, state: await handle.state() };
  } catch (error) {
    if (signal.aborted && isCancelError(error)) throw error;
    return { kind: 'failed', job: handle.id, error: toSdkError(error) };
  }
}

function tell(outcome: JobOutcome, terminal: Terminal, options: FollowOptions): void {
  if (outcome.kind === 'failed') printFailure(terminal, outcome.error, options.json ? { job: outcome.job } : null);
  if (outcome.kind !== 'succeeded') return;
  const { state, result } = outcome;
  if (options.json) {
    printJson(terminal, { type: 'result', job: state.job, state: 'succeeded', folder: result.location });
  } else {
    terminal.print(result.location);
  }
  terminal.note(describeLevels(result));
  const seed = seedOf(state);
  const facts = [oneLine(state.credit), `licence ${oneLine(state.licence)}`];
  terminal.note(`${[...facts, ...(seed === undefined ? [] : [`seed ${seed}`])].join(', ')}.\n`);
}

/** Lets go of the jobs and starts a process that goes on with those that have not ended. */
async function handOver(
  open: HomeStudio,
  handles: readonly JobHandle[],
  terminal: Terminal,
  options: FollowOptions,
): Promise<number> {
  await open.studio.release();
  const states = await Promise.all(handles.map((handle) => handle.state()));
  const unfinished = states.filter((state) => !isTerminalPhase(state.phase));
  for (const [index, state] of states.entries()) {
    if (!isTerminalPhase(state.phase)) continue;
    // it ended while we let go of it
    tell(await outcomeOf(handles[index] as JobHandle, new AbortController().signal), terminal, options);
  }
  if (unfinished.length === 0) return states.every((state) => state.phase === 'succeeded') ? EXIT.done : EXIT.failed;
  const jobs = unfinished.map((state) => state.job);
  if (options.isDetached === true) {
    terminal.note(`Let go of ${jobs.join(', ')}; \`maquette jobs resume\` goes on.\n`);
    return EXIT.interrupted;
  }
  await detachJobs(open.host.home, jobs);
  for (const job of jobs) {
    const error = new SdkError({
      code: 'DETACHED',
      message: `Job ${job} goes on in the background.`,
      remedy: `Follow it with \`maquette jobs resume ${job}\`, stop it with \`maquette jobs cancel ${job}\`; its log is ${detachedLogPath(open.host.home)}.`,
    });
    if (options.json) {
      printJson(terminal, { type: 'result', job, state: 'detached', code: error.code, message: error.message });
    }
    terminal.note(`\n${error.message}\n  ${error.remedy}\n`);
  }
  return EXIT.interrupted;
}

/** The event with the members first that every line has. */
function inReadingOrder(event: JobEvent): object {
  const { type, job, seq, ...rest } = event;
  return { type, job, seq, ...rest };
}

/** One line about the levels, if the summary tells of any. */
function describeLevels({ summary }: JobResult): string {
  for (const unit of ['triangles', 'gaussians']) {
    const counts = summary[unit];
    if (Array.isArray(counts)) {
      return `${counts.length} ${counts.length === 1 ? 'level' : 'levels'} with ${counts.join(', ')} ${unit}.\n`;
    }
  }
  return '';
}
