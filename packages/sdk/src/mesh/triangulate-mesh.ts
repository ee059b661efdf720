import type { Document, Primitive } from '@gltf-transform/core';
import { invalid } from './asset-errors.ts';
import type { MeshStep } from './mesh-step.ts';
import { onlyBuffer } from './primitive-data.ts';

const LINES_AND_POINTS = new Set([0, 1, 2, 3]);
const STRIP = 5;
const FAN = 6;

/**
 * Makes every primitive an indexed list of triangles: strips and fans are unrolled, incomplete last triangles cut off,
 * points, lines and primitives without positions left out with a warning.
 */
export function triangulate(): MeshStep {
  return {
    name: 'triangulate',
    needs: [],
    async run(asset, context) {
      const { document } = asset;
      let dropped = 0;
      let unrolled = 0;
      for (const mesh of document.getRoot().listMeshes()) {
        for (const primitive of mesh.listPrimitives()) {
          const mode = primitive.getMode();
          const count = primitive.getIndices()?.getCount() ?? primitive.getAttribute('POSITION')?.getCount() ?? 0;
          if (LINES_AND_POINTS.has(mode) || primitive.getAttribute('POSITION') === null || count < 3) {
            mesh.removePrimitive(primitive);
            dropped += 1;
          } else if (triangulatePrimitive(document, primitive)) unrolled += 1;
        }
      }
      for (const mesh of document.getRoot().listMeshes()) if (mesh.listPrimitives().length === 0) mesh.dispose();
      if (document.getRoot().listMeshes().length === 0) throw invalid('The file holds no triangles.');
      if (dropped > 0) {
        context.warn({
          code: 'PRIMITIVES_DROPPED',
          message: `${dropped} primitives of points, lines or without positions were left out.`,
          details: { primitives: dropped },
        });
      }
      context.report('triangulate', { dropped, unrolled });
      return asset;
    },
  };
}

/** @returns True if the primitive was not already a plain indexed list. */
function triangulatePrimitive(document: Document, primitive: Primitive): boolean {
  const mode = primitive.getMode();
  const source = primitive.getIndices()?.getArray();
  const count = source?.length ?? (primitive.getAttribute('POSITION')?.getCount() as number);
  if (mode === 4 && source && count % 3 === 0) return false;
  const at = (position: number): number => (source ? (source[position] as number) : position);
  const indices = unrollTriangles(mode, count, at);
  const accessor = document.createAccessor().setType('SCALAR').setArray(indices).setBuffer(onlyBuffer(document));
  primitive.setIndices(accessor).setMode(4);
  return true;
}

/**
 * Indices of a triangle list, strip or fan as a list.
 *
 * @param mode - 4, 5 or 6 as in glTF.
 * @param count - Indices in the source, ≥ 3.
 * @param at - Index at a position of the source.
 * @source glTF 2.0 §3.7.2.1: odd triangles of a strip have their first two corners swapped.
 */
export function unrollTriangles(
  mode: number,
  count: number,
  at: (position: number) => number,
): Uint32Array<ArrayBuffer> {
  if (mode !== STRIP && mode !== FAN) {
    const indices = new Uint32Array(count - (count % 3));
    for (let position = 0; position < indices.length; position += 1) indices[position] = at(position);
    return indices;
  }
  const indices = new Uint32Array((count - 2) * 3);
  for (let triangle = 0; triangle < count - 2; triangle += 1) {
    const odd = triangle % 2;
    const corners =
      mode === STRIP
        ? [at(triangle), at(triangle + 1 + odd), at(triangle + 2 - odd)]
        : [at(triangle + 1), at(triangle + 2), at(0)];
    indices.set(corners, triangle * 3);
  }
  return indices;
}
