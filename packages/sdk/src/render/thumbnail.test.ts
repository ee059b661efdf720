import { describe, expect, it } from 'vitest';
import type { RasterImage } from '../host/host.ts';
import { box, materialOf, pixelAt } from './__fixtures__/shapes.ts';
import { renderThumbnail } from './thumbnail.ts';

const RED = materialOf({ baseColor: [0.8, 0.02, 0.02, 1] });
const PLAIN = { ground: false, background: [0, 1, 0], supersample: 1 } as const;

/** Mean column of the object's pixels in the top or the bottom third of the picture, as a share of its width. */
function meanColumn(image: RasterImage, rows: 'top' | 'bottom'): number {
  const columns: number[] = [];
  for (let y = rows === 'top' ? 0 : 2 / 3; y < (rows === 'top' ? 1 / 3 : 1); y += 1 / image.height) {
    for (let x = 0; x < 1; x += 1 / image.width) if (pixelAt(image, x, y)[1] < 128) columns.push(x);
  }
  return columns.reduce((sum, column) => sum + column, 0) / columns.length;
}

describe('renderThumbnail', () => {
  it('leans what is long and could not stand to the right, point up', () => {
    const image = renderThumbnail({ meshes: [box([0, 0.5, 0], [0.04, 1, 0.04], RED)] }, 96, PLAIN);
    expect(meanColumn(image, 'top')).toBeGreaterThan(0.65);
    expect(meanColumn(image, 'bottom')).toBeLessThan(0.35);
  });

  it('leaves a post with a foot upright', () => {
    const foot = box([0, 0.005, 0], [0.2, 0.01, 0.2], RED);
    const image = renderThumbnail({ meshes: [foot, box([0, 0.5, 0], [0.04, 1, 0.04], RED)] }, 96, PLAIN);
    expect(Math.abs(meanColumn(image, 'top') - meanColumn(image, 'bottom'))).toBeLessThan(0.08);
  });

  it('leaves what is not slender upright', () => {
    const image = renderThumbnail({ meshes: [box([0, 0.5, 0], [0.4, 1, 0.4], RED)] }, 96, PLAIN);
    expect(Math.abs(meanColumn(image, 'top') - meanColumn(image, 'bottom'))).toBeLessThan(0.08);
  });
});
