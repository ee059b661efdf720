const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Content of a data URI. */
export interface DataUri {
  /** Lower case, without parameters; empty where the URI has none. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** Content of a base64 data URI, or null if the text is not one. glTF allows no other encoding in practice. */
export function parseDataUri(uri: string): DataUri | null {
  if (uri.slice(0, 5).toLowerCase() !== 'data:') return null;
  const comma = uri.indexOf(',');
  if (comma < 0) return null;
  const parameters = uri.slice(5, comma).split(';');
  if (parameters[parameters.length - 1]?.trim().toLowerCase() !== 'base64') return null;
  const bytes = decodeBase64(uri, comma + 1);
  return bytes === null ? null : { mediaType: (parameters[0] ?? '').trim().toLowerCase(), bytes };
}

function decodeBase64(text: string, start: number): Uint8Array | null {
  let end = text.length;
  while (end > start && text.charCodeAt(end - 1) === 0x3d) end -= 1;
  const digits = end - start;
  if (digits % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((digits * 3) / 4));
  const values = new Int8Array(128).fill(-1);
  for (let digit = 0; digit < 64; digit += 1) values[DIGITS.charCodeAt(digit)] = digit;
  let bits = 0;
  let held = 0;
  let written = 0;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    const value = code < 128 ? (values[code] as number) : -1;
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[written] = (bits >> held) & 0xff;
      written += 1;
    }
  }
  return bytes;
}
