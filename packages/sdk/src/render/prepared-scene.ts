import type { RasterImage } from '../host/host.ts';
import type { RenderMaterial, RenderMesh, RenderScene } from './render-scene.ts';
import { createTexture, type Texture } from './texture.ts';

/** A material with its textures ready to sample. */
export interface PreparedMaterial {
  readonly source: RenderMaterial;
  /** True if any texture is there. */
  readonly textured: boolean;
  readonly baseColor: Texture | undefined;
  readonly metallicRoughness: Texture | undefined;
  readonly normal: Texture | undefined;
  readonly emissive: Texture | undefined;
  readonly occlusion: Texture | undefined;
}

/** A mesh and where its vertices and triangles lie in the joined arrays. */
export interface PreparedMesh {
  readonly source: RenderMesh;
  readonly material: PreparedMaterial;
  readonly firstVertex: number;
}

/** All meshes of a scene in joined arrays. Triangles that name missing vertices or infinite positions are left out. */
export interface PreparedScene {
  readonly meshes: readonly PreparedMesh[];
  /** World positions, xyz. */
  readonly positions: Float32Array;
  /** Three joined vertex numbers per triangle. */
  readonly triangles: Uint32Array;
  readonly triangleCount: number;
  /** Number of the mesh per triangle. */
  readonly owners: Uint32Array;
  readonly min: readonly [number, number, number];
  readonly max: readonly [number, number, number];
}

/** Joins the meshes of a scene and wraps their textures; a picture used twice is wrapped once. */
export function prepareScene(scene: RenderScene): PreparedScene {
  const wrapped = new Map<RasterImage, Map<boolean, Texture>>();
  const wrap = (image: RasterImage | undefined, srgb: boolean): Texture | undefined => {
    if (image === undefined || image.width < 1 || image.height < 1) return undefined;
    const known = wrapped.get(image) ?? new Map<boolean, Texture>();
    wrapped.set(image, known);
    const texture = known.get(srgb) ?? createTexture(image, srgb);
    known.set(srgb, texture);
    return texture;
  };

  let vertexCount = 0;
  let triangleRoom = 0;
  for (const mesh of scene.meshes) {
    vertexCount += Math.floor(mesh.positions.length / 3);
    triangleRoom += Math.floor(mesh.indices.length / 3);
  }
  // Vertices no triangle names stay NaN and are skipped wherever bounds are taken.
  const positions = new Float32Array(vertexCount * 3).fill(Number.NaN);
  const triangles = new Uint32Array(triangleRoom * 3);
  const owners = new Uint32Array(triangleRoom);
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  const meshes: PreparedMesh[] = [];
  let firstVertex = 0;
  let triangleCount = 0;
  for (const source of scene.meshes) {
    const count = Math.floor(source.positions.length / 3);
    for (let corner = 0; corner + 2 < source.indices.length; corner += 3) {
      const a = source.indices[corner] as number;
      const b = source.indices[corner + 1] as number;
      const c = source.indices[corner + 2] as number;
      if (a >= count || b >= count || c >= count) continue;
      if (
        !(
          isFinitePoint(source.positions, a) &&
          isFinitePoint(source.positions, b) &&
          isFinitePoint(source.positions, c)
        )
      )
        continue;
      triangles[triangleCount * 3] = a + firstVertex;
      triangles[triangleCount * 3 + 1] = b + firstVertex;
      triangles[triangleCount * 3 + 2] = c + firstVertex;
      owners[triangleCount] = meshes.length;
      triangleCount += 1;
      for (const vertex of [a, b, c]) {
        for (let axis = 0; axis < 3; axis += 1) {
          const value = source.positions[vertex * 3 + axis] as number;
          positions[(vertex + firstVertex) * 3 + axis] = value;
          if (value < (min[axis] as number)) min[axis] = value;
          if (value > (max[axis] as number)) max[axis] = value;
        }
      }
    }
    const { material: factors } = source;
    const textures = {
      baseColor: wrap(factors.baseColorTexture, true),
      metallicRoughness: wrap(factors.metallicRoughnessTexture, false),
      normal: wrap(factors.normalTexture, false),
      emissive: wrap(factors.emissiveTexture, true),
      occlusion: wrap(factors.occlusionTexture, false),
    };
    const textured = Object.values(textures).some((texture) => texture !== undefined);
    const material: PreparedMaterial = { source: factors, textured, ...textures };
    meshes.push({ source, material, firstVertex });
    firstVertex += count;
  }
  if (triangleCount === 0) {
    min.fill(-0.5);
    max.fill(0.5);
  }
  return { meshes, positions, triangles, triangleCount, owners, min, max };
}

function isFinitePoint(positions: Float32Array, vertex: number): boolean {
  const sum =
    (positions[vertex * 3] as number) + (positions[vertex * 3 + 1] as number) + (positions[vertex * 3 + 2] as number);
  return sum - sum === 0;
}
