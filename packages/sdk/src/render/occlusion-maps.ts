import type { Vec3 } from './camera.ts';
import type { Occluders } from './occluders.ts';
import { createSampleGrid, type FragmentTest, rasterizeTriangle } from './rasterize.ts';

/** The scene's depth as seen along one direction, for asking what a point can see that way. */
export interface OcclusionMap {
  /** Unit direction towards the light. */
  readonly direction: Vec3;
  /** How much this direction counts. */
  readonly weight: number;
  readonly size: number;
  readonly nearness: Float32Array;
  /** World to map: rows of x, y in texels and nearness in metres, four numbers each. */
  readonly matrix: Float64Array;
  /** Side of a texel, metres. */
  readonly texelM: number;
}

/**
 * Draws the scene along a direction.
 *
 * @param testOf - Gives the fragment test of a triangle of the scene that has cut-outs.
 */
export function createOcclusionMap(
  occluders: Occluders,
  direction: Vec3,
  weight: number,
  size: number,
  testOf: (triangle: number) => FragmentTest | undefined,
): OcclusionMap {
  const side: Vec3 = Math.abs(direction[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0];
  const right = normalized(cross(side, direction));
  const up = cross(direction, right);
  const { positions, triangles, sources, tested } = occluders;
  const count = positions.length / 3;
  const projected = new Float32Array(count * 3);
  let minX = Infinity;
  let maxX = -Infinity;
  let minY = Infinity;
  let maxY = -Infinity;
  for (let vertex = 0, at = 0; vertex < count; vertex += 1, at += 3) {
    const px = positions[at] as number;
    const py = positions[at + 1] as number;
    const pz = positions[at + 2] as number;
    const x = px * right[0] + py * right[1] + pz * right[2];
    const y = px * up[0] + py * up[1] + pz * up[2];
    projected[at] = x;
    projected[at + 1] = y;
    projected[at + 2] = px * direction[0] + py * direction[1] + pz * direction[2];
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  const extent = Math.max(maxX - minX, maxY - minY, 1e-9);
  const scale = (size - 4) / extent;
  const offsetX = size / 2 - ((minX + maxX) / 2) * scale;
  const offsetY = size / 2 - ((minY + maxY) / 2) * scale;
  const grid = createSampleGrid(size, size, 1, false);
  for (let at = 0; at < projected.length; at += 3) {
    projected[at] = (projected[at] as number) * scale + offsetX;
    projected[at + 1] = (projected[at + 1] as number) * scale + offsetY;
  }
  for (let triangle = 0; triangle < sources.length; triangle += 1) {
    const a = (triangles[triangle * 3] as number) * 3;
    const b = (triangles[triangle * 3 + 1] as number) * 3;
    const c = (triangles[triangle * 3 + 2] as number) * 3;
    const ax = projected[a] as number;
    const ay = projected[a + 1] as number;
    const bx = projected[b] as number;
    const by = projected[b + 1] as number;
    const cx = projected[c] as number;
    const cy = projected[c + 1] as number;
    // Most triangles of a dense mesh fall between the samples. Asking here saves the call; the margin covers snapping.
    if (Math.floor(Math.max(ax, bx, cx) - 0.49) < Math.ceil(Math.min(ax, bx, cx) - 0.51)) continue;
    if (Math.floor(Math.max(ay, by, cy) - 0.49) < Math.ceil(Math.min(ay, by, cy) - 0.51)) continue;
    const test = tested[triangle] === 1 ? testOf(sources[triangle] as number) : undefined;
    const [an, bn, cn] = [projected[a + 2] as number, projected[b + 2] as number, projected[c + 2] as number];
    rasterizeTriangle(grid, triangle, ax, ay, an, bx, by, bn, cx, cy, cn, test);
  }
  const matrix = Float64Array.of(
    right[0] * scale,
    right[1] * scale,
    right[2] * scale,
    offsetX - 0.5,
    up[0] * scale,
    up[1] * scale,
    up[2] * scale,
    offsetY - 0.5,
    direction[0],
    direction[1],
    direction[2],
    0,
  );
  return { direction, weight, size, nearness: grid.nearness, matrix, texelM: 1 / scale };
}

/** What stands between a point and a lamp. */
export interface Shadow {
  /** Share of the light that is held back, [0, 1]; the four nearest texels are mixed. */
  shadow: number;
  /** The same share times the distance of what holds it back, metres. */
  distance: number;
}

/**
 * Looks from a point along the map's direction. Writes into `out`.
 *
 * @param facing - Scalar product of the surface's normal and the direction: grazing light needs more tolerance.
 */
export function shadowAt(map: OcclusionMap, x: number, y: number, z: number, facing: number, out: Shadow): void {
  const { matrix, nearness, size } = map;
  out.shadow = 0;
  out.distance = 0;
  const mx = (matrix[0] as number) * x + (matrix[1] as number) * y + (matrix[2] as number) * z + (matrix[3] as number);
  const my = (matrix[4] as number) * x + (matrix[5] as number) * y + (matrix[6] as number) * z + (matrix[7] as number);
  if (!(mx >= 0 && my >= 0 && mx < size - 1 && my < size - 1)) return;
  const steep = Math.min(4, Math.sqrt(Math.max(0, 1 - facing * facing)) / Math.max(0.05, facing));
  const own = (matrix[8] as number) * x + (matrix[9] as number) * y + (matrix[10] as number) * z;
  const limit = own + map.texelM * (0.6 + 1.1 * steep);
  const x0 = mx | 0;
  const y0 = my | 0;
  const fx = mx - x0;
  const fy = my - y0;
  const at = y0 * size + x0;
  const n00 = nearness[at] as number;
  const n10 = nearness[at + 1] as number;
  const n01 = nearness[at + size] as number;
  const n11 = nearness[at + size + 1] as number;
  if (n00 > limit) {
    const share = (1 - fx) * (1 - fy);
    out.shadow += share;
    out.distance += share * (n00 - own);
  }
  if (n10 > limit) {
    const share = fx * (1 - fy);
    out.shadow += share;
    out.distance += share * (n10 - own);
  }
  if (n01 > limit) {
    const share = (1 - fx) * fy;
    out.shadow += share;
    out.distance += share * (n01 - own);
  }
  if (n11 > limit) {
    const share = fx * fy;
    out.shadow += share;
    out.distance += share * (n11 - own);
  }
}

/**
 * Share of light held back from a point, [0, 1], averaged over nine texels: the soft edges that keep a few dozen
 * directions from showing as bands.
 */
export function softShadowAt(map: OcclusionMap, x: number, y: number, z: number, facing: number): number {
  const { matrix, nearness, size } = map;
  const mx =
    (matrix[0] as number) * x + (matrix[1] as number) * y + (matrix[2] as number) * z + (matrix[3] as number) + 0.5;
  const my =
    (matrix[4] as number) * x + (matrix[5] as number) * y + (matrix[6] as number) * z + (matrix[7] as number) + 0.5;
  if (!(mx >= 1 && my >= 1 && mx < size - 1 && my < size - 1)) return 0;
  const steep = Math.min(4, Math.sqrt(Math.max(0, 1 - facing * facing)) / Math.max(0.05, facing));
  const own = (matrix[8] as number) * x + (matrix[9] as number) * y + (matrix[10] as number) * z;
  const limit = own + map.texelM * (0.8 + 1.6 * steep);
  const column = mx | 0;
  const row = my | 0;
  // Quadratic B-spline weights around the texel the point falls into.
  const fx = mx - column - 0.5;
  const fy = my - row - 0.5;
  const left = ((0.5 - fx) * (0.5 - fx)) / 2;
  const right = ((0.5 + fx) * (0.5 + fx)) / 2;
  const middle = 1 - left - right;
  const above = ((0.5 - fy) * (0.5 - fy)) / 2;
  const below = ((0.5 + fy) * (0.5 + fy)) / 2;
  let at = (row - 1) * size + column;
  let shadow = 0;
  for (let line = 0; line < 3; line += 1, at += size) {
    let sum = 0;
    if ((nearness[at - 1] as number) > limit) sum += left;
    if ((nearness[at] as number) > limit) sum += middle;
    if ((nearness[at + 1] as number) > limit) sum += right;
    shadow += sum * (line === 0 ? above : line === 1 ? 1 - above - below : below);
  }
  return shadow;
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function normalized(a: Vec3): Vec3 {
  const length = Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
  return [a[0] / length, a[1] / length, a[2] / length];
}
