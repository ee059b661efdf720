import type * as z from 'zod/mini';
import { type CancelSignal, createCancelController } from '../foundation/cancel.ts';
import { SdkError } from '../foundation/errors.ts';
import type { Host } from '../host/host.ts';
import { type clientSchema, hello, rename } from '../protocol/messages/hello.ts';
import { METHODS } from '../protocol/methods.ts';
import { createPeer, type Peer } from '../protocol/peer.ts';
import { PROTOCOL_VERSION } from '../protocol/protocol-version.ts';
import type { Transport } from '../protocol/transport.ts';
import { createOutlet, type Outlet } from './outlet.ts';
import type { ServiceOptions } from './service.ts';

/** A client as it presents itself. */
export type Client = z.infer<typeof clientSchema>;

/** A client that does not present itself within this time is let go, milliseconds. */
const HELLO_WITHIN_MS = 10_000;

/** A client that asks and does not read the answers is let go at this many waiting bytes. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;

/** One client, from its connection to its end. */
export interface Session {
  readonly peer: Peer;
  readonly outlet: Outlet;
  /** What it says it is; undefined before `peer/hello`. */
  readonly client: Client | undefined;
  /** Trips at its end. */
  readonly over: CancelSignal;
}

/** What a session is made from. */
export interface SessionOptions {
  readonly host: Host;
  readonly transport: Transport;
  readonly facts: ServiceOptions['facts'];
  /** When the service began, milliseconds since the epoch. */
  readonly startedAt: number;
  /** The client has presented itself. */
  readonly onHello: (session: Session, client: Client) => void;
}

/** Makes a session and registers what every client begins with. The caller registers the rest and starts the peer. */
export function createSession({ host, transport, facts, startedAt, onHello }: SessionOptions): Session {
  const over = createCancelController();
  let client: Client | undefined;

  const admit = (method: string): void => {
    if (transport.bufferedBytes > MOST_WAITING_BYTES) {
      peer.close('The client does not read what it asks for.');
      throw new SdkError({ code: 'RATE_LIMITED', message: 'Too many answers are waiting to be read.' });
    }
    if (client === undefined && method !== hello.method) {
      throw new SdkError({
        code: 'PROTOCOL_MISMATCH',
        message: `The first message must be ${hello.method}, not ${method.slice(0, 60)}.`,
        remedy: 'Update the program that connects, or Maquette.',
      });
    }
  };

  const peer = createPeer({
    transport,
    receives: 'to-service',
    admit,
    onFault: (method, error) =>
      host.log({
        level: 'error',
        event: 'request-failed',
        message: error instanceof Error ? error.message : String(error),
        data: { method },
      }),
  });

  const session: Session = {
    peer,
    over: over.signal,
    outlet: createOutlet({
      clock: host.clock,
      transport,
      over: over.signal,
      onStuck: () => peer.close('The client has stopped reading.'),
    }),
    get client() {
      return client;
    },
  };

  const helloDone = createCancelController();
  host.clock.sleep(HELLO_WITHIN_MS, helloDone.signal).then(
    () => peer.close(`The client did not send ${hello.method}.`),
    () => undefined, // it did, or has gone
  );
  void peer.closed.then((reason) => {
    const gone = new SdkError({
      code: 'PEER_GONE',
      message: `The client has gone${reason === '' ? '' : `: ${reason}`}`,
    });
    helloDone.cancel(gone);
    over.cancel(gone);
  });

  peer.answer(hello, (params) => {
    if (client !== undefined) {
      throw new SdkError({ code: 'INPUT_INVALID', message: 'The client has already presented itself.' });
    }
    assertVersion(params.protocol.major, params.client.name, facts.pid);
    client = params.client;
    helloDone.cancel();
    onHello(session, client);
    return {
      protocol: { ...PROTOCOL_VERSION },
      service: { version: facts.version, pid: facts.pid, home: facts.home, startedAt },
      capabilities: METHODS.filter((method) => method.direction === 'to-service').map((method) => method.method),
      limits: { messageBytes: facts.messageBytes, messagesPerSecond: facts.messagesPerSecond },
      heartbeatMs: facts.heartbeatMs,
    };
  });
  peer.answer(rename, ({ label }) => {
    if (client !== undefined) client = { ...client, label };
    return {};
  });
  return session;
}

function assertVersion(major: number, name: string, pid: number): void {
  const ours = PROTOCOL_VERSION.major;
  if (major === ours) return;
  const who = name.slice(0, 60);
  throw new SdkError({
    code: 'PROTOCOL_MISMATCH',
    message: `${who} speaks version ${major} of the protocol, this service version ${ours}.`,
    remedy:
      major < ours
        ? `Update ${who} to the version that belongs to this Maquette.`
        : `Update Maquette, or end the older service that still runs: it is process ${pid}.`,
    details: { service: ours, client: major },
  });
}
