import type { TypedArray } from '@gltf-transform/core';
import { invalid } from './asset-errors.ts';
import { generateCornerNormals } from './generate-normals.ts';
import type { MeshStep } from './mesh-step.ts';
import {
  findStream,
  type PrimitiveData,
  positionsOf,
  readPrimitive,
  type VertexStream,
  writePrimitive,
} from './primitive-data.ts';
import { repairAnimations } from './repair-animations.ts';
import { repairSkinWeights } from './repair-skin-weights.ts';
import { numberPositions, weldPrimitive } from './weld-vertices.ts';

/**
 * Welds equal vertices and takes out what later steps stumble over: triangles without area, triangles that are there
 * twice, vertices nothing uses. Missing normals are made with a crease angle, broken ones replaced, and
 * the weights of joints add up to one. Animation channels that cannot be played are left out.
 *
 * Nothing visible changes but the shading of models that had no usable normals.
 */
export function repair(): MeshStep {
  return {
    name: 'repair',
    needs: [],
    async run(asset, context) {
      const { document } = asset;
      const total = {
        degenerate: 0,
        duplicate: 0,
        normalsMade: 0,
        normalsReplaced: 0,
        verticesBefore: 0,
        verticesAfter: 0,
      };
      for (const mesh of document.getRoot().listMeshes()) {
        for (const primitive of mesh.listPrimitives()) {
          const data = readPrimitive(primitive);
          const result = repairPrimitive(data);
          total.degenerate += result.degenerate;
          total.duplicate += result.duplicate;
          total.normalsMade += result.normalsMade;
          total.normalsReplaced += result.normalsReplaced;
          total.verticesBefore += data.vertexCount;
          total.verticesAfter += result.data.vertexCount;
          if (result.data.indices.length === 0) mesh.removePrimitive(primitive);
          else writePrimitive(document, primitive, result.data);
        }
      }
      for (const mesh of document.getRoot().listMeshes()) if (mesh.listPrimitives().length === 0) mesh.dispose();
      if (document.getRoot().listMeshes().length === 0) throw invalid('The model has no triangle with an area.');
      const channels = repairAnimations(document);
      if (channels > 0) {
        context.warn({
          code: 'ANIMATION_DROPPED',
          message: `${channels} animation channels break the rules of glTF and were left out.`,
          details: { channels },
        });
      }
      if (total.normalsMade > 0) {
        context.warn({
          code: 'NORMALS_MADE',
          message: 'The model had no normals; smooth ones with sharp creases were made.',
        });
      }
      context.report('repair', total);
      return asset;
    },
  };
}

/** What was done to a primitive, and the primitive. */
export interface RepairResult {
  readonly data: PrimitiveData;
  /** Triangles without area that were removed. */
  readonly degenerate: number;
  /** Triangles with the same corners in the same order as another that were removed. */
  readonly duplicate: number;
  /** Vertices that got normals because there were none. */
  readonly normalsMade: number;
  /** Vertices whose normal was not a direction. */
  readonly normalsReplaced: number;
}

/** Core of {@link repair} for one primitive. The data is taken over. */
export function repairPrimitive(data: PrimitiveData): RepairResult {
  const welded = weldPrimitive(zeroBrokenNumbers(data));
  const { indices, degenerate, duplicate } = cleanTriangles(positionsOf(welded), welded.indices);
  let cleaned: PrimitiveData = { ...welded, indices };
  let normalsMade = 0;
  let normalsReplaced = 0;
  if (indices.length > 0) {
    const normal = findStream(cleaned, 'NORMAL');
    if (normal === undefined) {
      cleaned = addNormals(cleaned);
      normalsMade = cleaned.vertexCount;
    } else {
      const fixed = fixNormals(cleaned, normal);
      cleaned = fixed.data;
      normalsReplaced = fixed.replaced;
    }
    cleaned = weldPrimitive(repairSkinWeights(fixTangents(cleaned)));
  }
  return { data: cleaned, degenerate, duplicate, normalsMade, normalsReplaced };
}

/**
 * Leaves out triangles with two corners at one place, without area, or repeated.
 *
 * Corners are compared by position: a triangle that only exists between the two sides of a seam has no area either.
 */
export function cleanTriangles(
  positions: Float32Array,
  indices: Uint32Array,
): { readonly indices: Uint32Array; readonly degenerate: number; readonly duplicate: number } {
  const { numbers, uniqueCount } = numberPositions(positions);
  const kept = new Uint32Array(indices.length);
  let length = 0;
  let degenerate = 0;
  let duplicate = 0;
  // triangles by their smallest point, as a linked list of kept triangles
  const heads = new Int32Array(uniqueCount).fill(-1);
  const nexts: number[] = [];
  for (let at = 0; at < indices.length; at += 3) {
    const [i, j, k] = [indices[at] as number, indices[at + 1] as number, indices[at + 2] as number];
    const [a, b, c] = [numbers[i] as number, numbers[j] as number, numbers[k] as number];
    if (a === b || b === c || c === a || hasNoArea(positions, i, j, k)) {
      degenerate += 1;
      continue;
    }
    const lowest = Math.min(a, b, c);
    const second = lowest === a ? j : lowest === b ? k : i;
    const third = lowest === a ? k : lowest === b ? i : j;
    const first = lowest === a ? i : lowest === b ? j : k;
    let same = false;
    let steps = 0;
    for (let entry = heads[lowest] as number; entry !== -1 && steps < 64; entry = nexts[entry] as number) {
      steps += 1;
      if (sameTriangle(kept, entry * 3, first, second, third)) {
        same = true;
        break;
      }
    }
    if (same) {
      duplicate += 1;
      continue;
    }
    nexts.push(heads[lowest] as number);
    heads[lowest] = length / 3;
    kept[length] = i;
    kept[length + 1] = j;
    kept[length + 2] = k;
    length += 3;
  }
  return { indices: kept.slice(0, length), degenerate, duplicate };
}

function sameTriangle(kept: Uint32Array, start: number, first: number, second: number, third: number): boolean {
  for (let turn = 0; turn < 3; turn += 1) {
    if (
      kept[start + turn] === first &&
      kept[start + ((turn + 1) % 3)] === second &&
      kept[start + ((turn + 2) % 3)] === third
    ) {
      return true;
    }
  }
  return false;
}

/** True if a triangle is so thin that its direction is rounding noise. */
function hasNoArea(positions: Float32Array, i: number, j: number, k: number): boolean {
  const [ux, uy, uz] = difference(positions, j, i);
  const [vx, vy, vz] = difference(positions, k, i);
  const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const longest = Math.max(ux * ux + uy * uy + uz * uz, vx * vx + vy * vy + vz * vz);
  return !(x * x + y * y + z * z > longest * longest * 1e-14);
}

function difference(positions: Float32Array, a: number, b: number): readonly [number, number, number] {
  return [
    (positions[a * 3] as number) - (positions[b * 3] as number),
    (positions[a * 3 + 1] as number) - (positions[b * 3 + 1] as number),
    (positions[a * 3 + 2] as number) - (positions[b * 3 + 2] as number),
  ];
}

/** Gives every corner its own vertex with a generated normal; the weld after it merges the smooth ones again. */
function addNormals(data: PrimitiveData): PrimitiveData {
  const normals = generateCornerNormals(positionsOf(data), data.indices);
  const split = splitCorners(data);
  const array = normals as TypedArray;
  return {
    ...split,
    // tangents belong to the normals they were made with
    streams: [
      ...split.streams.filter((stream) => stream.semantic !== 'TANGENT'),
      { semantic: 'NORMAL', size: 3, array, normalized: false },
    ],
  };
}

function splitCorners(data: PrimitiveData): PrimitiveData {
  const split = (stream: VertexStream): VertexStream => {
    const { size, array } = stream;
    const copy = new (array.constructor as new (length: number) => TypedArray)(data.indices.length * size);
    for (let corner = 0; corner < data.indices.length; corner += 1) {
      const from = (data.indices[corner] as number) * size;
      for (let part = 0; part < size; part += 1) copy[corner * size + part] = array[from + part] as number;
    }
    return { ...stream, array: copy };
  };
  return {
    vertexCount: data.indices.length,
    streams: data.streams.map(split),
    targets: data.targets.map((target) => target.map(split)),
    indices: Uint32Array.from({ length: data.indices.length }, (_, at) => at),
  };
}

/** Makes normals unit length and replaces those that are no direction by the mean of their faces. */
function fixNormals(
  data: PrimitiveData,
  normal: VertexStream,
): { readonly data: PrimitiveData; readonly replaced: number } {
  const array = Float32Array.from(normal.array);
  let broken: Set<number> | undefined;
  for (let vertex = 0; vertex < data.vertexCount; vertex += 1) {
    const at = vertex * 3;
    const [x, y, z] = [array[at] as number, array[at + 1] as number, array[at + 2] as number];
    const length = Math.sqrt(x * x + y * y + z * z);
    if (!(length > 1e-6 && length < 1e18)) {
      broken ??= new Set();
      broken.add(vertex);
    } else if (Math.abs(length - 1) > 1e-4) array.set([x / length, y / length, z / length], at);
  }
  if (broken !== undefined) {
    const corners = generateCornerNormals(positionsOf(data), data.indices);
    data.indices.forEach((vertex, corner) => {
      if (broken.has(vertex)) array.set(corners.subarray(corner * 3, corner * 3 + 3), vertex * 3);
    });
  }
  const stream = { ...normal, array: array as TypedArray };
  return { data: replaceStream(data, stream), replaced: broken?.size ?? 0 };
}

/** Replaces what is no ordinary number by 0 in streams that have no repair of their own. Positions were checked when read. */
function zeroBrokenNumbers(data: PrimitiveData): PrimitiveData {
  const fix = (stream: VertexStream): VertexStream => {
    if (!(stream.array instanceof Float32Array) || /^(POSITION|NORMAL|TANGENT)$/.test(stream.semantic)) return stream;
    if (stream.array.every((value) => Math.abs(value) < 1e18)) return stream;
    return { ...stream, array: stream.array.map((value) => (Math.abs(value) < 1e18 ? value : 0)) };
  };
  return { ...data, streams: data.streams.map(fix) };
}

/** Makes tangents unit length with a handedness of ±1, or drops them all if one is no direction. */
function fixTangents(data: PrimitiveData): PrimitiveData {
  const tangent = findStream(data, 'TANGENT');
  if (tangent === undefined) return data;
  const without = { ...data, streams: data.streams.filter((stream) => stream !== tangent) };
  if (tangent.size !== 4) return without;
  const array = Float32Array.from(tangent.array);
  for (let at = 0; at < array.length; at += 4) {
    const [x, y, z] = [array[at] as number, array[at + 1] as number, array[at + 2] as number];
    const length = Math.sqrt(x * x + y * y + z * z);
    if (!(length > 1e-6 && length < 1e18)) return without;
    if (Math.abs(length - 1) > 1e-4) array.set([x / length, y / length, z / length], at);
    array[at + 3] = (array[at + 3] as number) < 0 ? -1 : 1;
  }
  return replaceStream(data, { ...tangent, array: array as TypedArray });
}

function replaceStream(data: PrimitiveData, stream: VertexStream): PrimitiveData {
  return { ...data, streams: data.streams.map((other) => (other.semantic === stream.semantic ? stream : other)) };
}
