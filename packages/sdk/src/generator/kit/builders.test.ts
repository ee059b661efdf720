import { describe, expect, it } from 'vitest';
import { createRandom } from '../../foundation/random.ts';
import { box, plank } from './box.ts';
import { bend, displace, flatten, jitter, taper, twist } from './deform.ts';
import { extrude, insetPolygon, triangulate } from './extrude.ts';
import { ballProfile, lathe, torus } from './lathe.ts';
import { loft, smoothPath, sweep, tube } from './loft.ts';
import { bevelCorners, ellipse, rectangle, regularPolygon, smoothCurve } from './profile.ts';
import type { Shape } from './shape.ts';
import { openEdgeCount, signedVolume, uvDensity } from './shape-checks.ts';
import { icosphere, projectAround, projectBox } from './sphere.ts';
import type { Vec2, Vec3 } from './vector.ts';

const star: Vec2[] = regularPolygon(1, 10).map(([x, y], index): Vec2 => (index % 2 === 0 ? [x, y] : [x / 2, y / 2]));
const bow: Vec3[] = smoothPath(
  [
    [0, 0, 0],
    [0.2, 1, 0],
    [0, 2, 0.3],
  ],
  6,
);

/** Closed shapes with the volume they should have, and how far off their facets may be. */
const CLOSED: readonly (readonly [string, () => Shape, number, number])[] = [
  ['box', () => box(1, 2, 3, { bevel: 0.01 }), 6, 0.01],
  ['subdivided box', () => box(1, 2, 3, { bevel: 0.01, subdivisions: [2, 3, 4] }), 6, 0.01],
  ['plank', () => plank(0.2, 0.03, 2, { random: createRandom(1) }), 0.012, 0.1],
  [
    'cylinder by lathe',
    () =>
      lathe(
        [
          [0, 0],
          [1, 0],
          [1, 2],
          [0, 2],
        ],
        { segments: 64 },
      ),
    2 * Math.PI,
    0.01,
  ],
  ['ball by lathe', () => lathe(ballProfile(1, 24), { segments: 48 }), (4 / 3) * Math.PI, 0.02],
  ['torus', () => torus(1, 0.25, 64, 32), 2 * Math.PI * Math.PI * 0.0625, 0.02],
  ['icosphere', () => icosphere(1, 10), (4 / 3) * Math.PI, 0.02],
  ['extruded rectangle', () => extrude(rectangle(2, 1), { depth: 0.5 }), 1, 1e-9],
  ['extruded star with bevel', () => extrude(star, { depth: 0.5, bevel: 0.01 }), 0.5 * 1.4695, 0.03],
  [
    'straight tube',
    () =>
      tube(
        [
          [0, 0, 0],
          [0, 1, 0],
          [0, 3, 0],
        ],
        0.5,
        48,
      ),
    0.75 * Math.PI,
    0.01,
  ],
  ['bent tube', () => tube(bow, 0.1, 24), 0.01 * Math.PI * 2.13, 0.05],
  [
    'sweep with a tip',
    () =>
      sweep(
        [
          [0, 0, 0],
          [0, 3, 0],
        ],
        (t) => ellipse(1 - t, 1 - t, 48),
        {},
      ),
    Math.PI,
    0.01,
  ],
  ['loft between squares', () => loft([0, 1].map((y) => rectangle(1, 1).map(([x, z]): Vec3 => [x, y, -z]))), 1, 1e-9],
];

describe('builders', () => {
  it.each(CLOSED)('%s is closed, wound outwards and of the right volume', (_name, build, volume, tolerance) => {
    const shape = build();
    expect(openEdgeCount(shape)).toBe(0);
    const found = signedVolume(shape.positions, shape.corners);
    expect(Math.abs(found - volume)).toBeLessThan(volume * tolerance + 1e-12);
  });

  it.each(CLOSED)('%s has texture coordinates close to true metres', (_name, build) => {
    expect(uvDensity(build())).toBeGreaterThan(0.55);
    expect(uvDensity(build())).toBeLessThan(1.6);
  });

  it('lays the grain of a board along its length', () => {
    const board = box(0.1, 0.02, 1);
    const vs = board.cornerUvs.filter((_, index) => index % 2 === 1);
    expect(Math.max(...vs) - Math.min(...vs)).toBeCloseTo(1, 1);
  });

  it('goes round a lathe a whole number of times, so that the texture has no seam', () => {
    const shape = lathe(
      [
        [0.3, 0],
        [0.3, 1],
      ],
      { segments: 16, tileM: 0.5 },
    );
    const us = shape.cornerUvs.filter((_, index) => index % 2 === 0);
    expect((Math.max(...us) / 0.5) % 1).toBeCloseTo(0, 9);
    expect(Math.max(...us)).toBe(2);
  });
});

describe('deformers', () => {
  it.each([
    ['taper', (shape: Shape) => taper(shape, (y) => 1 - 0.2 * y)],
    ['twist', (shape: Shape) => twist(shape, 0.5)],
    ['bend', (shape: Shape) => bend(shape, 0.4)],
    ['jitter', (shape: Shape) => jitter(shape, 0.01, createRandom(3))],
    ['displace', (shape: Shape) => displace(shape, () => 0.05)],
    ['flatten', (shape: Shape) => flatten(shape, [0, 1, 0], 0.5, 0)],
  ])('%s keeps a shape closed and outside out', (_name, deform) => {
    const shape = deform(box(0.4, 2, 0.4, { subdivisions: [2, 8, 2] }).translate(0, 1, 0));
    expect(openEdgeCount(shape)).toBe(0);
    expect(signedVolume(shape.positions, shape.corners)).toBeGreaterThan(0);
  });

  it('bends without stretching the middle', () => {
    const [x, y] = bend(
      lathe(
        [
          [0, 0],
          [0.1, 0],
          [0.1, 1],
          [0, 1],
        ],
        { segments: 8 },
      ),
      Math.PI / 2,
    ).vertex(9 + 8);
    expect(x).toBeCloseTo(2 / Math.PI, 6);
    expect(y).toBeCloseTo(2 / Math.PI, 6);
  });

  it('displaces by the distance asked for', () => {
    const { max } = displace(icosphere(1, 6), () => 0.5).bounds();
    expect(max[1]).toBeGreaterThan(1.3);
    expect(max[1]).toBeLessThan(1.51);
  });
});

describe('shapes', () => {
  it('mirrors and scales without turning inside out', () => {
    const shape = box(1, 1, 1).translate(2, 0, 0);
    const pair = shape.mirrored('x');
    expect(signedVolume(pair.positions, pair.corners)).toBeCloseTo(2 * signedVolume(shape.positions, shape.corners), 9);
    expect(pair.bounds().min[0]).toBe(-2.5);
    expect(signedVolume(shape.scale(-1, -1, -1).positions, shape.corners)).toBeGreaterThan(0);
  });

  it.each([[[0, 1, 0]], [[1, 0, 0]], [[0, -1, 0]], [[0.6, 0, -0.8]]] as const)(
    'places the upright direction along %j',
    (direction) => {
      const shape = lathe(
        [
          [0, 0],
          [0.1, 0],
          [0, 1],
        ],
        { segments: 6 },
      ).place([1, 2, 3], direction);
      const tip = shape.vertex(shape.vertexCount - 1);
      [1, 2, 3].forEach((start, axis) => {
        expect(tip[axis]).toBeCloseTo(start + (direction[axis] as number), 9);
      });
      expect(signedVolume(shape.positions, shape.corners)).toBeGreaterThan(0);
    },
  );

  it('rotates right-handed', () => {
    const point = (turn: (shape: Shape) => Shape): Vec3 => {
      const shape = box(1, 1, 1);
      shape.positions.length = 0;
      shape.addVertex(1, 2, 3);
      return turn(shape)
        .vertex(0)
        .map((value) => Math.round(value * 1e9) / 1e9) as unknown as Vec3;
    };
    expect(point((shape) => shape.rotateX(Math.PI / 2))).toEqual([1, -3, 2]);
    expect(point((shape) => shape.rotateY(Math.PI / 2))).toEqual([3, 2, -1]);
    expect(point((shape) => shape.rotateZ(Math.PI / 2))).toEqual([-2, 1, 3]);
  });
});

describe('outlines', () => {
  it('cuts concave polygons into n - 2 triangles of the same area', () => {
    const triangles = triangulate(star);
    expect(triangles).toHaveLength(star.length - 2);
    const area = (points: readonly Vec2[]): number =>
      points.reduce((sum, [x, y], index) => {
        const [nx, ny] = points[(index + 1) % points.length] as Vec2;
        return sum + (x * ny - nx * y) / 2;
      }, 0);
    const areas = triangles.map((corners) => area(corners.map((corner) => star[corner] as Vec2)));
    expect(Math.min(...areas)).toBeGreaterThan(0);
    expect(areas.reduce((sum, value) => sum + value, 0)).toBeCloseTo(area(star), 9);
  });

  it('insets a square evenly', () => {
    expect(insetPolygon(rectangle(2, 2), 0.25)).toEqual(rectangle(1.5, 1.5));
  });

  it('bevels corners and keeps ends', () => {
    const bevelled = bevelCorners(
      [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
      0.1,
    );
    expect(bevelled).toEqual([
      [0, 0],
      [0.9, 0],
      [1, 0.1],
      [1, 1],
    ]);
    expect(bevelCorners(rectangle(1, 1), 0.1, { closed: true, steps: 3 })).toHaveLength(16);
  });

  it('passes smooth curves through their points', () => {
    const curve = smoothCurve(
      [
        [0, 0],
        [1, 1],
        [2, 0],
      ],
      4,
    );
    expect(curve).toHaveLength(9);
    expect(curve[4]).toEqual([1, 1]);
    expect(
      smoothPath(
        [
          [0, 0, 0],
          [1, 1, 1],
          [2, 0, 5],
        ],
        4,
      )[4],
    ).toEqual([1, 1, 1]);
  });
});

describe('projections', () => {
  it.each([
    ['box', (shape: Shape) => projectBox(shape)],
    ['around', (shape: Shape) => projectAround(shape, 0.5)],
  ])('%s leaves no triangle stretched across the seam', (_name, project) => {
    const shape = project(icosphere(1, 8));
    for (let corner = 0; corner < shape.corners.length; corner += 3) {
      const us = [0, 1, 2].map((offset) => shape.cornerUvs[(corner + offset) * 2] as number);
      expect(Math.max(...us) - Math.min(...us)).toBeLessThan(1);
    }
  });
});
