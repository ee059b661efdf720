import { type Corners, component } from './corners.ts';
import type { PreparedMaterial } from './prepared-scene.ts';
import type { Surface } from './surface.ts';
import { sampleTexture, type Texture } from './texture.ts';

/** Multiplies the factors by their textures. `pixelM` is the side of a pixel where the point is, metres. */
export function applyTextures(
  k: Corners,
  material: PreparedMaterial,
  uvs: Float32Array,
  doubleArea: number,
  pixelM: number,
  texel: Float64Array,
  out: Surface,
): void {
  const ua = component(uvs, k.a * 2);
  const va = component(uvs, k.a * 2 + 1);
  const du1 = component(uvs, k.b * 2) - ua;
  const dv1 = component(uvs, k.b * 2 + 1) - va;
  const du2 = component(uvs, k.c * 2) - ua;
  const dv2 = component(uvs, k.c * 2 + 1) - va;
  const u = ua + k.weightB * du1 + k.weightC * du2;
  const v = va + k.weightB * dv1 + k.weightC * dv2;
  const uvArea = du1 * dv2 - du2 * dv1;
  // Side of a pixel in uv: how densely the triangle is mapped, and how slanted it is seen.
  const slant = Math.max(0.2, Math.abs(out.smoothX * out.viewX + out.smoothY * out.viewY + out.smoothZ * out.viewZ));
  const footprint = pixelM * Math.sqrt(Math.abs(uvArea) / doubleArea / slant);
  const { baseColor, metallicRoughness, occlusion, emissive, normal } = material;
  if (baseColor !== undefined) {
    sampleTexture(baseColor, u, v, levelFor(baseColor, footprint), texel);
    out.red *= texel[0] as number;
    out.green *= texel[1] as number;
    out.blue *= texel[2] as number;
    out.alpha *= texel[3] as number;
  }
  // Only colour and normals show the seam between two levels: the others take the nearest one.
  if (metallicRoughness !== undefined) {
    sampleTexture(metallicRoughness, u, v, Math.round(levelFor(metallicRoughness, footprint)), texel);
    out.roughness *= texel[1] as number;
    out.metallic *= texel[2] as number;
  }
  if (occlusion !== undefined) {
    if (occlusion !== metallicRoughness) {
      sampleTexture(occlusion, u, v, Math.round(levelFor(occlusion, footprint)), texel);
    }
    out.occlusion = texel[0] as number;
  }
  if (emissive !== undefined) {
    sampleTexture(emissive, u, v, Math.round(levelFor(emissive, footprint)), texel);
    out.emissiveR *= texel[0] as number;
    out.emissiveG *= texel[1] as number;
    out.emissiveB *= texel[2] as number;
  }
  if (normal !== undefined && Math.abs(uvArea) > 1e-20) {
    sampleTexture(normal, u, v, levelFor(normal, footprint), texel);
    const scale = material.source.normalScale ?? 1;
    const sign = uvArea < 0 ? -1 : 1;
    bend(
      out,
      ((texel[0] as number) * 2 - 1) * scale,
      ((texel[1] as number) * 2 - 1) * scale,
      Math.max(0.05, (texel[2] as number) * 2 - 1),
      // Direction of growing u, and against growing v: green points up in the picture (glTF 2.0 §3.9.3).
      sign * (k.e1x * dv2 - k.e2x * dv1),
      sign * (k.e1y * dv2 - k.e2y * dv1),
      sign * (k.e1z * dv2 - k.e2z * dv1),
      sign * (k.e1x * du2 - k.e2x * du1),
      sign * (k.e1y * du2 - k.e2y * du1),
      sign * (k.e1z * du2 - k.e2z * du1),
    );
  }
}

/** Turns the normal by a texel of a normal map, in the frame of two directions made perpendicular to it. */
function bend(
  out: Surface,
  mapX: number,
  mapY: number,
  mapZ: number,
  tx: number,
  ty: number,
  tz: number,
  bx: number,
  by: number,
  bz: number,
): void {
  const { smoothX: nx, smoothY: ny, smoothZ: nz } = out;
  const alongT = tx * nx + ty * ny + tz * nz;
  const alongB = bx * nx + by * ny + bz * nz;
  const flatTx = tx - alongT * nx;
  const flatTy = ty - alongT * ny;
  const flatTz = tz - alongT * nz;
  const flatBx = bx - alongB * nx;
  const flatBy = by - alongB * ny;
  const flatBz = bz - alongB * nz;
  const lengthT = Math.sqrt(flatTx * flatTx + flatTy * flatTy + flatTz * flatTz);
  const lengthB = Math.sqrt(flatBx * flatBx + flatBy * flatBy + flatBz * flatBz);
  if (!(lengthT > 0 && lengthB > 0)) return;
  const x = nx * mapZ + (flatTx / lengthT) * mapX + (flatBx / lengthB) * mapY;
  const y = ny * mapZ + (flatTy / lengthT) * mapX + (flatBy / lengthB) * mapY;
  const z = nz * mapZ + (flatTz / lengthT) * mapX + (flatBz / lengthB) * mapY;
  const length = Math.sqrt(x * x + y * y + z * z);
  if (!(length > 0)) return;
  out.normalX = x / length;
  out.normalY = y / length;
  out.normalZ = z / length;
}

/** Picks the level of detail at which a pixel of `footprint` uv covers about one texel. */
function levelFor(texture: Texture, footprint: number): number {
  const { width, height } = texture.levels[0] as { width: number; height: number };
  const texels = footprint * Math.sqrt(width * height);
  return texels > 1 ? Math.min(14, Math.log2(texels) - 0.25) : 0;
}
