import type { JobStore } from './job-store.ts';
import { createLogJobStore } from './log-job-store.ts';

/** A store that forgets everything with the process. For tests, panels and short scripts. */
export function createMemoryJobStore(): JobStore {
  return createLogJobStore({
    load: async () => new Map(),
    save: async () => undefined,
    remove: async () => undefined,
  });
}
