/** Signals people and programs send to end a command. */
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Two signals of a kind closer together than this are one. Longer than it takes npm to pass a signal on, shorter than it takes
 * a person to press a key twice.
 */
const SAME_PRESS_MS = 150;

/**
 * Passes signals on to a child, so that ending this process ends the work.
 *
 * A Ctrl-C in a terminal reaches the child anyway; {@link collapseRepeatedSignals} in the child makes one of the two.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} Ends it.
 */
export function forwardSignals(child) {
  const handlers = SIGNALS.map((signal) => {
    const handler = () => {
      // Windows tells every process in the console by itself, and kill() there means to end it without a word
      if (process.platform !== 'win32') child.kill(signal);
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}

/**
 * Makes one signal of those of a kind that arrive almost at once.
 *
 * One Ctrl-C arrives two or three times: the terminal sends it to every process in the foreground, and npm passes on the
 * one it got. For the command line a second Ctrl-C means to quit at once, so they must not be counted.
 */
export function collapseRepeatedSignals() {
  const emit = process.emit;
  /** @type {Map<string | symbol, number>} */
  const lastAt = new Map();
  /** @type {(event: string | symbol, ...rest: unknown[]) => boolean} */
  const emitOnce = (event, ...rest) => {
    if (SIGNALS.some((signal) => signal === event)) {
      const now = performance.now();
      if (now - (lastAt.get(event) ?? Number.NEGATIVE_INFINITY) < SAME_PRESS_MS) return true;
      lastAt.set(event, now);
    }
    return Reflect.apply(emit, process, [event, ...rest]);
  };
  process.emit = /** @type {typeof process.emit} */ (emitOnce);
}
