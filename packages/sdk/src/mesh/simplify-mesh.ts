import type { Document, Primitive } from '@gltf-transform/core';
import { throwIfCancelled } from '../foundation/cancel.ts';
import { SdkError } from '../foundation/errors.ts';
import type { MeshSimplifier } from '../host/codecs.ts';
import { invalid } from './asset-errors.ts';
import type { Bounds } from './bounds.ts';
import { type JointMesh, joinPrimitives } from './joint-mesh.ts';
import { buildLodChain, type ChainLevel } from './lod-chain.ts';
import type { MeshAsset } from './mesh-asset.ts';
import type { MeshStepContext } from './mesh-step.ts';
import { type PrimitiveData, remapVertices, writePrimitive } from './primitive-data.ts';

/** What levels are wanted after level 0. Exactly one of the members. */
export interface LevelTargets {
  /** Shares of level 0's triangles, (0, 1), falling. */
  readonly ratios?: readonly number[];
  /** Triangle counts, falling. */
  readonly triangles?: readonly number[];
}

/** One level of a model: the geometry of each of its primitives. */
export interface MeshLevel {
  readonly triangles: number;
  readonly vertices: number;
  /** Deviation from level 0 that 99 % of the surface stays below, fraction of the bounding radius. */
  readonly error: number;
  /** Largest deviation found, fraction of the bounding radius. */
  readonly maxError: number;
  readonly primitives: ReadonlyMap<Primitive, PrimitiveData>;
}

/** All levels of a model, finest first, and the box they fill. */
export interface MeshLevels {
  readonly levels: readonly MeshLevel[];
  readonly bounds: Bounds;
}

/**
 * Makes the levels of a model.
 *
 * Nothing in the document is changed; {@link applyLevel} puts a level into it.
 *
 * @throws {@link SdkError} `UNSUPPORTED_ON_HOST` without a simplifier; `CANCELLED`.
 */
export function makeLevels(asset: MeshAsset, targets: LevelTargets, context: MeshStepContext): MeshLevels {
  const { simplifier } = context.codecs;
  if (simplifier === undefined) {
    throw new SdkError({
      code: 'UNSUPPORTED_ON_HOST',
      message: 'This platform has no mesh simplifier, so no levels of detail can be made.',
      details: { codec: 'simplifier' },
    });
  }
  const mesh = joinPrimitives(asset.document);
  if (mesh === null || mesh.indices.length === 0) throw invalid('The scene shows no triangles.');
  const total = mesh.indices.length / 3;
  const counts = targets.triangles ?? (targets.ratios ?? []).map((ratio) => Math.max(1, Math.round(total * ratio)));
  const chain = buildLodChain(mesh, counts, simplifier, context.warn);
  const levels = chain.map((level) => {
    throwIfCancelled(context.signal);
    return splitLevel(mesh, level, simplifier);
  });
  context.report('simplify', {
    triangles: levels.map((level) => level.triangles),
    vertices: levels.map((level) => level.vertices),
    error: levels.map((level) => level.error),
    maxError: levels.map((level) => level.maxError),
  });
  return { levels, bounds: mesh.bounds };
}

/** Gives every primitive its triangles back, with only the vertices they use, ordered for the vertex cache. */
function splitLevel(mesh: JointMesh, level: ChainLevel, simplifier: MeshSimplifier): MeshLevel {
  const { indices, error, maxError } = level;
  const sizes = new Uint32Array(mesh.parts.length);
  for (let at = 0; at < indices.length; at += 3) {
    const part = mesh.partOfVertex[indices[at] as number] as number;
    sizes[part] = (sizes[part] as number) + 3;
  }
  const lists = [...sizes].map((size) => new Uint32Array(size));
  const filled = new Uint32Array(mesh.parts.length);
  for (let at = 0; at < indices.length; at += 3) {
    const part = mesh.partOfVertex[indices[at] as number] as number;
    const first = mesh.parts[part]?.firstVertex ?? 0;
    const list = lists[part] as Uint32Array;
    const to = filled[part] as number;
    for (let corner = 0; corner < 3; corner += 1) list[to + corner] = (indices[at + corner] as number) - first;
    filled[part] = to + 3;
  }
  const primitives = new Map<Primitive, PrimitiveData>();
  let vertices = 0;
  mesh.parts.forEach((part, index) => {
    const list = lists[index] as Uint32Array;
    const [remap, used] = simplifier.reorder(list);
    const data = remapVertices(part.data, remap, used, list);
    vertices += data.vertexCount;
    primitives.set(part.primitive, data);
  });
  return { triangles: indices.length / 3, vertices, error, maxError, primitives };
}

/** Puts a level into the document its levels were made from, replacing the geometry that is there. */
export function applyLevel(document: Document, level: MeshLevel): void {
  for (const [primitive, data] of level.primitives) writePrimitive(document, primitive, data);
  dropUnusedAccessors(document);
}

/** Removes accessors nothing refers to. */
export function dropUnusedAccessors(document: Document): void {
  const root = document.getRoot();
  for (const accessor of root.listAccessors()) {
    if (accessor.listParents().every((parent) => parent === root)) accessor.dispose();
  }
}
