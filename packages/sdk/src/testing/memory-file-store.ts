import { SdkError } from '../foundation/errors.ts';
import { createMemoryFiles, type MemoryFiles } from '../host/memory-files.ts';

/** How a {@link MemoryFileStore} behaves. */
export interface MemoryFileStoreOptions {
  /** Gives files their time. Default: a counter, one millisecond per write. */
  readonly now?: () => number;
  /** Bytes the store may hold before writes fail as on a full disk. Default unlimited. */
  readonly capacityBytes?: number;
}

/** Files in memory, with the faults a disk can have. */
export interface MemoryFileStore extends MemoryFiles {
  /** Changes how much fits from now on; null takes the limit away. */
  setCapacity(bytes: number | null): void;
  /** Makes the next `count` writes whose key passes `matches` fail with `error`. Default: a `STORE_FAILED`. */
  failWrites(count: number, matches?: (key: string) => boolean, error?: SdkError): void;
}

interface WriteFault {
  left: number;
  readonly matches: (key: string) => boolean;
  readonly error: SdkError;
}

/** Makes an empty {@link MemoryFileStore}. */
export function createMemoryFileStore(options: MemoryFileStoreOptions = {}): MemoryFileStore {
  const faults: WriteFault[] = [];
  let capacityBytes = options.capacityBytes ?? null;
  let ticks = 0;
  const countWrites = (): number => {
    ticks += 1;
    return ticks;
  };
  const files = createMemoryFiles({
    now: options.now ?? countWrites,
    admit(key, heldBytes) {
      const fault = faults.find((candidate) => candidate.left > 0 && candidate.matches(key));
      if (fault !== undefined) {
        fault.left -= 1;
        throw fault.error;
      }
      if (capacityBytes === null || heldBytes <= capacityBytes) return;
      throw new SdkError({
        code: 'STORE_FAILED',
        message: `The disk is full, "${key}" was not stored.`,
        details: { reason: 'disk-full' },
      });
    },
  });
  return {
    read: files.read,
    write: files.write,
    stat: files.stat,
    delete: files.delete,
    list: files.list,
    get usedBytes() {
      return files.usedBytes;
    },
    setCapacity(bytes) {
      capacityBytes = bytes;
    },
    failWrites(count, matches = () => true, error) {
      faults.push({
        left: count,
        matches,
        error: error ?? new SdkError({ code: 'STORE_FAILED', message: 'The file store was told to fail.' }),
      });
    },
  };
}
