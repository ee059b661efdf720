/** Format of a picture as the gateway names it. `unknown` is recognised and not accepted. */
export type ImageFormat = 'png' | 'jpg' | 'webp' | 'unknown';

/** Signatures of formats that are recognised only to be refused: GIF, BMP, TIFF twice, ICO, DDS, HDR, QOI, EXR. */
const REFUSED: readonly (readonly number[])[] = [
  [0x47, 0x49, 0x46, 0x38],
  [0x42, 0x4d],
  [0x49, 0x49, 0x2a, 0x00],
  [0x4d, 0x4d, 0x00, 0x2a],
  [0x00, 0x00, 0x01, 0x00],
  [0x44, 0x44, 0x53, 0x20],
  [0x23, 0x3f, 0x52, 0x41],
  [0x71, 0x6f, 0x69, 0x66],
  [0x76, 0x2f, 0x31, 0x01],
];

/** The format by the first bytes, or null. @source the `image` crate's `guess_format` */
export function guessImageFormat(bytes: Uint8Array): ImageFormat | null {
  if (startsWith(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (startsWith(bytes, 0, [0xff, 0xd8, 0xff])) return 'jpg';
  if (startsWith(bytes, 0, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes, 8, [0x57, 0x45, 0x42, 0x50])) return 'webp';
  if (REFUSED.some((signature) => startsWith(bytes, 0, signature))) return 'unknown';
  return startsWith(bytes, 4, [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69]) ? 'unknown' : null;
}

/** Width and height in pixels as the header says, or null if it is damaged. The pixels are not looked at. */
export function readImageSize(bytes: Uint8Array, format: ImageFormat): readonly [number, number] | null {
  const size =
    format === 'png' ? pngSize(bytes) : format === 'jpg' ? jpegSize(bytes) : format === 'webp' ? webpSize(bytes) : null;
  return size === null || size[0] === 0 || size[1] === 0 ? null : size;
}

function pngSize(bytes: Uint8Array): readonly [number, number] | null {
  if (bytes.length < 33 || !startsWith(bytes, 12, [0x49, 0x48, 0x44, 0x52])) return null;
  const view = viewOf(bytes);
  return [view.getUint32(16), view.getUint32(20)];
}

function jpegSize(bytes: Uint8Array): readonly [number, number] | null {
  const view = viewOf(bytes);
  for (let offset = 2; offset + 9 <= bytes.length; ) {
    if (bytes[offset] !== 0xff) return null;
    const marker = bytes[offset + 1] as number;
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      offset += marker === 0xff ? 1 : 2;
      continue;
    }
    if (marker === 0xd9 || marker === 0xda) return null;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return [view.getUint16(offset + 7), view.getUint16(offset + 5)];
    offset += 2 + view.getUint16(offset + 2);
  }
  return null;
}

/** @source RFC 9649 §2.5 to §2.7 */
function webpSize(bytes: Uint8Array): readonly [number, number] | null {
  if (bytes.length < 30) return null;
  const view = viewOf(bytes);
  if (startsWith(bytes, 12, [0x56, 0x50, 0x38, 0x58])) {
    return [1 + (view.getUint32(24, true) & 0xffffff), 1 + (view.getUint32(26, true) >>> 8)];
  }
  if (startsWith(bytes, 12, [0x56, 0x50, 0x38, 0x4c]) && bytes[20] === 0x2f) {
    const bits = view.getUint32(21, true);
    return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)];
  }
  if (startsWith(bytes, 12, [0x56, 0x50, 0x38, 0x20]) && startsWith(bytes, 23, [0x9d, 0x01, 0x2a])) {
    return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  }
  return null;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function startsWith(bytes: Uint8Array, offset: number, pattern: readonly number[]): boolean {
  return bytes.length >= offset + pattern.length && pattern.every((value, index) => bytes[offset + index] === value);
}
