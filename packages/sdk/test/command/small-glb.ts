/** What can be wrong with a GLB of one triangle. */
export interface SmallGlbFaults {
  /** Index of the third corner. Default 2. */
  readonly lastIndex?: number;
  /** Length written into the header. Default: the true one. */
  readonly declaredLength?: number;
  /** Address of the buffer, instead of the bytes in the file. */
  readonly uri?: string;
  /** Name given to everything that can have one. */
  readonly name?: string;
}

/** A GLB of one triangle, made by hand so that it can be made wrong. @source glTF 2.0 §4.4 */
export function smallGlb(faults: SmallGlbFaults = {}): Buffer {
  const positions = new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]);
  const indices = new Uint16Array([0, 1, faults.lastIndex ?? 2, 0]);
  const binary = Buffer.concat([Buffer.from(positions.buffer), Buffer.from(indices.buffer)]);
  const name = faults.name === undefined ? {} : { name: faults.name };
  const json = {
    asset: { version: '2.0' },
    scene: 0,
    scenes: [{ nodes: [0], ...name }],
    nodes: [{ mesh: 0, ...name }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1, material: 0 }], ...name }],
    materials: [{ pbrMetallicRoughness: {}, ...name }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 3, type: 'VEC3', min: [0, 0, 0], max: [1, 1, 0] },
      { bufferView: 1, componentType: 5123, count: 3, type: 'SCALAR' },
    ],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: 36 },
      { buffer: 0, byteOffset: 36, byteLength: 6 },
    ],
    buffers: [{ byteLength: binary.length, ...(faults.uri === undefined ? {} : { uri: faults.uri }) }],
  };
  const text = JSON.stringify(json);
  const jsonChunk = chunk(0x4e4f534a, Buffer.from(text.padEnd(Math.ceil(text.length / 4) * 4)));
  const chunks = faults.uri === undefined ? [jsonChunk, chunk(0x004e4942, binary)] : [jsonChunk];
  const body = Buffer.concat(chunks);
  const header = Buffer.alloc(12);
  header.writeUInt32LE(0x46546c67, 0);
  header.writeUInt32LE(2, 4);
  header.writeUInt32LE(faults.declaredLength ?? 12 + body.length, 8);
  return Buffer.concat([header, body]);
}

function chunk(type: number, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(content.length, 0);
  head.writeUInt32LE(type, 4);
  return Buffer.concat([head, content]);
}
