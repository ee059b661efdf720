import { type CancelSignal, cancelReason } from '../foundation/cancel.ts';

/** A right to work that is handed out in the order of asking. */
export interface Slots {
  /**
   * Waits for a free slot.
   *
   * @param force - Takes one at once, above the limit if need be: work that is already under way elsewhere cannot wait.
   * @returns The function that gives the slot back; further calls of it do nothing. Rejects with the signal's reason.
   */
  take(signal: CancelSignal, force?: boolean): Promise<() => void>;
}

/** Makes `limit` slots. */
export function createSlots(limit: number): Slots {
  const waiting: (() => void)[] = [];
  let taken = 0;

  const give = (): (() => void) => {
    taken += 1;
    let given = true;
    return () => {
      if (!given) return;
      given = false;
      taken -= 1;
      if (taken < limit) waiting.shift()?.();
    };
  };

  return {
    take(signal, force = false) {
      if (signal.aborted) return Promise.reject(cancelReason(signal));
      if (force || (taken < limit && waiting.length === 0)) return Promise.resolve(give());
      return new Promise((resolve, reject) => {
        const onTurn = (): void => {
          signal.removeEventListener('abort', onAbort);
          resolve(give());
        };
        const onAbort = (): void => {
          waiting.splice(waiting.indexOf(onTurn), 1);
          reject(cancelReason(signal));
        };
        signal.addEventListener('abort', onAbort);
        waiting.push(onTurn);
      });
    },
  };
}
