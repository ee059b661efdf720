import { cloneDocument } from '@gltf-transform/functions';
import type { MeshAsset } from './mesh-asset.ts';

/** A copy of a mesh that can be changed while the original stays as it is. The only place that copies documents. */
export function forkMesh(asset: MeshAsset): MeshAsset {
  return { ...asset, document: cloneDocument(asset.document) };
}
