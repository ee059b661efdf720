import type { Document, Primitive } from '@gltf-transform/core';
import { type Bounds, boundsOfPoints } from './bounds.ts';
import { findStream, type PrimitiveData, readPrimitive } from './primitive-data.ts';
import { listInstances, placeVertices } from './scene-instances.ts';
import { numberPositions } from './weld-vertices.ts';

/** A primitive's part of a {@link JointMesh}. */
export interface JointPart {
  readonly primitive: Primitive;
  readonly data: PrimitiveData;
  /** Number of its first vertex in the joint arrays. */
  readonly firstVertex: number;
}

/**
 * All primitives of a model in one vertex buffer, in world space.
 *
 * Simplifying them together lets one budget go where the model needs it, and keeps the borders between materials closed:
 * two primitives never share a vertex, so a border is a seam to the simplifier, whose two sides move together.
 */
export interface JointMesh {
  readonly parts: readonly JointPart[];
  /** xyz per vertex, metres; skinned primitives in their rest pose. */
  readonly positions: Float32Array;
  /** Normal, scaled uv and, if any primitive has them, colour per vertex. */
  readonly attributes: Float32Array;
  readonly attributeStride: number;
  readonly attributeWeights: readonly number[];
  /** All triangles. */
  readonly indices: Uint32Array;
  /** Number of the position of every vertex: equal where positions are equal. */
  readonly points: Uint32Array;
  readonly pointCount: number;
  /** Part of every vertex. */
  readonly partOfVertex: Uint32Array;
  readonly bounds: Bounds;
  /** True if the mesh bends: skins or morph targets. */
  readonly deforms: boolean;
}

/** Weight of a unit of normal, as measured best between 0.25 and 1 on scans and modelled assets. */
const NORMAL_WEIGHT = 0.5;
/** Weight of one triangle's worth of texture. @source meshoptimizer README, "Attribute-aware simplification". */
const UV_WEIGHT = 0.5;
const COLOR_WEIGHT = 0.5;

/** Joins the primitives the scene shows, each once, where its first instance stands. Null if there are none. */
export function joinPrimitives(document: Document): JointMesh | null {
  const seen = new Set<Primitive>();
  const parts: JointPart[] = [];
  const placed: { positions: Float32Array; normals?: Float32Array }[] = [];
  let vertexCount = 0;
  let indexCount = 0;
  let deforms = false;
  for (const instance of listInstances(document)) {
    for (const primitive of instance.mesh.listPrimitives()) {
      if (seen.has(primitive)) continue;
      seen.add(primitive);
      const data = readPrimitive(primitive);
      parts.push({ primitive, data, firstVertex: vertexCount });
      placed.push(placeVertices(instance, primitive));
      vertexCount += data.vertexCount;
      indexCount += data.indices.length;
      deforms ||= instance.skin !== null || data.targets.length > 0;
    }
  }
  const bounds = boundsOfPoints(placed.map(({ positions }) => positions));
  if (bounds === null) return null;

  const hasColors = parts.some(({ data }) => findStream(data, 'COLOR_0') !== undefined);
  const stride = hasColors ? 8 : 5;
  const positions = new Float32Array(vertexCount * 3);
  const attributes = new Float32Array(vertexCount * stride);
  const indices = new Uint32Array(indexCount);
  const partOfVertex = new Uint32Array(vertexCount);
  let written = 0;
  parts.forEach((part, index) => {
    const { data, firstVertex } = part;
    const place = placed[index] as (typeof placed)[number];
    positions.set(place.positions, firstVertex * 3);
    partOfVertex.fill(index, firstVertex, firstVertex + data.vertexCount);
    for (let at = 0; at < data.indices.length; at += 1)
      indices[written + at] = (data.indices[at] as number) + firstVertex;
    written += data.indices.length;
    fillAttributes(part, place, attributes, stride);
  });
  const { numbers, uniqueCount } = numberPositions(positions);
  const weights = [NORMAL_WEIGHT, NORMAL_WEIGHT, NORMAL_WEIGHT, UV_WEIGHT, UV_WEIGHT];
  return {
    parts,
    positions,
    attributes,
    attributeStride: stride,
    attributeWeights: hasColors ? [...weights, COLOR_WEIGHT, COLOR_WEIGHT, COLOR_WEIGHT] : weights,
    indices,
    points: numbers,
    pointCount: uniqueCount,
    partOfVertex,
    bounds,
    deforms,
  };
}

function fillAttributes(
  part: JointPart,
  place: { readonly positions: Float32Array; readonly normals?: Float32Array },
  attributes: Float32Array,
  stride: number,
): void {
  const { data, firstVertex } = part;
  const uv = findStream(data, 'TEXCOORD_0');
  const color = findStream(data, 'COLOR_0');
  const uvScale = uv === undefined ? 0 : 1 / (averageUvSpan(uv.array, data.indices) || 1);
  const colorScale = color?.normalized ? 1 / (color.array instanceof Uint8Array ? 255 : 65535) : 1;
  for (let vertex = 0; vertex < data.vertexCount; vertex += 1) {
    const at = (firstVertex + vertex) * stride;
    if (place.normals !== undefined) {
      for (let axis = 0; axis < 3; axis += 1) attributes[at + axis] = place.normals[vertex * 3 + axis] as number;
    }
    if (uv !== undefined) {
      attributes[at + 3] = finite(uv.array[vertex * 2]) * uvScale;
      attributes[at + 4] = finite(uv.array[vertex * 2 + 1]) * uvScale;
    }
    if (stride < 8) continue;
    for (let channel = 0; channel < 3; channel += 1) {
      attributes[at + 5 + channel] =
        color === undefined ? 1 : finite(color.array[vertex * color.size + channel]) * colorScale;
    }
  }
}

function finite(value: number | undefined): number {
  return value !== undefined && Math.abs(value) < 1e9 ? value : 0;
}

/** Root of the average area a triangle has in texture space. */
function averageUvSpan(uv: ArrayLike<number>, indices: Uint32Array): number {
  let sum = 0;
  for (let at = 0; at < indices.length; at += 3) {
    const a = (indices[at] as number) * 2;
    const b = (indices[at + 1] as number) * 2;
    const c = (indices[at + 2] as number) * 2;
    const area =
      ((uv[b] as number) - (uv[a] as number)) * ((uv[c + 1] as number) - (uv[a + 1] as number)) -
      ((uv[c] as number) - (uv[a] as number)) * ((uv[b + 1] as number) - (uv[a + 1] as number));
    sum += Math.abs(finite(area)) / 2;
  }
  return indices.length === 0 ? 0 : Math.sqrt(sum / (indices.length / 3));
}
