import type { View } from './camera.ts';
import type { FloorLight } from './floor-light.ts';
import { type Occlusion, type Visibility, visibilityOf } from './lighting.ts';
import type { PreparedScene } from './prepared-scene.ts';
import { floorIrradiance, KEY_LIGHT, SOFT_LIGHTS, skyIrradiance, studioRadiance, worldDirection } from './studio.ts';
import { createLocate, createSurface, type Surface } from './surface.ts';

/** Share of the sky's light that finds its way into closed corners: surfaces pass light on, which nothing here follows. */
const BOUNCED = 0.12;

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

/**
 * Shades a triangle where the ray through (screenX, screenY), in extents of the view at distance 1, meets it. Writes linear
 * RGB before tone mapping, and alpha.
 */
export type Shade = (triangle: number, screenX: number, screenY: number, out: Float64Array) => void;

/**
 * Makes the function that shades: metallic-roughness with GGX highlights of three lamps, the studio mirrored and
 * integrated, shadow of the key light and openness to the sky.
 *
 * @source glTF 2.0 appendix B; environment part: Karis, "Physically based shading on mobile", 2014.
 */
export function createShade(context: ShadingScene): Shade {
  const { occlusion, floor, floorY } = context;
  const locate = createLocate(context.scene, context.view, context.pixelExtent);
  const azimuth = (context.cameraAzimuthDeg * Math.PI) / 180;
  const cosA = Math.cos(azimuth);
  const sinA = Math.sin(azimuth);
  const lamps = [KEY_LIGHT, ...SOFT_LIGHTS].map((light) => ({
    direction: worldDirection(light, context.cameraAzimuthDeg),
    strength: light.strength,
    highlight: light.highlight,
  }));
  const visibility: Visibility = { key: 1, sky: 1 };
  const p: Surface = createSurface();

  /** Share of the mirrored studio that reaches a point: openness upwards, the floor's own brightness downwards. */
  const mirrorVisibility = (open: number, nv: number, rx: number, ry: number, rz: number): number => {
    // @source Lagarde and de Rousiers, "Moving Frostbite to physically based rendering", 2014, listing 26.
    const upward = Math.min(1, Math.max(0, (nv + open) ** (2 ** (-16 * p.roughness - 1)) - 1 + open));
    const downward = Math.min(1, Math.max(0, -ry * 4));
    if (floor === undefined || downward === 0) return upward;
    const length = Math.max(0, p.y - floorY) / -ry;
    return upward + (floor.at(p.x + rx * length, p.z + rz * length) - upward) * downward;
  };

  return (triangle, screenX, screenY, out) => {
    locate(triangle, screenX, screenY, p);
    const { normalX: nx, normalY: ny, normalZ: nz, viewX: vx, viewY: vy, viewZ: vz, roughness, metallic } = p;
    const facing = nx * vx + ny * vy + nz * vz;
    // Normals that lean away from the eye would divide by nothing.
    const nv = Math.max(0.02, facing);
    visibilityOf(occlusion, p.x, p.y, p.z, p.smoothX, p.smoothY, p.smoothZ, visibility);
    const open = (BOUNCED + (1 - BOUNCED) * visibility.sky) * p.occlusion;
    const floorLit = floor === undefined ? 1 : floor.at(p.x, p.z);

    const f0R = 0.04 + (p.red - 0.04) * metallic;
    const f0G = 0.04 + (p.green - 0.04) * metallic;
    const f0B = 0.04 + (p.blue - 0.04) * metallic;
    let diffuse =
      skyIrradiance(nx * cosA - nz * sinA, ny, nx * sinA + nz * cosA) * open +
      floorIrradiance(ny) * floorLit * (0.4 + 0.6 * open) * p.occlusion;
    let glintR = 0;
    let glintG = 0;
    let glintB = 0;
    const alpha2 = roughness ** 4;
    const k = ((roughness + 1) * (roughness + 1)) / 8;
    for (let index = 0; index < lamps.length; index += 1) {
      const { direction, strength, highlight } = lamps[index] as (typeof lamps)[number];
      const [lx, ly, lz] = direction;
      const nl = nx * lx + ny * ly + nz * lz;
      if (nl <= 0) continue;
      const seen = strength * nl * (index === 0 ? visibility.key : open);
      diffuse += seen;
      const halfLength = Math.sqrt((lx + vx) ** 2 + (ly + vy) ** 2 + (lz + vz) ** 2) || 1;
      const nh = Math.max(0, (nl + facing) / halfLength);
      const vh = Math.max(0, (vx * (lx + vx) + vy * (ly + vy) + vz * (lz + vz)) / halfLength);
      const lobe = nh * nh * (alpha2 - 1) + 1;
      // Lamps are as large as their softbox: no highlight is sharper than that.
      const spread = alpha2 / (lobe * lobe + 1e-5);
      const masking = 1 / ((nl * (1 - k) + k) * (nv * (1 - k) + k));
      const glint = Math.min(6 / nl, (spread * masking) / 4) * seen * highlight;
      const fresnel = (1 - vh) ** 5;
      glintR += (f0R + (1 - f0R) * fresnel) * glint;
      glintG += (f0G + (1 - f0G) * fresnel) * glint;
      glintB += (f0B + (1 - f0B) * fresnel) * glint;
    }

    const rx = 2 * facing * nx - vx;
    const ry = 2 * facing * ny - vy;
    const rz = 2 * facing * nz - vz;
    const mirrored =
      studioRadiance(rx * cosA - rz * sinA, ry, rx * sinA + rz * cosA, roughness) *
      mirrorVisibility(open, nv, rx, ry, rz);
    // Karis' fit of the environment's share: f0 · scale + bias.
    const smooth = 1 - roughness;
    const a004 = Math.min(smooth * smooth, 2 ** (-9.28 * nv)) * smooth + 0.0425 - 0.0275 * roughness;
    const scale = 1.04 - 0.572 * roughness - 1.04 * a004;
    const bias = 1.04 * a004 - 0.04 + 0.022 * roughness;

    const matt = diffuse * (1 - metallic);
    out[0] = p.red * matt + glintR + mirrored * (f0R * scale + bias) + p.emissiveR;
    out[1] = p.green * matt + glintG + mirrored * (f0G * scale + bias) + p.emissiveG;
    out[2] = p.blue * matt + glintB + mirrored * (f0B * scale + bias) + p.emissiveB;
    out[3] = p.alpha;
  };
}
