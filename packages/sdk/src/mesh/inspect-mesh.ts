import type { JsonObject } from '../foundation/json.ts';
import { type Bounds, boundsOfScene } from './bounds.ts';
import type { MeshAsset } from './mesh-asset.ts';

/** What a mesh holds. */
export interface MeshInspection extends JsonObject {
  readonly kind: 'mesh';
  /** Size of the file. */
  readonly bytes: number;
  readonly mediaType: string;
  /** World space, metres; null if the scene shows nothing. */
  readonly bounds: { readonly min: readonly number[]; readonly max: readonly number[]; readonly radius: number } | null;
  /** Of all meshes, each counted once. */
  readonly triangles: number;
  readonly vertices: number;
  readonly primitives: number;
  readonly meshes: number;
  readonly materials: number;
  /** Images. */
  readonly textures: number;
  readonly animations: number;
  readonly skins: number;
  readonly nodes: number;
  readonly extensions: readonly string[];
}

/** Looks at a mesh without changing it. */
export function inspectMesh(asset: MeshAsset): MeshInspection {
  const root = asset.document.getRoot();
  let triangles = 0;
  let vertices = 0;
  let primitives = 0;
  for (const mesh of root.listMeshes()) {
    for (const primitive of mesh.listPrimitives()) {
      const vertexCount = primitive.getAttribute('POSITION')?.getCount() ?? 0;
      const corners = primitive.getIndices()?.getCount() ?? vertexCount;
      const mode = primitive.getMode();
      if (mode === 4) triangles += Math.floor(corners / 3);
      else if (mode > 4) triangles += Math.max(0, corners - 2);
      vertices += vertexCount;
      primitives += 1;
    }
  }
  const bounds: Bounds | null = boundsOfScene(asset.document);
  return {
    kind: 'mesh',
    bytes: asset.sourceBytes,
    mediaType: asset.mediaType,
    bounds: bounds === null ? null : { min: bounds.min, max: bounds.max, radius: bounds.radius },
    triangles,
    vertices,
    primitives,
    meshes: root.listMeshes().length,
    materials: root.listMaterials().length,
    textures: root.listTextures().length,
    animations: root.listAnimations().length,
    skins: root.listSkins().length,
    nodes: root.listNodes().length,
    extensions: root
      .listExtensionsUsed()
      .map((extension) => extension.extensionName)
      .sort(),
  };
}
