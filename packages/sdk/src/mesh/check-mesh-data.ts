import type { Accessor, Document, Primitive } from '@gltf-transform/core';
import { invalid, tooLarge } from './asset-errors.ts';
import type { MeshLimits } from './mesh-limits.ts';

/**
 * Checks decoded data: every index names a vertex, positions are finite, joints exist.
 *
 * Runs after decompression, so that it also covers what a compressed stream really held.
 *
 * @throws {@link SdkError} `ASSET_INVALID` or `ASSET_TOO_LARGE`, naming mesh and primitive.
 */
export function checkMeshData(document: Document, limits: MeshLimits): void {
  let vertices = 0;
  const finite = new Set<Accessor>();
  document
    .getRoot()
    .listMeshes()
    .forEach((mesh, meshIndex) => {
      mesh.listPrimitives().forEach((primitive, index) => {
        const where = `meshes[${meshIndex}].primitives[${index}]`;
        const position = primitive.getAttribute('POSITION');
        if (position === null) return; // nothing to draw; repair drops it with a warning
        const count = position.getCount();
        vertices += count;
        // primitives may share one vertex buffer, and every step works on the vertices of each
        if (vertices > limits.elements * 2) throw tooLarge('The primitives together have too many vertices.');
        for (const target of [primitive, ...primitive.listTargets()]) {
          for (const attribute of target.listAttributes()) {
            if (attribute.getCount() !== count) throw invalid(`${where} has attributes of different lengths.`);
          }
        }
        checkIndices(primitive, count, where);
        for (const target of [primitive, ...primitive.listTargets()]) {
          const accessor = target.getAttribute('POSITION');
          if (accessor === null || finite.has(accessor)) continue;
          finite.add(accessor);
          checkFinite(accessor, where);
        }
      });
    });
  checkJoints(document);
}

function checkIndices(primitive: Primitive, vertexCount: number, where: string): void {
  const indices = primitive.getIndices()?.getArray();
  if (indices === null || indices === undefined) return;
  for (let at = 0; at < indices.length; at += 1) {
    if ((indices[at] as number) >= vertexCount) {
      throw invalid(`${where} has the index ${indices[at]}, but only ${vertexCount} vertices.`);
    }
  }
}

function checkFinite(accessor: Accessor, where: string): void {
  const array = accessor.getArray();
  if (!(array instanceof Float32Array)) return;
  for (let at = 0; at < array.length; at += 1) {
    // beyond 1e18 squared lengths overflow single precision
    if (!(Math.abs(array[at] as number) < 1e18)) {
      throw invalid(`${where} has a vertex ${Math.floor(at / 3)} whose position is no ordinary number.`);
    }
  }
}

function checkJoints(document: Document): void {
  document
    .getRoot()
    .listSkins()
    .forEach((skin, index) => {
      const array = skin.getInverseBindMatrices()?.getArray() ?? [];
      for (let at = 0; at < array.length; at += 1) {
        const value = array[at] as number;
        const row = at % 16;
        // the last row of an affine matrix is 0 0 0 1
        const wrong = row % 4 === 3 && value !== (row === 15 ? 1 : 0);
        if (wrong || !(Math.abs(value) < 1e18)) {
          throw invalid(`skins[${index}] has an inverse bind matrix ${Math.floor(at / 16)} that is no placement.`);
        }
      }
    });
  document
    .getRoot()
    .listNodes()
    .forEach((node, index) => {
      const skin = node.getSkin();
      const mesh = node.getMesh();
      if (skin === null || mesh === null) return;
      const jointCount = skin.listJoints().length;
      for (const primitive of mesh.listPrimitives()) {
        for (const semantic of primitive.listSemantics()) {
          if (!semantic.startsWith('JOINTS_')) continue;
          const joints = primitive.getAttribute(semantic)?.getArray() ?? [];
          for (let at = 0; at < joints.length; at += 1) {
            if ((joints[at] as number) >= jointCount) {
              throw invalid(`nodes[${index}] is bound to joint ${joints[at]}, but its skin has ${jointCount}.`);
            }
          }
        }
      }
    });
}
