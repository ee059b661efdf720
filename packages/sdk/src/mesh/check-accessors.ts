import { invalid, quoteForeign, tooLarge } from './asset-errors.ts';
import { checkReference } from './check-gltf.ts';
import type { GltfJson } from './gltf-json.ts';
import type { MeshLimits } from './mesh-limits.ts';

const COMPONENT_BYTES: Readonly<Record<number, number>> = { 5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4 };
const COMPONENT_COUNT = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 } as const;
const MESHOPT = 'EXT_meshopt_compression';

interface MeshoptView {
  readonly buffer: number;
  readonly byteOffset?: number;
  readonly byteLength: number;
  readonly byteStride: number;
  readonly count: number;
}

/**
 * Checks that buffer views lie within their buffers, accessors within their views, and that decoded data stays within
 * the limits.
 *
 * @param buffers - Content of every buffer; null for one that only stands for decompressed data.
 * @throws {@link SdkError} `ASSET_INVALID` or `ASSET_TOO_LARGE`, naming the member.
 */
export function checkAccessors(json: GltfJson, buffers: readonly (Uint8Array | null)[], limits: MeshLimits): void {
  checkViews(json, buffers, limits);
  checkImages(json, buffers);
  const views = json.bufferViews ?? [];
  const compressed = dracoAccessors(json);
  let decoded = 0;
  let zeroFilled = 0;
  json.accessors?.forEach((accessor, index) => {
    const where = `accessors[${index}]`;
    const componentBytes = COMPONENT_BYTES[accessor.componentType];
    if (componentBytes === undefined) {
      throw invalid(`${where} has the unknown component type ${quoteForeign(accessor.componentType)}.`);
    }
    if (accessor.count > limits.elements) {
      throw tooLarge(`${where} has ${accessor.count} elements; at most ${limits.elements} are read.`);
    }
    const elementBytes = componentBytes * COMPONENT_COUNT[accessor.type];
    decoded += elementBytes * accessor.count;
    if (decoded > limits.decodedBytes) {
      throw tooLarge(`The accessors hold more than ${limits.decodedBytes} bytes when they are decoded.`);
    }
    checkReference(accessor.bufferView, views.length, where, 'bufferView');
    if (accessor.bufferView === undefined) {
      if (!compressed.has(index)) zeroFilled += elementBytes * accessor.count;
      if (zeroFilled > limits.zeroFilledBytes) {
        throw tooLarge(`Accessors without data ask for more than ${limits.zeroFilledBytes} bytes.`);
      }
    } else {
      const view = views[accessor.bufferView] as (typeof views)[number];
      const stride = view.byteStride ?? elementBytes;
      if (stride < elementBytes) throw invalid(`${where} has elements of ${elementBytes} bytes every ${stride} bytes.`);
      const end = (accessor.byteOffset ?? 0) + stride * (accessor.count - 1) + elementBytes;
      if (end > view.byteLength) {
        throw invalid(
          `${where} ends at byte ${end} of bufferViews[${accessor.bufferView}], which has ${view.byteLength}.`,
        );
      }
    }
    if (accessor.sparse !== undefined) checkSparse(json, buffers, index, elementBytes);
  });
  checkUses(json);
}

function checkViews(json: GltfJson, buffers: readonly (Uint8Array | null)[], limits: MeshLimits): void {
  let decoded = 0;
  json.bufferViews?.forEach((view, index) => {
    const where = `bufferViews[${index}]`;
    checkReference(view.buffer, buffers.length, where, 'buffer');
    const meshopt = view.extensions?.[MESHOPT] as MeshoptView | undefined;
    if (meshopt === undefined) {
      checkRange(buffers, view.buffer, view.byteOffset ?? 0, view.byteLength, where);
      return;
    }
    const numbers = [meshopt.buffer, meshopt.byteOffset ?? 0, meshopt.byteLength, meshopt.byteStride, meshopt.count];
    if (numbers.some((value) => !Number.isInteger(value) || value < 0)) {
      throw invalid(`${where} has a malformed ${MESHOPT} member.`);
    }
    checkReference(meshopt.buffer, buffers.length, where, 'buffer');
    checkRange(buffers, meshopt.buffer, meshopt.byteOffset ?? 0, meshopt.byteLength, where);
    decoded += meshopt.count * meshopt.byteStride;
    if (meshopt.count > limits.elements || decoded > limits.decodedBytes) {
      throw tooLarge(`${where} would hold more than the limit when it is decompressed.`);
    }
    if (meshopt.count * meshopt.byteStride < view.byteLength) {
      throw invalid(`${where} decompresses to fewer bytes than it declares.`);
    }
  });
}

function checkRange(
  buffers: readonly (Uint8Array | null)[],
  buffer: number,
  offset: number,
  length: number,
  where: string,
): void {
  const data = buffers[buffer];
  if (data === null || data === undefined) throw invalid(`${where} lies in buffers[${buffer}], which has no data.`);
  if (offset + length > data.length) {
    throw invalid(`${where} ends at byte ${offset + length} of buffers[${buffer}], which has ${data.length}.`);
  }
}

function checkImages(json: GltfJson, buffers: readonly (Uint8Array | null)[]): void {
  const views = json.bufferViews ?? [];
  json.images?.forEach((image, index) => {
    if (image.bufferView === undefined) {
      if (image.uri === undefined) throw invalid(`images[${index}] has neither data nor an address.`);
      return;
    }
    checkReference(image.bufferView, views.length, `images[${index}]`, 'bufferView');
    const view = views[image.bufferView] as (typeof views)[number];
    checkRange(buffers, view.buffer, view.byteOffset ?? 0, view.byteLength, `images[${index}]`);
  });
}

function checkSparse(
  json: GltfJson,
  buffers: readonly (Uint8Array | null)[],
  index: number,
  elementBytes: number,
): void {
  const accessor = json.accessors?.[index];
  const sparse = accessor?.sparse;
  if (accessor === undefined || sparse === undefined) return;
  const where = `accessors[${index}].sparse`;
  const views = json.bufferViews ?? [];
  if (sparse.count > accessor.count) throw invalid(`${where} replaces more elements than the accessor has.`);
  const indexBytes = COMPONENT_BYTES[sparse.indices.componentType];
  if (indexBytes === undefined || ![5121, 5123, 5125].includes(sparse.indices.componentType)) {
    throw invalid(`${where} has indices of the component type ${quoteForeign(sparse.indices.componentType)}.`);
  }
  for (const [part, size] of [
    [sparse.indices, indexBytes],
    [sparse.values, elementBytes],
  ] as const) {
    checkReference(part.bufferView, views.length, where, 'bufferView');
    const view = views[part.bufferView] as (typeof views)[number];
    if (view.extensions?.[MESHOPT] !== undefined || view.byteStride !== undefined) {
      throw invalid(`${where} uses a bufferView that is compressed or has a stride.`);
    }
    if ((part.byteOffset ?? 0) + size * sparse.count > view.byteLength) {
      throw invalid(`${where} ends beyond bufferViews[${part.bufferView}].`);
    }
  }
  const view = views[sparse.indices.bufferView] as (typeof views)[number];
  const bytes = buffers[view.buffer] as Uint8Array;
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = (view.byteOffset ?? 0) + (sparse.indices.byteOffset ?? 0);
  let previous = -1;
  for (let entry = 0; entry < sparse.count; entry += 1) {
    const at = start + entry * indexBytes;
    const value =
      indexBytes === 1 ? data.getUint8(at) : indexBytes === 2 ? data.getUint16(at, true) : data.getUint32(at, true);
    if (value <= previous || value >= accessor.count) {
      throw invalid(`${where} names element ${value}, out of order or beyond the accessor's ${accessor.count}.`);
    }
    previous = value;
  }
}

/** Accessors whose data comes out of a Draco stream. */
function dracoAccessors(json: GltfJson): ReadonlySet<number> {
  const found = new Set<number>();
  for (const mesh of json.meshes ?? []) {
    for (const primitive of mesh.primitives) {
      if (primitive.extensions?.KHR_draco_mesh_compression === undefined) continue;
      if (primitive.indices !== undefined) found.add(primitive.indices);
      for (const accessor of Object.values(primitive.attributes)) found.add(accessor);
    }
  }
  return found;
}

const ATTRIBUTE_TYPES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^POSITION$/, ['VEC3']],
  [/^NORMAL$/, ['VEC3']],
  [/^TANGENT$/, ['VEC4', 'VEC3']],
  [/^TEXCOORD_\d+$/, ['VEC2']],
  [/^COLOR_\d+$/, ['VEC3', 'VEC4']],
  [/^(JOINTS|WEIGHTS)_\d+$/, ['VEC4']],
];

/** Checks that accessors have the type their use asks for, and that the attributes of a primitive are equally long. */
function checkUses(json: GltfJson): void {
  const accessors = json.accessors ?? [];
  json.meshes?.forEach((mesh, meshIndex) => {
    mesh.primitives.forEach((primitive, index) => {
      const where = `meshes[${meshIndex}].primitives[${index}]`;
      let count = -1;
      for (const list of [primitive.attributes, ...(primitive.targets ?? [])]) {
        for (const [semantic, reference] of Object.entries(list)) {
          const accessor = accessors[reference] as (typeof accessors)[number];
          if (count === -1) count = accessor.count;
          if (accessor.count !== count) throw invalid(`${where} has attributes of different lengths.`);
          const rule = ATTRIBUTE_TYPES.find(([pattern]) => pattern.test(semantic));
          if (rule !== undefined && !rule[1].includes(accessor.type)) {
            throw invalid(`${where} has a ${quoteForeign(semantic)} attribute of type ${accessor.type}.`);
          }
        }
      }
      if (primitive.indices === undefined) return;
      const indices = accessors[primitive.indices] as (typeof accessors)[number];
      if (indices.type !== 'SCALAR' || ![5121, 5123, 5125].includes(indices.componentType)) {
        throw invalid(`${where} has indices that are no unsigned whole numbers.`);
      }
    });
  });
  json.skins?.forEach((skin, index) => {
    if (skin.inverseBindMatrices === undefined) return;
    const accessor = accessors[skin.inverseBindMatrices] as (typeof accessors)[number];
    if (accessor.type !== 'MAT4' || accessor.componentType !== 5126 || accessor.count < skin.joints.length) {
      throw invalid(`skins[${index}] has too few or malformed inverse bind matrices.`);
    }
  });
}
