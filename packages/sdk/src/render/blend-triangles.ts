import type { View } from './camera.ts';
import type { DrawPart, Projector } from './draw-triangles.ts';
import { rasterizeTriangle, type SampleGrid } from './rasterize.ts';
import type { Shade } from './shade.ts';
import { toneMap } from './tone.ts';

/** The samples of one pixel that a triangle covers: how many, and the sums of their places. */
interface Covered {
  count: number;
  x: number;
  y: number;
}

/** Where transparent triangles are laid over a finished picture. */
export interface BlendTarget {
  /** Nearness of what is solid. Not changed: transparent surfaces hide nothing. */
  readonly grid: SampleGrid;
  /** Samples per pixel and direction. */
  readonly side: number;
  readonly view: View;
  /** Linear RGB per pixel. */
  readonly pixels: Float32Array;
  /** Pixels per row. */
  readonly width: number;
}

/** Lays transparent triangles over the picture, farthest first; every pixel by the share of it that is covered. */
export function blendTriangles(
  target: BlendTarget,
  triangles: readonly number[],
  projector: Projector,
  shade: Shade,
): void {
  const { grid, side, view, pixels } = target;
  const sorted = triangles
    .map((triangle) => ({ triangle, distance: projector.distanceOf(triangle) }))
    .sort((one, other) => other.distance - one.distance || one.triangle - other.triangle);
  const color = new Float64Array(4);
  const covered = new Map<number, Covered>();
  const collect: DrawPart = (_, a, b, c) => collectCovered(target, a, b, c, covered);
  for (const { triangle } of sorted) {
    covered.clear();
    projector.project(triangle, collect);
    for (const [pixel, { count, x, y }] of covered) {
      const screenX = ((2 * x) / count / grid.width - 1) * view.tanX;
      const screenY = (1 - (2 * y) / count / grid.height) * view.tanY;
      shade(triangle, screenX, screenY, color);
      toneMap(color);
      const share = ((color[3] as number) * count) / (side * side);
      for (let channel = 0; channel < 3; channel += 1) {
        const at = pixel * 3 + channel;
        pixels[at] = (pixels[at] as number) * (1 - share) + (color[channel] as number) * share;
      }
    }
  }
}

function collectCovered(
  { grid, side, width }: BlendTarget,
  a: readonly [number, number, number],
  b: readonly [number, number, number],
  c: readonly [number, number, number],
  covered: Map<number, Covered>,
): void {
  const left = Math.max(0, Math.floor(Math.min(a[0], b[0], c[0])) - 1);
  const right = Math.min(grid.width - 1, Math.ceil(Math.max(a[0], b[0], c[0])));
  const top = Math.max(0, Math.floor(Math.min(a[1], b[1], c[1])) - 1);
  const bottom = Math.min(grid.height - 1, Math.ceil(Math.max(a[1], b[1], c[1])));
  if (left > right || top > bottom) return;
  // A copy of the triangle's own rectangle, aligned to the pattern of shifts, takes the drawing.
  const originX = left - (left % side);
  const originY = top - (top % side);
  const columns = right - originX + 1;
  const rows = bottom - originY + 1;
  const nearness = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    const from = (row + originY) * grid.width + originX;
    nearness.set(grid.nearness.subarray(from, from + columns), row * columns);
  }
  const owners = new Int32Array(columns * rows);
  const local: SampleGrid = { width: columns, height: rows, nearness, owners, shifts: grid.shifts, reach: grid.reach };
  const [ax, bx, cx] = [a[0] - originX, b[0] - originX, c[0] - originX];
  const [ay, by, cy] = [a[1] - originY, b[1] - originY, c[1] - originY];
  rasterizeTriangle(local, 1, ax, ay, a[2], bx, by, b[2], cx, cy, c[2]);
  for (let cell = 0; cell < owners.length; cell += 1) {
    if (owners[cell] !== 1) continue;
    const x = (cell % columns) + originX;
    const y = Math.floor(cell / columns) + originY;
    const pixel = Math.floor(y / side) * width + Math.floor(x / side);
    const entry = covered.get(pixel) ?? { count: 0, x: 0, y: 0 };
    entry.count += 1;
    entry.x += x + 0.5 + (grid.shifts[y % side] as number);
    entry.y += y + 0.5 - (grid.shifts[x % side] as number);
    covered.set(pixel, entry);
  }
}
