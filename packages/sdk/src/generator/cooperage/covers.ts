import { cos, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { ballProfile, lathe } from '../kit/lathe.ts';
import { fbm3 } from '../kit/noise.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec2 } from '../kit/vector.ts';
import { type BarrelDesign, radiusAt } from './coopering.ts';

/** A soft cap of snow for a round top of the given radius, standing on y = 0. */
export function createSnowCap(radius: number, seed: number): Shape {
  const profile: Vec2[] = [
    [0, -0.012],
    [radius, -0.012],
    [radius * 1.05, 0.012],
    [radius * 1.02, 0.045],
    [radius * 0.9, 0.07],
    [radius * 0.6, 0.086],
    [radius * 0.3, 0.092],
    [0, 0.094],
  ];
  return lathe(profile, { segments: 32 })
    .crease(80)
    .map((x, y, z) => {
      const swell = 1 + 0.07 * fbm3(x * 6, y * 6, z * 6, 2, seed);
      return [x * swell, y * (1 + 0.5 * fbm3(x * 5, 0, z * 5, 2, seed + 3)), z * swell];
    });
}

/** Cushions of moss at the foot and on the upper rim. */
export function createMossPatches(design: BarrelDesign, isLying: boolean, random: RandomStream): Shape[] {
  return Array.from({ length: isLying ? 6 : 14 }, (_, index) => {
    const size = random.range(0.04, 0.09);
    const angle = random.range(0, TAU);
    const cushion = lathe(ballProfile(size, 6, -size * 0.16, size * 0.36), { segments: 14 }).crease(80);
    cushion.map((x, y, z) => {
      const swell = 1 + 0.3 * fbm3(x * 22, y * 22, z * 22, 2, index);
      return [x * swell, y * swell, z * swell];
    });
    if (isLying) return cushion.translate(random.range(-0.12, 0.12), 2 * design.bilge + 0.058, random.range(-0.2, 0.2));
    if (index % 3 === 0)
      return cushion.translate(design.head * 0.92 * sin(angle), design.height - 0.008, design.head * 0.92 * cos(angle));
    const y = random.range(0.01, 0.1);
    const radius = radiusAt(design, y);
    return cushion.place([radius * sin(angle), y, radius * cos(angle)], [sin(angle), 0, cos(angle)]);
  });
}
