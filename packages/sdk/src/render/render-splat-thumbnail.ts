import type { RasterImage } from '../host/host.ts';
import type { RenderOptions } from './render-scene.ts';
import { type RenderSplats, renderMeasuredSplats } from './render-splats.ts';
import { measureSplats, type SplatBounds } from './splat-bounds.ts';
import { LEAN_DEG, THUMBNAIL_CAMERA } from './thumbnail.ts';

/**
 * A square picture of a splat for people, of one family with the thumbnails of meshes. `size` in pixels. Throws as
 * `renderSplats` does.
 *
 * Something long that could not stand by itself leans across the picture.
 */
export function renderSplatThumbnail(
  splats: RenderSplats,
  size: number,
  options: Partial<RenderOptions> = {},
): RasterImage {
  const measured = measureSplats(splats);
  const camera = cannotStand(measured) ? { ...THUMBNAIL_CAMERA, rollDeg: LEAN_DEG } : THUMBNAIL_CAMERA;
  return renderMeasuredSplats(splats, measured, { camera, ...options, width: size, height: size });
}

/** True for what is more than three times as high as wide and touches the ground with less than a fifteenth of its height. */
function cannotStand({ min, max, outline }: SplatBounds): boolean {
  const height = max[1] - min[1];
  if (!(height >= 3 * Math.max(max[0] - min[0], max[2] - min[2]))) return false;
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let at = 0; at < outline.length; at += 3) {
    if ((outline[at + 1] as number) > min[1] + 0.02 * height) continue;
    for (const side of [0, 1] as const) {
      const value = outline[at + side * 2] as number;
      low[side] = Math.min(low[side] as number, value);
      high[side] = Math.max(high[side] as number, value);
    }
  }
  return Math.max((high[0] as number) - (low[0] as number), (high[1] as number) - (low[1] as number)) < height / 15;
}
