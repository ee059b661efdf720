/** Most bytes of a block. @source RFC 8878 §3.1.1.2.4 */
const BLOCK_BYTES = 128 * 1024;

/**
 * One Zstandard frame around bytes, in blocks that are stored as they are: larger than it could be, and valid for every
 * decoder. No checksum; the length of the content is in the header.
 *
 * @source RFC 8878 §3.1.1
 */
export function storeZstdFrame(content: Uint8Array): Uint8Array {
  const blockCount = Math.max(1, Math.ceil(content.length / BLOCK_BYTES));
  const frame = new Uint8Array(9 + 3 * blockCount + content.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, 0xfd2fb528, true);
  frame[4] = 0xa0; // single segment, content size in four bytes
  view.setUint32(5, content.length, true);
  let at = 9;
  for (let block = 0; block < blockCount; block += 1) {
    const part = content.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
    const header = (part.length << 3) | (block === blockCount - 1 ? 1 : 0);
    frame[at] = header & 0xff;
    frame[at + 1] = (header >> 8) & 0xff;
    frame[at + 2] = header >> 16;
    frame.set(part, at + 3);
    at += 3 + part.length;
  }
  return frame;
}
