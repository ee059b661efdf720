import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SdkError } from '../../../foundation/errors.ts';
import type { Transport } from '../../../protocol/transport.ts';
import { systemErrorCode } from '../store-error.ts';
import { type AccessTokens, speaksOurProtocol, tokenOf } from './access-tokens.ts';
import type { AssetLinks } from './asset-links.ts';
import type { DoorLimits } from './door-limits.ts';
import { createOneTimeSecrets } from './one-time-secrets.ts';
import { PROOF_PATH, proofOf } from './proof.ts';
import { answerRefusal, answerUpgradeRefusal, assertOwnOrigin, Refusal, SECURITY_HEADERS } from './refusal.ts';
import { createSocketDoor } from './socket-door.ts';
import type { StaticFiles } from './static-files.ts';

const ADDRESS = '127.0.0.1';
const RPC_PATH = '/rpc';
const SESSION_PATH = '/session';
const PANEL_LINK_PATH = '/panel/link';
const ASSET_PATH = /^\/asset\/([\w-]{43})$/;
const HEADER_BYTES = 8 * 1024;
const BODY_BYTES = 1024;
const MOST_PANEL_LINKS = 100;

/** What Node says about requests it could not read. */
const BROKEN_REQUESTS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: new Refusal(431, `The headers may have ${HEADER_BYTES} bytes.`),
  ERR_HTTP_REQUEST_TIMEOUT: new Refusal(408, 'The request did not arrive in time.'),
};

/** What a door is made from. */
export interface HttpDoorOptions {
  /** 0 for a free one. */
  readonly port: number;
  readonly limits: DoorLimits;
  readonly tokens: AccessTokens;
  readonly links: AssetLinks;
  readonly files: StaticFiles;
  /** Takes a client that was let in. */
  readonly attach: (transport: Transport) => void;
  /** Told of every request that was refused. */
  readonly onRefused: (refusal: Refusal) => void;
}

/** The one address of the service. */
export interface HttpDoor {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Makes a link that opens the panel once. */
  linkPanel(): string;
  /** Downloads under way. */
  readonly downloadCount: number;
  /** Ends every connection, politely at first. */
  close(reason: string): Promise<void>;
}

/**
 * Listens on the loopback address.
 *
 * @throws {@link SdkError} `INPUT_INVALID` where the port cannot be had.
 */
export async function openHttpDoor(options: HttpDoorOptions): Promise<HttpDoor> {
  const { limits, tokens, links, files } = options;
  const strangers = new Set<Socket>();
  const sockets = new Set<Socket>();
  const tooMany = new WeakSet<Socket>();
  const codes = createOneTimeSecrets<true>(limits.panelLinkMs, MOST_PANEL_LINKS, Date.now);
  const rpc = createSocketDoor(limits, options.attach);
  let downloadCount = 0;

  const server = createServer({
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.headersMs,
    connectionsCheckingInterval: Math.min(1000, limits.headersMs),
  });
  await listen(server, options.port);
  // without a listener, a machine that has run out of file descriptors would end the process and its jobs
  server.on('error', (error) => {
    options.onRefused(new Refusal(503, 'A connection could not be accepted.', {}, error));
  });
  const authority = `${ADDRESS}:${(server.address() as AddressInfo).port}`;
  const url = `http://${authority}`;

  const linkPanel = (): string => `${url}/#${codes.issue(true).secret}`;

  const assertToken = (request: IncomingMessage): void => {
    const token = tokenOf(request);
    if (token !== undefined && tokens.admits(token)) {
      strangers.delete(request.socket);
      return;
    }
    const sentence =
      token === undefined
        ? 'A token is needed: send the one of this launch as "Authorization: Bearer …".'
        : 'The token is not the one of this launch; ask for the new one.';
    throw new Refusal(401, sentence, { 'WWW-Authenticate': 'Bearer' });
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    assertOwnOrigin(request, authority);
    const path = request.url ?? '/';
    const asset = ASSET_PATH.exec(path)?.[1];
    if (asset !== undefined) {
      assertMethod(request, ['GET', 'HEAD']);
      if (links.isGood(asset)) strangers.delete(request.socket);
      downloadCount += 1;
      await links.serve(asset, request, response).finally(() => {
        downloadCount -= 1;
      });
    } else if (path === PROOF_PATH) {
      assertMethod(request, ['GET']);
      answerJson(response, { proof: proofOf(tokens.launch, request) });
    } else if (path === SESSION_PATH) {
      assertMethod(request, ['POST']);
      // only a page of ours sends our origin
      if (request.headers.origin === undefined) throw new Refusal(403, 'Only the panel may ask for a session.');
      const { code } = await readJson(request);
      if (typeof code !== 'string' || !codes.end(code)) {
        throw new Refusal(
          401,
          'This link has been used or has ended; ask for a new one, for instance with `maquette serve`.',
        );
      }
      answerJson(response, { token: tokens.issue() });
    } else if (path === PANEL_LINK_PATH) {
      assertMethod(request, ['POST']);
      assertToken(request);
      answerJson(response, { url: linkPanel() });
    } else if (path === RPC_PATH) {
      throw new Refusal(426, 'This is the address of a WebSocket.', { Upgrade: 'websocket' });
    } else {
      const file = files.get(path);
      if (file === undefined) throw new Refusal(404, 'There is nothing at this address.');
      assertMethod(request, ['GET', 'HEAD']);
      const content = Buffer.from(file.content);
      response.writeHead(200, {
        ...SECURITY_HEADERS,
        'Content-Type': file.mediaType,
        'Content-Length': content.length,
      });
      response.end(request.method === 'HEAD' ? undefined : content);
    }
  };

  const assertUpgrade = (request: IncomingMessage): void => {
    assertOwnOrigin(request, authority);
    if (request.url !== RPC_PATH) throw new Refusal(404, `The WebSocket is at ${RPC_PATH}.`);
    assertToken(request);
    if (!speaksOurProtocol(request)) throw new Refusal(400, 'Ask for the subprotocol maquette.v1.');
  };

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    strangers.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      strangers.delete(socket);
    });
    if (sockets.size > limits.connections) {
      tooMany.add(socket);
      answerUpgradeRefusal(socket, new Refusal(503, 'Too many connections.', { 'Retry-After': '5' }));
      return;
    }
    // Whoever belongs here says so with the first bytes: it is the ones that wait who are in the way.
    const [oldest] = strangers;
    if (strangers.size > limits.strangers) oldest?.destroy();
  });
  server.on('request', (request, response) => {
    if (tooMany.has(request.socket)) return; // has its answer
    serve(request, response).catch((error: unknown) => {
      const refusal = toRefusal(error);
      options.onRefused(refusal);
      answerRefusal(response, refusal);
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const refusal = BROKEN_REQUESTS[error.code ?? ''] ?? new Refusal(400, 'The request is not proper HTTP.');
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else answerUpgradeRefusal(socket, refusal);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (tooMany.has(request.socket)) return;
    socket.on('error', () => undefined); // it went away; whoever holds it by then hears of its end
    try {
      assertUpgrade(request);
    } catch (error) {
      const refusal = toRefusal(error);
      options.onRefused(refusal);
      answerUpgradeRefusal(socket, refusal);
      return;
    }
    rpc.upgrade(request, socket, head);
  });

  return {
    url,
    linkPanel,
    get downloadCount() {
      return downloadCount;
    },
    async close(reason) {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      rpc.close(reason);
      server.closeIdleConnections();
      const cutOff = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, limits.goodbyeMs);
      await closed;
      clearTimeout(cutOff);
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      const reason = error.code === 'EADDRINUSE' ? 'is used by another program' : `cannot be used (${error.code})`;
      const remedy = 'Choose another port, or none: then a free one is taken.';
      reject(new SdkError({ code: 'INPUT_INVALID', message: `Port ${port} ${reason}.`, remedy, cause: error }));
    };
    server.once('error', onError);
    server.listen({ port, host: ADDRESS, exclusive: true }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

function assertMethod(request: IncomingMessage, methods: readonly string[]): void {
  if (methods.includes(request.method ?? '')) return;
  throw new Refusal(405, `This address takes ${methods.join(' and ')}.`, { Allow: methods.join(', ') });
}

function answerJson(response: ServerResponse, value: object): void {
  const body = JSON.stringify(value);
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (request.headers['content-type'] !== 'application/json') throw new Refusal(415, 'The body must be JSON.');
  // judged before anything is read: to stop in the middle would take away the answer, too
  const length = request.headers['content-length'];
  if (length === undefined) throw new Refusal(411, 'The length of the body must be said.');
  if (Number(length) > BODY_BYTES) throw new Refusal(413, `The body may have ${BODY_BYTES} bytes.`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new Refusal(400, 'The body is not a JSON object.');
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (systemErrorCode(error) === 'ECONNRESET') return new Refusal(400, 'The request broke off.');
  return new Refusal(500, 'Something went wrong; see the log.', {}, error); // a mistake of ours
}
