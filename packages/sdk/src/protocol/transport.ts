/**
 * Carries text messages between two peers, in order, each whole and once, until it is closed.
 *
 * What a side sent before it closed still reaches the other side, before its `onClose`. The side that closed receives
 * nothing more.
 *
 * Implementations: a pair in memory, a WebSocket. One contract suite, `transportContract`, runs over all of them.
 */
export interface Transport {
  /** Begins to deliver. Called once; nothing is delivered before. */
  start(callbacks: TransportCallbacks): void;
  /** Sends one message. Does nothing once closed. */
  send(text: string): void;
  /** Bytes handed over and not yet sent to the other side; 0 where that is not known. */
  readonly bufferedBytes: number;
  /** Ends it. `onClose` is called once on each side, whoever ended it; further calls do nothing. */
  close(reason?: string): void;
}

/** What a transport calls. */
export interface TransportCallbacks {
  readonly onMessage: (text: string) => void;
  readonly onClose: (reason: string) => void;
}
