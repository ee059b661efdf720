import { concatBytes } from '../foundation/bytes.ts';
import { type ExifFacts, readExif } from './exif.ts';
import { MAX_IMAGE_PARTS, unreadable } from './image-limits.ts';
import type { ImageFacts } from './inspect-image.ts';
import { hasTextAt, namesPlace } from './metadata-text.ts';

/** A chunk with its header and padding, as it lies in the file. */
interface Chunk {
  readonly type: string;
  readonly start: number;
  /** Behind the content, in front of a padding byte. */
  readonly contentEnd: number;
  readonly end: number;
}

/** Bits of the first byte of `VP8X`. */
const ANIMATED = 0x02;
const HAS_XMP = 0x04;
const HAS_EXIF = 0x08;

/**
 * Size, orientation and place of a WebP. Throws `ASSET_UNREADABLE` where its chunks cannot be walked to the end, and for an
 * animation.
 *
 * @source RFC 9649 §2; RFC 6386 §9.1
 */
export function inspectWebp(bytes: Uint8Array): ImageFacts {
  const chunks = chunksOf(bytes);
  const first = chunks[0];
  if (first?.type === 'VP8X' && ((bytes[first.start + 8] ?? 0) & ANIMATED) !== 0) {
    throw unreadable('is an animation, not a single picture');
  }
  const size = webpSizeOf(bytes);
  if (size === null) throw unreadable('is damaged: a WebP without pixels');
  let exif: ExifFacts | undefined;
  let mayHoldLocation = false;
  for (const { type, start, contentEnd } of chunks) {
    const content = bytes.subarray(start + 8, contentEnd);
    if (type === 'EXIF') {
      const facts = readExif(content);
      exif ??= facts;
      mayHoldLocation ||= facts.mayHoldLocation;
    } else if (type === 'XMP ') {
      mayHoldLocation ||= namesPlace(content);
    }
  }
  return { ...size, orientation: exif?.orientation ?? 1, mayHoldLocation };
}

/** Declared size of a WebP by its first chunk, or null where it has none. Of use before anything is decoded. */
export function webpSizeOf(bytes: Uint8Array): { width: number; height: number } | null {
  const at = (offset: number): number => bytes[20 + offset] ?? 0;
  if (bytes.length < 30) return null;
  if (hasTextAt(bytes, 12, 'VP8X')) {
    const uint24 = (offset: number): number => at(offset) | (at(offset + 1) << 8) | (at(offset + 2) << 16);
    return { width: uint24(4) + 1, height: uint24(7) + 1 };
  }
  if (hasTextAt(bytes, 12, 'VP8L') && at(0) === 0x2f) {
    const packed = at(1) | (at(2) << 8) | (at(3) << 16) | (at(4) << 24);
    return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
  }
  if (hasTextAt(bytes, 12, 'VP8 ') && at(3) === 0x9d && at(4) === 0x01 && at(5) === 0x2a) {
    return { width: (at(6) | (at(7) << 8)) & 0x3fff, height: (at(8) | (at(9) << 8)) & 0x3fff };
  }
  return null;
}

/** A WebP without Exif and XMP. */
export function stripWebp(bytes: Uint8Array): Uint8Array {
  const kept = chunksOf(bytes).filter(({ type }) => type !== 'EXIF' && type !== 'XMP ');
  const stripped = concatBytes([bytes.slice(0, 12), ...kept.map(({ start, end }) => bytes.subarray(start, end))]);
  new DataView(stripped.buffer, stripped.byteOffset).setUint32(4, stripped.length - 8, true);
  if (kept[0]?.type === 'VP8X') stripped[20] = (stripped[20] as number) & ~(HAS_EXIF | HAS_XMP);
  return stripped;
}

function chunksOf(bytes: Uint8Array): readonly Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fileEnd = bytes.length < 12 ? 0 : 8 + view.getUint32(4, true);
  if (fileEnd < 12 || fileEnd > bytes.length) throw unreadable('is cut off: a WebP without its end');
  const chunks: Chunk[] = [];
  for (let offset = 12; offset < fileEnd; ) {
    if (offset + 8 > fileEnd) throw unreadable('is damaged: a WebP with half a chunk');
    const size = view.getUint32(offset + 4, true);
    const contentEnd = offset + 8 + size;
    if (contentEnd > fileEnd) throw unreadable('is cut off in the middle of a WebP chunk');
    const type = String.fromCharCode(...bytes.subarray(offset, offset + 4));
    const end = Math.min(fileEnd, contentEnd + (size % 2));
    chunks.push({ type, start: offset, contentEnd, end });
    if (chunks.length > MAX_IMAGE_PARTS) throw unreadable('is damaged: a WebP of too many chunks');
    offset = end;
  }
  return chunks;
}
