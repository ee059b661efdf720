import type { Document, Mesh, Node, Primitive, Scene, Skin } from '@gltf-transform/core';
import {
  IDENTITY,
  linearPart,
  type Matrix,
  multiply,
  normalMatrix,
  transformDirections,
  transformPoints,
} from './matrix.ts';
import { toFloats } from './primitive-data.ts';

/** One appearance of a mesh in the scene. */
export interface MeshInstance {
  readonly node: Node;
  readonly mesh: Mesh;
  /** From the mesh's space to the world. For skinned meshes joints decide instead. */
  readonly matrix: Matrix;
  readonly skin: Skin | null;
}

/** The scene that is shown: the default one, else the first. */
export function shownScene(document: Document): Scene | null {
  return document.getRoot().getDefaultScene() ?? document.getRoot().listScenes()[0] ?? null;
}

/** Every appearance of a mesh in the shown scene, parents before children. */
export function listInstances(document: Document): MeshInstance[] {
  const instances: MeshInstance[] = [];
  const visit = (node: Node, parent: Matrix): void => {
    const matrix = multiply(parent, node.getMatrix());
    const mesh = node.getMesh();
    if (mesh !== null) instances.push({ node, mesh, matrix, skin: node.getSkin() });
    for (const child of node.listChildren()) visit(child, matrix);
  };
  for (const node of shownScene(document)?.listChildren() ?? []) visit(node, IDENTITY);
  return instances;
}

/** World positions and normals of a primitive as it stands in the scene, skinned ones in their rest pose. */
export interface PlacedVertices {
  /** xyz per vertex. */
  readonly positions: Float32Array;
  /** Unit xyz per vertex, if the primitive has normals. */
  readonly normals?: Float32Array;
}

/** Computes where the vertices of an instance are. @returns New arrays, owned by the caller. */
export function placeVertices(instance: MeshInstance, primitive: Primitive): PlacedVertices {
  const position = primitive.getAttribute('POSITION');
  if (position === null) return { positions: new Float32Array(0) };
  const normal = primitive.getAttribute('NORMAL');
  if (
    instance.skin !== null &&
    primitive.getAttribute('JOINTS_0') !== null &&
    primitive.getAttribute('WEIGHTS_0') !== null
  ) {
    return placeSkinned(instance.skin, primitive, toFloats(position), normal === null ? undefined : toFloats(normal));
  }
  return {
    positions: transformPoints(instance.matrix, toFloats(position)),
    ...(normal === null
      ? {}
      : { normals: transformDirections(normalMatrix(instance.matrix), toFloats(normal), 3, true) }),
  };
}

function placeSkinned(
  skin: Skin,
  primitive: Primitive,
  positions: Float32Array,
  normals: Float32Array | undefined,
): PlacedVertices {
  const inverse = skin.getInverseBindMatrices();
  const matrices = skin.listJoints().map((joint, index) => {
    const bind = inverse === null ? IDENTITY : inverse.getElement(index, new Array<number>(16));
    return multiply(joint.getWorldMatrix(), bind);
  });
  const placed = new Float32Array(positions.length);
  const turned = normals === undefined ? undefined : new Float32Array(normals.length);
  const linear = matrices.map(linearPart);
  for (let set = 0; primitive.getAttribute(`JOINTS_${set}`) !== null; set += 1) {
    const joints = primitive.getAttribute(`JOINTS_${set}`);
    const weightAccessor = primitive.getAttribute(`WEIGHTS_${set}`);
    const jointArray = joints?.getArray();
    if (!jointArray || weightAccessor === null) continue;
    const weights = toFloats(weightAccessor);
    for (let at = 0; at < jointArray.length; at += 1) {
      const weight = weights[at] as number;
      if (weight === 0) continue;
      const matrix = matrices[jointArray[at] as number] ?? IDENTITY;
      const part = linear[jointArray[at] as number];
      const base = Math.floor(at / 4) * 3;
      for (let row = 0; row < 3; row += 1) {
        const [x, y, z] = [positions[base] as number, positions[base + 1] as number, positions[base + 2] as number];
        const moved =
          (matrix[row] as number) * x +
          (matrix[row + 4] as number) * y +
          (matrix[row + 8] as number) * z +
          (matrix[row + 12] as number);
        placed[base + row] = (placed[base + row] as number) + weight * moved;
        if (turned !== undefined && normals !== undefined && part !== undefined) {
          const value =
            (part[row] as number) * (normals[base] as number) +
            (part[row + 3] as number) * (normals[base + 1] as number) +
            (part[row + 6] as number) * (normals[base + 2] as number);
          turned[base + row] = (turned[base + row] as number) + weight * value;
        }
      }
    }
  }
  if (turned === undefined) return { positions: placed };
  return { positions: placed, normals: transformDirections([1, 0, 0, 0, 1, 0, 0, 0, 1], turned, 3, true) };
}
