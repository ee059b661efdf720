import type { Document } from '@gltf-transform/core';

/** A mesh in its parsed working form. Steps take it over and may change the document in place. */
export interface MeshAsset {
  readonly document: Document;
  /** Size of the file it was read from. */
  readonly sourceBytes: number;
  /** `model/gltf-binary` or `model/gltf+json`. */
  readonly mediaType: string;
}
