import type { JobEvent } from '../jobs/job-events.ts';
import type { JobState } from '../jobs/job-state.ts';
import { reduceJob } from '../jobs/reduce-job.ts';
import { oneLine } from './report.ts';
import type { Terminal } from './terminal.ts';

/** Shows how a job comes along. */
export interface ProgressView {
  show(event: JobEvent): void;
  /** Takes the bar away, so that something else can be written. */
  clear(): void;
}

const BAR_WIDTH = 24;
const LINE_STEP = 0.1;
const ERASE_LINE = '\r\u001b[K';

/**
 * A bar that is drawn over itself on a terminal; elsewhere a line whenever the phase changes or a tenth is done.
 *
 * @param initial - What the job was before the first event shown, null for a new one.
 * @param label - Put before every line where several jobs are shown at once; there is no bar then.
 */
export function createProgressView(terminal: Terminal, initial: JobState | null, label?: string): ProgressView {
  let state = initial;
  let shownPhase = '';
  let shownProgress = 0;
  let isDrawn = false;
  const prefix = label === undefined ? '' : `${label}  `;

  const clear = (): void => {
    if (isDrawn) terminal.note(ERASE_LINE);
    isDrawn = false;
  };
  const draw = (current: JobState): void => {
    const share = current.progress ?? 0;
    const full = Math.round(share * BAR_WIDTH);
    const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)}`;
    const painted = terminal.hasColor ? `\u001b[36m${bar}\u001b[39m` : bar;
    const percent = current.progress === null ? '  …' : `${String(Math.floor(share * 100)).padStart(3)}%`;
    const room = Math.max(0, terminal.columns - BAR_WIDTH - percent.length - 4);
    terminal.note(`${ERASE_LINE}${painted} ${percent} ${describeStage(current).slice(0, room)}`);
    isDrawn = true;
  };
  const writeLine = (current: JobState): void => {
    const share = current.progress ?? shownProgress;
    if (current.phase === shownPhase && share < shownProgress + LINE_STEP) return;
    shownPhase = current.phase;
    shownProgress = share;
    const percent = current.progress === null ? '' : `${String(Math.floor(share * 100)).padStart(3)}%  `;
    terminal.note(`${prefix}${percent}${describeStage(current)}\n`);
  };

  return {
    show(event) {
      state = reduceJob(state, event);
      if (state === null) return;
      if (event.type === 'warning-raised') {
        clear();
        terminal.note(`${prefix}Note: ${oneLine(event.warning.message)}\n`);
      }
      if (terminal.canRedraw && label === undefined) draw(state);
      else writeLine(state);
    },
    clear,
  };
}

const PHASES: Readonly<Record<JobState['phase'], string>> = {
  queued: 'waiting',
  starting: 'starting',
  running: 'generating',
  fetching: 'fetching the result',
  processing: 'making levels of detail',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

function describeStage(state: JobState): string {
  const stage = state.phase === 'running' && state.stage !== undefined ? ` (${oneLine(state.stage)})` : '';
  return `${PHASES[state.phase]}${stage}`;
}
