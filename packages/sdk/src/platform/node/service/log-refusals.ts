import type { Host } from '../../../host/host.ts';
import type { Refusal } from './refusal.ts';

const MOST_PER_MINUTE = 20;
const MINUTE_MS = 60_000;

/**
 * Notes that somebody was turned away, without anything they sent, and not more than a log can take; with the cause where
 * it was a mistake on this side.
 */
export function logRefusals(host: Host): (refusal: Refusal) => void {
  let minute = -1;
  let count = 0;
  return ({ status, message, cause }) => {
    const now = Math.floor(performance.now() / MINUTE_MS);
    count = now === minute ? count + 1 : 1;
    minute = now;
    if (count > MOST_PER_MINUTE) return;
    if (cause === undefined) host.log({ level: 'warn', event: 'request-refused', message, data: { status } });
    else host.log({ level: 'error', event: 'request-failed', message, data: { status, cause: String(cause) } });
  };
}
