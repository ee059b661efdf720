import type { TextureInfo } from '@gltf-transform/core';
import type { Transform } from '@gltf-transform/extensions';

/**
 * Texture coordinates after the texture's `KHR_texture_transform`, if it has one.
 *
 * @param uvs - uv per vertex. Not modified; returned as they are where nothing is transformed.
 * @source KHR_texture_transform: scale, then rotation counter-clockwise, then offset.
 */
export function transformTextureCoordinates(uvs: Float32Array, info: TextureInfo | null): Float32Array {
  const transform = info?.getExtension<Transform>('KHR_texture_transform') ?? null;
  if (transform === null) return uvs;
  const [offsetU, offsetV] = transform.getOffset();
  const [scaleU, scaleV] = transform.getScale();
  const [sine, cosine] = [Math.sin(transform.getRotation()), Math.cos(transform.getRotation())];
  const placed = new Float32Array(uvs.length);
  for (let at = 0; at < uvs.length; at += 2) {
    const [u, v] = [(uvs[at] as number) * scaleU, (uvs[at + 1] as number) * scaleV];
    placed[at] = cosine * u + sine * v + offsetU;
    placed[at + 1] = cosine * v - sine * u + offsetV;
  }
  return placed;
}
