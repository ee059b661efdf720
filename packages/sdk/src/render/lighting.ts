import type { Vec3 } from './camera.ts';
import { createOcclusionMap, type OcclusionMap, visibilityAt } from './occlusion-maps.ts';
import type { PreparedScene } from './prepared-scene.ts';
import type { FragmentTest } from './rasterize.ts';
import { KEY_LIGHT, skyIrradiance, worldDirection } from './studio.ts';

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
const KEY_RADIUS = 0.1;
const GOLDEN_ANGLE = 2.399963229728653;

/** Draws the depth maps. `quality` 1 is for pictures people look at, 0 for slow engines and small sizes. */
export function createOcclusion(
  scene: PreparedScene,
  cameraAzimuthDeg: number,
  quality: number,
  testOf: (triangle: number) => FragmentTest | undefined | null,
): Occlusion {
  const keyCount = quality > 0 ? 12 : 5;
  const skyCount = quality > 0 ? 28 : 12;
  const center = worldDirection(KEY_LIGHT, cameraAzimuthDeg);
  const across: Vec3 = [center[2], 0, -center[0]];
  const acrossLength = Math.sqrt(across[0] * across[0] + across[2] * across[2]);
  const right: Vec3 = [across[0] / acrossLength, 0, across[2] / acrossLength];
  const up: Vec3 = [
    center[1] * right[2] - center[2] * right[1],
    center[2] * right[0] - center[0] * right[2],
    center[0] * right[1] - center[1] * right[0],
  ];
  const key: OcclusionMap[] = [];
  for (let index = 0; index < keyCount; index += 1) {
    const radius = KEY_RADIUS * Math.sqrt((index + 0.5) / keyCount);
    const a = Math.cos(index * GOLDEN_ANGLE) * radius;
    const b = Math.sin(index * GOLDEN_ANGLE) * radius;
    const direction = unit([
      center[0] + a * right[0] + b * up[0],
      center[1] + a * right[1] + b * up[1],
      center[2] + a * right[2] + b * up[2],
    ]);
    key.push(createOcclusionMap(scene, direction, 1 / keyCount, quality > 0 ? 512 : 256, testOf));
  }
  const sky: OcclusionMap[] = [];
  for (let index = 0; index < skyCount; index += 1) {
    // A spiral of equal solid angles from just above the horizon to the zenith.
    const y = 0.06 + (0.94 * (index + 0.5)) / skyCount;
    const level = Math.sqrt(1 - y * y);
    const angle = index * GOLDEN_ANGLE;
    sky.push(
      createOcclusionMap(
        scene,
        [Math.sin(angle) * level, y, Math.cos(angle) * level],
        1,
        quality > 0 ? 192 : 128,
        testOf,
      ),
    );
  }
  return { key, sky };
}

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
    lit += map.weight * visibilityAt(map, x + nx * lift, y + ny * lift, z + nz * lift, facing);
  }
  let seen = 0.02;
  let total = 0.02;
  for (const map of occlusion.sky) {
    const facing = nx * map.direction[0] + ny * map.direction[1] + nz * map.direction[2];
    if (facing <= 0.02) continue;
    const lift = map.texelM * 1.2;
    total += facing;
    seen += facing * visibilityAt(map, x + nx * lift, y + ny * lift, z + nz * lift, facing);
  }
  out.key = lit;
  out.sky = seen / total;
}

/** How bright the floor is around an object, against an empty one. */
export interface FloorLight {
  /** Brightness at a point of the floor, [0, 1]. */
  at(x: number, z: number): number;
}

const FLOOR_CELLS = 176;

/** Lights a square of floor of `radius` metres around a point; outside it the floor counts as empty. */
export function createFloorLight(
  occlusion: Occlusion,
  center: Vec3,
  radius: number,
  floorY: number,
  quality: number,
): FloorLight {
  const cells = quality > 0 ? FLOOR_CELLS : FLOOR_CELLS / 2;
  const keyShare = KEY_LIGHT.strength * (occlusion.key[0] as OcclusionMap).direction[1];
  const skyShare = skyIrradiance(0, 1, 0);
  const values = new Float32Array(cells * cells);
  const visibility: Visibility = { key: 1, sky: 1 };
  for (let row = 0; row < cells; row += 1) {
    const z = center[2] + radius * ((2 * (row + 0.5)) / cells - 1);
    for (let column = 0; column < cells; column += 1) {
      const x = center[0] + radius * ((2 * (column + 0.5)) / cells - 1);
      visibilityOf(occlusion, x, floorY, z, 0, 1, 0, visibility);
      const light = (visibility.key * keyShare + visibility.sky * skyShare) / (keyShare + skyShare);
      const away = Math.sqrt((x - center[0]) ** 2 + (z - center[2]) ** 2) / radius;
      const fade = Math.min(1, Math.max(0, (away - 0.7) / 0.3));
      values[row * cells + column] = light + (1 - light) * fade * fade * (3 - 2 * fade);
    }
  }
  const scale = cells / (2 * radius);
  return {
    at: (x, z) => {
      const gx = (x - center[0] + radius) * scale - 0.5;
      const gz = (z - center[2] + radius) * scale - 0.5;
      if (!(gx >= 0 && gz >= 0 && gx < cells - 1 && gz < cells - 1)) return 1;
      const column = gx | 0;
      const row = gz | 0;
      const fx = gx - column;
      const fz = gz - row;
      const at = row * cells + column;
      const above = (values[at] as number) * (1 - fx) + (values[at + 1] as number) * fx;
      const below = (values[at + cells] as number) * (1 - fx) + (values[at + cells + 1] as number) * fx;
      return above * (1 - fz) + below * fz;
    },
  };
}

function unit(a: Vec3): Vec3 {
  const length = Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
  return [a[0] / length, a[1] / length, a[2] / length];
}
