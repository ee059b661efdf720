import type { Vec3 } from './camera.ts';
import { createOccluders } from './occluders.ts';
import { createOcclusionMap, type OcclusionMap, type Shadow, shadowAt, softShadowAt } from './occlusion-maps.ts';
import type { PreparedScene } from './prepared-scene.ts';
import type { FragmentTest } from './rasterize.ts';
import { KEY_LIGHT, worldDirection } from './studio.ts';

/** What a point sees of the key light and of the sky, [0, 1] each. */
export interface Visibility {
  key: number;
  sky: number;
}

/** Depth maps along many directions: some spread over the key light's area, some over the sky. */
export interface Occlusion {
  readonly key: readonly OcclusionMap[];
  readonly sky: readonly OcclusionMap[];
}

/** Radius of the key light as an angle's tangent: the width of a shadow's edge per height of what throws it. */
export const KEY_RADIUS = 0.1;
/** Fineness of the merged copy of dense scenes. Below half a cell per texel merged surfaces begin to shade themselves. */
const CELLS_PER_TEXEL = 0.6;
const GOLDEN_ANGLE = 2.399963229728653;

/** Draws the depth maps. `quality` 1 is for pictures people look at, 0 for slow engines and small sizes. */
export function createOcclusion(
  scene: PreparedScene,
  cameraAzimuthDeg: number,
  quality: number,
  testOf: (triangle: number) => FragmentTest | undefined,
): Occlusion {
  const keyCount = quality > 0 ? 12 : 5;
  const skyCount = quality > 0 ? 40 : 14;
  const keySize = quality > 0 ? 448 : 256;
  const skySize = quality > 0 ? 160 : 112;
  const keyOccluders = createOccluders(scene, keySize * CELLS_PER_TEXEL);
  const skyOccluders = createOccluders(scene, skySize * CELLS_PER_TEXEL);
  const key: OcclusionMap[] = [];
  for (const direction of keyDirections(cameraAzimuthDeg, keyCount)) {
    key.push(createOcclusionMap(keyOccluders, direction, 1 / keyCount, keySize, testOf));
  }
  const sky: OcclusionMap[] = [];
  for (const direction of skyDirections(skyCount)) {
    sky.push(createOcclusionMap(skyOccluders, direction, 1, skySize, testOf));
  }
  return { key, sky };
}

/** Unit directions spread over the key light's area. */
export function keyDirections(cameraAzimuthDeg: number, count: number): Vec3[] {
  const center = worldDirection(KEY_LIGHT, cameraAzimuthDeg);
  const across: Vec3 = [center[2], 0, -center[0]];
  const acrossLength = Math.sqrt(across[0] * across[0] + across[2] * across[2]);
  const right: Vec3 = [across[0] / acrossLength, 0, across[2] / acrossLength];
  const up: Vec3 = [
    center[1] * right[2] - center[2] * right[1],
    center[2] * right[0] - center[0] * right[2],
    center[0] * right[1] - center[1] * right[0],
  ];
  return Array.from({ length: count }, (_, index) => {
    const radius = KEY_RADIUS * Math.sqrt((index + 0.5) / count);
    const a = Math.cos(index * GOLDEN_ANGLE) * radius;
    const b = Math.sin(index * GOLDEN_ANGLE) * radius;
    return unit([
      center[0] + a * right[0] + b * up[0],
      center[1] + a * right[1] + b * up[1],
      center[2] + a * right[2] + b * up[2],
    ]);
  });
}

/** Unit directions spread over the sky: a spiral of equal solid angles from just above the horizon to the zenith. */
export function skyDirections(count: number): Vec3[] {
  return Array.from({ length: count }, (_, index) => {
    const y = 0.06 + (0.94 * (index + 0.5)) / count;
    const level = Math.sqrt(1 - y * y);
    const angle = index * GOLDEN_ANGLE;
    return [Math.sin(angle) * level, y, Math.cos(angle) * level];
  });
}

const found: Shadow = { shadow: 0, distance: 0 };

/** Asks the maps about a point with a unit normal. Writes into `out`. */
export function visibilityOf(
  occlusion: Occlusion,
  x: number,
  y: number,
  z: number,
  nx: number,
  ny: number,
  nz: number,
  out: Visibility,
): void {
  let lit = 0;
  for (const map of occlusion.key) {
    const facing = nx * map.direction[0] + ny * map.direction[1] + nz * map.direction[2];
    if (facing <= 0) continue;
    const lift = map.texelM * 1.2;
    shadowAt(map, x + nx * lift, y + ny * lift, z + nz * lift, facing, found);
    lit += map.weight * (1 - found.shadow);
  }
  let seen = 0.02;
  let total = 0.02;
  for (const map of occlusion.sky) {
    const facing = nx * map.direction[0] + ny * map.direction[1] + nz * map.direction[2];
    if (facing <= 0.02) continue;
    const lift = map.texelM * 1.2;
    total += facing;
    seen += facing * (1 - softShadowAt(map, x + nx * lift, y + ny * lift, z + nz * lift, facing));
  }
  out.key = lit;
  out.sky = seen / total;
}

function unit(a: Vec3): Vec3 {
  const length = Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
  return [a[0] / length, a[1] / length, a[2] / length];
}
