import type { RasterImage } from '../host/host.ts';

/** A finished object before it is written as a file: canonical frame (+Y up, front towards +Z), metres, base on y = 0. */
export interface GeneratedModel {
  /** Short name for the root node, for instance `sword`. */
  readonly name: string;
  readonly parts: readonly GeneratedPart[];
}

/** Triangles with one material. Parts that share a material object share it in the file. */
export interface GeneratedPart {
  /** What it is, for instance `blade`. */
  readonly name: string;
  /** xyz per vertex, metres, length 3·n. */
  readonly positions: Float32Array;
  /** Unit xyz per vertex, length 3·n. */
  readonly normals: Float32Array;
  /** uv per vertex, length 2·n, glTF convention (origin top left); may leave [0, 1], textures repeat. */
  readonly uvs: Float32Array;
  /** 3·m vertex numbers, counter-clockwise seen from outside. */
  readonly indices: Uint32Array;
  readonly material: GeneratedMaterial;
}

/** A metallic-roughness material with small tileable textures. */
export interface GeneratedMaterial {
  readonly name: string;
  /** Linear RGBA factor. */
  readonly baseColor: readonly [number, number, number, number];
  readonly metallic: number;
  readonly roughness: number;
  /** sRGB. */
  readonly baseColorTexture?: RasterImage;
  /** Occlusion in R, roughness in G, metalness in B; linear. */
  readonly ormTexture?: RasterImage;
  /** Tangent space, linear. */
  readonly normalTexture?: RasterImage;
  readonly normalScale?: number;
  /** Linear RGB. */
  readonly emissive?: readonly [number, number, number];
  /** Below 1 the material is blended; leaf cards use `MASK`. Default OPAQUE. */
  readonly alphaMode?: 'OPAQUE' | 'MASK' | 'BLEND';
  readonly doubleSided?: boolean;
}
