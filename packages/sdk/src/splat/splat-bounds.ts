import { hypot } from '../foundation/math.ts';

/** Axis-aligned box in the unit of the positions, and the radius of the sphere around its centre that holds it. */
export interface SplatBounds {
  readonly min: readonly [number, number, number];
  readonly max: readonly [number, number, number];
  /** Half the box's diagonal. */
  readonly radius: number;
}

/** Bounds of a box. */
export function toBounds(min: SplatBounds['min'], max: SplatBounds['max']): SplatBounds {
  return { min, max, radius: hypot(max[0] - min[0], max[1] - min[1], max[2] - min[2]) / 2 };
}
