import type { JsonObject, JsonValue } from '../../foundation/json.ts';

const REDACTED = '[redacted]';
const SECRET_MEMBER = /(?:^|[-_.])(?:authorization|cookie|password|passphrase|secret|token|api[-_]?key|key)$/i;
const SECRET_IN_TEXT = /\b(Bearer|Basic)\s+[\w.~+/=-]{6,}|([?&](?:token|key|signature|sig|x-amz-[a-z-]+)=)[^&\s"]+/gi;
// A shorter value would blank out ordinary words; no provider's key is that short.
const SHORTEST_SECRET = 6;

/** Takes known secrets, and what looks like one, out of a text. */
export function redactText(text: string, secrets: ReadonlySet<string>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length >= SHORTEST_SECRET) clean = clean.replaceAll(secret, REDACTED);
  }
  return clean.replace(
    SECRET_IN_TEXT,
    (_match, scheme?: string, query?: string) => `${query ?? `${scheme} `}${REDACTED}`,
  );
}

/** The same for a JSON value: texts are cleaned, members named like a secret are replaced. */
export function redactJson(value: JsonObject, secrets: ReadonlySet<string>): JsonObject {
  return redactValue(value, secrets) as JsonObject;
}

function redactValue(value: JsonValue, secrets: ReadonlySet<string>): JsonValue {
  if (typeof value === 'string') return redactText(value, secrets);
  if (Array.isArray(value)) return value.map((item: JsonValue) => redactValue(item, secrets));
  if (value === null || typeof value !== 'object') return value;
  const clean: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    clean[key] =
      SECRET_MEMBER.test(key) && typeof member === 'string' ? REDACTED : redactValue(member as JsonValue, secrets);
  }
  return clean;
}
