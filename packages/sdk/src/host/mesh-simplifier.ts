import { SdkError } from '../foundation/errors.ts';
import type { MeshSimplifier, SimplifyFlag, SimplifyResult } from './codecs.ts';

/** The functions of meshoptimizer's simplifier module that are used, whichever way the module was built. */
export interface SimplifierModule {
  simplify(
    indices: Uint32Array,
    positions: Float32Array,
    positionStride: number,
    targetIndexCount: number,
    targetError: number,
    flags?: SimplifyFlag[],
  ): [Uint32Array, number];
  simplifyWithAttributes(
    indices: Uint32Array,
    positions: Float32Array,
    positionStride: number,
    attributes: Float32Array,
    attributeStride: number,
    attributeWeights: number[],
    vertexLock: Uint8Array | null,
    targetIndexCount: number,
    targetError: number,
    flags?: SimplifyFlag[],
  ): [Uint32Array, number];
  getScale(positions: Float32Array, positionStride: number): number;
}

/** The function of meshoptimizer's encoder module that belongs to simplification. */
export interface ReorderModule {
  reorderMesh(indices: Uint32Array, triangles: boolean, optimiseSize: boolean): [Uint32Array, number];
}

const NO_ATTRIBUTES = new Float32Array(0);

function invalid(message: string): SdkError {
  return new SdkError({ code: 'INPUT_INVALID', message });
}

/**
 * Makes a simplifier of two instantiated meshoptimizer modules.
 *
 * The one adapter over every build of them. It checks what the modules do not: they index their memory without looking,
 * so an index out of range would corrupt it for all later calls.
 */
export function createMeshSimplifier(simplifier: SimplifierModule, reorderer: ReorderModule): MeshSimplifier {
  return {
    simplify(indices, positions, attributes, attributeStride, weights, vertexLock, targetCount, targetError, flags) {
      const vertexCount = positions.length / 3;
      assertTriangles(indices);
      if (!Number.isInteger(vertexCount)) throw invalid('Positions must hold three numbers for every vertex.');
      for (const index of indices) {
        if (index >= vertexCount) {
          throw new SdkError({
            code: 'ASSET_INVALID',
            message: `A triangle names vertex ${index}, but the mesh has ${vertexCount} vertices.`,
          });
        }
      }
      if (!Number.isInteger(targetCount) || targetCount < 0 || targetCount % 3 !== 0) {
        throw invalid('The target index count must be a multiple of three.');
      }
      if (!(targetError >= 0)) throw invalid('The target error must not be negative.');
      if (vertexLock !== null && vertexLock.length !== vertexCount) {
        throw invalid('Vertex locks must hold one byte for every vertex.');
      }
      if (attributes !== null) assertAttributes(attributes, attributeStride, weights, vertexCount);
      // nothing to do, and meshoptimizer refuses targets above the input
      if (targetCount >= indices.length) return { indices: indices.slice(), error: 0 };

      const options = [...flags];
      const result =
        attributes === null && vertexLock === null
          ? simplifier.simplify(indices, positions, 3, targetCount, targetError, options)
          : simplifier.simplifyWithAttributes(
              indices,
              positions,
              3,
              attributes ?? NO_ATTRIBUTES,
              attributes === null ? 0 : attributeStride,
              attributes === null ? [] : [...weights],
              vertexLock,
              targetCount,
              targetError,
              options,
            );
      return { indices: result[0], error: result[1] } satisfies SimplifyResult;
    },
    reorder(indices) {
      assertTriangles(indices);
      return reorderer.reorderMesh(indices, true, false);
    },
    scale(positions) {
      if (positions.length % 3 !== 0) throw invalid('Positions must hold three numbers for every vertex.');
      return simplifier.getScale(positions, 3);
    },
  };
}

function assertTriangles(indices: Uint32Array): void {
  if (indices.length % 3 !== 0) throw invalid('Indices must hold three numbers for every triangle.');
}

function assertAttributes(
  attributes: Float32Array,
  stride: number,
  weights: readonly number[],
  vertexCount: number,
): void {
  if (!Number.isInteger(stride) || stride < 1 || attributes.length !== stride * vertexCount) {
    throw invalid('Attributes must hold as many numbers for every vertex as their stride says.');
  }
  if (weights.length > stride || weights.length > 32 || weights.some((weight) => !(weight >= 0))) {
    throw invalid('Attribute weights must not be negative, nor more than 32, nor more than the stride.');
  }
}
