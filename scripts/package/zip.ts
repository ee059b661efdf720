import { crc32, deflateRawSync } from 'node:zlib';

/** One file of a zip. */
export interface ZipEntry {
  /** With `/` between folders, none at either end. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** True for programs: whoever unpacks with modes gets 0755 instead of 0644. */
  readonly isExecutable?: boolean;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
/** 2.0: folders and deflate. */
const VERSION_NEEDED = 20;
/** Made on Unix, by which the upper half of the attributes is a mode. */
const MADE_ON_UNIX = (3 << 8) | VERSION_NEEDED;
const NAMES_ARE_UTF8 = 1 << 11;
const STORED = 0;
const DEFLATED = 8;
/** 1980-01-01, the first day a zip can tell. */
const FIRST_DAY = 0x0021;
const REGULAR_FILE = 0o100000;
const MOST_BYTES = 0xffffffff;

/**
 * A zip of some files: the same files give the same bytes, in whatever order and whenever they come.
 *
 * Entries are sorted by name and carry no time. Small enough archives only: no zip64.
 *
 * @source PKWARE APPNOTE 6.3.
 */
export function makeZip(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = Buffer.from(entry.name);
    const deflated = deflateRawSync(entry.bytes, { level: 9 });
    const isSmaller = deflated.length < entry.bytes.length;
    const data = isSmaller ? deflated : entry.bytes;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION_NEEDED, 0);
    common.writeUInt16LE(NAMES_ARE_UTF8, 2);
    common.writeUInt16LE(isSmaller ? DEFLATED : STORED, 4);
    common.writeUInt16LE(FIRST_DAY, 8);
    common.writeUInt32LE(crc32(entry.bytes), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(entry.bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(((REGULAR_FILE | (entry.isExecutable ? 0o755 : 0o644)) << 16) >>> 0, 6);
    place.writeUInt32LE(offset, 10);
    parts.push(signature(LOCAL_HEADER), common, name, data);
    directory.push(signature(CENTRAL_HEADER), numbers(MADE_ON_UNIX), common, place, name);
    offset += 4 + common.length + name.length + data.length;
    if (offset > MOST_BYTES) throw new Error('The files are too large for a zip.');
  }
  const directoryLength = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directoryLength, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, ...directory, signature(END), end]);
}

function signature(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function numbers(value: number): Uint8Array {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
