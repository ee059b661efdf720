import { concatBytes } from '../foundation/bytes.ts';
import { type ExifFacts, readExif } from './exif.ts';
import { MAX_IMAGE_PARTS, unreadable } from './image-limits.ts';
import type { ImageFacts } from './inspect-image.ts';
import { containsText, hasTextAt, namesPlace } from './metadata-text.ts';

/** A marker with what belongs to it, as it lies in the file. */
interface Segment {
  readonly marker: number;
  /** First byte of the marker, and of the content behind marker and length. */
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

const END = 0xd9;
const SCAN = 0xda;
const COMMENT = 0xfe;

/** Size, orientation and place of a JPEG. Throws `ASSET_UNREADABLE` where its markers cannot be walked to the end. */
export function inspectJpeg(bytes: Uint8Array): ImageFacts {
  let size: { width: number; height: number } | undefined;
  let exif: ExifFacts | undefined;
  let mayHoldLocation = false;
  for (const { marker, content, end } of segmentsOf(bytes)) {
    const part = bytes.subarray(content, end);
    if (startsFrame(marker) && part.length >= 5) {
      size ??= { height: readUint16(bytes, content + 1), width: readUint16(bytes, content + 3) };
    } else if (marker === 0xe1 && hasTextAt(part, 0, 'Exif\0')) {
      const facts = readExif(part);
      exif ??= facts;
      mayHoldLocation ||= facts.mayHoldLocation;
    } else if (marker === 0xe1) {
      mayHoldLocation ||= namesPlace(part);
    } else if (marker === 0xed) {
      // IPTC records 2:90 and 2:92, city and sublocation
      mayHoldLocation ||= containsText(part, '\x1c\x02\x5a') || containsText(part, '\x1c\x02\x5c');
    }
  }
  if (size === undefined) throw unreadable('is damaged: a JPEG without pixels');
  return { ...size, orientation: exif?.orientation ?? 1, mayHoldLocation };
}

/** A JPEG with nothing but what its pixels need: JFIF header, colour profile, Adobe's note on colours, tables and scans. */
export function stripJpeg(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [bytes.subarray(0, 2)];
  for (const segment of segmentsOf(bytes)) {
    const { marker, start, end } = segment;
    const isApplications = marker >= 0xe0 && marker <= 0xef;
    if (marker === COMMENT || (isApplications && !decidesColours(bytes, segment))) continue;
    parts.push(bytes.subarray(start, end));
  }
  return concatBytes(parts);
}

function decidesColours(bytes: Uint8Array, { marker, content }: Segment): boolean {
  if (marker === 0xe0) return hasTextAt(bytes, content, 'JFIF\0');
  if (marker === 0xe2) return hasTextAt(bytes, content, 'ICC_PROFILE\0');
  return marker === 0xee && hasTextAt(bytes, content, 'Adobe');
}

/** Every segment behind the start of the picture; a scan brings its pixels along. The last one is the end. */
function segmentsOf(bytes: Uint8Array): readonly Segment[] {
  const segments: Segment[] = [];
  let offset = 2;
  while (offset < bytes.length) {
    // between segments lies nothing but fill bytes; decoders skip other rubbish too
    if (bytes[offset] !== 0xff || bytes[offset + 1] === 0xff || bytes[offset + 1] === 0) {
      offset += 1;
      continue;
    }
    const marker = bytes[offset + 1];
    if (marker === undefined) break;
    if (marker === END) {
      segments.push({ marker, start: offset, content: offset + 2, end: offset + 2 });
      return segments;
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      offset += 2;
      continue;
    }
    const length = readUint16(bytes, offset + 2);
    let end = offset + 2 + length;
    if (length < 2 || end > bytes.length) break;
    if (marker === SCAN) end = endOfScan(bytes, end);
    segments.push({ marker, start: offset, content: offset + 4, end });
    if (segments.length > MAX_IMAGE_PARTS) throw unreadable('is damaged: a JPEG of too many segments');
    offset = end;
  }
  throw unreadable('is cut off: a JPEG without its end');
}

/** Where the entropy-coded pixels end: in front of the next marker that is neither a stuffed zero nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let offset = bytes.indexOf(0xff, from); offset >= 0; offset = bytes.indexOf(0xff, offset + 1)) {
    const next = bytes[offset + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return offset;
  }
  return bytes.length;
}

function startsFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Most significant byte first; missing bytes count as zero. */
function readUint16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}
