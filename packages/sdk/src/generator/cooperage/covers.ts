import { lathe } from '../kit/lathe.ts';
import { createTopLayer } from '../kit/layer.ts';
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

/**
 * Moss on a barrel: at the foot and on the head of a standing one, along the back of a lying one.
 *
 * @param pose - Brings what stands on y = 0 into the pose of the barrel.
 */
export function createBarrelMoss(
  design: BarrelDesign,
  headY: number,
  isLying: boolean,
  pose: (shape: Shape) => Shape,
  seed: number,
): Shape {
  const rows = 24;
  const profile: Vec2[] = [];
  for (let row = 0; row <= rows; row += 1) {
    const y = design.height * (0.01 + (0.98 * row) / rows);
    profile.push([radiusAt(design, y), y]);
  }
  const inner = design.head - design.staveThickness;
  profile.push([inner, design.height * 0.99], [inner, headY]);
  for (let ring = 5; ring >= 0; ring -= 1) profile.push([(inner * ring) / 6, headY]);
  const skin = pose(lathe(profile, { segments: 64 }));
  return createTopLayer(
    skin,
    {
      limit: isLying ? 0.86 : 0.95,
      patchiness: isLying ? 0.34 : 0.6,
      thickness: 0.014,
      scale: 3.2,
      ...(isLying
        ? {}
        : { favour: (_x: number, y: number) => (y > headY - 0.02 ? 0 : 1.34 - (y / design.height) * 3.6) }),
    },
    seed,
  );
}
