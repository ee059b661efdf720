import type { Vec3 } from './camera.ts';
import type { PreparedScene } from './prepared-scene.ts';
import { type FragmentTest, rasterizeTriangle, type SampleGrid } from './rasterize.ts';

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

const UNSHIFTED = new Float64Array(1);

/**
 * Draws the scene along a direction.
 *
 * @param testOf - Gives the fragment test of a triangle with cut-outs, or undefined for solid ones; null leaves it out.
 */
export function createOcclusionMap(
  scene: PreparedScene,
  direction: Vec3,
  weight: number,
  size: number,
  testOf: (triangle: number) => FragmentTest | undefined | null,
): OcclusionMap {
  const side: Vec3 = Math.abs(direction[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0];
  const right = normalized(cross(side, direction));
  const up = cross(direction, right);
  const { positions, triangles, triangleCount } = scene;
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
  const nearness = new Float32Array(size * size).fill(-Infinity);
  const grid: SampleGrid = { width: size, height: size, nearness, shifts: UNSHIFTED };
  for (let triangle = 0; triangle < triangleCount; triangle += 1) {
    const test = testOf(triangle);
    if (test === null) continue;
    const a = (triangles[triangle * 3] as number) * 3;
    const b = (triangles[triangle * 3 + 1] as number) * 3;
    const c = (triangles[triangle * 3 + 2] as number) * 3;
    rasterizeTriangle(
      grid,
      triangle,
      (projected[a] as number) * scale + offsetX,
      (projected[a + 1] as number) * scale + offsetY,
      projected[a + 2] as number,
      (projected[b] as number) * scale + offsetX,
      (projected[b + 1] as number) * scale + offsetY,
      projected[b + 2] as number,
      (projected[c] as number) * scale + offsetX,
      (projected[c + 1] as number) * scale + offsetY,
      projected[c + 2] as number,
      test,
    );
  }
  const matrix = Float64Array.of(
    right[0] * scale,
    right[1] * scale,
    right[2] * scale,
    offsetX,
    up[0] * scale,
    up[1] * scale,
    up[2] * scale,
    offsetY,
    direction[0],
    direction[1],
    direction[2],
    0,
  );
  return { direction, weight, size, nearness, matrix, texelM: 1 / scale };
}

/**
 * Share of the light from the map's direction that arrives at a point, [0, 1]; the four nearest texels are mixed.
 *
 * @param facing - Scalar product of the surface's normal and the direction: grazing light needs more tolerance.
 */
export function visibilityAt(map: OcclusionMap, x: number, y: number, z: number, facing: number): number {
  const { matrix, nearness, size } = map;
  const mx =
    (matrix[0] as number) * x + (matrix[1] as number) * y + (matrix[2] as number) * z + (matrix[3] as number) - 0.5;
  const my =
    (matrix[4] as number) * x + (matrix[5] as number) * y + (matrix[6] as number) * z + (matrix[7] as number) - 0.5;
  if (!(mx >= 0 && my >= 0 && mx < size - 1 && my < size - 1)) return 1;
  const steep = Math.min(4, Math.sqrt(Math.max(0, 1 - facing * facing)) / Math.max(0.05, facing));
  const limit =
    (matrix[8] as number) * x +
    (matrix[9] as number) * y +
    (matrix[10] as number) * z +
    map.texelM * (0.6 + 1.1 * steep);
  const x0 = mx | 0;
  const y0 = my | 0;
  const fx = mx - x0;
  const fy = my - y0;
  const at = y0 * size + x0;
  let lit = 0;
  if ((nearness[at] as number) <= limit) lit += (1 - fx) * (1 - fy);
  if ((nearness[at + 1] as number) <= limit) lit += fx * (1 - fy);
  if ((nearness[at + size] as number) <= limit) lit += (1 - fx) * fy;
  if ((nearness[at + size + 1] as number) <= limit) lit += fx * fy;
  return lit;
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function normalized(a: Vec3): Vec3 {
  const length = Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
  return [a[0] / length, a[1] / length, a[2] / length];
}
