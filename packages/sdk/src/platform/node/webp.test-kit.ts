import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import createModule from '@jsquash/webp/codec/enc/webp_enc.js';
import { defaultOptions } from '@jsquash/webp/meta.js';
import { concatBytes } from '../../foundation/bytes.ts';
import type { RasterImage } from '../../host/host.ts';

const file = createRequire(import.meta.url).resolve('@jsquash/webp/codec/enc/webp_enc.wasm');

/** Writes a lossless WebP: its pixels come back as they were. */
export async function webpOf({ width, height, data }: RasterImage): Promise<Uint8Array> {
  const encoder = await createModule({ noInitialRun: true, wasmBinary: await readFile(file) });
  return new Uint8Array(encoder.encode(data, width, height, { ...defaultOptions, lossless: 1, exact: 1 }));
}

/** The extended form of a WebP with Exif and XMP behind its pixels. @source RFC 9649 §2.7 */
export function withWebpMetadata(
  webp: Uint8Array,
  { width, height }: RasterImage,
  metadata: { exif?: Uint8Array; xmp?: Uint8Array; flags?: number },
): Uint8Array {
  const chunk = (type: string, content: Uint8Array): Uint8Array => {
    const bytes = new Uint8Array(8 + content.length + (content.length % 2));
    bytes.set(Uint8Array.from(type, (character) => character.charCodeAt(0)));
    new DataView(bytes.buffer).setUint32(4, content.length, true);
    bytes.set(content, 8);
    return bytes;
  };
  const { exif, xmp, flags = 0 } = metadata;
  const extension = new Uint8Array(10);
  extension[0] = flags | 0x10 | (exif === undefined ? 0 : 0x08) | (xmp === undefined ? 0 : 0x04);
  const view = new DataView(extension.buffer);
  view.setUint32(4, width - 1, true);
  view.setUint16(7, (height - 1) & 0xffff, true);
  extension[9] = (height - 1) >> 16;
  const joined = concatBytes([
    webp.slice(0, 12),
    chunk('VP8X', extension),
    webp.subarray(12),
    ...(exif === undefined ? [] : [chunk('EXIF', exif)]),
    ...(xmp === undefined ? [] : [chunk('XMP ', xmp)]),
  ]);
  new DataView(joined.buffer).setUint32(4, joined.length - 8, true);
  return joined;
}
