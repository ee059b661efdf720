import type { Transport, TransportCallbacks } from './transport.ts';

/** One end of a pair in memory. */
export interface MemoryTransport extends Transport {
  /** Stops to receive, like a program that hangs. What comes meanwhile waits, and counts as buffered for the sender. */
  pause(): void;
  /** Receives again, what has waited first. */
  resume(): void;
}

interface End {
  readonly transport: MemoryTransport;
  /** Takes over a message, or the end, from the other side. */
  receive(item: string | { readonly reason: string }): void;
  readonly waitingBytes: number;
}

/**
 * Two connected transports within one program: for tests, stories and a panel that holds its own service.
 *
 * Messages arrive in later turns, never inside `send`. Bytes are counted as UTF-16 code units.
 */
export function createTransportPair(): readonly [MemoryTransport, MemoryTransport] {
  const left: End = createEnd(() => right);
  const right: End = createEnd(() => left);
  return [left.transport, right.transport];
}

function createEnd(other: () => End): End {
  const inbox: (string | { readonly reason: string })[] = [];
  let waitingBytes = 0;
  let callbacks: TransportCallbacks | undefined;
  let isPaused = false;
  let isFlushing = false;
  /** Closed by this side, or told of the end. */
  let isClosed = false;
  let endReason = '';
  let hasToldEnd = false;

  const flush = async (): Promise<void> => {
    if (isFlushing) return;
    isFlushing = true;
    for (;;) {
      await undefined;
      if (callbacks === undefined || isPaused) break;
      const item = inbox.shift();
      if (item === undefined) break;
      if (typeof item !== 'string') {
        isClosed = true;
        endReason = item.reason;
        await tellEnd();
        break;
      }
      waitingBytes -= item.length;
      callbacks.onMessage(item);
    }
    isFlushing = false;
    if (inbox.length > 0 && callbacks !== undefined && !isPaused && !isClosed) void flush();
  };

  const tellEnd = async (): Promise<void> => {
    await undefined;
    if (hasToldEnd || callbacks === undefined) return;
    hasToldEnd = true;
    callbacks.onClose(endReason);
  };

  return {
    receive(item) {
      if (isClosed) return;
      inbox.push(item);
      if (typeof item === 'string') waitingBytes += item.length;
      void flush();
    },
    get waitingBytes() {
      return waitingBytes;
    },
    transport: {
      start(given) {
        callbacks = given;
        if (isClosed) void tellEnd();
        else void flush();
      },
      send(text) {
        if (!isClosed) other().receive(text);
      },
      get bufferedBytes() {
        return other().waitingBytes;
      },
      close(reason = '') {
        if (isClosed) return;
        isClosed = true;
        endReason = reason;
        other().receive({ reason });
        inbox.length = 0;
        waitingBytes = 0;
        void tellEnd();
      },
      pause() {
        isPaused = true;
      },
      resume() {
        isPaused = false;
        void flush();
      },
    },
  };
}
