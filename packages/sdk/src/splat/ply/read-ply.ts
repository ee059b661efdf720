import { settleRotations } from '../settle-values.ts';
import { harmonicsCount, type ShDegree } from '../splat-data.ts';
import { invalid, tooLarge, unreadable } from '../splat-errors.ts';
import type { SplatLimits } from '../splat-limits.ts';
import type { ReadSplat, SplatReader } from '../splat-reader.ts';
import { allocateSplat, plyColumns } from './ply-columns.ts';
import { type PlyElement, type PlyHeader, parsePlyHeader } from './ply-header.ts';
import {
  offsetOfElement,
  type PlyAssignment,
  plyWords,
  readBinaryRows,
  readTextRows,
  textCanHold,
} from './ply-rows.ts';

/** Reads PLYs as 3D Gaussian splatting writes them: binary of either byte order or text, properties in any order. */
export const plyReader: SplatReader = {
  matches: (bytes) =>
    bytes[0] === 0x70 && bytes[1] === 0x6c && bytes[2] === 0x79 && (bytes[3] === 10 || bytes[3] === 13),
  read: readPly,
};

function readPly(bytes: Uint8Array, limits: SplatLimits): ReadSplat {
  const header = parsePlyHeader(bytes, limits);
  const element = gaussiansOf(header);
  const shDegree = degreeOf(element);
  if (element.count > limits.gaussians) {
    throw tooLarge(`The PLY declares ${element.count} gaussians; at most ${limits.gaussians} are read.`);
  }
  const body = header.encoding === 'ascii' ? textOf(bytes, header, element) : bodyOf(bytes, header, element);
  const splat = allocateSplat(element.count, shDegree);
  const assignments: PlyAssignment[] = plyColumns(splat).map((column) => {
    const property = element.properties.find(({ name }) => name === column.name);
    if (property === undefined) throw invalid(`The PLY has no property ${column.name}, which gaussians need.`);
    return { property, column };
  });
  if (header.encoding === 'ascii') readText(body, header, element, assignments);
  else readBinaryRows(body, element, header.encoding === 'little', assignments);
  settleRotations(splat);
  return { splat, format: 'ply', container: 'none', mediaType: 'application/ply' };
}

const REQUIRED = ['x', 'f_dc_0', 'opacity', 'scale_0', 'rot_0'];

/** The element with the gaussians; anything else a PLY can hold is named. */
function gaussiansOf(header: PlyHeader): PlyElement {
  const element = header.elements.find(({ name }) => name === 'vertex');
  if (element === undefined)
    throw unreadable('The PLY holds no vertices, so there are no gaussians in it.', NOT_A_SPLAT);
  const names = new Set(element.properties.map(({ name }) => name));
  if (names.has('packed_position')) {
    throw unreadable(
      'This is a compressed PLY (packed properties), which cannot be read yet.',
      'Convert it to a plain 3DGS PLY first, for instance with splat-transform.',
    );
  }
  if (!names.has('scale_0') && !names.has('rot_0')) {
    const isMesh = header.elements.some(({ name, count }) => name === 'face' && count > 0);
    throw unreadable(
      `This PLY holds a ${isMesh ? 'triangle mesh' : 'point cloud'}, not a Gaussian splat.`,
      NOT_A_SPLAT,
    );
  }
  const missing = REQUIRED.find((name) => !names.has(name));
  if (missing !== undefined) throw invalid(`The PLY has no property ${missing}, which gaussians need.`);
  if (element.hasLists) throw invalid('The PLY has lists among the properties of its gaussians.');
  return element;
}

const NOT_A_SPLAT = 'Give a PLY with gaussians, or convert a mesh to GLB.';

function degreeOf({ properties }: PlyElement): ShDegree {
  const rest = properties.filter(({ name }) => name.startsWith('f_rest_')).length;
  for (const degree of [0, 1, 2, 3] as const) if (rest === 3 * harmonicsCount(degree)) return degree;
  throw invalid(`The PLY has ${rest} harmonics (f_rest_*) per gaussian; there can be 0, 9, 24 or 45.`);
}

function textOf(bytes: Uint8Array, header: PlyHeader, element: PlyElement): Uint8Array {
  if (!textCanHold(header, bytes.length)) throw truncated(element, 0);
  return bytes.subarray(header.bodyOffset);
}

/** Checks that the file holds all binary rows, before anything is allocated for them. */
function bodyOf(bytes: Uint8Array, header: PlyHeader, element: PlyElement): Uint8Array {
  const offset = offsetOfElement(header, element);
  if (offset === undefined) throw unreadable('The PLY has lists before its gaussians, which cannot be read.');
  const end = offset + element.count * element.rowBytes;
  if (end > bytes.length) {
    throw truncated(element, Math.max(0, Math.floor((bytes.length - offset) / element.rowBytes)));
  }
  return bytes.subarray(offset, end);
}

function readText(
  body: Uint8Array,
  header: PlyHeader,
  element: PlyElement,
  assignments: readonly PlyAssignment[],
): void {
  const words = plyWords(body);
  for (const other of header.elements) {
    if (other === element) break;
    if (other.hasLists) throw unreadable('The PLY has lists before its gaussians, which cannot be read.');
    if (other.properties.length > 0) readTextRows(words, other, []);
  }
  const rows = readTextRows(words, element, assignments);
  if (rows < element.count) throw truncated(element, rows);
}

function truncated(element: PlyElement, present: number): Error {
  return unreadable(
    `The PLY is cut off: ${element.count - present} of its ${element.count} gaussians are missing.`,
    'Download or export the file again.',
  );
}
