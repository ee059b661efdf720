import { SdkError } from './errors.ts';

/**
 * What a long operation watches to learn that nobody wants its result any more.
 *
 * A structural twin of the platform's `AbortSignal`, so browsers and Node pass theirs unchanged and the core needs no
 * DOM types.
 */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A signal together with the right to trip it. */
export interface CancelController {
  readonly signal: CancelSignal;
  /** Trips the signal once; later calls do nothing. Without a reason listeners see an {@link SdkError} `CANCELLED`. */
  cancel(reason?: unknown): void;
}

/** Makes a controller on engines that have no `AbortController`. */
export function createCancelController(): CancelController {
  const listeners = new Set<() => void>();
  const state: { aborted: boolean; reason?: unknown } = { aborted: false };
  const signal: CancelSignal = {
    get aborted() {
      return state.aborted;
    },
    get reason() {
      return state.reason;
    },
    addEventListener: (_type, listener) => {
      listeners.add(listener);
    },
    removeEventListener: (_type, listener) => {
      listeners.delete(listener);
    },
  };
  return {
    signal,
    cancel(reason) {
      if (state.aborted) return;
      state.aborted = true;
      state.reason = reason ?? new SdkError({ code: 'CANCELLED', message: 'The operation was cancelled.' });
      const waiting = [...listeners];
      listeners.clear();
      for (const listener of waiting) listener();
    },
  };
}

/** Throws the signal's reason if it has been tripped. */
export function throwIfCancelled(signal: CancelSignal | undefined): void {
  if (signal?.aborted) throw cancelReason(signal);
}

/** The reason of a tripped signal, or a plain `CANCELLED` when it carries none. */
export function cancelReason(signal: CancelSignal): unknown {
  return signal.reason ?? new SdkError({ code: 'CANCELLED', message: 'The operation was cancelled.' });
}

/**
 * A controller that is tripped as soon as one of `sources` is.
 *
 * Call `dispose` when the work is over, or long-lived sources keep a listener for every call made under them.
 */
export function linkCancel(sources: readonly (CancelSignal | undefined)[]): CancelController & { dispose(): void } {
  const controller = createCancelController();
  const undo: (() => void)[] = [];
  for (const source of sources) {
    if (source === undefined) continue;
    if (source.aborted) {
      controller.cancel(cancelReason(source));
      break;
    }
    const listener = (): void => controller.cancel(cancelReason(source));
    source.addEventListener('abort', listener);
    undo.push(() => source.removeEventListener('abort', listener));
  }
  return {
    ...controller,
    dispose() {
      for (const remove of undo) remove();
      undo.length = 0;
    },
  };
}

/** Settles with `promise`, or rejects with the signal's reason as soon as it is tripped. The promise keeps running. */
export function raceCancel<T>(promise: Promise<T>, signal: CancelSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  if (signal.aborted) {
    promise.catch(() => undefined); // nobody is left to look at its outcome
    return Promise.reject(cancelReason(signal));
  }
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(cancelReason(signal));
    signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
