import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectSocket, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { LocalService, StartServiceOptions } from '../../src/platform/node/service/local-service.ts';
import { startService } from '../../src/platform/node/service/start-service.ts';
import { hello } from '../../src/protocol/messages/hello.ts';
import { listJobs } from '../../src/protocol/messages/job.ts';
import { createPeer, type Peer } from '../../src/protocol/peer.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/protocol-version.ts';
import type { Transport } from '../../src/protocol/transport.ts';
import { createLocalProvider } from '../../src/providers/local/provider.ts';

/** Services in a home of their own, in this process. */
export interface ServiceBench {
  readonly home: string;
  start(options?: Partial<StartServiceOptions>): Promise<LocalService>;
  /** Ends what was started and removes the home. */
  remove(): Promise<void>;
}

/** Makes a {@link ServiceBench}. Nothing of the environment of whoever runs the tests gets in. */
export async function createBench(): Promise<ServiceBench> {
  const root = await mkdtemp(join(tmpdir(), 'maquette-service-'));
  const home = join(root, 'home');
  const started: LocalService[] = [];
  return {
    home,
    async start(options = {}) {
      const service = await startService({
        home,
        env: {},
        providers: [createLocalProvider()],
        defaultProvider: 'local',
        version: '1.2.3',
        ...options,
      });
      started.push(service);
      return service;
    },
    async remove() {
      await Promise.all(started.map((service) => service.close()));
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Port of a service. */
export function portOf(service: Pick<LocalService, 'url'>): number {
  return Number(new URL(service.url).port);
}

/** How a WebSocket is opened. */
export interface DialOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  readonly autoPong?: boolean;
}

/** An open WebSocket, or the status and text with which it was refused. */
export function dial(
  service: Pick<LocalService, 'url' | 'token'>,
  { headers = { Authorization: `Bearer ${service.token}` }, protocols = [], autoPong = true }: DialOptions = {},
): Promise<{ readonly socket: WebSocket } | { readonly status: number; readonly text: string }> {
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}/rpc`, [...protocols], { headers, autoPong });
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ socket }));
    socket.on('error', reject);
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
  });
}

/** A WebSocket that was let in. */
export async function dialIn(service: Pick<LocalService, 'url' | 'token'>, options?: DialOptions): Promise<WebSocket> {
  const result = await dial(service, options);
  if ('socket' in result) return result.socket;
  throw new Error(`Refused with ${result.status}: ${result.text}`);
}

/** How a WebSocket ended. */
export function endOf(socket: WebSocket): Promise<{ readonly code: number; readonly reason: string }> {
  return new Promise((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') }));
  });
}

/** A client that has said hello. `before` registers handlers. */
export async function connectClient(
  service: Pick<LocalService, 'url' | 'token'>,
  before: (peer: Peer) => void = () => undefined,
): Promise<Peer> {
  const socket = await dialIn(service);
  const peer = createPeer({ transport: toTransport(socket), receives: 'to-client' });
  before(peer);
  peer.start();
  await peer.request(hello, {
    protocol: PROTOCOL_VERSION,
    client: {
      name: 'test',
      version: '1',
      kind: 'tool',
      instance: randomUUID(),
      label: 'Test',
      capabilities: [],
    },
  });
  return peer;
}

/** Fails unless a client that does everything right is served. */
export async function assertServes(service: Pick<LocalService, 'url' | 'token'>): Promise<void> {
  const peer = await connectClient(service);
  await peer.request(listJobs, {});
  peer.close();
  await peer.closed;
}

function toTransport(socket: WebSocket): Transport {
  return {
    start({ onMessage, onClose }) {
      socket.on('message', (data) => onMessage(String(data)));
      socket.on('close', (_code, reason) => onClose(reason.toString('utf8')));
    },
    send: (text) => socket.send(text),
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    close: (reason) => socket.close(1000, reason),
  };
}

/** A connection without any protocol. */
export interface RawConnection {
  readonly socket: Socket;
  /** Everything that was received, once the other side has ended the connection. */
  readonly received: Promise<string>;
}

/** Connects and sends a text as it is. */
export function sendRaw(service: Pick<LocalService, 'url'>, text: string): RawConnection {
  const socket = connectSocket(portOf(service), '127.0.0.1');
  socket.setEncoding('latin1');
  let all = '';
  const received = new Promise<string>((resolve) => {
    socket.on('data', (chunk) => {
      all += String(chunk);
    });
    socket.on('error', () => undefined); // a reset is one way to end
    socket.on('close', () => resolve(all));
  });
  socket.write(text);
  return { socket, received };
}
