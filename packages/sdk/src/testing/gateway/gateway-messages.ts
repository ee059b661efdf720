/** A request as the stand-in sees it, whatever carried it. */
export interface GatewayRequest {
  /** Upper case. */
  readonly method: string;
  /** Path without the query; begins with `/`. */
  readonly path: string;
  /** What follows the question mark, or an empty text. */
  readonly query: string;
  /** Lower-case names; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Address of the peer, without its port. */
  readonly remoteAddress: string;
  /**
   * Reads the body to its end, or up to `limitBytes` and a little more: whoever asks compares the length with the limit.
   * Called at most once, and not at all where the answer is clear before.
   */
  readonly readBody: (limitBytes: number) => Promise<Uint8Array>;
}

/** What the listener does with an answer besides sending it: the ways a network has to spoil it. */
export interface AnswerMischief {
  /** Real milliseconds before the first byte. */
  readonly delayMs?: number;
  /** The connection is cut without any answer. */
  readonly isDropped?: boolean;
  /** Nothing is ever sent; the connection stays open. */
  readonly isSilent?: boolean;
  /** The connection is cut after so many bytes of the body, whatever length was announced. */
  readonly cutAfterBytes?: number;
  /** The body trickles: so many bytes, then a pause of real milliseconds, and so on. */
  readonly trickle?: { readonly bytes: number; readonly pauseMs: number };
  /** Head and so many bytes of the body are sent, then nothing more; the connection stays open. */
  readonly stallAfterBytes?: number;
}

/** An answer before it is written to a connection. */
export interface GatewayAnswer extends AnswerMischief {
  readonly status: number;
  /** Lower-case names. A body that is a stream has no `content-length`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

/** An answer that ends the handling of a request early. Thrown, so that checks read as a list. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: GatewayAnswer;

  constructor(answer: GatewayAnswer) {
    super(`Refused with ${answer.status}`);
    this.answer = answer;
  }
}
