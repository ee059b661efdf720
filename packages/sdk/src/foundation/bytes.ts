/** Joins chunks into one array the caller owns. A single chunk is returned as it is, not copied. */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}

/** Lower-case hexadecimal, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
  return text;
}

/** UTF-8 bytes of a string. Lone surrogates become U+FFFD, as in the platform's `TextEncoder`. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    let code = character.codePointAt(0) as number;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return new Uint8Array(bytes);
}

const CHUNK = 8192;

/** Text of UTF-8 bytes. Malformed sequences become U+FFFD, one per offending lead or stray byte. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  let units: number[] = [];
  for (let index = 0; index < bytes.length; ) {
    const lead = bytes[index] as number;
    let length = 1;
    let code = 0xfffd;
    if (lead < 0x80) code = lead;
    else {
      const size =
        lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
      if (size > 0) {
        let value = lead & (0xff >> (size + 1));
        let valid = true;
        for (let step = 1; step < size; step += 1) {
          const next = bytes[index + step];
          if (next === undefined || (next & 0xc0) !== 0x80) {
            valid = false;
            break;
          }
          value = (value << 6) | (next & 63);
        }
        const overlong = (size === 3 && value < 0x800) || (size === 4 && value < 0x10000);
        if (valid && !overlong && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff)) {
          code = value;
          length = size;
        }
      }
    }
    if (code >= 0x10000) units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    else units.push(code);
    index += length;
    if (units.length >= CHUNK) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
}

/** Reads a stream to its end. */
export async function collectBytes(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return concatBytes(chunks);
}
