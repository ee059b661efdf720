import type { AssetKind } from '../provider/request.ts';
import { isZstdCutOff } from './zstd-frame.ts';

/** What bytes are, whatever their sender called them. */
export interface SniffedType {
  readonly mediaType: string;
  /** Without the dot. */
  readonly extension: string;
  /** What the bytes are for certain, whatever was ordered; undefined where they could be either. */
  readonly kind?: AssetKind;
  /** False where the bytes themselves say that some are missing. */
  readonly complete: boolean;
}

function type(mediaType: string, extension: string, complete = true, kind?: AssetKind): SniffedType {
  return { mediaType, extension, complete, ...(kind === undefined ? {} : { kind }) };
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return bytes.length >= signature.length && signature.every((byte, index) => bytes[index] === byte);
}

/**
 * Tells a file's type from its first bytes.
 *
 * @param kind - What was ordered: a gzip or Zstandard wrapper around a splat is SPZ.
 * @source glTF 2.0 §4.4; PLY specification (Turk); SPZ format notes; RFC 1952 §2.3.1; RFC 8878 §3.1.1; APPNOTE.TXT §4.3.
 */
export function sniffMediaType(bytes: Uint8Array, kind: AssetKind): SniffedType {
  if (startsWith(bytes, [0x67, 0x6c, 0x54, 0x46])) {
    const declared = bytes.length < 12 ? 12 : uint32(bytes, 8);
    return type('model/gltf-binary', 'glb', bytes.length >= declared, 'mesh');
  }
  if (startsWith(bytes, [0x70, 0x6c, 0x79, 0x0a]) || startsWith(bytes, [0x70, 0x6c, 0x79, 0x0d])) {
    return type('application/ply', 'ply');
  }
  const wrapped = kind === 'splat';
  if (startsWith(bytes, [0x4e, 0x47, 0x53, 0x50])) return type('application/spz', 'spz', true, 'splat');
  if (startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd])) {
    const isWhole = !isZstdCutOff(bytes);
    return wrapped ? type('application/spz', 'spz', isWhole) : type('application/zstd', 'zst', isWhole);
  }
  if (startsWith(bytes, [0x1f, 0x8b])) return wrapped ? type('application/spz', 'spz') : type('application/gzip', 'gz');
  if (startsWith(bytes, [0x50, 0x4b])) return type('application/zip', 'zip', hasZipEnd(bytes));
  const first = bytes.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  if (first === 0x7b)
    return containsAscii(bytes, '"asset"')
      ? type('model/gltf+json', 'gltf', true, 'mesh')
      : type('application/json', 'json');
  if (first === 0x3c) return type('text/html', 'html');
  return type('application/octet-stream', 'bin');
}

function uint32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset, true);
}

/** A streamed archive that broke off lacks its end record. */
function hasZipEnd(bytes: Uint8Array): boolean {
  const lowest = Math.max(0, bytes.length - 22 - 0xffff);
  for (let offset = bytes.length - 22; offset >= lowest; offset -= 1) {
    if (uint32(bytes, offset) === 0x06054b50) return true;
  }
  return false;
}

function containsAscii(bytes: Uint8Array, text: string): boolean {
  const first = text.charCodeAt(0);
  for (let offset = bytes.indexOf(first); offset >= 0; offset = bytes.indexOf(first, offset + 1)) {
    let length = 0;
    while (length < text.length && bytes[offset + length] === text.charCodeAt(length)) length += 1;
    if (length === text.length) return true;
  }
  return false;
}
