import { describe, expect, it } from 'vitest';
import type { RasterImage } from '../host/host.ts';
import { box, materialOf, pixelAt } from './__fixtures__/shapes.ts';
import { renderThumbnail } from './thumbnail.ts';

const RED = materialOf({ baseColor: [0.8, 0.02, 0.02, 1] });
const PLAIN = { ground: false, background: [1, 1, 1], supersample: 1 } as const;

/** Columns of the outermost red pixels in the top and the bottom third of the picture, in the middle of each. */
function redColumn(image: RasterImage, rows: 'top' | 'bottom'): number {
  const columns: number[] = [];
  const from = rows === 'top' ? 0 : Math.floor((image.height * 2) / 3);
  for (let y = from; y < from + Math.floor(image.height / 3); y += 1) {
    for (let x = 0; x < image.width; x += 1) {
      const [red, green] = pixelAt(image, x, y);
      if (red > 1.5 * green + 10) columns.push(x);
    }
  }
  return columns.reduce((sum, column) => sum + column, 0) / columns.length / image.width;
}

describe('renderThumbnail', () => {
  it('leans what is long and could not stand to the right, point up', () => {
    const image = renderThumbnail({ meshes: [box([0, 0.5, 0], [0.04, 1, 0.04], RED)] }, 96, PLAIN);
    expect(redColumn(image, 'top')).toBeGreaterThan(0.65);
    expect(redColumn(image, 'bottom')).toBeLessThan(0.35);
  });

  it('leaves a post with a foot upright', () => {
    const foot = box([0, 0.005, 0], [0.2, 0.01, 0.2], RED);
    const image = renderThumbnail({ meshes: [foot, box([0, 0.5, 0], [0.04, 1, 0.04], RED)] }, 96, PLAIN);
    expect(Math.abs(redColumn(image, 'top') - redColumn(image, 'bottom'))).toBeLessThan(0.08);
  });

  it('leaves what is not slender upright', () => {
    const image = renderThumbnail({ meshes: [box([0, 0.5, 0], [0.4, 1, 0.4], RED)] }, 96, PLAIN);
    expect(Math.abs(redColumn(image, 'top') - redColumn(image, 'bottom'))).toBeLessThan(0.08);
  });
});
