import { encodeUtf8 } from '../foundation/bytes.ts';
import { plyColumns } from './ply/ply-columns.ts';
import { BLOCK_ROWS, IS_LITTLE_ENDIAN } from './ply/ply-rows.ts';
import type { SplatData } from './splat-data.ts';

/**
 * Writes a splat as a binary little-endian 3DGS PLY: `x y z f_dc_* f_rest_* opacity scale_* rot_*`, all floats, no normals.
 *
 * The same splat gives the same bytes. Reading them back gives the same numbers.
 *
 * @param splat - Not modified.
 * @returns The file. Owned by the caller.
 */
export function writePly(splat: SplatData): Uint8Array {
  const columns = plyColumns(splat);
  const header = encodeUtf8(
    [
      'ply',
      'format binary_little_endian 1.0',
      `element vertex ${splat.count}`,
      ...columns.map(({ name }) => `property float ${name}`),
      'end_header\n',
    ].join('\n'),
  );
  const rowBytes = 4 * columns.length;
  const bytes = new Uint8Array(header.length + splat.count * rowBytes);
  bytes.set(header);
  // Turned in blocks that stay in the processor's cache, then copied: the body is not at a multiple of four.
  const block = new Float32Array(Math.min(splat.count, BLOCK_ROWS) * columns.length);
  const blockBytes = new Uint8Array(block.buffer);
  const view = new DataView(block.buffer);
  for (let first = 0; first < splat.count; first += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, splat.count - first);
    for (const [place, { array, stride, offset }] of columns.entries()) {
      let from = first * stride + offset;
      let to = place;
      for (let row = 0; row < rows; row += 1) {
        block[to] = array[from] as number;
        from += stride;
        to += columns.length;
      }
    }
    if (!IS_LITTLE_ENDIAN) {
      for (let at = 0; at < rows * rowBytes; at += 4) view.setFloat32(at, block[at / 4] as number, true);
    }
    bytes.set(blockBytes.subarray(0, rows * rowBytes), header.length + first * rowBytes);
  }
  return bytes;
}
