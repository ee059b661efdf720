import { WebSocket } from 'ws';
import type { Transport } from '../../../protocol/transport.ts';
import type { DoorLimits } from './door-limits.ts';
import { createMessageBudget } from './message-budget.ts';

// @source RFC 6455 §7.4.1; 1013 is registered with IANA as "try again later"
const CLOSE = { normal: 1000, unsupported: 1003, policy: 1008, tryLater: 1013 } as const;
/** A close frame holds 125 bytes, two of which are the code. */
const LONGEST_REASON_BYTES = 123;

/** A WebSocket as a transport. Nothing is read from it before `start`. */
export function createSocketTransport(socket: WebSocket, limits: DoorLimits): Transport {
  const budget = createMessageBudget(limits.messagesPerSecond, limits.messageBurst, () => performance.now());
  /** Why this side has closed, or broke off. Nothing is taken any more. */
  let ownReason: string | undefined;
  socket.pause();
  // `ws` answers what breaks the rules of WebSockets by itself, with 1009 for a message that is too large
  socket.on('error', (error) => {
    ownReason ??= error.message;
  });

  const end = (code: number, reason: string): void => {
    if (ownReason !== undefined) return;
    ownReason = reason;
    socket.close(code, cutReason(reason)); // what does not go within `goodbyeMs` is cut off
  };
  const isWithinBudget = (bytes: number): boolean => {
    if (ownReason !== undefined) return false;
    if (budget.take(bytes)) return true;
    end(CLOSE.policy, `Too many messages: at most ${limits.messagesPerSecond} in a second are taken.`);
    return false;
  };

  return {
    start({ onMessage, onClose }) {
      socket.on('message', (data, isBinary) => {
        const bytes = data as Buffer; // what `ws` gives unless told otherwise
        if (!isWithinBudget(bytes.length)) return;
        if (isBinary) end(CLOSE.unsupported, 'Messages are text.');
        else onMessage(bytes.toString('utf8'));
      });
      socket.on('ping', (data) => {
        if (isWithinBudget(data.length) && socket.readyState === WebSocket.OPEN) socket.pong(data);
      });
      socket.once('close', (code, reason) => {
        onClose(ownReason ?? (reason.toString('utf8') || describeEnd(code)));
      });
      socket.resume();
    },
    send(text) {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(text);
      if (socket.bufferedAmount <= limits.bufferedBytes) return;
      end(CLOSE.tryLater, 'Too much is waiting to be read; connect again.');
      socket.terminate();
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    close(reason = '') {
      end(CLOSE.normal, reason);
      socket.resume(); // it may never have been started; its end has to be read
    },
  };
}

function describeEnd(code: number): string {
  return code === 1006 ? 'the connection broke' : `closed by the other side (${code})`;
}

/** As much of a text as a close frame holds, never half a character. */
export function cutReason(text: string): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > LONGEST_REASON_BYTES) break;
    end += character.length;
  }
  return text.slice(0, end);
}
