/**
 * How the stored rows and columns lie in the upright picture: 1 as stored, 2 mirrored, 3 turned by 180°, 4 flipped, 5 transposed,
 * 6 to be turned clockwise by 90°, 7 transposed across the other diagonal, 8 to be turned anticlockwise by 90°.
 *
 * @source Exif 3.0 §4.6.5.1, tag Orientation
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What matters here of an Exif block. */
export interface ExifFacts {
  /** 1 where the block says nothing that makes sense. */
  readonly orientation: Orientation;
  /** True where the block holds a position, and where it is so broken that nobody can say that it holds none. */
  readonly mayHoldLocation: boolean;
}

const ORIENTATION = 0x0112;
const GPS_DIRECTORY = 0x8825;
/** GPSVersionID, which cameras write although they know no position. */
const GPS_VERSION = 0;
const SHORT = 3;
const LONG = 4;

interface Entry {
  readonly tag: number;
  readonly type: number;
  /** Position of the four bytes that hold the value or its offset. */
  readonly at: number;
}

/**
 * Reads an Exif block, with or without the `Exif\0\0` that JPEG puts in front. Never throws, whatever the bytes are: only the
 * first directory and the one of the position are looked at, each once.
 *
 * @source TIFF 6.0 §2; Exif 3.0 §4.6
 */
export function readExif(block: Uint8Array): ExifFacts {
  const start = [0x45, 0x78, 0x69, 0x66, 0, 0].every((value, index) => block[index] === value) ? 6 : 0;
  const view = new DataView(block.buffer, block.byteOffset + start, block.byteLength - start);
  const broken: ExifFacts = { orientation: 1, mayHoldLocation: true };
  if (view.byteLength < 8) return broken;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return broken;
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) return broken;
  const entries = readDirectory(view, view.getUint32(4, little), little);
  if (entries === null) return broken;
  const turned = entries.find((entry) => entry.tag === ORIENTATION);
  const position = entries.find((entry) => entry.tag === GPS_DIRECTORY);
  return {
    orientation: turned === undefined ? 1 : toOrientation(numberOf(view, turned, little)),
    mayHoldLocation: position !== undefined && holdsPosition(view, view.getUint32(position.at, little), little),
  };
}

/** The entries of a directory, or null if it does not lie inside the block. */
function readDirectory(view: DataView, offset: number, little: boolean): Entry[] | null {
  if (offset < 8 || offset + 2 > view.byteLength) return null;
  const count = view.getUint16(offset, little);
  if (offset + 2 + count * 12 > view.byteLength) return null;
  return Array.from({ length: count }, (_, index) => {
    const at = offset + 2 + index * 12;
    return { tag: view.getUint16(at, little), type: view.getUint16(at + 2, little), at: at + 8 };
  });
}

function holdsPosition(view: DataView, offset: number, little: boolean): boolean {
  const entries = readDirectory(view, offset, little);
  return entries === null || entries.some((entry) => entry.tag !== GPS_VERSION);
}

function numberOf(view: DataView, entry: Entry, little: boolean): number {
  if (entry.type === SHORT) return view.getUint16(entry.at, little);
  // not allowed, yet written by some
  return entry.type === LONG ? view.getUint32(entry.at, little) : 0;
}

function toOrientation(value: number): Orientation {
  return value >= 1 && value <= 8 ? (value as Orientation) : 1;
}
