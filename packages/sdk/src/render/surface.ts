import type { View } from './camera.ts';
import { type Corners, createCorners, mix, weigh } from './corners.ts';
import type { PreparedMesh, PreparedScene } from './prepared-scene.ts';
import { applyTextures } from './surface-textures.ts';

/** A point of a surface as light finds it. One is made per picture and written again for every point. */
export interface Surface {
  /** World position, metres. */
  x: number;
  y: number;
  z: number;
  /** Unit direction to the eye. */
  viewX: number;
  viewY: number;
  viewZ: number;
  /** Unit normal without the normal map, on the side of the eye. */
  smoothX: number;
  smoothY: number;
  smoothZ: number;
  /** Unit normal that light sees. */
  normalX: number;
  normalY: number;
  normalZ: number;
  /** Linear base colour and alpha. */
  red: number;
  green: number;
  blue: number;
  alpha: number;
  metallic: number;
  roughness: number;
  /** Openness by the occlusion texture. */
  occlusion: number;
  emissiveR: number;
  emissiveG: number;
  emissiveB: number;
}

/** Makes an empty surface point. */
export function createSurface(): Surface {
  return {
    x: 0,
    y: 0,
    z: 0,
    viewX: 0,
    viewY: 0,
    viewZ: 1,
    smoothX: 0,
    smoothY: 0,
    smoothZ: 1,
    normalX: 0,
    normalY: 0,
    normalZ: 1,
    red: 0,
    green: 0,
    blue: 0,
    alpha: 1,
    metallic: 0,
    roughness: 1,
    occlusion: 1,
    emissiveR: 0,
    emissiveG: 0,
    emissiveB: 0,
  };
}

/** Finds the point of a triangle behind (screenX, screenY), in extents of the view at distance 1; writes into `out`. */
export type Locate = (triangle: number, screenX: number, screenY: number, out: Surface) => void;

/** Makes the function that interpolates and textures. `pixelExtent` is a pixel's side at distance 1. */
export function createLocate(scene: PreparedScene, view: View, pixelExtent: number): Locate {
  const { positions, triangles, owners, meshes } = scene;
  const { forward, right, up, eye } = view;
  const texel = new Float64Array(4);
  const k = createCorners();

  return (triangle, screenX, screenY, out) => {
    const { source, material, firstVertex } = meshes[owners[triangle] as number] as PreparedMesh;
    const a = (triangles[triangle * 3] as number) * 3;
    const b = (triangles[triangle * 3 + 1] as number) * 3;
    const c = (triangles[triangle * 3 + 2] as number) * 3;
    const ax = positions[a] as number;
    const ay = positions[a + 1] as number;
    const az = positions[a + 2] as number;
    k.e1x = (positions[b] as number) - ax;
    k.e1y = (positions[b + 1] as number) - ay;
    k.e1z = (positions[b + 2] as number) - az;
    k.e2x = (positions[c] as number) - ax;
    k.e2y = (positions[c + 1] as number) - ay;
    k.e2z = (positions[c + 2] as number) - az;
    k.a = a / 3 - firstVertex;
    k.b = b / 3 - firstVertex;
    k.c = c / 3 - firstVertex;

    const rayX = forward[0] + screenX * right[0] + screenY * up[0];
    const rayY = forward[1] + screenX * right[1] + screenY * up[1];
    const rayZ = forward[2] + screenX * right[2] + screenY * up[2];
    weigh(k, rayX, rayY, rayZ, eye[0] - ax, eye[1] - ay, eye[2] - az);
    out.x = ax + k.weightB * k.e1x + k.weightC * k.e2x;
    out.y = ay + k.weightB * k.e1y + k.weightC * k.e2y;
    out.z = az + k.weightB * k.e1z + k.weightC * k.e2z;
    const rayLength = Math.sqrt(rayX * rayX + rayY * rayY + rayZ * rayZ);
    out.viewX = -rayX / rayLength;
    out.viewY = -rayY / rayLength;
    out.viewZ = -rayZ / rayLength;
    const doubleArea = orient(k, source.normals, out);

    const { source: factors } = material;
    out.red = factors.baseColor[0];
    out.green = factors.baseColor[1];
    out.blue = factors.baseColor[2];
    out.alpha = factors.baseColor[3];
    out.metallic = factors.metallic;
    out.roughness = factors.roughness;
    out.occlusion = 1;
    out.emissiveR = factors.emissive?.[0] ?? 0;
    out.emissiveG = factors.emissive?.[1] ?? 0;
    out.emissiveB = factors.emissive?.[2] ?? 0;
    const { colors, uvs } = source;
    if (colors !== undefined) {
      out.red *= mix(k, colors, 4, 0);
      out.green *= mix(k, colors, 4, 1);
      out.blue *= mix(k, colors, 4, 2);
      out.alpha *= mix(k, colors, 4, 3);
    }
    if (uvs !== undefined && material.textured) {
      const distance = Math.sqrt((out.x - eye[0]) ** 2 + (out.y - eye[1]) ** 2 + (out.z - eye[2]) ** 2);
      applyTextures(k, material, uvs, doubleArea, (distance / rayLength) * pixelExtent, texel, out);
    }
    out.metallic = Math.min(1, Math.max(0, out.metallic));
    out.roughness = Math.min(1, Math.max(0.06, out.roughness));
    out.alpha = Math.min(1, Math.max(0, out.alpha));
  };
}

/** Interpolates the normal and turns it to the eye's side. Returns twice the triangle's area. */
function orient(k: Corners, normals: Float32Array, out: Surface): number {
  const faceX = k.e1y * k.e2z - k.e1z * k.e2y;
  const faceY = k.e1z * k.e2x - k.e1x * k.e2z;
  const faceZ = k.e1x * k.e2y - k.e1y * k.e2x;
  const doubleArea = Math.sqrt(faceX * faceX + faceY * faceY + faceZ * faceZ) || 1e-30;
  let x = mix(k, normals, 3, 0);
  let y = mix(k, normals, 3, 1);
  let z = mix(k, normals, 3, 2);
  let length = Math.sqrt(x * x + y * y + z * z);
  if (!(length > 1e-6)) {
    x = faceX;
    y = faceY;
    z = faceZ;
    length = doubleArea;
  }
  if (faceX * out.viewX + faceY * out.viewY + faceZ * out.viewZ < 0) length = -length;
  out.smoothX = x / length;
  out.smoothY = y / length;
  out.smoothZ = z / length;
  out.normalX = out.smoothX;
  out.normalY = out.smoothY;
  out.normalZ = out.smoothZ;
  return doubleArea;
}
