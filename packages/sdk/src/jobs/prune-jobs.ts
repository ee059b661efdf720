import type { Host } from '../host/host.ts';
import { isTerminalPhase, type JobPhase, type JobState } from './job-state.ts';
import type { JobStore } from './job-store.ts';
import { RAW_PREFIX } from './raw-assets.ts';

/** Folder of input files in the Host's files. */
export const INPUT_PREFIX = 'inputs/';

/** A file nobody refers to may have been written a moment ago for an event that is still on its way, milliseconds. */
const GRACE_MS = 3_600_000;

/** What to clean away. */
export interface PruneOptions {
  /** Only jobs that ended at least this long ago. Default 0: all that have ended. */
  readonly olderThanMs?: number;
  /** Only jobs with one of these ends. Default: every end. */
  readonly phases?: readonly JobPhase[];
  /** Says what would go and deletes nothing. */
  readonly dryRun?: boolean;
}

/** What was cleaned away, or would be. */
export interface PruneReport {
  readonly jobs: readonly string[];
  /** Keys of raw results and inputs that no job refers to. */
  readonly files: readonly string[];
  /** Size of those files. */
  readonly bytes: number;
}

/**
 * Removes the records of jobs that have ended, and raw results and inputs that no job refers to any more.
 *
 * Delivered assets are the user's and stay. Jobs go first: a crash in between leaves files that the next run removes,
 * never a record without its file.
 */
export async function pruneJobs(host: Host, store: JobStore, options: PruneOptions = {}): Promise<PruneReport> {
  const now = host.clock.now();
  const states = await store.list();
  const doomed = states.filter(
    (state) =>
      isTerminalPhase(state.phase) &&
      state.updatedAt <= now - (options.olderThanMs ?? 0) &&
      (options.phases === undefined || options.phases.includes(state.phase)),
  );
  const jobs = doomed.map((state) => state.job);
  if (options.dryRun !== true && jobs.length > 0) await store.remove(jobs);

  const gone = new Set(jobs);
  // Read again after the removal: a job may have been made meanwhile.
  const kept = options.dryRun === true ? states.filter((state) => !gone.has(state.job)) : await store.list();
  const inUse = new Set(kept.flatMap(filesOf));
  const lastUse = new Map<string, number>();
  for (const state of doomed) {
    for (const key of filesOf(state)) lastUse.set(key, Math.max(lastUse.get(key) ?? 0, state.updatedAt));
  }
  const files: string[] = [];
  let bytes = 0;
  for (const prefix of [RAW_PREFIX, INPUT_PREFIX]) {
    for (const file of await host.files.list(prefix)) {
      if (inUse.has(file.key)) continue;
      // Younger than the last job that used it: somebody has just written it again.
      const limit = lastUse.get(file.key) ?? now - GRACE_MS;
      if (Math.floor(file.modifiedMs) > limit) continue;
      files.push(file.key);
      bytes += file.sizeBytes;
      if (options.dryRun !== true) await host.files.delete(file.key);
    }
  }
  return { jobs, files, bytes };
}

function filesOf(state: JobState): string[] {
  return [...state.fetched.map((asset) => asset.key), ...(state.request.prompt.images ?? []).map((image) => image.key)];
}
