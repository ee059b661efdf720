import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { askDoor } from './ask-door.ts';
import { Refusal } from './refusal.ts';

/** Where a service shows that it knows its token, without being told it. */
export const PROOF_PATH = '/proof';

const CHALLENGE_HEADER = 'maquette-challenge';
const CHALLENGE = /^[0-9a-f]{64}$/;

/**
 * Answers a challenge: a digest of it under the launch token.
 *
 * Whoever finds an address and a token in `service.json` cannot know who listens there by now: after a crash any program
 * of any user of the machine may have got the port. It must not be sent the token, let alone somebody's keys.
 *
 * @throws {@link Refusal} for a request without a proper challenge.
 */
export function proofOf(token: string, request: IncomingMessage): string {
  const challenge = request.headers[CHALLENGE_HEADER];
  if (typeof challenge !== 'string' || !CHALLENGE.test(challenge)) {
    throw new Refusal(400, `The header ${CHALLENGE_HEADER} must hold 64 hexadecimal digits.`);
  }
  return digestOf(token, challenge).toString('hex');
}

/** True if a service listens there that knows the token. */
export async function provesToken(url: string, token: string): Promise<boolean> {
  const challenge = randomBytes(32).toString('hex');
  const answer = await askDoor(`${url}${PROOF_PATH}`, { headers: { [CHALLENGE_HEADER]: challenge } });
  const { proof } = (answer ?? {}) as { readonly proof?: unknown };
  const expected = digestOf(token, challenge);
  const given = Buffer.from(typeof proof === 'string' ? proof : '', 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function digestOf(token: string, challenge: string): Buffer {
  return createHmac('sha256', token).update(`maquette service ${challenge}`).digest();
}
