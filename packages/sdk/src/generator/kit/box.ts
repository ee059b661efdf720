import type { RandomStream } from '../../foundation/random.ts';
import { Shape } from './shape.ts';

/** How a box is made. */
export interface BoxOptions {
  /** Width of the chamfer at every edge, metres. Default 6 % of the smallest side; at most 45 % of it. */
  readonly bevel?: number;
  /** Pieces along x, y, z, for boxes that will be bent. Default [1, 1, 1]. */
  readonly subdivisions?: readonly [number, number, number];
  /** Axis the grain runs along. Default: the longest side. */
  readonly grain?: 'x' | 'y' | 'z';
}

/**
 * A box centred on the origin with chamfered edges; 44 triangles without subdivisions.
 *
 * @param width - Size along x, metres.
 * @param height - Size along y, metres.
 * @param depth - Size along z, metres.
 * @returns Closed shape. V runs along the grain on the four long faces; the two ends show end grain.
 */
export function box(width: number, height: number, depth: number, options: BoxOptions = {}): Shape {
  const size = [width, height, depth] as const;
  const smallest = Math.min(width, height, depth);
  const bevel = Math.min(Math.max(options.bevel ?? smallest * 0.06, smallest * 0.002), smallest * 0.45);
  const pieces = options.subdivisions ?? [1, 1, 1];
  const longest = width >= height && width >= depth ? 0 : height >= depth ? 1 : 2;
  const grain = options.grain === undefined ? longest : { x: 0, y: 1, z: 2 }[options.grain];
  const shape = new Shape();
  const half = (axis: number): number => (size[axis] as number) / 2;
  const count = (axis: number): number => pieces[axis] as number;

  // Vertices of the six flat faces; face number is 2·axis + (1 if positive).
  const faces: number[][] = [];
  for (let face = 0; face < 6; face += 1) {
    const a = face >> 1;
    const b = (a + 1) % 3;
    const c = (a + 2) % 3;
    const grid: number[] = [];
    for (let j = 0; j <= count(c); j += 1) {
      for (let i = 0; i <= count(b); i += 1) {
        const point = [0, 0, 0];
        point[a] = (face & 1) === 1 ? half(a) : -half(a);
        point[b] = (half(b) - bevel) * ((2 * i) / count(b) - 1);
        point[c] = (half(c) - bevel) * ((2 * j) / count(c) - 1);
        grid.push(shape.addVertex(point[0] as number, point[1] as number, point[2] as number));
      }
    }
    faces.push(grid);
  }
  const at = (axis: number, positive: boolean, i: number, j: number): number =>
    (faces[axis * 2 + (positive ? 1 : 0)] as number[])[j * (count((axis + 1) % 3) + 1) + i] as number;

  /** Texture coordinates of a vertex as seen by a face: the grain along V, an own place in the texture for every face. */
  const uv = (axis: number, positive: boolean, vertex: number): [number, number] => {
    const point = shape.vertex(vertex);
    const shift = (axis * 2 + (positive ? 1 : 0)) * 0.371;
    if (axis === grain) return [(point[(axis + 1) % 3] as number) + shift, point[(axis + 2) % 3] as number];
    return [(point[3 - axis - grain] as number) + shift, -(point[grain] as number)];
  };
  const addFacing = (vertices: readonly number[], axis: number, positive: boolean, isForward: boolean): void => {
    const list = isForward ? vertices : [...vertices].reverse();
    const flat = list.map((vertex) => uv(axis, positive, vertex));
    for (let third = 2; third < list.length; third += 1) {
      const [p, q, r] = [0, third - 1, third] as const;
      shape.addTriangle(
        list[p] as number,
        list[q] as number,
        list[r] as number,
        (flat[p] as number[])[0] as number,
        (flat[p] as number[])[1] as number,
        (flat[q] as number[])[0] as number,
        (flat[q] as number[])[1] as number,
        (flat[r] as number[])[0] as number,
        (flat[r] as number[])[1] as number,
      );
    }
  };

  for (let a = 0; a < 3; a += 1) {
    const b = (a + 1) % 3;
    const c = (a + 2) % 3;
    for (const positive of [false, true]) {
      for (let j = 0; j < count(c); j += 1) {
        for (let i = 0; i < count(b); i += 1) {
          const quad = [
            at(a, positive, i, j),
            at(a, positive, i + 1, j),
            at(a, positive, i + 1, j + 1),
            at(a, positive, i, j + 1),
          ];
          addFacing(quad, a, positive, positive);
        }
      }
      for (const positiveB of [false, true]) {
        // The chamfer between faces a and b takes its texture from the one that is not end grain.
        const [textureAxis, texturePositive] = a === grain ? [b, positiveB] : [a, positive];
        for (let k = 0; k < count(c); k += 1) {
          const i = positiveB ? count(b) : 0;
          const j = positive ? count(a) : 0;
          const quad = [
            at(a, positive, i, k),
            at(b, positiveB, k, j),
            at(b, positiveB, k + 1, j),
            at(a, positive, i, k + 1),
          ];
          addFacing(quad, textureAxis, texturePositive, positive === positiveB);
        }
      }
    }
  }
  for (let corner = 0; corner < 8; corner += 1) {
    const signs = [(corner & 1) === 1, (corner & 2) === 2, (corner & 4) === 4] as const;
    const triangle = [0, 1, 2].map((axis) => {
      const b = (axis + 1) % 3;
      const c = (axis + 2) % 3;
      return at(axis, signs[axis] as boolean, signs[b] ? count(b) : 0, signs[c] ? count(c) : 0);
    });
    const axis = grain === 0 ? 1 : 0;
    const positives = signs.filter((sign) => sign).length;
    addFacing(triangle, axis, signs[axis] as boolean, positives % 2 === 1);
  }
  return shape;
}

/** How a plank differs from a perfect box. */
export interface PlankOptions extends BoxOptions {
  /** Draws the plank's own bend, width and place in the texture. */
  readonly random: RandomStream;
  /** Strength of the irregularity, 0 sawn by machine, 1 hewn by hand. Default 0.4. */
  readonly roughness?: number;
}

/**
 * A board: a chamfered box that is slightly bent, uneven along its edges, and shows its own piece of the texture.
 *
 * Sizes as in {@link box}; the board stays within about 4 % of them.
 */
export function plank(width: number, height: number, depth: number, options: PlankOptions): Shape {
  const { random, roughness = 0.4 } = options;
  const size = [width, height, depth];
  const longest = width >= height && width >= depth ? 0 : height >= depth ? 1 : 2;
  const length = size[longest] as number;
  const pieces = [1, 1, 1] as [number, number, number];
  pieces[longest] = 3;
  const shape = box(width, height, depth, { ...options, subdivisions: options.subdivisions ?? pieces });
  const thickness = Math.min(width, height, depth);
  const first = (longest + 1) % 3;
  const second = (longest + 2) % 3;
  const amount = thickness * 0.12 * roughness;
  const bendA = random.range(-1, 1) * amount;
  const bendB = random.range(-1, 1) * amount;
  const wobble = [random.range(-1, 1), random.range(-1, 1), random.range(-1, 1), random.range(-1, 1)];
  shape.map((x, y, z) => {
    const point: [number, number, number] = [x, y, z];
    const t = (point[longest] as number) / length + 0.5;
    const arch = 4 * t * (1 - t) - 0.5;
    const swell = 1 + 0.03 * roughness * (wobble[Math.min(3, Math.max(0, Math.floor(t * 3.999)))] as number);
    point[first] = (point[first] as number) * swell + bendA * arch;
    point[second] = (point[second] as number) * swell + bendB * arch;
    return point;
  });
  const u = random.range(0, 4);
  const v = random.range(0, 4);
  return shape.mapUv((pu, pv) => [pu + u, pv + v]);
}
