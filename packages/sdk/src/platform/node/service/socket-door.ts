import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { PROTOCOL_NAME } from '../../../protocol/protocol-version.ts';
import type { Transport } from '../../../protocol/transport.ts';
import type { DoorLimits } from './door-limits.ts';
import { createSocketTransport, cutReason } from './socket-transport.ts';

/** Code of a close frame: this side goes away. @source RFC 6455 §7.4.1 */
const GOING_AWAY = 1001;

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
      for (const { socket } of connections) socket.close(GOING_AWAY, cutReason(reason));
    },
  };
}

/** An option that the declarations of `ws` do not know yet. */
function endsWithin(closeTimeout: number): object {
  return { closeTimeout };
}
