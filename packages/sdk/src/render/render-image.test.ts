import { describe, expect, it } from 'vitest';
import type { RasterImage } from '../host/host.ts';
import { box, brightnessAt, materialOf, paint, pixelAt, quad, sphere } from './__fixtures__/shapes.ts';
import { renderScene } from './render-image.ts';
import type { RenderMaterial, RenderMesh, RenderOptions } from './render-scene.ts';
import { renderComparison, renderThumbnail, THUMBNAIL_CAMERA } from './thumbnail.ts';

const FRONT = { azimuthDeg: 0, elevationDeg: 0 };
const BACKGROUND = [0.5, 0.5, 0.5] as const;

function render(meshes: readonly RenderMesh[], options: Partial<RenderOptions> = {}): RasterImage {
  return renderScene(
    { meshes },
    { width: 64, height: 64, camera: FRONT, ground: false, background: BACKGROUND, ...options },
  );
}

function countColor(image: RasterImage, matches: (red: number, green: number, blue: number) => boolean): number {
  let count = 0;
  for (let at = 0; at < image.data.length; at += 4) {
    if (matches(image.data[at] as number, image.data[at + 1] as number, image.data[at + 2] as number)) count += 1;
  }
  return count;
}

const isBackground = (red: number, green: number, blue: number): boolean =>
  Math.abs(red - 128) <= 1 && Math.abs(green - 128) <= 1 && Math.abs(blue - 128) <= 1;

describe('materials', () => {
  it('shows a glowing surface in exactly its colour', () => {
    // linear 0.2159 is sRGB 128; black and fully rough, so that only the glow and a trace of reflection are left
    const image = render([
      quad([0, 0, 0], 1, 1, materialOf({ baseColor: [0, 0, 0, 1], roughness: 1, emissive: [0.6, 0.2159, 0] })),
    ]);
    const [red, green, blue] = pixelAt(image, 0.5, 0.5);
    expect(red).toBeGreaterThan(200);
    expect(green).toBeGreaterThan(128);
    expect(green).toBeLessThan(140);
    expect(blue).toBeLessThan(50);
    expect(pixelAt(image, 0.02, 0.02)).toEqual([128, 128, 128]);
  });

  it('puts the first pixel of a texture at the upper left', () => {
    const corners = paint(2, 2, (x, y) => [x === 0 && y === 0 ? 255 : 0, x === 1 ? 255 : 0, y === 1 ? 255 : 0, 255]);
    const image = render([quad([0, 0, 0], 1, 1, materialOf({ baseColor: [1, 1, 1, 1], baseColorTexture: corners }))]);
    const [tl, tr, bl] = [pixelAt(image, 0.3, 0.3), pixelAt(image, 0.7, 0.3), pixelAt(image, 0.3, 0.7)];
    expect(tl[0]).toBeGreaterThan(tl[1] + 80);
    expect(tr[1]).toBeGreaterThan(tr[0] + 80);
    expect(bl[2]).toBeGreaterThan(bl[1] + 80);
  });

  it('averages a fine pattern that is smaller than a pixel', () => {
    const fine = paint(512, 512, (x, y) => ((x + y) % 2 === 0 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
    const image = render([quad([0, 0, 0], 1, 1, materialOf({ baseColor: [1, 1, 1, 1], baseColorTexture: fine }))]);
    const row = Array.from({ length: 20 }, (_, step) => brightnessAt(image, 0.3 + step * 0.02, 0.5));
    expect(Math.max(...row) - Math.min(...row)).toBeLessThan(12);
  });

  it('lets a normal map lean towards the light and away from it', () => {
    const leaning = (red: number, green: number): number => {
      const map = paint(4, 4, () => [red, green, 220, 255]);
      return brightnessAt(
        render([quad([0, 0, 0], 1, 1, materialOf({ baseColor: [0.4, 0.4, 0.4, 1], normalTexture: map }))]),
        0.5,
        0.5,
      );
    };
    // the key light is at the upper right: red points along u, to the right, green upwards
    expect(leaning(196, 128)).toBeGreaterThan(leaning(60, 128) + 40);
    expect(leaning(128, 196)).toBeGreaterThan(leaning(128, 60) + 40);
  });

  it('mirrors the studio in metal and scatters light from the same colour without it', () => {
    const ball = (changes: Partial<RenderMaterial>): RasterImage =>
      render([sphere([0, 0, 0], 1, materialOf({ baseColor: [0.9, 0.6, 0.2, 1], roughness: 0.15, ...changes }))]);
    const spread = (image: RasterImage): number => {
      const row = Array.from({ length: 40 }, (_, step) => brightnessAt(image, 0.3 + step * 0.01, 0.3 + step * 0.01));
      let change = 0;
      for (let step = 1; step < row.length; step += 1)
        change += Math.abs((row[step] as number) - (row[step - 1] as number));
      return change;
    };
    expect(spread(ball({ metallic: 1 }))).toBeGreaterThan(spread(ball({ metallic: 0, roughness: 1 })) * 1.5);
  });

  it('tints metal reflections and leaves those of lacquer white', () => {
    const tints = (changes: Partial<RenderMaterial>): number[] => {
      const image = render([sphere([0, 0, 0], 1, materialOf({ roughness: 0.1, ...changes }))]);
      const ratios: number[] = [];
      // in the middle of the ball, because at its rim everything mirrors white; not where the picture bleaches
      for (let y = 0.25; y < 0.75; y += 1 / 64) {
        for (let x = 0.25; x < 0.75; x += 1 / 64) {
          const [red, green] = pixelAt(image, x, y);
          if (red > 40 && red < 190) ratios.push(green / red);
        }
      }
      return ratios;
    };
    const metal = tints({ baseColor: [0.9, 0.05, 0.05, 1], metallic: 1 });
    const lacquer = tints({ baseColor: [0, 0, 0, 1] });
    expect(Math.min(metal.length, lacquer.length)).toBeGreaterThan(50);
    expect(Math.max(...metal)).toBeLessThan(0.55);
    expect(Math.min(...lacquer)).toBeGreaterThan(0.95);
  });

  it('cuts out masked texels and blends transparent surfaces in order', () => {
    const halfAlpha = paint(8, 8, (x) => [255, 0, 0, x < 4 ? 0 : 255]);
    const cut = render([
      quad([0, 0, 0], 1, 1, materialOf({ baseColor: [1, 1, 1, 1], baseColorTexture: halfAlpha, alphaMode: 'MASK' })),
    ]);
    expect(pixelAt(cut, 0.25, 0.5)).toEqual([128, 128, 128]);
    expect(pixelAt(cut, 0.75, 0.5)[0]).toBeGreaterThan(180);

    const glow = (emissive: [number, number, number], alpha: number): RenderMaterial =>
      materialOf({ baseColor: [0, 0, 0, alpha], emissive, alphaMode: 'BLEND' });
    const green = quad([0, 0, 0], 1, 1, glow([0, 0.7, 0], 0.5));
    const red = quad([0, 0, 0.2], 1, 1, glow([0.7, 0, 0], 0.5));
    const [first, second] = [render([green, red]), render([red, green])];
    expect(pixelAt(first, 0.5, 0.5)).toEqual(pixelAt(second, 0.5, 0.5));
    expect(pixelAt(first, 0.5, 0.5)[0]).toBeGreaterThan(pixelAt(first, 0.5, 0.5)[1] + 20);
  });

  it('multiplies vertex colours', () => {
    const plain = quad([0, 0, 0], 1, 1, materialOf());
    const colored = { ...plain, colors: Float32Array.from({ length: 16 }, (_, index) => (index % 4 === 1 ? 0 : 1)) };
    const [red, green] = pixelAt(render([colored]), 0.5, 0.5);
    expect(red).toBeGreaterThan(green + 80);
  });
});

describe('geometry', () => {
  const glowing = (color: [number, number, number]): RenderMaterial =>
    materialOf({ baseColor: [0, 0, 0, 1], emissive: color });

  it('shows what is nearer, whatever the order', () => {
    const near = quad([0, 0, 1], 1, 1, glowing([1, 0, 0]));
    const far = quad([0, 0, 0], 1, 1, glowing([0, 1, 0]));
    for (const meshes of [
      [near, far],
      [far, near],
    ]) {
      const [red, green] = pixelAt(render(meshes), 0.5, 0.5);
      expect(red).toBeGreaterThan(green + 100);
    }
  });

  it('draws distant things smaller', () => {
    const image = render([quad([-1.2, 0, 0], 1, 1, glowing([1, 0, 0])), quad([1.2, 0, -4], 1, 1, glowing([0, 0, 1]))]);
    const red = countColor(image, (r, _, b) => r > 200 && b < 100);
    const blue = countColor(image, (r, _, b) => b > 200 && r < 100);
    expect(blue).toBeGreaterThan(50);
    expect(red).toBeGreaterThan(blue * 1.5);
  });

  it('leaves out back faces unless the material has two sides', () => {
    const back = { azimuthDeg: 180, elevationDeg: 0 };
    const mesh = quad([0, 0, 0], 1, 1, materialOf());
    expect(countColor(render([mesh], { camera: back }), isBackground)).toBe(64 * 64);
    const both = { ...mesh, material: materialOf({ doubleSided: true }) };
    expect(countColor(render([both], { camera: back }), isBackground)).toBeLessThan(64 * 64 * 0.5);
  });

  it('lights the visible side of a two-sided surface', () => {
    const mesh = quad([0, 0, 0], 1, 1, materialOf({ doubleSided: true }));
    const front = brightnessAt(render([mesh]), 0.5, 0.5);
    const back = brightnessAt(render([mesh], { camera: { azimuthDeg: 180, elevationDeg: 0 } }), 0.5, 0.5);
    expect(Math.abs(front - back)).toBeLessThan(6);
  });

  it('has no gaps or doubled pixels between triangles that share edges', () => {
    // a fan of 200 slivers that fill a square, each with half its opacity: an overlap would show lighter, a gap darker
    const count = 200;
    const positions = [0, 0, 0];
    const indices: number[] = [];
    for (let step = 0; step <= count; step += 1) {
      const turn = (step / count) * 8;
      const side = Math.floor(turn) % 8;
      const t = turn - Math.floor(turn);
      const ring = [
        [1, t],
        [1 - t, 1],
        [-t, 1],
        [-1, 1 - t],
        [-1, -t],
        [t - 1, -1],
        [t, -1],
        [1, t - 1],
      ][side] as [number, number];
      positions.push(ring[0], ring[1], 0);
      if (step > 0) indices.push(0, step, step + 1);
    }
    const mesh: RenderMesh = {
      positions: Float32Array.from(positions),
      normals: Float32Array.from(positions, (_, index) => (index % 3 === 2 ? 1 : 0)),
      indices: Uint32Array.from(indices),
      material: glowing([0.5, 0.5, 0.5]),
    };
    const image = render([mesh], { supersample: 3 });
    const seen = new Set<number>();
    for (let y = 0.2; y < 0.8; y += 1 / 64) for (let x = 0.2; x < 0.8; x += 1 / 64) seen.add(pixelAt(image, x, y)[0]);
    expect(Math.max(...seen) - Math.min(...seen)).toBeLessThanOrEqual(3);
  });

  it('survives what lies beside and behind the eye', () => {
    const wall = quad([0, 0, 0], 1, 1, glowing([1, 0, 0]));
    const corridor: RenderMesh = {
      ...quad([0, 0, 0], 1, 1, glowing([0, 1, 0])),
      positions: Float32Array.of(-1, -0.6, -1, 1, -0.6, -1, 1, -0.6, 60, -1, -0.6, 60),
      material: materialOf({ emissive: [0, 1, 0], doubleSided: true }),
    };
    const image = render([wall, corridor], { frame: { min: [-0.5, -0.5, 0], max: [0.5, 0.5, 0] } });
    expect(pixelAt(image, 0.5, 0.4)[0]).toBeGreaterThan(200);
    const [red, green] = pixelAt(image, 0.5, 0.98);
    expect(green).toBeGreaterThan(red + 50);
  });

  it('ignores indices out of range, broken positions and an empty scene', () => {
    const good = quad([0, 0, 0], 1, 1, materialOf());
    const broken: RenderMesh = {
      ...good,
      positions: Float32Array.of(0, 0, 0, Number.NaN, 0, 0, 9, 9, 9, Number.POSITIVE_INFINITY, 0, 0),
      indices: Uint32Array.of(0, 1, 2, 0, 2, 3, 0, 2, 77),
    };
    expect(render([good, broken]).data).toEqual(render([good]).data);
    expect(countColor(render([]), isBackground)).toBe(64 * 64);
  });

  it('mirrors the scene for a camera that walked to the other side', () => {
    const left = box([-0.5, 0, 0], [0.5, 0.5, 0.5], glowing([1, 0, 0]));
    const right = box([0.5, 0, 0], [0.5, 0.5, 0.5], glowing([0, 0, 1]));
    expect(pixelAt(render([left, right]), 0.25, 0.5)[0]).toBeGreaterThan(150);
    expect(
      pixelAt(render([left, right], { camera: { azimuthDeg: 180, elevationDeg: 0 } }), 0.75, 0.5)[0],
    ).toBeGreaterThan(150);
    // azimuth grows counter-clockwise seen from above: at 90 the right box is in front
    expect(
      pixelAt(render([left, right], { camera: { azimuthDeg: 90, elevationDeg: 0 } }), 0.5, 0.5)[2],
    ).toBeGreaterThan(150);
  });
});

describe('framing', () => {
  it.each([
    ['tall', [0.1, 2, 0.1]],
    ['wide', [3, 0.2, 0.2]],
    ['tiny', [0.001, 0.001, 0.001]],
    ['huge', [900, 400, 300]],
  ] as const)('fills the picture with a %s object and cuts nothing off', (_name, size) => {
    const image = render([box([7, -3, 5], size, materialOf({ baseColor: [0.9, 0.1, 0.1, 1] }))], {
      camera: THUMBNAIL_CAMERA,
    });
    let [left, right, top, bottom] = [64, -1, 64, -1];
    for (let y = 0; y < 64; y += 1) {
      for (let x = 0; x < 64; x += 1) {
        const [red, green, blue] = pixelAt(image, (x + 0.5) / 64, (y + 0.5) / 64);
        if (isBackground(red, green, blue)) continue;
        [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
      }
    }
    expect(Math.max(right - left, bottom - top)).toBeGreaterThan(50);
    expect(Math.min(left, top)).toBeGreaterThan(1);
    expect(Math.max(right, bottom)).toBeLessThan(62);
    expect(Math.abs(left + right - 63)).toBeLessThan(4);
    expect(Math.abs(top + bottom - 63)).toBeLessThan(4);
  });
});

describe('ground', () => {
  const camera = { azimuthDeg: 0, elevationDeg: 25 };
  const ball = sphere([0, 0.5, 0], 0.5, materialOf());

  it('darkens the floor under the object and away from the key light, and nothing far away', () => {
    const frame = { min: [-1, 0, -1], max: [1, 1, 1] } as const;
    const grounded = render([ball], { camera, width: 96, height: 96, ground: true, frame });
    // to the left of the ball's foot: the key light comes from the upper right
    expect(brightnessAt(grounded, 0.3, 0.57)).toBeLessThan(384 - 70);
    expect(brightnessAt(grounded, 0.3, 0.57)).toBeLessThan(brightnessAt(grounded, 0.7, 0.57) - 40);
    // just below it only the sky is hidden
    expect(brightnessAt(grounded, 0.5, 0.64)).toBeLessThan(384 - 30);
    expect(brightnessAt(grounded, 0.03, 0.03)).toBe(384);
  });

  it('lets one object shade another', () => {
    const floor = box([0, -0.05, 0], [3, 0.1, 3], materialOf({ baseColor: [0.4, 0.4, 0.4, 1] }));
    const without = render([floor], { camera, frame: { min: [-1, 0, -1], max: [1, 1, 1] } });
    const lifted = sphere([0.45, 0.75, 0.35], 0.2, materialOf());
    const shaded = render([floor, lifted], { camera, frame: { min: [-1, 0, -1], max: [1, 1, 1] } });
    let darkest = 0;
    for (let y = 0.5; y < 0.95; y += 0.02) {
      for (let x = 0.1; x < 0.9; x += 0.02)
        darkest = Math.max(darkest, brightnessAt(without, x, y) - brightnessAt(shaded, x, y));
    }
    expect(darkest).toBeGreaterThan(90);
  });

  it('has no shadow acne on a lit ball', () => {
    const image = render([sphere([0, 0, 0], 1, materialOf(), 64)], { width: 128, height: 128 });
    // along the lit upper right the light changes slowly: neighbours never differ by much
    let roughest = 0;
    for (let step = 0; step < 40; step += 1) {
      const [x, y] = [0.7 - step / 256, 0.3 + step / 256];
      roughest = Math.max(roughest, Math.abs(brightnessAt(image, x, y) - brightnessAt(image, x - 1 / 128, y)));
    }
    expect(roughest).toBeLessThan(20);
  });
});

describe('picture', () => {
  const scene = {
    meshes: [
      sphere([0, 0.5, 0], 0.5, materialOf({ metallic: 1, roughness: 0.3 })),
      box([0.8, 0.2, 0], [0.4, 0.4, 0.4], materialOf()),
    ],
  };

  it('gives the same bytes every time', () => {
    expect(renderThumbnail(scene, 48).data).toEqual(renderThumbnail(scene, 48).data);
  });

  it('smooths edges by the number of samples', () => {
    const shades = (supersample: number): number => {
      const tilted: RenderMesh = {
        ...quad([0, 0, 0], 1, 1, materialOf({ baseColor: [0, 0, 0, 1], emissive: [1, 0, 0] })),
        positions: Float32Array.of(-0.5, -0.6, 0, 0.6, -0.5, 0, 0.5, 0.6, 0, -0.6, 0.5, 0),
      };
      const image = render([tilted], { supersample });
      const reds = new Set<number>();
      for (let at = 0; at < image.data.length; at += 4) reds.add(image.data[at] as number);
      return reds.size;
    };
    expect(shades(1)).toBeLessThan(6);
    expect(shades(2)).toBeGreaterThanOrEqual(5);
    expect(shades(4)).toBeGreaterThan(shades(2));
  });

  it('compares on a plain background that the caller knows', () => {
    const image = renderComparison(scene, {
      size: 48,
      camera: THUMBNAIL_CAMERA,
      frame: { min: [-1, -1, -1], max: [2, 2, 1] },
    });
    expect(pixelAt(image, 0.01, 0.01)).toEqual([128, 128, 128]);
    expect(image.width).toBe(48);
  });

  it.each([
    [0, 10],
    [10.5, 10],
    [Number.NaN, 10],
    [20_000, 20_000],
  ])('refuses %d × %d pixels', (width, height) => {
    expect(() => render([], { width, height })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  it('keeps pictures opaque', () => {
    const { data } = renderThumbnail(scene, 16);
    for (let at = 3; at < data.length; at += 4) expect(data[at]).toBe(255);
  });
});
