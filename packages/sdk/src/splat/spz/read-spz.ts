import type { OutputBounds } from '../container/bounded-output.ts';
import { gunzip } from '../container/gunzip.ts';
import { unzstd } from '../container/unzstd.ts';
import { harmonicsCount, type ShDegree } from '../splat-data.ts';
import { tooLarge, unreadable } from '../splat-errors.ts';
import type { SplatLimits } from '../splat-limits.ts';
import type { ReadSplat, SplatContainer, SplatReader } from '../splat-reader.ts';
import { decodeSpz } from './decode-spz.ts';

const HEADER_BYTES = 16;

/** Bytes of a gaussian without harmonics: position 9, opacity 1, colour 3, scale 3, rotation 3. */
const GAUSSIAN_BYTES = 19;

const ANTIALIASED = 1;

/** Reads SPZ version 2: bare, in gzip as its authors write it, and in a Zstandard frame as 404-GEN does. */
export const spzReader: SplatReader = {
  matches: (bytes) => containerOf(bytes) !== undefined,
  read: readSpz,
};

/** @source RFC 1952 §2.3.1; RFC 8878 §3.1.1; nianticlabs/spz, PackedGaussiansHeader. */
const MAGIC: readonly (readonly [SplatContainer, readonly number[]])[] = [
  ['none', [0x4e, 0x47, 0x53, 0x50]],
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
];

function containerOf(bytes: Uint8Array): SplatContainer | undefined {
  return MAGIC.find(([, magic]) => magic.every((byte, index) => bytes[index] === byte))?.[0];
}

function readSpz(bytes: Uint8Array, limits: SplatLimits): ReadSplat {
  const container = containerOf(bytes) ?? 'none';
  const payload = unwrap(bytes, container, {
    headBytes: HEADER_BYTES,
    sizeOf: (head) => payloadBytes(parseHeader(head, limits)),
    maxBytes: limits.decompressedBytes,
  });
  const header = parseHeader(payload, limits);
  const { version, count, shDegree, fractionalBits, antialiased } = header;
  const splat = decodeSpz(payload.subarray(HEADER_BYTES), count, shDegree, fractionalBits);
  return { splat, format: 'spz', version, container, antialiased, mediaType: 'application/spz' };
}

function unwrap(bytes: Uint8Array, container: SplatContainer, bounds: OutputBounds): Uint8Array {
  if (container === 'gzip') return gunzip(bytes, bounds);
  if (container === 'zstd') return unzstd(bytes, bounds);
  if (bytes.length < HEADER_BYTES) throw unreadable('The SPZ ends within its header.');
  const size = bounds.sizeOf(bytes);
  if (size > bytes.length) {
    throw unreadable(`The SPZ is cut off: ${size - bytes.length} of its ${size} bytes are missing.`);
  }
  if (size < bytes.length) throw unreadable('The SPZ holds more than it declares.');
  return bytes;
}

interface SpzHeader {
  readonly version: number;
  readonly count: number;
  readonly shDegree: ShDegree;
  readonly fractionalBits: number;
  readonly antialiased: boolean;
}

function payloadBytes({ count, shDegree }: SpzHeader): number {
  return HEADER_BYTES + count * (GAUSSIAN_BYTES + 3 * harmonicsCount(shDegree));
}

/** @source nianticlabs/spz, load-spz.cc, PackedGaussiansHeader; 404-Repo/spz, SPZ_FORMAT.md. */
function parseHeader(bytes: Uint8Array, limits: SplatLimits): SpzHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  if (view.getUint32(0, true) !== 0x5053474e) {
    throw unreadable('The compressed file does not hold an SPZ.', 'Unpack it first if it is an archive.');
  }
  const version = view.getUint32(4, true);
  if (version !== 2) {
    throw unreadable(
      `This is SPZ version ${version}; only version 2 can be read yet.`,
      'Convert it to a plain 3DGS PLY first, for instance with splat-transform.',
    );
  }
  const count = view.getUint32(8, true);
  if (count > limits.gaussians) {
    throw tooLarge(`The SPZ declares ${count} gaussians; at most ${limits.gaussians} are read.`);
  }
  const degree = bytes[12] as number;
  if (degree > 3) throw unreadable(`The SPZ has harmonics of degree ${degree}; at most 3 can be read.`);
  const fractionalBits = bytes[13] as number;
  // more bits of fraction than the number has would make every position a rounding error
  if (fractionalBits > 24) throw unreadable(`The SPZ declares ${fractionalBits} fractional bits; there can be 24.`);
  return {
    version,
    count,
    shDegree: degree as ShDegree,
    fractionalBits,
    antialiased: ((bytes[14] as number) & ANTIALIASED) !== 0,
  };
}
