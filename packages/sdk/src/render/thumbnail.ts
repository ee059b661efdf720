import type { RasterImage } from '../host/host.ts';
import { renderScene } from './render-image.ts';
import type { RenderCamera, RenderOptions, RenderScene } from './render-scene.ts';

/** The three-quarter view of thumbnails: a little from the left of the front and from above. */
export const THUMBNAIL_CAMERA: RenderCamera = { azimuthDeg: -35, elevationDeg: 17, fovDeg: 26 };

/** How far a slender thing leans in its thumbnail, degrees. */
export const LEAN_DEG = 38;

/**
 * A square picture of a scene for people: studio light, soft shadow on the ground. `size` in pixels.
 *
 * Something long that could not stand by itself (a sword, a spear) leans across the picture, as one would photograph it:
 * upright, it would be a line in an empty square.
 */
export function renderThumbnail(scene: RenderScene, size: number, options: Partial<RenderOptions> = {}): RasterImage {
  const camera = cannotStand(scene) ? { ...THUMBNAIL_CAMERA, rollDeg: LEAN_DEG } : THUMBNAIL_CAMERA;
  return renderScene(scene, { camera, ...options, width: size, height: size });
}

/** True for what is more than three times as high as wide and touches the ground with less than a fifteenth of its height. */
function cannotStand(scene: RenderScene): boolean {
  const { low, high } = extentOf(scene, Number.POSITIVE_INFINITY);
  const height = high[1] - low[1];
  if (height < 3 * Math.max(high[0] - low[0], high[2] - low[2])) return false;
  const foot = extentOf(scene, low[1] + 0.02 * height);
  return Math.max(foot.high[0] - foot.low[0], foot.high[2] - foot.low[2]) < height / 15;
}

/** Bounds of the vertices up to a height, metres. */
function extentOf(scene: RenderScene, top: number): { low: [number, number, number]; high: [number, number, number] } {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const { positions } of scene.meshes) {
    for (let at = 0; at + 2 < positions.length; at += 3) {
      if ((positions[at + 1] as number) > top) continue;
      for (const axis of [0, 1, 2] as const) {
        const value = positions[at + axis] as number;
        if (value < low[axis]) low[axis] = value;
        if (value > high[axis]) high[axis] = value;
      }
    }
  }
  return { low, high };
}

/** What {@link renderComparison} fixes so that two pictures differ only where the objects do. */
export interface ComparisonOptions {
  /** Side of the square picture, pixels. */
  readonly size: number;
  readonly camera: RenderCamera;
  /** Bounds that both pictures frame, metres. */
  readonly frame: NonNullable<RenderOptions['frame']>;
  /** Default 2. */
  readonly supersample?: number;
}

/** Mid grey behind compared pictures, as an sRGB fraction. */
export const COMPARISON_BACKGROUND: readonly [number, number, number] = [0.5, 0.5, 0.5];

/** A picture for comparing levels of detail: same light, no ground, plain background, fixed frame. */
export function renderComparison(scene: RenderScene, options: ComparisonOptions): RasterImage {
  return renderScene(scene, {
    width: options.size,
    height: options.size,
    camera: options.camera,
    frame: options.frame,
    ground: false,
    background: COMPARISON_BACKGROUND,
    supersample: options.supersample ?? 2,
  });
}
