import { EXIT } from './verb.ts';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Watches for the wish to stop: Ctrl-C, a polite kill, a closed terminal. */
export interface Interrupts {
  /** Trips with the first of them. */
  readonly signal: AbortSignal;
  /** Ends the watch: from then on a signal does what it does in any program. */
  stop(): void;
}

/**
 * Takes over the signals that ask a program to end. The first one trips {@link Interrupts.signal}; the second one ends
 * the process at once with status 130.
 *
 * @param onSecond - Called before the process ends.
 */
export function watchInterrupts(onSecond: () => void = () => undefined): Interrupts {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      onSecond();
      process.exit(EXIT.interrupted);
    }
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    stop() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

/**
 * Waits for the wish to end a program that goes on until then, whichever way it is told. The second one does what it does
 * in any program: it ends it.
 */
export function watchEndings(): { readonly ended: Promise<NodeJS.Signals>; readonly stop: () => void } {
  const stop = (): void => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  let announce: (signal: NodeJS.Signals) => void = () => undefined;
  const ended = new Promise<NodeJS.Signals>((resolve) => {
    announce = resolve;
  });
  const onSignal = (signal: NodeJS.Signals): void => {
    stop();
    announce(signal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return { ended, stop };
}
