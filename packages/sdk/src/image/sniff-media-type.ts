/**
 * Media type of a picture by its first bytes, or null for what is not recognised: PNG, JPEG, WebP, GIF, BMP, AVIF, KTX2.
 *
 * Says nothing about whether the rest can be read. The declared type of a file is not to be trusted, this is.
 *
 * @source WHATWG MIME Sniffing §6.1; KTX 2.0 §3.1; AVIF 1.1 §6.2
 */
export function sniffMediaType(bytes: Uint8Array): string | null {
  if (startsWith(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (startsWith(bytes, 0, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (startsWith(bytes, 0, ascii('RIFF')) && startsWith(bytes, 8, ascii('WEBP'))) return 'image/webp';
  if (startsWith(bytes, 0, ascii('GIF87a')) || startsWith(bytes, 0, ascii('GIF89a'))) return 'image/gif';
  if (startsWith(bytes, 0, [0xab, ...ascii('KTX 20'), 0xbb])) return 'image/ktx2';
  if (startsWith(bytes, 4, ascii('ftypavif')) || startsWith(bytes, 4, ascii('ftypavis'))) return 'image/avif';
  if (startsWith(bytes, 0, ascii('BM')) && bytes.length > 26) return 'image/bmp';
  return null;
}

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

function startsWith(bytes: Uint8Array, offset: number, pattern: readonly number[]): boolean {
  return bytes.length >= offset + pattern.length && pattern.every((value, index) => bytes[offset + index] === value);
}
