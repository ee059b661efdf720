import { concatBytes } from '../foundation/bytes.ts';
import { type ExifFacts, readExif } from './exif.ts';
import { MAX_IMAGE_PARTS, unreadable } from './image-limits.ts';
import type { ImageFacts } from './inspect-image.ts';
import { hasTextAt, namesPlace } from './metadata-text.ts';
import { readUint32 } from './png-chunks.ts';

/** A chunk with length and checksum, as it lies in the file. */
interface Chunk {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Hold metadata; everything else says how pixels look. @source PNG 3rd edition §11.3 */
const METADATA = ['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME'];

/** Size, orientation and place of a PNG. Throws `ASSET_UNREADABLE` where its chunks cannot be walked to the end. */
export function inspectPng(bytes: Uint8Array): ImageFacts {
  const chunks = chunksOf(bytes);
  const header = chunks[0] as Chunk;
  if (header.type !== 'IHDR' || header.end - header.start !== 25) {
    throw unreadable('is damaged: a PNG that does not begin with its header');
  }
  let exif: ExifFacts | undefined;
  let mayHoldLocation = false;
  for (const { type, start, end } of chunks) {
    const content = bytes.subarray(start + 8, end - 4);
    if (type === 'eXIf') {
      const facts = readExif(content);
      exif ??= facts;
      mayHoldLocation ||= facts.mayHoldLocation;
    } else if (type === 'tEXt' || type === 'zTXt' || type === 'iTXt') {
      mayHoldLocation ||= textMayNamePlace(content, type);
    }
  }
  return {
    width: readUint32(bytes, header.start + 8),
    height: readUint32(bytes, header.start + 12),
    orientation: exif?.orientation ?? 1,
    mayHoldLocation,
  };
}

/** A PNG without texts, times and Exif. */
export function stripPng(bytes: Uint8Array): Uint8Array {
  const kept = chunksOf(bytes).filter(({ type }) => !METADATA.includes(type));
  return concatBytes([bytes.subarray(0, 8), ...kept.map(({ start, end }) => bytes.subarray(start, end))]);
}

/** ImageMagick keeps Exif and IPTC as `Raw profile type …`; XMP has a keyword of its own. Compressed ones are not opened. */
function textMayNamePlace(content: Uint8Array, type: string): boolean {
  if (hasTextAt(content, 0, 'Raw profile type ')) return true;
  const keyword = 'XML:com.adobe.xmp\0';
  if (!hasTextAt(content, 0, keyword)) return false;
  return type === 'zTXt' || (type === 'iTXt' && content[keyword.length] !== 0) || namesPlace(content);
}

function chunksOf(bytes: Uint8Array): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let offset = 8; offset + 12 <= bytes.length; ) {
    const end = offset + 12 + readUint32(bytes, offset);
    if (end > bytes.length) break;
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    chunks.push({ type, start: offset, end });
    if (type === 'IEND') return chunks;
    if (chunks.length > MAX_IMAGE_PARTS) throw unreadable('is damaged: a PNG of too many chunks');
    offset = end;
  }
  throw unreadable('is cut off: a PNG without its end');
}
