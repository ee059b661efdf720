import { decode } from 'jpeg-js';
import type { RasterImage } from '../host/host.ts';
import { assertImageSize, unreadable } from './image-limits.ts';

/** More scans than any encoder writes; each costs a pass over the whole picture. */
const MAX_SCANS = 64;

/** Working memory of the decoder beside the picture, MiB: coefficients take 2–3 times the picture. */
const MAX_MEMORY_MIB = 1536;

/**
 * Reads a JPEG, baseline or progressive, as opaque RGBA. Orientation and profiles are ignored, as glTF asks.
 *
 * Throws `ASSET_UNREADABLE` for damaged and cut files and `ASSET_TOO_LARGE` beyond the limits.
 */
export function decodeJpeg(bytes: Uint8Array): RasterImage {
  inspectMarkers(bytes);
  let image: { width: number; height: number; data: Uint8Array };
  try {
    image = decode(bytes, {
      useTArray: true,
      formatAsRGBA: true,
      tolerantDecoding: false,
      maxResolutionInMP: 68,
      maxMemoryUsageInMB: MAX_MEMORY_MIB,
    });
  } catch (cause) {
    throw unreadable('is damaged: its JPEG data cannot be decoded', cause);
  }
  return { width: image.width, height: image.height, data: image.data };
}

/** Walks the markers in front of and between the scans: size, number of scans, and whether the end is there. */
function inspectMarkers(bytes: Uint8Array): void {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw unreadable('is not a JPEG');
  let scans = 0;
  let sized = false;
  for (let offset = 2; offset < bytes.length; ) {
    if (bytes[offset] !== 0xff) {
      offset += 1;
      continue;
    }
    const marker = bytes[offset + 1];
    if (marker === undefined) break;
    if (marker === 0xd9) {
      if (!sized || scans === 0) throw unreadable('is damaged: a JPEG without pixels');
      return;
    }
    // Fill bytes, stuffed zeros and restart markers have no length.
    if (marker === 0xff || marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      offset += marker === 0xff ? 1 : 2;
      continue;
    }
    const length = ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
    if (length < 2 || offset + 2 + length > bytes.length) break;
    const startsFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (startsFrame && length >= 8) {
      const height = ((bytes[offset + 5] as number) << 8) | (bytes[offset + 6] as number);
      const width = ((bytes[offset + 7] as number) << 8) | (bytes[offset + 8] as number);
      assertImageSize(width, height);
      sized = true;
    }
    if (marker === 0xda) {
      scans += 1;
      if (scans > MAX_SCANS) throw unreadable('is damaged: a JPEG with too many scans');
    }
    offset += 2 + length;
  }
  throw unreadable('is cut off: a JPEG without its end');
}
