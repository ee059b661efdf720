const COMPONENT = { unsignedInt: 5125, float: 5126 } as const;
const TARGET = { vertices: 34_962, indices: 34_963 } as const;

/**
 * A ball with bumps and dents as a GLB with normals and texture coordinates, like what a generator of meshes makes. Always
 * the same bytes.
 *
 * @param triangles - As many or a few more.
 */
export function writeMeshBall(triangles: number): Uint8Array {
  const rows = Math.ceil(Math.sqrt(triangles / 4)) + 1;
  const columns = 2 * rows;
  const { positions, normals, coordinates } = fillVertices(rows, columns);
  const indices = fillIndices(rows, columns);
  const parts = [positions, normals, coordinates, indices];
  const views = parts.map((part, index) => ({
    buffer: 0,
    byteOffset: parts.slice(0, index).reduce((sum, { byteLength }) => sum + byteLength, 0),
    byteLength: part.byteLength,
    target: part === indices ? TARGET.indices : TARGET.vertices,
  }));
  const count = positions.length / 3;
  const float = COMPONENT.float;
  const document = {
    asset: { version: '2.0', generator: 'maquette benchmarks' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ name: 'ball', mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0, NORMAL: 1, TEXCOORD_0: 2 }, indices: 3, material: 0 }] }],
    materials: [{ name: 'clay', pbrMetallicRoughness: { baseColorFactor: [0.7, 0.4, 0.3, 1], metallicFactor: 0 } }],
    accessors: [
      { bufferView: 0, componentType: float, count, type: 'VEC3', ...boundsOf(positions) },
      { bufferView: 1, componentType: float, count, type: 'VEC3' },
      { bufferView: 2, componentType: float, count, type: 'VEC2' },
      { bufferView: 3, componentType: COMPONENT.unsignedInt, count: indices.length, type: 'SCALAR' },
    ],
    bufferViews: views,
    buffers: [{ byteLength: parts.reduce((sum, { byteLength }) => sum + byteLength, 0) }],
  };
  return joinGlb(document, parts);
}

/** Rows from pole to pole, with a seam of vertices that differ in their texture coordinates alone. */
function fillVertices(rows: number, columns: number) {
  const count = (rows + 1) * (columns + 1);
  const positions = new Float32Array(3 * count);
  const normals = new Float32Array(3 * count);
  const coordinates = new Float32Array(2 * count);
  for (let row = 0, at = 0; row <= rows; row += 1) {
    for (let column = 0; column <= columns; column += 1, at += 1) {
      const down = (Math.PI * row) / rows;
      const around = (2 * Math.PI * column) / columns;
      const direction = [Math.sin(down) * Math.cos(around), Math.cos(down), Math.sin(down) * Math.sin(around)];
      const bumps = 1 + 0.05 * Math.sin(9 * around) * Math.sin(down) ** 2 + 0.02 * Math.sin(23 * down);
      positions.set(
        direction.map((part) => bumps * part),
        3 * at,
      );
      normals.set(direction, 3 * at);
      coordinates.set([column / columns, row / rows], 2 * at);
    }
  }
  return { positions, normals, coordinates };
}

function fillIndices(rows: number, columns: number): Uint32Array {
  const indices: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const corner = row * (columns + 1) + column;
      const below = corner + columns + 1;
      if (row > 0) indices.push(corner, corner + 1, below + 1);
      if (row < rows - 1) indices.push(corner, below + 1, below);
    }
  }
  return Uint32Array.from(indices);
}

function boundsOf(positions: Float32Array): { readonly min: readonly number[]; readonly max: readonly number[] } {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  for (const [index, value] of positions.entries()) {
    min[index % 3] = Math.min(min[index % 3] as number, value);
    max[index % 3] = Math.max(max[index % 3] as number, value);
  }
  return { min, max };
}

/** @source glTF 2.0 §4.4, binary container */
function joinGlb(document: object, parts: readonly (Float32Array | Uint32Array)[]): Uint8Array {
  const text = Buffer.from(JSON.stringify(document));
  const json = Buffer.concat([text, Buffer.alloc(-text.length & 3, ' ')]);
  const binary = Buffer.concat(parts.map((part) => Buffer.from(part.buffer)));
  const header = Buffer.alloc(20);
  header.write('glTF');
  header.writeUInt32LE(2, 4);
  header.writeUInt32LE(28 + json.length + binary.length, 8);
  header.writeUInt32LE(json.length, 12);
  header.write('JSON', 16);
  const chunk = Buffer.alloc(8);
  chunk.writeUInt32LE(binary.length);
  chunk.write('BIN\0', 4);
  return Buffer.concat([header, json, chunk, binary]);
}
