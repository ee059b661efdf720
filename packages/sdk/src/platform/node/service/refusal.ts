import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** A request that is not served: an HTTP status and one sentence for whoever made it. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  /** @param cause - What went wrong on this side. For the log: whoever made the request is not told. */
  constructor(status: number, sentence: string, headers: Readonly<Record<string, string>> = {}, cause?: unknown) {
    super(sentence, { cause });
    this.status = status;
    this.headers = headers;
  }
}

/**
 * Headers of every answer. Scripts and styles come from files of ours only, connections go to us only, nobody frames us,
 * nothing is kept.
 *
 * @source CSP as tried with glTF loaders in Chromium: textures need `blob:` in `connect-src`.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self' blob:; " +
    "worker-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Answers a request with a refusal and ends its connection, so that no rest of it is read. */
export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = `${refusal.message}\n`;
  response.writeHead(refusal.status, {
    ...SECURITY_HEADERS,
    ...refusal.headers,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** How long a client may take to close a connection that was refused, milliseconds. */
const LINGER_MS = 1000;

/** The same for a request to upgrade, which has no response of its own. */
export function answerUpgradeRefusal(socket: Duplex, refusal: Refusal): void {
  const body = `${refusal.message}\n`;
  const headers = {
    ...SECURITY_HEADERS,
    ...refusal.headers,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  // What still comes is read and dropped: closing over it could take the answer away again.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${body}`,
  );
}

/**
 * Refuses what does not come from a program of this person: it must have asked for exactly our address, and a web page
 * must be one of ours.
 *
 * A page of a stranger can reach every port of this machine, under the machine's own name or under one that it lets point
 * here; only what the browser says about it tells it apart.
 *
 * @param authority - Our own address and port, `127.0.0.1:51234`.
 * @throws {@link Refusal}
 * @source Fetch standard, Origin header and Sec-Fetch-Site; RFC 9110 §7.2 and §15.5.20.
 */
export function assertOwnOrigin(request: IncomingMessage, authority: string): void {
  const { host, origin, 'sec-fetch-site': site } = request.headers;
  if (host !== authority || !request.url?.startsWith('/')) {
    throw new Refusal(421, `This service answers on http://${authority} only; use that address.`);
  }
  if (origin !== undefined && origin !== `http://${authority}`) {
    throw new Refusal(403, 'Web pages of other origins may not use this service.');
  }
  // `same-site` is a page on another port of this machine
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new Refusal(403, 'Web pages of other origins may not use this service.');
  }
}
