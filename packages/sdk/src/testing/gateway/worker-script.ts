/** What one worker does with a task. */
export interface WorkerScript {
  /** From accepting the task until the worker takes it, milliseconds of the gateway's clock. Default 0. */
  readonly takesAfterMs?: number;
  /** From taking it to the result, milliseconds of the gateway's clock. Default 0. */
  readonly worksMs?: number;
  /** `silence` takes the task and never comes back. Default `success`. */
  readonly outcome?: 'success' | 'failure' | 'silence';
  /** Reason of a failure, cut to 255 characters. Default `Generation failed`. */
  readonly reason?: string;
  /** The file of a success. Default: what the stand-in's `results` make. */
  readonly file?: Uint8Array;
}

/** All workers of a task, in any order. An empty list is a task that nobody takes. */
export type TaskScript = readonly WorkerScript[];

/** A few seconds in which every word of a healthy task can be seen: NoResult, InProgress, PartialResult(1), (2), Success. */
export const STEADY_WORKERS: TaskScript = [
  { takesAfterMs: 1000, worksMs: 2000 },
  { takesAfterMs: 1200, worksMs: 3300 },
  { takesAfterMs: 1500, worksMs: 4500 },
];

/** The first event of a worker, or what follows it. */
export interface WorkerEvent {
  readonly atMs: number;
  readonly kind: 'taken' | 'succeeded' | 'failed';
  readonly workerId: string;
  readonly reason?: string;
  readonly file?: Uint8Array;
}

const LONGEST_REASON = 255;

/** Events of all workers of a task, in the order of their times. */
export function planWorkers(script: TaskScript, acceptedAtMs: number): WorkerEvent[] {
  const events: WorkerEvent[] = [];
  for (const [index, worker] of script.entries()) {
    const workerId = `worker-${index + 1}`;
    const takenAtMs = acceptedAtMs + (worker.takesAfterMs ?? 0);
    events.push({ atMs: takenAtMs, kind: 'taken', workerId });
    const endsAtMs = takenAtMs + (worker.worksMs ?? 0);
    const outcome = worker.outcome ?? 'success';
    if (outcome === 'success') {
      const file = worker.file === undefined ? {} : { file: worker.file };
      events.push({ atMs: endsAtMs, kind: 'succeeded', workerId, ...file });
    } else if (outcome === 'failure') {
      events.push({ atMs: endsAtMs, kind: 'failed', workerId, reason: cutReason(worker.reason) });
    }
  }
  return events.sort((a, b) => a.atMs - b.atMs);
}

/** A reason as it is kept. */
export function cutReason(reason = 'Generation failed'): string {
  return reason.slice(0, LONGEST_REASON);
}
