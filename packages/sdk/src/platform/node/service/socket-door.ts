import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { PROTOCOL_NAME } from '../../../protocol/protocol-version.ts';
import type { Transport } from '../../../protocol/transport.ts';
import type { DoorLimits } from './door-limits.ts';
import { createMessageBudget } from './message-budget.ts';

// @source RFC 6455 §7.4.1; 1013 is registered with IANA as "try again later"
const CLOSE = { goingAway: 1001, unsupported: 1003, policy: 1008, tryLater: 1013 } as const;
/** A close frame holds 125 bytes, two of which are the code. */
const LONGEST_REASON_BYTES = 123;

/** Where WebSockets of clients that were let in begin and end. */
export interface SocketDoor {
  /** Completes the handshake of a request that was let in. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends every connection, politely at first. */
  close(reason: string): void;
}

interface Connection {
  readonly socket: WebSocket;
  missed: number;
}

/**
 * WebSockets as transports: text only, bounded in size and number of messages, watched by heartbeats.
 *
 * @param attach - Takes a client.
 */
export function createSocketDoor(limits: DoorLimits, attach: (transport: Transport) => void): SocketDoor {
  const connections = new Set<Connection>();
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
    autoPong: false,
    ...endsWithin(limits.goodbyeMs),
    handleProtocols: (offered) => (offered.has(PROTOCOL_NAME) ? PROTOCOL_NAME : false),
  });

  // A count of pings, not a time: a process that slept with its machine must not take everybody for dead.
  const heart = setInterval(() => {
    for (const connection of connections) {
      if (connection.missed >= limits.missedHeartbeats) {
        connection.socket.terminate();
        continue;
      }
      connection.missed += 1;
      if (connection.socket.readyState === WebSocket.OPEN) connection.socket.ping();
    }
  }, limits.heartbeatMs);
  heart.unref();

  const begin = (socket: WebSocket): void => {
    const connection: Connection = { socket, missed: 0 };
    const alive = (): void => {
      connection.missed = 0;
    };
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
    socket.on('message', alive);
    socket.on('pong', alive);
    attach(createSocketTransport(socket, limits));
  };

  return {
    upgrade: (request, socket, head) => server.handleUpgrade(request, socket, head, begin),
    close(reason) {
      clearInterval(heart);
      for (const { socket } of connections) socket.close(CLOSE.goingAway, cut(reason));
    },
  };
}

/** A WebSocket as a transport. Nothing is read from it before `start`. */
function createSocketTransport(socket: WebSocket, limits: DoorLimits): Transport {
  const budget = createMessageBudget(limits.messagesPerSecond, limits.messageBurst, () => performance.now());
  let isRefused = false;
  let errorReason: string | undefined;
  socket.pause();

  const refuse = (code: number, reason: string): void => {
    if (isRefused) return;
    isRefused = true;
    errorReason = reason;
    socket.close(code, reason); // what does not go within `goodbyeMs` is cut off
  };
  const isWithinBudget = (bytes: number): boolean => {
    if (isRefused) return false;
    if (budget.take(bytes)) return true;
    refuse(CLOSE.policy, `Too many messages: at most ${limits.messagesPerSecond} in a second are taken.`);
    return false;
  };

  return {
    start({ onMessage, onClose }) {
      socket.on('message', (data, isBinary) => {
        const bytes = data as Buffer; // what `ws` gives unless told otherwise
        if (!isWithinBudget(bytes.length)) return;
        if (isBinary) refuse(CLOSE.unsupported, 'Messages are text.');
        else onMessage(bytes.toString('utf8'));
      });
      socket.on('ping', (data) => {
        if (isWithinBudget(data.length) && socket.readyState === WebSocket.OPEN) socket.pong(data);
      });
      // `ws` answers what breaks the rules of WebSockets by itself, with 1009 for a message that is too large
      socket.on('error', (error) => {
        isRefused = true;
        errorReason ??= error.message;
      });
      socket.once('close', (code, reason) => {
        onClose(errorReason ?? (reason.toString('utf8') || describeEnd(code)));
      });
      socket.resume();
    },
    send(text) {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(text);
      if (socket.bufferedAmount <= limits.bufferedBytes) return;
      refuse(CLOSE.tryLater, 'Too much is waiting to be read; connect again.');
      socket.terminate();
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    close(reason = '') {
      socket.close(1000, cut(reason));
    },
  };
}

/** An option that the declarations of `ws` do not know yet. */
function endsWithin(closeTimeout: number): object {
  return { closeTimeout };
}

function describeEnd(code: number): string {
  return code === 1006 ? 'the connection broke' : `closed by the other side (${code})`;
}

/** As much of a text as a close frame holds, never half a character. */
function cut(text: string): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > LONGEST_REASON_BYTES) break;
    end += character.length;
  }
  return text.slice(0, end);
}
