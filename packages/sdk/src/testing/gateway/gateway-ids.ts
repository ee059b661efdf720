import { toHex } from '../../foundation/bytes.ts';

const HYPHENATED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A random UUID, version 4. @source RFC 9562 §5.4 */
export function createUuid(random: (byteLength: number) => Uint8Array): string {
  const bytes = random(16).slice();
  bytes[6] = 0x40 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  return hyphenate(toHex(bytes));
}

/** True for the one form a key may have: 36 characters with hyphens, upper or lower case. */
export function isKeyForm(text: string): boolean {
  return HYPHENATED.test(text);
}

/** The id in the form it is kept in, or null. Ids in queries may be written in every form that UUIDs have. */
export function parseTaskId(text: string): string | null {
  const inner = text.replace(/^urn:uuid:/i, '').replace(/^\{(.*)\}$/, '$1');
  if (HYPHENATED.test(inner)) return inner.toLowerCase();
  return /^[0-9a-f]{32}$/i.test(inner) ? hyphenate(inner.toLowerCase()) : null;
}

function hyphenate(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
