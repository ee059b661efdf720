import { concatBytes, encodeUtf8 } from '../foundation/bytes.ts';
import { unreadable } from './asset-errors.ts';

const MAGIC = 0x46546c67;
const CHUNK_JSON = 0x4e4f534a;
const CHUNK_BIN = 0x004e4942;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

/** The two chunks of a GLB that matter. Views into the file, not copies. */
export interface GlbChunks {
  readonly json: Uint8Array;
  readonly bin?: Uint8Array;
  /** Bytes after the declared end of the file. */
  readonly trailingBytes: number;
}

/** True if the bytes start like a GLB of any version. */
export function isGlb(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x67 && bytes[1] === 0x6c && bytes[2] === 0x54 && bytes[3] === 0x46;
}

/**
 * Splits a GLB into its chunks after checking every length against the bytes that are there.
 *
 * @throws {@link SdkError} `ASSET_UNREADABLE`, saying which length is wrong.
 * @source glTF 2.0 §4.4 (binary file layout).
 */
export function parseGlb(bytes: Uint8Array): GlbChunks {
  if (bytes.length < HEADER_BYTES + CHUNK_HEADER_BYTES) {
    throw unreadable(`The GLB has ${bytes.length} bytes, too few for its header: the file is truncated.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw unreadable('The file does not start with the four letters of a GLB.');
  const version = view.getUint32(4, true);
  if (version !== 2) throw unreadable(`The GLB header says version ${version}; only version 2 is understood.`);
  const declared = view.getUint32(8, true);
  if (declared > bytes.length) {
    throw unreadable(`The GLB header declares ${declared} bytes but the file has ${bytes.length}: it is truncated.`);
  }
  if (declared < HEADER_BYTES + CHUNK_HEADER_BYTES) {
    throw unreadable(`The GLB header declares ${declared} bytes, too few for a single chunk.`);
  }
  let json: Uint8Array | undefined;
  let bin: Uint8Array | undefined;
  let offset = HEADER_BYTES;
  for (let chunk = 0; offset < declared; chunk += 1) {
    if (offset + CHUNK_HEADER_BYTES > declared) {
      throw unreadable(`The header of GLB chunk ${chunk} reaches beyond the end of the file.`);
    }
    const length = view.getUint32(offset, true);
    const type = view.getUint32(offset + 4, true);
    const start = offset + CHUNK_HEADER_BYTES;
    if (start + length > declared) {
      throw unreadable(`GLB chunk ${chunk} declares ${length} bytes but only ${declared - start} follow.`);
    }
    const content = bytes.subarray(start, start + length);
    if (chunk === 0) {
      if (type !== CHUNK_JSON) throw unreadable('The first chunk of the GLB is not its JSON part.');
      json = content;
    } else if (type === CHUNK_BIN && bin === undefined) bin = content;
    // chunks of other types are for extensions that are not supported; the specification says to ignore them
    offset = start + length;
  }
  if (json === undefined) throw unreadable('The GLB has no JSON part.');
  return { json, ...(bin === undefined ? {} : { bin }), trailingBytes: bytes.length - declared };
}

/** Joins JSON text and binary data to a GLB the caller owns. */
export function buildGlb(json: string, bin: Uint8Array | undefined): Uint8Array {
  const text = pad(encodeUtf8(json), 0x20);
  const chunks = [chunkHeader(text.length, CHUNK_JSON), text];
  if (bin !== undefined && bin.length > 0) {
    const data = pad(bin, 0);
    chunks.push(chunkHeader(data.length, CHUNK_BIN), data);
  }
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, 2, true);
  view.setUint32(
    8,
    chunks.reduce((sum, chunk) => sum + chunk.length, HEADER_BYTES),
    true,
  );
  return concatBytes([header, ...chunks]);
}

function chunkHeader(length: number, type: number): Uint8Array {
  const header = new Uint8Array(CHUNK_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, length, true);
  view.setUint32(4, type, true);
  return header;
}

function pad(bytes: Uint8Array, filler: number): Uint8Array {
  const length = Math.ceil(bytes.length / 4) * 4;
  if (length === bytes.length) return bytes;
  const padded = new Uint8Array(length).fill(filler, bytes.length);
  padded.set(bytes);
  return padded;
}
