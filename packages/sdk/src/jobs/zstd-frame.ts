/** The block type that the format reserves. */
const RESERVED = 3;

/** A block of one repeated byte: its size is that of the content. */
const REPEATED = 1;

/**
 * True for a Zstandard frame whose own block headers say that bytes are missing. What is no frame at all lacks nothing.
 *
 * Only the headers are looked at, nothing is unpacked, so this costs a few steps per 128 KiB.
 *
 * @param bytes - Begins with the magic number of a frame.
 * @source RFC 8878 §3.1.1
 */
export function isZstdCutOff(bytes: Uint8Array): boolean {
  const descriptor = bytes[4];
  if (descriptor === undefined) return true;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? (isSingleSegment ? 1 : 0) : 2 ** sizeFlag;
  let at = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
  for (;;) {
    if (at + 3 > bytes.length) return true;
    const header = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
    const type = (header >> 1) & 3;
    if (type === RESERVED) return false;
    at += 3 + (type === REPEATED ? 1 : header >> 3);
    if ((header & 1) === 1) break;
  }
  const hasChecksum = (descriptor & 4) !== 0;
  return at + (hasChecksum ? 4 : 0) > bytes.length;
}
