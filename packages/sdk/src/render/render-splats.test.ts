import { describe, expect, it } from 'vitest';
import type { RasterImage } from '../host/host.ts';
import { box, materialOf } from './__fixtures__/shapes.ts';
import { ball, boxOfBalls, cloud, type Gaussian, splatsOf } from './__fixtures__/splats.ts';
import { fitView } from './camera.ts';
import { renderScene } from './render-image.ts';
import type { RenderOptions } from './render-scene.ts';
import { type RenderSplats, renderSplats } from './render-splats.ts';

const FRAME = { min: [-0.5, -0.5, -0.5], max: [0.5, 0.5, 0.5] } as const;
const FRONT = { azimuthDeg: 0, elevationDeg: 0 } as const;
/** One sample a pixel before black, framing the cube around the origin. */
const BARE: RenderOptions = {
  ...{ width: 64, height: 64, camera: FRONT, frame: FRAME },
  ...{ ground: false, background: [0, 0, 0], supersample: 1 },
};
const CUBE_CORNERS = [-0.5, 0.5].flatMap((x) => [-0.5, 0.5].flatMap((y) => [-0.5, 0.5].flatMap((z) => [x, y, z])));

function mostDifferent(a: RasterImage, b: RasterImage): number {
  return a.data.reduce((most, value, at) => Math.max(most, Math.abs(value - (b.data[at] as number))), 0);
}

function pixel(image: RasterImage, x: number, y: number): number[] {
  return [...image.data.subarray((y * image.width + x) * 4, (y * image.width + x) * 4 + 3)];
}

type Matrix = readonly (readonly number[])[];
const times = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => (b[0] as number[]).map((_, column) => row.reduce((sum, v, k) => sum + v * (b[k]?.[column] ?? 0), 0)));
const transposed = (a: Matrix): number[][] => (a[0] as number[]).map((_, column) => a.map((row) => row[column] ?? 0));

/** The definition, without regard to speed: matrices as in the paper, every gaussian at every pixel. Display values. */
function drawByDefinition(gaussians: readonly Gaussian[], options: RenderOptions): Float64Array {
  const view = fitView(CUBE_CORNERS, options);
  const focal = options.height / (2 * view.tanY);
  const world = [view.right, view.up.map((value) => -value), view.forward];
  const projected = gaussians.map(({ at, sigma, turn, alpha, color }) => {
    const [x, y, z] = times(world, transposed([at.map((value, axis) => value - (view.eye[axis] as number))])).map(
      (row) => row[0] as number,
    ) as [number, number, number];
    const norm = Math.hypot(...(turn ?? [1]));
    const [i, j, k, r] = (turn ?? [0, 0, 0, 1]).map((value) => value / norm) as [number, number, number, number];
    const rotation = [
      [1 - 2 * (j * j + k * k), 2 * (i * j - r * k), 2 * (i * k + r * j)],
      [2 * (i * j + r * k), 1 - 2 * (i * i + k * k), 2 * (j * k - r * i)],
      [2 * (i * k - r * j), 2 * (j * k + r * i), 1 - 2 * (i * i + j * j)],
    ];
    const scaled = rotation.map((row) => row.map((value, own) => value * (sigma[own] as number)));
    const covariance = times(scaled, transposed(scaled));
    const jacobian = [
      [focal / z, 0, (-focal * x) / (z * z)],
      [0, focal / z, (-focal * y) / (z * z)],
    ];
    const map = times(jacobian, world);
    const [[xx, xy], [, yy]] = times(times(map, covariance), transposed(map)) as [[number, number], [number, number]];
    const [a, b, c] = [xx + 0.3, xy, yy + 0.3];
    const inverse = { a: c / (a * c - b * b), b: -b / (a * c - b * b), c: a / (a * c - b * b) };
    const place = [(focal * x) / z + options.width / 2 - 0.5, (focal * y) / z + options.height / 2 - 0.5] as const;
    return { z, inverse, place, alpha, color };
  });
  projected.sort((first, second) => first.z - second.z);
  const picture = new Float64Array(options.width * options.height * 3);
  for (let at = 0; at < options.width * options.height; at += 1) {
    let through = 1;
    for (const { inverse, place, alpha, color } of projected) {
      const [dx, dy] = [(at % options.width) - place[0], Math.floor(at / options.width) - place[1]];
      const power = -0.5 * (inverse.a * dx * dx + 2 * inverse.b * dx * dy + inverse.c * dy * dy);
      const cover = Math.min(0.99, alpha * Math.exp(power));
      if (cover < 1 / 255) continue;
      color.forEach((value, channel) => {
        picture[at * 3 + channel] = (picture[at * 3 + channel] as number) + through * cover * value;
      });
      through *= 1 - cover;
    }
  }
  return picture;
}

function furthestFrom(expected: Float64Array, image: RasterImage): number {
  return expected.reduce((most, value, at) => {
    const shown = image.data[Math.floor(at / 3) * 4 + (at % 3)] as number;
    return Math.max(most, Math.abs(value * 255 - shown));
  }, 0);
}

describe('a gaussian', () => {
  it('has the width of its standard deviation in pixels and of the low-pass filter', () => {
    const image = renderSplats(splatsOf([ball([0, 0, 0], 0.05, 0.9)]), { ...BARE, width: 129, height: 129 });
    const view = fitView(CUBE_CORNERS, BARE);
    const sigma = (129 / (2 * view.tanY) / Math.hypot(...view.eye)) * 0.05;
    for (let x = 0; x < 129; x += 1) {
      const cover = 0.9 * Math.exp((-0.5 * (x - 64) ** 2) / (sigma * sigma + 0.3));
      const expected = cover < 1 / 255 ? 0 : cover * 255;
      expect(Math.abs((pixel(image, x, 64)[0] as number) - expected)).toBeLessThanOrEqual(cover < 0.0041 ? 1.1 : 0.51);
    }
  });

  it('never hides more than 99 %', () => {
    const both = [ball([0, 0, 0.4], 0.4, 0.99999, [0, 0, 0]), ball([0, 0, -0.4], 0.4, 0.99999, [50, 50, 50])];
    expect(pixel(renderSplats(splatsOf(both), BARE), 32, 32)[0]).toBeCloseTo(0.01 * 0.99 * 50 * 255, -1);
  });

  it('thinner than a pixel still shows', () => {
    const image = renderSplats(splatsOf([ball([0, 0, 0], 1e-6, 0.95)]), { ...BARE, width: 65, height: 65 });
    expect(pixel(image, 32, 32)[0]).toBe(Math.round(0.95 * 255));
    expect(pixel(image, 33, 32)[0]).toBe(Math.round(0.95 * Math.exp(-0.5 / 0.3) * 255));
  });

  it('is seen through in display values', () => {
    const half = renderSplats(splatsOf([ball([0, 0, 0], 3, 0.5)]), { ...BARE, background: [0.2, 0.4, 0.6] });
    expect(pixel(half, 32, 32).map((value) => Math.round(value / 2.55))).toEqual([60, 70, 80]);
  });
});

describe('a cloud', () => {
  it.each([
    { camera: FRONT },
    { camera: { azimuthDeg: -35, elevationDeg: 17, fovDeg: 26 } },
    { camera: { azimuthDeg: 120, elevationDeg: -40, fovDeg: 70, rollDeg: 25 } },
    { camera: FRONT, width: 90, height: 40 },
  ])('is drawn as defined: $camera $width', (options) => {
    const gaussians = cloud(60, 5);
    const image = renderSplats(splatsOf(gaussians), { ...BARE, ...options });
    expect(furthestFrom(drawByDefinition(gaussians, { ...BARE, ...options }), image)).toBeLessThan(1.6);
  });

  it('is the same in any order', () => {
    const gaussians = cloud(200, 6);
    const image = renderSplats(splatsOf(gaussians), BARE);
    expect(mostDifferent(renderSplats(splatsOf(gaussians.toReversed()), BARE), image)).toBe(0);
    const sorted = gaussians.toSorted((a, b) => a.alpha - b.alpha);
    expect(mostDifferent(renderSplats(splatsOf(sorted), BARE), image)).toBe(0);
  });

  it('turned about the vertical axis looks like a turned camera', () => {
    // All alike opaque: each outlines the object from any side.
    const upright = cloud(120, 7).map((gaussian) => ({ ...gaussian, alpha: 0.9 }));
    const half = (25 * Math.PI) / 180;
    const [s, c] = [Math.sin(half), Math.cos(half)];
    const turned = upright.map((gaussian): Gaussian => {
      const [x, y, z] = gaussian.at;
      const [i, j, k, r] = gaussian.turn as readonly [number, number, number, number];
      const [cos, sin] = [c * c - s * s, 2 * s * c];
      const turn = [c * i + s * k, c * j + s * r, c * k - s * i, c * r - s * j] as const;
      return { ...gaussian, at: [cos * x + sin * z, y, cos * z - sin * x], turn };
    });
    const seen = (gaussians: readonly Gaussian[], azimuthDeg: number): RasterImage => {
      const { frame: _, ...unframed } = BARE;
      return renderSplats(splatsOf(gaussians), { ...unframed, camera: { azimuthDeg, elevationDeg: 20 } });
    };
    expect(mostDifferent(seen(turned, 50), seen(upright, 0))).toBeLessThanOrEqual(2);
    expect(mostDifferent(seen(turned, 0), seen(upright, 0))).toBeGreaterThan(50);
  });

  it('hides what is behind it', () => {
    const pair = splatsOf([ball([0, 0, -0.3], 0.1, 0.99, [0, 0, 1]), ball([0, 0, 0.3], 0.1, 0.99, [1, 0, 0])]);
    const front = pixel(renderSplats(pair, BARE), 32, 32);
    const back = pixel(renderSplats(pair, { ...BARE, camera: { azimuthDeg: 180, elevationDeg: 0 } }), 32, 32);
    expect(front[0]).toBeGreaterThan(245);
    expect(front[2]).toBeLessThan(8);
    expect(back[0]).toBeLessThan(8);
    expect(back[2]).toBeGreaterThan(245);
  });

  it('takes its colour from the side it is seen from', () => {
    const plain = splatsOf([ball([0, 0, 0], 0.3, 0.985, [0.5, 0.5, 0.5])]);
    // The second of order 1 grows with z, which the direction from the eye has −1 of when seen from the front.
    const splats: RenderSplats = { ...plain, shDegree: 1, harmonics: Float32Array.of(0, 0, 0, 0.5, -0.5, 0, 0, 0, 0) };
    const from = (azimuthDeg: number): number[] =>
      pixel(renderSplats(splats, { ...BARE, width: 65, height: 65, camera: { azimuthDeg, elevationDeg: 0 } }), 32, 32);
    const side = 0.4886025119029199 * 0.5;
    const values = (red: number, green: number): number[] => [red, green, 0.5].map((v) => Math.round(v * 0.985 * 255));
    expect(from(0)).toEqual(values(0.5 - side, 0.5 + side));
    expect(from(180)).toEqual(values(0.5 + side, 0.5 - side));
    expect(from(90)).toEqual(values(0.5, 0.5));
  });
});

describe('the studio', () => {
  const STUDIO = { width: 96, height: 96, camera: { azimuthDeg: -35, elevationDeg: 17, fovDeg: 26 } } as const;

  it('is that of meshes when empty', () => {
    const empty = renderSplats(splatsOf([]), { ...STUDIO, frame: FRAME });
    expect(mostDifferent(empty, renderScene({ meshes: [] }, { ...STUDIO, frame: FRAME }))).toBeLessThanOrEqual(1);
  });

  it('gives a box the shadow of the same box as a mesh', () => {
    const frame = { min: [-0.3, 0, -0.3], max: [0.3, 0.8, 0.3] } as const;
    const options = { ...STUDIO, frame };
    const mesh = renderScene({ meshes: [box([0, 0.4, 0], [0.6, 0.8, 0.6], materialOf())] }, options);
    const gaussians = boxOfBalls([0, 0.4, 0], [0.6, 0.8, 0.6], 0.02, [1, 0, 0]);
    const splat = renderSplats(splatsOf(gaussians), options);
    const empty = renderScene({ meshes: [] }, options);
    let shaded = 0;
    let difference = 0;
    for (let y = 0; y < 96; y += 1) {
      for (let x = 0; x < 96; x += 1) {
        const [red, green] = pixel(splat, x, y) as [number, number];
        // The box is red; the mesh is a little smaller than the blurred outline of its splat.
        if (red - green > 4) continue;
        const depth = (pixel(empty, x, y)[1] as number) - (pixel(mesh, x, y)[1] as number);
        if (depth <= 12) continue;
        shaded += 1;
        difference += Math.abs(green - (pixel(mesh, x, y)[1] as number));
      }
    }
    expect(shaded).toBeGreaterThan(150);
    expect(difference / shaded).toBeLessThan(4);
  });

  it('gives glass a lighter shadow, and none without ground', () => {
    const options = { ...STUDIO, camera: { azimuthDeg: -35, elevationDeg: 40 } };
    const glass = (alpha: number, ground: boolean): RasterImage =>
      renderSplats(splatsOf([{ ...ball([0, 0, 0], 0.15, alpha, [1, 0, 0]) }]), { ...options, frame: FRAME, ground });
    const light = (image: RasterImage): number => image.data.reduce((sum, v, at) => sum + (at % 4 === 2 ? v : 0), 0);
    const without = light(glass(0.02, false));
    expect(light(glass(0.02, true))).toBeLessThan(without);
    expect(without - light(glass(0.02, true))).toBeLessThan((light(glass(0.9, false)) - light(glass(0.9, true))) / 2);
  });

  it('gives the same bytes every time', () => {
    const splats = splatsOf(cloud(300, 8));
    expect(mostDifferent(renderSplats(splats, STUDIO), renderSplats(splats, STUDIO))).toBe(0);
  });

  it.each([
    [1, 1],
    [3, 1],
    [17, 33],
  ])('draws %i × %i pixels', (width, height) => {
    const image = renderSplats(splatsOf(cloud(50, 9)), { ...STUDIO, width, height });
    expect(image.data).toHaveLength(width * height * 4);
  });
});

describe('damage', () => {
  const sound = cloud(80, 10);
  const broken = (change: (splats: RenderSplats, last: number) => void): RenderSplats => {
    const splats = splatsOf([...sound, ball([0, 0, 0.45], 0.2, 0.99)]);
    change(splats, sound.length);
    return splats;
  };
  const arrays = ['positions', 'scales', 'rotations', 'opacities', 'colors'] as const;
  const cases = arrays.flatMap((name) => [Number.NaN, Infinity, -Infinity].map((value) => ({ name, value })));

  it.each(cases)('leaves out a gaussian with $value in its $name', ({ name, value }) => {
    const splats = broken((all, last) => {
      const stride = all[name].length / all.count;
      all[name][last * stride + stride - 1] = value;
    });
    const whole = { width: 32, height: 32, camera: FRONT, supersample: 1 };
    expect(mostDifferent(renderSplats(splats, BARE), renderSplats(splatsOf(sound), BARE))).toBe(0);
    if (name === 'colors') return;
    expect(mostDifferent(renderSplats(splats, whole), renderSplats(splatsOf(sound), whole))).toBe(0);
  });

  it('leaves out a gaussian with broken harmonics or no rotation', () => {
    const splats = broken((all, last) => all.rotations.fill(0, last * 4));
    const expected = renderSplats(splatsOf(sound), BARE);
    expect(mostDifferent(renderSplats(splats, BARE), expected)).toBe(0);
    const harmonics = new Float32Array(9 * (sound.length + 1));
    harmonics[9 * sound.length + 4] = Number.NaN;
    const bad = { ...splatsOf([...sound, ball([0, 0, 0.45], 0.2, 0.99)]), shDegree: 1, harmonics } as const;
    expect(mostDifferent(renderSplats(bad, BARE), expected)).toBe(0);
  });

  it('draws nothing behind the eye', () => {
    const behind = splatsOf([ball([0, 0, 50], 0.5, 0.99), ball([0, 0, 3], 0.01, 0.99)]);
    expect(renderSplats(behind, BARE).data.every((value, at) => value === (at % 4 === 3 ? 255 : 0))).toBe(true);
  });

  it.each([1e-30, 1e-12, 1e6, 1e11, 1e30])('survives sizes of %d metres', (size) => {
    const gaussians = [
      ball([0, 0, 0], size, 0.9),
      { ...ball([0, 0, 0], size, 0.9), sigma: [size, 1e-9, 1e-9] as const },
    ];
    for (const options of [BARE, { width: 32, height: 32, camera: FRONT, supersample: 1 }]) {
      const [red, green, blue] = pixel(renderSplats(splatsOf(gaussians), options), 16, 16) as [number, number, number];
      expect(Math.max(red, green, blue)).toBeLessThanOrEqual(255);
      expect(pixel(renderSplats(splatsOf(gaussians), options), 16, 16)).toEqual([red, green, blue]);
    }
  });

  it('shows an endless needle as a line', () => {
    const h = Math.sin(Math.PI / 8);
    const needle = {
      ...ball([0, 0, 0], 1, 0.9),
      sigma: [1e9, 1e-4, 1e-4] as const,
      turn: [0, 0, h, Math.cos(Math.PI / 8)] as const,
    };
    const image = renderSplats(splatsOf([needle]), BARE);
    expect(pixel(image, 5, 58)[0]).toBeGreaterThan(150);
    expect(pixel(image, 58, 5)[0]).toBeGreaterThan(150);
    expect(pixel(image, 5, 5)[0]).toBe(0);
  });

  it('survives positions at the end of the number range', () => {
    const far = splatsOf([
      ball([3e38, -3e38, 3e38], 1, 0.9),
      ball([9e11, 0, 0], 1, 0.9),
      ball([-9e11, 0, 0], 1e11, 0.9),
    ]);
    expect(renderSplats(far, { width: 16, height: 16, camera: FRONT }).data).toHaveLength(1024);
  });

  it('looks at every sample a bounded number of times, nearest gaussians first', () => {
    // Each holds back half a percent: the light would not be used up before two thousand.
    const veils = (count: number): Gaussian[] =>
      Array.from({ length: count }, (_, index) => ball([0, 0, 0.4 - index * 1e-4], 50, 0.0045, [1, 1, 1]));
    const small = { ...BARE, width: 16, height: 16 };
    const few = renderSplats(splatsOf(veils(300)), small);
    const many = renderSplats(splatsOf(veils(1200)), small);
    expect(pixel(many, 8, 8)[0]).toBeGreaterThan((pixel(few, 8, 8)[0] as number) + 20);
    expect(mostDifferent(renderSplats(splatsOf(veils(2400)), small), many)).toBe(0);
  });

  it.each([
    [0, 10],
    [10.5, 10],
    [Number.NaN, 10],
    [5000, 5000],
  ])('refuses %d × %d pixels', (width, height) => {
    expect(() => renderSplats(splatsOf([]), { ...BARE, width, height })).toThrow(/pixels cannot be drawn/);
  });

  it('refuses arrays that are too short', () => {
    const splats = splatsOf(sound);
    expect(() => renderSplats({ ...splats, count: sound.length + 1 }, BARE)).toThrow(/do not hold 81 gaussians/);
    expect(() => renderSplats({ ...splats, shDegree: 3 }, BARE)).toThrow(/do not hold 80 gaussians/);
  });
});
