import type { RasterImage } from '../host/host.ts';
import { renderScene } from './render-image.ts';
import type { RenderCamera, RenderOptions, RenderScene } from './render-scene.ts';

/** The three-quarter view of thumbnails: a little from the left of the front and from above. */
export const THUMBNAIL_CAMERA: RenderCamera = { azimuthDeg: -35, elevationDeg: 17, fovDeg: 26 };

/** A square picture of a scene for people: studio light, soft shadow on the ground. `size` in pixels. */
export function renderThumbnail(scene: RenderScene, size: number, options: Partial<RenderOptions> = {}): RasterImage {
  return renderScene(scene, { camera: THUMBNAIL_CAMERA, ...options, width: size, height: size });
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
