import { describe, expect, it } from 'vitest';
import type { RasterImage } from '../host/host.ts';
import { boxOfBalls, splatsOf } from './__fixtures__/splats.ts';
import { renderSplatThumbnail } from './render-splat-thumbnail.ts';
import { renderSplats } from './render-splats.ts';
import { THUMBNAIL_CAMERA } from './thumbnail.ts';

const RED = [0.9, 0.1, 0.1] as const;
const PLAIN = { ground: false, background: [0, 1, 0], supersample: 1 } as const;
const BLADE = boxOfBalls([0, 0.5, 0], [0.04, 1, 0.04], 0.01, RED);

/** Mean column of the object's pixels in the top or the bottom third of the picture, as a share of its width. */
function meanColumn({ width, height, data }: RasterImage, rows: 'top' | 'bottom'): number {
  let sum = 0;
  let count = 0;
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const y = Math.floor(pixel / width) / height;
    if ((rows === 'top' ? y > 1 / 3 : y < 2 / 3) || (data[pixel * 4 + 1] as number) > 128) continue;
    sum += (pixel % width) / width;
    count += 1;
  }
  return sum / count;
}

describe('renderSplatThumbnail', () => {
  it('leans what is long and could not stand to the right, point up', () => {
    const image = renderSplatThumbnail(splatsOf(BLADE), 96, PLAIN);
    expect(meanColumn(image, 'top')).toBeGreaterThan(0.65);
    expect(meanColumn(image, 'bottom')).toBeLessThan(0.35);
  });

  it('leaves a post with a foot upright', () => {
    const foot = boxOfBalls([0, 0.01, 0], [0.2, 0.015, 0.2], 0.01, RED);
    const image = renderSplatThumbnail(splatsOf([...BLADE, ...foot]), 96, PLAIN);
    expect(Math.abs(meanColumn(image, 'top') - meanColumn(image, 'bottom'))).toBeLessThan(0.08);
  });

  it('sees what is not slender as thumbnails of meshes do', () => {
    const splats = splatsOf(boxOfBalls([0, 0.5, 0], [0.4, 1, 0.4], 0.03, RED));
    const expected = renderSplats(splats, { ...PLAIN, width: 64, height: 64, camera: THUMBNAIL_CAMERA });
    expect(renderSplatThumbnail(splats, 64, PLAIN).data).toEqual(expected.data);
  });
});
