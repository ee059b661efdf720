import { fractionToLinear } from '../image/srgb.ts';
import type { View } from './camera.ts';
import type { FloorLight } from './floor-light.ts';
import type { RenderOptions } from './render-scene.ts';

/** Linear RGB behind the scene, where the ray through a point of the view at distance 1 ends. */
export type Backdrop = (screenX: number, screenY: number, out: Float64Array) => void;

/** Light of the wall where it is brightest and in the far corners, linear RGB. */
const WALL_BRIGHT = [0.68, 0.685, 0.7] as const;
const WALL_DARK = [0.36, 0.37, 0.39] as const;

/**
 * The wall behind and the floor below. The floor has the colour of the wall and shows only by its shadows, so that it
 * fades into the wall without a horizon.
 */
export function createBackdrop(
  background: RenderOptions['background'],
  view: View,
  floor: FloorLight | undefined,
  floorY: number,
): Backdrop {
  const fixed = background?.map(fractionToLinear);
  const bright = fixed ?? WALL_BRIGHT;
  const dark = fixed ?? WALL_DARK;
  return (screenX, screenY, out) => {
    const x = screenX / view.tanX;
    const y = screenY / view.tanY - 0.1;
    // Brightest a little above the middle, falling off towards the corners.
    const fall = Math.min(1, (x * x + y * y) / 2.2);
    const soft = fall * fall * (3 - 2 * fall);
    const lit = floor === undefined ? 1 : floorLight(view, floor, floorY, screenX, screenY);
    for (let channel = 0; channel < 3; channel += 1) {
      const high = bright[channel] as number;
      out[channel] = (high + ((dark[channel] as number) - high) * soft) * lit;
    }
  };
}

function floorLight(view: View, floor: FloorLight, floorY: number, screenX: number, screenY: number): number {
  const { eye, forward, right, up } = view;
  const distance = (floorY - eye[1]) / (forward[1] + screenX * right[1] + screenY * up[1]);
  if (!(distance > 0)) return 1;
  return floor.at(
    eye[0] + distance * (forward[0] + screenX * right[0] + screenY * up[0]),
    eye[2] + distance * (forward[2] + screenX * right[2] + screenY * up[2]),
  );
}
