import type { MemoryHost } from '../testing/memory-host.ts';
import type { JobStore } from './job-store.ts';

/** A process that can be killed: from that moment on nothing it asks of the machine ever answers. */
export interface MortalProcess {
  readonly host: MemoryHost;
  readonly store: JobStore;
  kill(): void;
  readonly isDead: boolean;
}

const NEVER = new Promise<never>(() => undefined);

/**
 * Wraps machine and store of a pretended process.
 *
 * @param onStoreWrite - Called before every write to the store with its number from 1; `true` kills the process there,
 * `'after'` kills it when the write is done, so that the process never learns that it was.
 */
export function createMortalProcess(
  host: MemoryHost,
  store: JobStore,
  onStoreWrite: (count: number) => boolean | 'after' = () => false,
): MortalProcess {
  let isDead = false;
  let writes = 0;

  const alive = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isDead) return NEVER;
    const result = await work();
    return isDead ? NEVER : result;
  };
  const writing = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isDead) return NEVER;
    writes += 1;
    const fate = onStoreWrite(writes);
    if (fate === true) {
      isDead = true;
      return NEVER;
    }
    const result = await work();
    if (fate === 'after') isDead = true;
    return isDead ? NEVER : result;
  };

  return {
    host: {
      ...host,
      clock: { ...host.clock, sleep: (ms, signal) => alive(() => host.clock.sleep(ms, signal)) },
      files: {
        ...host.files,
        read: (key) => alive(() => host.files.read(key)),
        write: (key, content, signal) => alive(() => host.files.write(key, content, signal)),
        stat: (key) => alive(() => host.files.stat(key)),
        delete: (key) => alive(() => host.files.delete(key)),
        list: (prefix) => alive(() => host.files.list(prefix)),
      },
    },
    store: {
      isShared: store.isShared,
      create: (job, events, at) => writing(() => store.create(job, events, at)),
      append: (job, owner, events, at) => writing(() => store.append(job, owner, events, at)),
      acquireLease: (job, owner, ttlMs, now) => alive(() => store.acquireLease(job, owner, ttlMs, now)),
      releaseLease: (job, owner) => alive(() => store.releaseLease(job, owner)),
      get: (job) => alive(() => store.get(job)),
      list: (filter) => alive(() => store.list(filter)),
      events: (job, afterSeq) => alive(() => store.events(job, afterSeq)),
      remove: (jobs) => alive(() => store.remove(jobs)),
      subscribe: (listener) =>
        store.subscribe((event) => {
          if (!isDead) listener(event);
        }),
      close: () => store.close(),
    },
    kill() {
      isDead = true;
    },
    get isDead() {
      return isDead;
    },
  };
}
