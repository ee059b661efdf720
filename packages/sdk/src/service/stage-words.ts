import { isTerminalPhase, type JobState } from '../jobs/job-state.ts';
import { oneLine, shorten } from './one-line.ts';

/** Longest word of a provider that is shown, UTF-16 code units. */
const LONGEST_STAGE = 60;

/** What is being done once a step of processing is through: the stored stage is the step that has ended. */
const AFTER_STEP: Readonly<Record<string, string>> = {
  inspect: 'Cleaning up',
  'drop-non-finite': 'Cleaning up',
  triangulate: 'Cleaning up',
  normalise: 'Cleaning up',
  repair: 'Cleaning up',
  textures: 'Cleaning up',
  tidy: 'Making levels',
  simplify: 'Making levels',
  levels: 'Saving',
  write: 'Saving',
};

/** What happens to a job now, in a word or three. */
export function stageWords(state: JobState, isStalled: boolean): string {
  const { phase, stage } = state;
  if (!isTerminalPhase(phase)) {
    if (state.cancelRequested) return 'Cancelling';
    if (isStalled) return 'Stopped';
  }
  switch (phase) {
    case 'queued':
      return 'Waiting';
    case 'starting':
      return 'Sending the order';
    case 'running':
      return providerWords(stage) ?? 'Generating';
    case 'fetching':
      return 'Downloading';
    case 'processing':
      return AFTER_STEP[stage ?? ''] ?? 'Reading the result';
    case 'succeeded':
      return 'Done';
    case 'failed':
      return 'Failed';
    case 'cancelled':
      return 'Cancelled';
  }
}

/** A provider's own words, as a sentence begins; undefined where it has none. */
function providerWords(stage: string | undefined): string | undefined {
  const line = shorten(oneLine(stage ?? ''), LONGEST_STAGE);
  return line === '' ? undefined : line.charAt(0).toUpperCase() + line.slice(1);
}
