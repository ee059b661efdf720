import { encodeUtf8 } from '../foundation/bytes.ts';
import { createRandom } from '../foundation/random.ts';
import { encodePng } from '../image/encode-png.ts';

/** Squares along an edge of the box. 12 gives 1 728 triangles, enough for levels of detail that differ. */
const GRID = 12;

/** Share by which the faces bulge towards a sphere: flat faces would simplify to twelve triangles without an error. */
const BULGE = 0.25;

const TEXTURE_SIZE = 32;

interface BoxMesh {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly uvs: Float32Array;
  readonly indices: Uint16Array;
}

/**
 * A textured, slightly inflated box as a GLB. The same text and seed give the same bytes.
 *
 * @returns A valid glTF 2.0 binary, about 40 kB: one mesh, one material, one PNG texture, metres, +Y up, standing on y = 0.
 */
export function createEchoModel(text: string, seed: number): Uint8Array {
  const random = createRandom(`${text}/${seed}`);
  const size = [random.range(0.5, 1.5), random.range(0.5, 2), random.range(0.5, 1.5)] as const;
  const texture = checkerTexture([random.integer(40, 220), random.integer(40, 220), random.integer(40, 220)]);
  return writeGlb(buildBox(size), texture, text);
}

function buildBox(size: readonly [number, number, number]): BoxMesh {
  const positions: number[] = [];
  const normals: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  for (let axis = 0; axis < 3; axis += 1) {
    for (const side of [-1, 1]) {
      const base = positions.length / 3;
      for (let row = 0; row <= GRID; row += 1) {
        for (let column = 0; column <= GRID; column += 1) {
          const point = facePoint(axis, side, (column / GRID) * 2 - 1, (row / GRID) * 2 - 1);
          const length = Math.sqrt(point[0] * point[0] + point[1] * point[1] + point[2] * point[2]);
          const scaled = point.map((value, index) => {
            const bulged = value * (1 - BULGE) + (value / length) * BULGE;
            return bulged * 0.5 * (size[index] as number);
          });
          positions.push(scaled[0] as number, (scaled[1] as number) + size[1] / 2, scaled[2] as number);
          normals.push(...unit(point, axis, side));
          uvs.push(column / GRID, 1 - row / GRID);
        }
      }
      for (let row = 0; row < GRID; row += 1) {
        for (let column = 0; column < GRID; column += 1) {
          const corner = base + row * (GRID + 1) + column;
          const [right, above] = [corner + 1, corner + GRID + 1];
          if (side > 0) indices.push(corner, right, above + 1, corner, above + 1, above);
          else indices.push(corner, above + 1, right, corner, above, above + 1);
        }
      }
    }
  }
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from(normals),
    uvs: Float32Array.from(uvs),
    indices: Uint16Array.from(indices),
  };
}

/** `across` × `up` is the outward normal of the positive side, so that triangles wind counter-clockwise from outside. */
function facePoint(axis: number, side: number, across: number, up: number): [number, number, number] {
  const point: [number, number, number] = [0, 0, 0];
  point[axis] = side;
  point[(axis + 1) % 3] = across;
  point[(axis + 2) % 3] = up;
  return point;
}

function unit(point: readonly [number, number, number], axis: number, side: number): number[] {
  const mixed = point.map((value, index) => value * BULGE + (index === axis ? side : 0) * (1 - BULGE));
  const length = Math.sqrt(mixed.reduce((sum, value) => sum + value * value, 0));
  return mixed.map((value) => value / length);
}

function checkerTexture(colour: readonly [number, number, number]): Uint8Array {
  const data = new Uint8Array(TEXTURE_SIZE * TEXTURE_SIZE * 4);
  for (let y = 0; y < TEXTURE_SIZE; y += 1) {
    for (let x = 0; x < TEXTURE_SIZE; x += 1) {
      const bright = ((x >> 2) + (y >> 2)) % 2 === 0 ? 1 : 0.7;
      const offset = (y * TEXTURE_SIZE + x) * 4;
      for (let channel = 0; channel < 3; channel += 1) data[offset + channel] = (colour[channel] as number) * bright;
      data[offset + 3] = 255;
    }
  }
  return encodePng({ width: TEXTURE_SIZE, height: TEXTURE_SIZE, data });
}

/** @source glTF 2.0 §3.6, §3.7, §4.4 */
function writeGlb(mesh: BoxMesh, texture: Uint8Array, name: string): Uint8Array {
  const parts = [mesh.positions, mesh.normals, mesh.uvs, mesh.indices, texture].map(toBytes);
  let offset = 0;
  const bufferViews = parts.map((part, index) => {
    const view = {
      buffer: 0,
      byteOffset: offset,
      byteLength: part.length,
      ...(index < 3 ? { target: 34962 } : index === 3 ? { target: 34963 } : {}),
    };
    offset += align(part.length);
    return view;
  });
  const vertexCount = mesh.positions.length / 3;
  const json = {
    asset: { version: '2.0', generator: 'maquette echo' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0, name: name.slice(0, 60) }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0, NORMAL: 1, TEXCOORD_0: 2 }, indices: 3, material: 0 }] }],
    materials: [{ pbrMetallicRoughness: { baseColorTexture: { index: 0 }, metallicFactor: 0, roughnessFactor: 0.8 } }],
    textures: [{ source: 0, sampler: 0 }],
    samplers: [{ magFilter: 9729, minFilter: 9987 }],
    images: [{ bufferView: 4, mimeType: 'image/png' }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: vertexCount, type: 'VEC3', ...bounds(mesh.positions) },
      { bufferView: 1, componentType: 5126, count: vertexCount, type: 'VEC3' },
      { bufferView: 2, componentType: 5126, count: vertexCount, type: 'VEC2' },
      { bufferView: 3, componentType: 5123, count: mesh.indices.length, type: 'SCALAR' },
    ],
    bufferViews,
    buffers: [{ byteLength: offset }],
  };
  const text = encodeUtf8(JSON.stringify(json));
  const jsonLength = align(text.length);
  const file = new Uint8Array(12 + 8 + jsonLength + 8 + offset);
  const view = new DataView(file.buffer);
  [0x46546c67, 2, file.length, jsonLength, 0x4e4f534a].forEach((word, index) => {
    view.setUint32(index * 4, word, true);
  });
  file.fill(0x20, 20, 20 + jsonLength);
  file.set(text, 20);
  view.setUint32(20 + jsonLength, offset, true);
  view.setUint32(24 + jsonLength, 0x004e4942, true);
  parts.forEach((part, index) => {
    file.set(part, 28 + jsonLength + (bufferViews[index]?.byteOffset ?? 0));
  });
  return file;
}

function toBytes(array: Float32Array | Uint16Array | Uint8Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function align(length: number): number {
  return (length + 3) & ~3;
}

function bounds(positions: Float32Array): { min: number[]; max: number[] } {
  const min = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const max = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  positions.forEach((value, index) => {
    min[index % 3] = Math.min(min[index % 3] as number, value);
    max[index % 3] = Math.max(max[index % 3] as number, value);
  });
  return { min, max };
}
