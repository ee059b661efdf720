import type { RasterImage } from '../host/host.ts';

/** Triangles with one material, in world space: canonical frame, metres. Arrays are not modified by the renderer. */
export interface RenderMesh {
  /** xyz per vertex, length 3·n. */
  readonly positions: Float32Array;
  /** Unit xyz per vertex, length 3·n. */
  readonly normals: Float32Array;
  /** uv per vertex, length 2·n, origin at the top left as in glTF. */
  readonly uvs?: Float32Array;
  /** Linear RGBA per vertex, length 4·n. */
  readonly colors?: Float32Array;
  /** 3·m vertex numbers, counter-clockwise seen from the front. */
  readonly indices: Uint32Array;
  readonly material: RenderMaterial;
}

/** glTF's metallic-roughness material as far as the renderer shows it. Factors multiply textures, as in glTF. */
export interface RenderMaterial {
  /** Linear RGBA. */
  readonly baseColor: readonly [number, number, number, number];
  /** sRGB. */
  readonly baseColorTexture?: RasterImage;
  readonly metallic: number;
  readonly roughness: number;
  /** Roughness in G, metalness in B, linear. */
  readonly metallicRoughnessTexture?: RasterImage;
  /** Tangent-space normals, linear. Tangents are derived from uv. */
  readonly normalTexture?: RasterImage;
  readonly normalScale?: number;
  /** Linear RGB. */
  readonly emissive?: readonly [number, number, number];
  /** sRGB. */
  readonly emissiveTexture?: RasterImage;
  /** Occlusion in R, linear. */
  readonly occlusionTexture?: RasterImage;
  readonly alphaMode: 'OPAQUE' | 'MASK' | 'BLEND';
  /** [0, 1]; used by MASK. */
  readonly alphaCutoff: number;
  readonly doubleSided: boolean;
}

/** What is drawn. */
export interface RenderScene {
  readonly meshes: readonly RenderMesh[];
}

/** Where it is seen from. Angles in degrees around the scene's bounding box, distance chosen so that it fits. */
export interface RenderCamera {
  /** 0 looks at the front (+Z towards the viewer); grows counter-clockwise seen from above. */
  readonly azimuthDeg: number;
  /** 0 is level, 90 from above. */
  readonly elevationDeg: number;
  /** Vertical field of view. Default 30. */
  readonly fovDeg?: number;
  /** Turns the picture: positive leans what stands upright to the right. Default 0. */
  readonly rollDeg?: number;
}

/** How it is drawn. */
export interface RenderOptions {
  readonly width: number;
  readonly height: number;
  readonly camera: RenderCamera;
  /** Samples per pixel along each side. Default 2. */
  readonly supersample?: number;
  /** Ground plane with soft shadow under the object. Default true. */
  readonly ground?: boolean;
  /** sRGB background, [0, 1]. Default a light neutral gradient. */
  readonly background?: readonly [number, number, number];
  /** Frames these bounds instead of the scene's own, so that pictures of levels can be compared. Metres, min then max. */
  readonly frame?: { readonly min: readonly [number, number, number]; readonly max: readonly [number, number, number] };
}
