import type { Material, Texture } from '@gltf-transform/core';
import type { ImageCodec, RasterImage } from '../host/host.ts';
import { decodeImage } from '../image/decode-image.ts';
import type { MeshAsset } from '../mesh/mesh-asset.ts';
import { readPrimitive, toFloats } from '../mesh/primitive-data.ts';
import { listInstances, placeVertices } from '../mesh/scene-instances.ts';
import { transformTextureCoordinates } from '../mesh/texture-coordinates.ts';
import type { RenderMaterial, RenderMesh, RenderScene } from '../render/render-scene.ts';

/**
 * What a mesh looks like to the renderer: world space, skinned parts in their rest pose, textures decoded.
 *
 * Textures that cannot be decoded on this platform are left out. The asset is not changed.
 */
export async function toRenderScene(asset: MeshAsset, images?: ImageCodec): Promise<RenderScene> {
  const pictures = new Map<Texture, RasterImage>();
  for (const texture of asset.document.getRoot().listTextures()) {
    const bytes = texture.getImage();
    if (bytes === null) continue;
    try {
      pictures.set(texture, await decodeImage(bytes, images));
    } catch {
      // a picture without one of its textures is still worth having; validity was checked by the texture step
    }
  }
  const materials = new Map<Material | null, RenderMaterial>();
  const meshes: RenderMesh[] = [];
  for (const instance of listInstances(asset.document)) {
    for (const primitive of instance.mesh.listPrimitives()) {
      const { positions, normals } = placeVertices(instance, primitive);
      if (positions.length === 0 || normals === undefined) continue;
      const source = primitive.getMaterial();
      const material = materials.get(source) ?? toRenderMaterial(source, pictures);
      materials.set(source, material);
      const uv = primitive.getAttribute(`TEXCOORD_${source?.getBaseColorTextureInfo()?.getTexCoord() ?? 0}`);
      const color = primitive.getAttribute('COLOR_0');
      meshes.push({
        positions,
        normals,
        indices: readPrimitive(primitive).indices,
        material,
        ...(uv === null
          ? {}
          : { uvs: transformTextureCoordinates(toFloats(uv), source?.getBaseColorTextureInfo() ?? null) }),
        ...(color === null ? {} : { colors: withAlpha(toFloats(color), color.getElementSize()) }),
      });
    }
  }
  return { meshes };
}

function withAlpha(colors: Float32Array, size: number): Float32Array {
  if (size === 4) return colors;
  const result = new Float32Array((colors.length / 3) * 4).fill(1);
  for (let vertex = 0; vertex < colors.length / 3; vertex += 1) {
    result.set(colors.subarray(vertex * 3, vertex * 3 + 3), vertex * 4);
  }
  return result;
}

function toRenderMaterial(material: Material | null, pictures: ReadonlyMap<Texture, RasterImage>): RenderMaterial {
  if (material === null) {
    return {
      baseColor: [1, 1, 1, 1],
      metallic: 0,
      roughness: 0.8,
      alphaMode: 'OPAQUE',
      alphaCutoff: 0.5,
      doubleSided: false,
    };
  }
  const picture = (texture: Texture | null): RasterImage | undefined =>
    texture === null ? undefined : pictures.get(texture);
  const baseColorTexture = picture(material.getBaseColorTexture());
  const metallicRoughnessTexture = picture(material.getMetallicRoughnessTexture());
  const normalTexture = picture(material.getNormalTexture());
  const emissiveTexture = picture(material.getEmissiveTexture());
  const occlusionTexture = picture(material.getOcclusionTexture());
  return {
    baseColor: material.getBaseColorFactor(),
    metallic: material.getMetallicFactor(),
    roughness: material.getRoughnessFactor(),
    normalScale: material.getNormalScale(),
    emissive: material.getEmissiveFactor(),
    alphaMode: material.getAlphaMode(),
    alphaCutoff: material.getAlphaCutoff(),
    doubleSided: material.getDoubleSided(),
    ...(baseColorTexture && { baseColorTexture }),
    ...(metallicRoughnessTexture && { metallicRoughnessTexture }),
    ...(normalTexture && { normalTexture }),
    ...(emissiveTexture && { emissiveTexture }),
    ...(occlusionTexture && { occlusionTexture }),
  };
}
