/**
 * Carries text messages between two peers, in order, each whole and once, until it is closed.
 *
 * Implementations: a pair in memory, a WebSocket. One contract suite runs over all of them.
 */
export interface Transport {
  /** Begins to deliver. Called once; nothing is delivered before. */
  start(callbacks: TransportCallbacks): void;
  /** Sends one message. Does nothing once closed. */
  send(text: string): void;
  /** Bytes handed over and not yet sent to the other side; 0 where that is not known. */
  readonly bufferedBytes: number;
  /** Ends it. `onClose` is called once, whoever ended it. */
  close(reason?: string): void;
}

/** What a transport calls. */
export interface TransportCallbacks {
  readonly onMessage: (text: string) => void;
  readonly onClose: (reason: string) => void;
}
