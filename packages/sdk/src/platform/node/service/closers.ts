/** Things that have to be closed, in the order they were opened. */
export interface Closers {
  add(close: (reason: string) => Promise<void> | void): void;
  /** Closes them, the last one first. */
  closeAll(reason: string): Promise<void>;
}

/** @param onError - Told of one that failed, which does not keep the others. */
export function createClosers(onError: (error: unknown) => void): Closers {
  const all: ((reason: string) => Promise<void> | void)[] = [];
  return {
    add: (close) => void all.push(close),
    async closeAll(reason) {
      for (;;) {
        const close = all.pop();
        if (close === undefined) return;
        try {
          await close(reason);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}
