import {
  type Accessor,
  type Document,
  MathUtils,
  Primitive,
  type PrimitiveTarget,
  type TypedArray,
} from '@gltf-transform/core';

/** One attribute of every vertex. */
export interface VertexStream {
  readonly semantic: string;
  /** Numbers per vertex. */
  readonly size: number;
  /** `size` numbers per vertex. Floats but for colours, joints and weights, which may stay in their compact form. */
  readonly array: TypedArray;
  readonly normalized: boolean;
}

/** Triangles with one material in the form the steps work on. Indices are never absent, attributes never shared. */
export interface PrimitiveData {
  readonly vertexCount: number;
  readonly streams: readonly VertexStream[];
  /** Streams of every morph target. */
  readonly targets: readonly (readonly VertexStream[])[];
  /** 3·m vertex numbers. */
  readonly indices: Uint32Array;
}

/** The stream of that name, if there is one. */
export function findStream(data: PrimitiveData, semantic: string): VertexStream | undefined {
  return data.streams.find((stream) => stream.semantic === semantic);
}

/** xyz of every vertex. Primitives without positions are dropped before any step sees them. */
export function positionsOf(data: PrimitiveData): Float32Array {
  return (findStream(data, 'POSITION') as VertexStream).array as Float32Array;
}

/** Takes a primitive of triangles out of the document's form. Quantised attributes become floats. */
export function readPrimitive(primitive: Primitive): PrimitiveData {
  const position = primitive.getAttribute('POSITION');
  const vertexCount = position?.getCount() ?? 0;
  const indexArray = primitive.getIndices()?.getArray();
  const indices = indexArray ? Uint32Array.from(indexArray) : Uint32Array.from({ length: vertexCount }, (_, at) => at);
  return {
    vertexCount,
    streams: readStreams(primitive),
    targets: primitive.listTargets().map(readStreams),
    indices,
  };
}

function readStreams(owner: Primitive | PrimitiveTarget): VertexStream[] {
  return owner.listSemantics().map((semantic) => {
    const accessor = owner.getAttribute(semantic) as Accessor;
    const array = accessor.getArray() as TypedArray;
    const keep = /^(COLOR|JOINTS|WEIGHTS)_/.test(semantic);
    return {
      semantic,
      size: accessor.getElementSize(),
      array: keep ? array : toFloats(accessor),
      normalized: keep && accessor.getNormalized(),
    };
  });
}

/** Values of an accessor as floats, integers decoded as their `normalized` flag says. May be the accessor's own array. */
export function toFloats(accessor: Accessor): Float32Array<ArrayBuffer> {
  const array = accessor.getArray() as TypedArray;
  if (array instanceof Float32Array) return array;
  if (!accessor.getNormalized()) return Float32Array.from(array);
  const type = accessor.getComponentType();
  return Float32Array.from(array as ArrayLike<number>, (value) => MathUtils.decodeNormalizedInt(value, type));
}

/** Puts data into a primitive of the document, in new accessors. The data is given up by the caller. */
export function writePrimitive(document: Document, primitive: Primitive, data: PrimitiveData): void {
  writeStreams(document, primitive, data.streams);
  primitive.listTargets().forEach((target, index) => {
    writeStreams(document, target, data.targets[index] ?? []);
  });
  const indices = data.vertexCount <= 65535 ? Uint16Array.from(data.indices) : data.indices;
  primitive.setMode(Primitive.Mode.TRIANGLES as 4).setIndices(
    document
      .createAccessor()
      .setType('SCALAR')
      .setArray(indices as TypedArray)
      .setBuffer(onlyBuffer(document)),
  );
}

function writeStreams(document: Document, owner: Primitive | PrimitiveTarget, streams: readonly VertexStream[]): void {
  for (const semantic of owner.listSemantics()) {
    if (!streams.some((stream) => stream.semantic === semantic)) owner.setAttribute(semantic, null);
  }
  for (const stream of streams) {
    const accessor = document
      .createAccessor()
      .setType((['SCALAR', 'SCALAR', 'VEC2', 'VEC3', 'VEC4'] as const)[stream.size] ?? 'SCALAR')
      .setArray(stream.array as TypedArray)
      .setNormalized(stream.normalized)
      .setBuffer(onlyBuffer(document));
    owner.setAttribute(stream.semantic, accessor);
  }
}

/** The buffer everything is written to: a GLB has one. */
export function onlyBuffer(document: Document): ReturnType<Document['createBuffer']> {
  return document.getRoot().listBuffers()[0] ?? document.createBuffer();
}

/**
 * Moves the vertices `indices` uses to the front, in the order of `remap`, and drops the others.
 *
 * @param remap - New number of every old vertex, 2³² − 1 for one that is dropped.
 * @param vertexCount - Vertices that are kept.
 * @param indices - Indices in the new numbering; taken over.
 */
export function remapVertices(
  data: PrimitiveData,
  remap: Uint32Array,
  vertexCount: number,
  indices: Uint32Array,
): PrimitiveData {
  const move = (stream: VertexStream): VertexStream => {
    const { size, array } = stream;
    const moved = new (array.constructor as new (length: number) => TypedArray)(vertexCount * size);
    for (let vertex = 0; vertex < remap.length; vertex += 1) {
      const target = remap[vertex] as number;
      if (target === 0xffffffff) continue;
      for (let part = 0; part < size; part += 1) moved[target * size + part] = array[vertex * size + part] as number;
    }
    return { ...stream, array: moved };
  };
  return {
    vertexCount,
    streams: data.streams.map(move),
    targets: data.targets.map((target) => target.map(move)),
    indices,
  };
}
