import type { View } from './camera.ts';
import type { FloorLight } from './floor-light.ts';
import { type Occlusion, type Visibility, visibilityOf } from './lighting.ts';
import type { PreparedMesh, PreparedScene } from './prepared-scene.ts';
import { floorIrradiance, KEY_LIGHT, SOFT_LIGHTS, skyIrradiance, studioRadiance, worldDirection } from './studio.ts';
import { sampleTexture, type Texture } from './texture.ts';

/** Everything shading needs that is the same for a whole picture. */
export interface ShadingScene {
  readonly scene: PreparedScene;
  readonly view: View;
  readonly occlusion: Occlusion;
  /** Brightness of the floor below the object; absent without a floor. */
  readonly floor: FloorLight | undefined;
  /** Height of the floor, metres. */
  readonly floorY: number;
  readonly cameraAzimuthDeg: number;
  /** Extent of a pixel at distance 1. */
  readonly pixelExtent: number;
}

/** Shades a triangle where the ray through (screenX, screenY), in extents of the view at distance 1, meets it. */
export type Shade = (triangle: number, screenX: number, screenY: number, out: Float64Array) => void;

/**
 * Makes the function that shades: metallic-roughness with GGX highlights of three lamps, the studio mirrored and
 * integrated, shadow of the key light and openness to the sky. Writes linear RGB before tone mapping, and alpha.
 *
 * @source glTF 2.0 appendix B; environment part: Karis, "Physically based shading on mobile", 2014.
 */
export function createShade(context: ShadingScene): Shade {
  const { scene, view, occlusion, floor, floorY, pixelExtent } = context;
  const { positions, triangles, owners } = scene;
  const azimuth = (context.cameraAzimuthDeg * Math.PI) / 180;
  const cosA = Math.cos(azimuth);
  const sinA = Math.sin(azimuth);
  const lamps = [KEY_LIGHT, ...SOFT_LIGHTS].map((light) => ({
    direction: worldDirection(light, context.cameraAzimuthDeg),
    strength: light.strength,
    highlight: light.highlight,
  }));
  const texel = new Float64Array(4);
  const visibility: Visibility = { key: 1, sky: 1 };
  const [ex, ey, ez] = view.eye;

  return (triangle, screenX, screenY, out) => {
    const mesh = scene.meshes[owners[triangle] as number] as PreparedMesh;
    const { source, material } = mesh;
    const ia = triangles[triangle * 3] as number;
    const ib = triangles[triangle * 3 + 1] as number;
    const ic = triangles[triangle * 3 + 2] as number;
    const ax = positions[ia * 3] as number;
    const ay = positions[ia * 3 + 1] as number;
    const az = positions[ia * 3 + 2] as number;
    const e1x = (positions[ib * 3] as number) - ax;
    const e1y = (positions[ib * 3 + 1] as number) - ay;
    const e1z = (positions[ib * 3 + 2] as number) - az;
    const e2x = (positions[ic * 3] as number) - ax;
    const e2y = (positions[ic * 3 + 1] as number) - ay;
    const e2z = (positions[ic * 3 + 2] as number) - az;

    // Ray through the sample; the weights of the corners follow from where it meets the plane (Möller and Trumbore).
    let vx = view.forward[0] + screenX * view.right[0] + screenY * view.up[0];
    let vy = view.forward[1] + screenX * view.right[1] + screenY * view.up[1];
    let vz = view.forward[2] + screenX * view.right[2] + screenY * view.up[2];
    const px = vy * e2z - vz * e2y;
    const py = vz * e2x - vx * e2z;
    const pz = vx * e2y - vy * e2x;
    const determinant = e1x * px + e1y * py + e1z * pz;
    let wb = 1 / 3;
    let wc = 1 / 3;
    if (determinant !== 0) {
      const sx = ex - ax;
      const sy = ey - ay;
      const sz = ez - az;
      const qx = sy * e1z - sz * e1y;
      const qy = sz * e1x - sx * e1z;
      const qz = sx * e1y - sy * e1x;
      wb = clamp01((sx * px + sy * py + sz * pz) / determinant);
      wc = clamp01((vx * qx + vy * qy + vz * qz) / determinant);
      // An averaged sample can lie a little outside; inside is where attributes are defined.
      const sum = wb + wc;
      if (sum > 1) {
        wb /= sum;
        wc /= sum;
      }
    }
    const wa = 1 - wb - wc;
    const x = ax + wb * e1x + wc * e2x;
    const y = ay + wb * e1y + wc * e2y;
    const z = az + wb * e1z + wc * e2z;
    const viewLength = Math.sqrt(vx * vx + vy * vy + vz * vz);
    vx /= -viewLength;
    vy /= -viewLength;
    vz /= -viewLength;

    const la = (ia - mesh.firstVertex) | 0;
    const lb = (ib - mesh.firstVertex) | 0;
    const lc = (ic - mesh.firstVertex) | 0;
    const normals = source.normals;
    let nx = wa * at(normals, la * 3) + wb * at(normals, lb * 3) + wc * at(normals, lc * 3);
    let ny = wa * at(normals, la * 3 + 1) + wb * at(normals, lb * 3 + 1) + wc * at(normals, lc * 3 + 1);
    let nz = wa * at(normals, la * 3 + 2) + wb * at(normals, lb * 3 + 2) + wc * at(normals, lc * 3 + 2);
    let gx = e1y * e2z - e1z * e2y;
    let gy = e1z * e2x - e1x * e2z;
    let gz = e1x * e2y - e1y * e2x;
    const doubleArea = Math.sqrt(gx * gx + gy * gy + gz * gz) || 1e-30;
    gx /= doubleArea;
    gy /= doubleArea;
    gz /= doubleArea;
    let normalLength = Math.sqrt(nx * nx + ny * ny + nz * nz);
    if (!(normalLength > 1e-6)) {
      nx = gx;
      ny = gy;
      nz = gz;
      normalLength = 1;
    }
    nx /= normalLength;
    ny /= normalLength;
    nz /= normalLength;
    const backFacing = gx * vx + gy * vy + gz * vz < 0;
    if (backFacing) {
      nx = -nx;
      ny = -ny;
      nz = -nz;
      gx = -gx;
      gy = -gy;
      gz = -gz;
    }

    const { source: factors } = material;
    let red = factors.baseColor[0];
    let green = factors.baseColor[1];
    let blue = factors.baseColor[2];
    let alpha = factors.baseColor[3];
    let roughness = factors.roughness;
    let metallic = factors.metallic;
    let occluded = 1;
    let emissiveR = factors.emissive?.[0] ?? 0;
    let emissiveG = factors.emissive?.[1] ?? 0;
    let emissiveB = factors.emissive?.[2] ?? 0;
    const colors = source.colors;
    if (colors !== undefined) {
      red *= wa * at(colors, la * 4) + wb * at(colors, lb * 4) + wc * at(colors, lc * 4);
      green *= wa * at(colors, la * 4 + 1) + wb * at(colors, lb * 4 + 1) + wc * at(colors, lc * 4 + 1);
      blue *= wa * at(colors, la * 4 + 2) + wb * at(colors, lb * 4 + 2) + wc * at(colors, lc * 4 + 2);
      alpha *= wa * at(colors, la * 4 + 3) + wb * at(colors, lb * 4 + 3) + wc * at(colors, lc * 4 + 3);
    }
    const geometricX = nx;
    const geometricY = ny;
    const geometricZ = nz;
    const uvs = source.uvs;
    if (uvs !== undefined) {
      const ua = at(uvs, la * 2);
      const va = at(uvs, la * 2 + 1);
      const du1 = at(uvs, lb * 2) - ua;
      const dv1 = at(uvs, lb * 2 + 1) - va;
      const du2 = at(uvs, lc * 2) - ua;
      const dv2 = at(uvs, lc * 2 + 1) - va;
      const u = ua + wb * du1 + wc * du2;
      const v = va + wb * dv1 + wc * dv2;
      const uvArea = du1 * dv2 - du2 * dv1;
      // Side of a pixel on the surface, in uv: distance, slant, and how densely the triangle is mapped.
      const distance = viewLength === 0 ? 0 : Math.sqrt((x - ex) ** 2 + (y - ey) ** 2 + (z - ez) ** 2) / viewLength;
      const slant = Math.max(0.2, Math.abs(gx * vx + gy * vy + gz * vz));
      const footprint = distance * pixelExtent * Math.sqrt(Math.abs(uvArea) / doubleArea / slant);
      if (material.baseColor !== undefined) {
        sampleTexture(material.baseColor, u, v, levelFor(material.baseColor, footprint), texel);
        red *= texel[0] as number;
        green *= texel[1] as number;
        blue *= texel[2] as number;
        alpha *= texel[3] as number;
      }
      if (material.metallicRoughness !== undefined) {
        sampleTexture(
          material.metallicRoughness,
          u,
          v,
          Math.round(levelFor(material.metallicRoughness, footprint)),
          texel,
        );
        roughness *= texel[1] as number;
        metallic *= texel[2] as number;
      }
      if (material.occlusion !== undefined) {
        sampleTexture(material.occlusion, u, v, Math.round(levelFor(material.occlusion, footprint)), texel);
        occluded = texel[0] as number;
      }
      if (material.emissive !== undefined) {
        sampleTexture(material.emissive, u, v, Math.round(levelFor(material.emissive, footprint)), texel);
        emissiveR *= texel[0] as number;
        emissiveG *= texel[1] as number;
        emissiveB *= texel[2] as number;
      }
      if (material.normal !== undefined && Math.abs(uvArea) > 1e-20) {
        sampleTexture(material.normal, u, v, levelFor(material.normal, footprint), texel);
        const scale = factors.normalScale ?? 1;
        const mapX = ((texel[0] as number) * 2 - 1) * scale;
        const mapY = ((texel[1] as number) * 2 - 1) * scale;
        const mapZ = Math.max(0.05, (texel[2] as number) * 2 - 1);
        // Direction of growing u, made perpendicular to the normal; green points against growing v (glTF 2.0 §3.9.3).
        const sign = uvArea < 0 ? -1 : 1;
        let tx = (e1x * dv2 - e2x * dv1) * sign;
        let ty = (e1y * dv2 - e2y * dv1) * sign;
        let tz = (e1z * dv2 - e2z * dv1) * sign;
        const along = tx * nx + ty * ny + tz * nz;
        tx -= along * nx;
        ty -= along * ny;
        tz -= along * nz;
        let bx = (e1x * du2 - e2x * du1) * sign;
        let by = (e1y * du2 - e2y * du1) * sign;
        let bz = (e1z * du2 - e2z * du1) * sign;
        const across = bx * nx + by * ny + bz * nz;
        bx -= across * nx;
        by -= across * ny;
        bz -= across * nz;
        const tLength = Math.sqrt(tx * tx + ty * ty + tz * tz);
        const bLength = Math.sqrt(bx * bx + by * by + bz * bz);
        if (tLength > 0 && bLength > 0) {
          nx = nx * mapZ + (tx / tLength) * mapX + (bx / bLength) * mapY;
          ny = ny * mapZ + (ty / tLength) * mapX + (by / bLength) * mapY;
          nz = nz * mapZ + (tz / tLength) * mapX + (bz / bLength) * mapY;
          const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
          nx /= length;
          ny /= length;
          nz /= length;
        }
      }
    }
    roughness = Math.min(1, Math.max(0.06, roughness));
    metallic = clamp01(metallic);
    // Normals that lean away from the eye would mirror what is behind the surface.
    const nv = Math.max(0.02, nx * vx + ny * vy + nz * vz);

    visibilityOf(occlusion, x, y, z, geometricX, geometricY, geometricZ, visibility);
    const open = visibility.sky * occluded;
    const floorLit = floor === undefined ? 1 : floor.at(x, z);

    const diffuseR = red * (1 - metallic);
    const diffuseG = green * (1 - metallic);
    const diffuseB = blue * (1 - metallic);
    const f0R = 0.04 + (red - 0.04) * metallic;
    const f0G = 0.04 + (green - 0.04) * metallic;
    const f0B = 0.04 + (blue - 0.04) * metallic;

    const cnx = nx * cosA - nz * sinA;
    const cnz = nx * sinA + nz * cosA;
    let light = skyIrradiance(cnx, ny, cnz) * open + floorIrradiance(ny) * floorLit * (0.4 + 0.6 * open) * occluded;
    let glintR = 0;
    let glintG = 0;
    let glintB = 0;
    const alpha2 = roughness * roughness * roughness * roughness;
    const k = ((roughness + 1) * (roughness + 1)) / 8;
    for (let index = 0; index < lamps.length; index += 1) {
      const lamp = lamps[index] as (typeof lamps)[number];
      const [lx, ly, lz] = lamp.direction;
      const nl = nx * lx + ny * ly + nz * lz;
      if (nl <= 0) continue;
      const seen = index === 0 ? visibility.key : open;
      light += lamp.strength * nl * seen;
      let hx = lx + vx;
      let hy = ly + vy;
      let hz = lz + vz;
      const hLength = Math.sqrt(hx * hx + hy * hy + hz * hz) || 1;
      hx /= hLength;
      hy /= hLength;
      hz /= hLength;
      const nh = Math.max(0, nx * hx + ny * hy + nz * hz);
      const vh = Math.max(0, vx * hx + vy * hy + vz * hz);
      const lobe = nh * nh * (alpha2 - 1) + 1;
      // Lamps are as large as their softbox: no highlight is sharper than that.
      const spread = alpha2 / (lobe * lobe + 1e-5);
      const shadowing = 1 / ((nl * (1 - k) + k) * (nv * (1 - k) + k));
      const fresnel = (1 - vh) ** 5;
      const glint = Math.min(6, (spread * shadowing * nl) / 4) * lamp.strength * lamp.highlight * seen;
      glintR += (f0R + (1 - f0R) * fresnel) * glint;
      glintG += (f0G + (1 - f0G) * fresnel) * glint;
      glintB += (f0B + (1 - f0B) * fresnel) * glint;
    }

    // The studio, mirrored.
    const nv2 = 2 * (nx * vx + ny * vy + nz * vz);
    const rx = nx * nv2 - vx;
    const ry = ny * nv2 - vy;
    const rz = nz * nv2 - vz;
    let mirrored = studioRadiance(rx * cosA - rz * sinA, ry, rx * sinA + rz * cosA, roughness);
    const specularOpen = clamp01((nv + open) ** (2 ** (-16 * roughness - 1)) - 1 + open);
    const downward = Math.min(1, Math.max(0, -ry * 4));
    let unhidden = specularOpen;
    if (floor !== undefined && downward > 0) {
      // Where the mirrored ray meets the floor it shows the floor's shadow, not the openness above.
      const length = Math.max(0, y - floorY) / -ry;
      unhidden += (floor.at(x + rx * length, z + rz * length) - unhidden) * downward;
    }
    mirrored *= unhidden;
    const c1 = 1 - roughness;
    const a004 = Math.min(c1 * c1, 2 ** (-9.28 * nv)) * c1 + (-0.0275 * roughness + 0.0425);
    const scaleF = -1.04 * a004 + (-0.572 * roughness + 1.04);
    const biasF = 1.04 * a004 + (0.022 * roughness - 0.04);

    out[0] = diffuseR * light + glintR + mirrored * (f0R * scaleF + biasF) + emissiveR;
    out[1] = diffuseG * light + glintG + mirrored * (f0G * scaleF + biasF) + emissiveG;
    out[2] = diffuseB * light + glintB + mirrored * (f0B * scaleF + biasF) + emissiveB;
    out[3] = clamp01(alpha);
  };
}

/** Picks the level of detail at which a pixel of `footprint` uv covers about one texel. */
function levelFor(texture: Texture, footprint: number): number {
  const base = texture.levels[0] as { width: number; height: number };
  const texels = footprint * Math.sqrt(base.width * base.height);
  return texels > 1 ? Math.min(14, Math.log2(texels) - 0.25) : 0;
}

function at(array: Float32Array, index: number): number {
  const value = array[index] as number;
  // Short or broken arrays of a hostile file must not blacken the picture.
  return value - value === 0 ? value : 0;
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
