import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PROTOCOL_NAME } from '../../../protocol/protocol-version.ts';

/** Panels that may be open at the same time. One more ends the oldest one's token. */
const MOST_SESSIONS = 64;

/** A new secret: 256 random bits as 43 characters that are safe in links, headers and subprotocols. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Who may come in: holders of the token made at launch, and of tokens made for panels since. */
export interface AccessTokens {
  /** The token made at launch. */
  readonly launch: string;
  /** Makes a token for a panel. It is good as long as this process runs. */
  issue(): string;
  /** True for a token of ours. Takes the same time whatever is wrong about it. */
  admits(candidate: string): boolean;
}

/** Makes a new launch token. Nothing but the token itself is kept in clear. */
export function createAccessTokens(): AccessTokens {
  // compared are digests under a key nobody knows: equal in length, and no prefix of a token can be found by timing
  const key = randomBytes(32);
  const digestOf = (token: string): Buffer => createHmac('sha256', key).update(token).digest();
  const launch = createSecret();
  const launchDigest = digestOf(launch);
  const sessions: Buffer[] = [];
  return {
    launch,
    issue() {
      const token = createSecret();
      sessions.push(digestOf(token));
      if (sessions.length > MOST_SESSIONS) sessions.shift();
      return token;
    },
    admits(candidate) {
      const digest = digestOf(candidate);
      let isOurs = timingSafeEqual(digest, launchDigest);
      for (const session of sessions) isOurs = timingSafeEqual(digest, session) || isOurs;
      return isOurs;
    },
  };
}

/** The token a request brings: `Authorization: Bearer …`, or from a browser a subprotocol `token.…`. Undefined for none. */
export function tokenOf(request: IncomingMessage): string | undefined {
  const bearer = /^Bearer ([\w-]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const offered = protocolsOf(request).find((name) => name.startsWith('token.'));
  return offered?.slice('token.'.length);
}

/** True if the request offers no subprotocol, or ours among others. */
export function speaksOurProtocol(request: IncomingMessage): boolean {
  const names = protocolsOf(request);
  return names.length === 0 || names.includes(PROTOCOL_NAME);
}

function protocolsOf(request: IncomingMessage): readonly string[] {
  const header = request.headers['sec-websocket-protocol'];
  return header === undefined ? [] : header.split(',').map((name) => name.trim());
}
