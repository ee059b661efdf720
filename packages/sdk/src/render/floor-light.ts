import type { Vec3 } from './camera.ts';
import { KEY_RADIUS, type Occlusion } from './lighting.ts';
import { type OcclusionMap, shadowAt } from './occlusion-maps.ts';
import { KEY_LIGHT, skyIrradiance } from './studio.ts';

/** How bright the floor is around an object, against an empty one. */
export interface FloorLight {
  /** Brightness at a point of the floor, [0, 1]. */
  at(x: number, z: number): number;
}

/** Shadows are drawn a little deeper than they are: on an almost white floor objects would seem to float. */
const DEPTH = 1.15;

/** Cells along a side of the lit square. */
const CELLS = 160;

/**
 * Lights a square of floor of `radius` metres around a point; outside it the floor counts as empty.
 *
 * The maps see lamps as a handful of points, which alone would throw as many hard shadows. Each cell is therefore
 * averaged over a neighbourhood as wide as the gaps between those shadows: proportional to the height of what throws them.
 */
export function createFloorLight(occlusion: Occlusion, center: Vec3, radius: number, quality: number): FloorLight {
  const cells = quality > 0 ? CELLS : CELLS / 2;
  const cellM = (2 * radius) / cells;
  const key = shadowPyramid(occlusion.key, center, radius, cells);
  const sky = shadowPyramid(occlusion.sky, center, radius, cells);
  const keyGap = (KEY_RADIUS * 2.2) / Math.sqrt(occlusion.key.length) / cellM;
  const skyGap = 1.5 / Math.sqrt(occlusion.sky.length) / cellM;

  const keyShare = KEY_LIGHT.strength * (occlusion.key[0] as OcclusionMap).direction[1];
  const skyShare = skyIrradiance(0, 1, 0);
  const values = new Float32Array(cells * cells);
  for (let row = 0; row < cells; row += 1) {
    for (let column = 0; column < cells; column += 1) {
      const shaded =
        (softShadow(key, column, row, keyGap) * keyShare + softShadow(sky, column, row, skyGap) * skyShare) /
        (keyShare + skyShare);
      const away = Math.sqrt((column + 0.5 - cells / 2) ** 2 + (row + 0.5 - cells / 2) ** 2) / (cells / 2);
      const fade = Math.min(1, Math.max(0, (1 - away) / 0.35));
      values[row * cells + column] = 1 - Math.min(0.95, shaded * DEPTH) * fade * fade * (3 - 2 * fade);
    }
  }
  return {
    at: (x, z) => {
      const gx = (x - center[0] + radius) / cellM - 0.5;
      const gz = (z - center[2] + radius) / cellM - 0.5;
      if (!(gx >= 0 && gz >= 0 && gx < cells - 1 && gz < cells - 1)) return 1;
      return bilinear(values, cells, gx, gz);
    },
  };
}

/** Shadow per cell and shadow times distance of what throws it, both in ever coarser copies. */
interface ShadowLevel {
  readonly cells: number;
  readonly shadow: Float32Array;
  readonly distance: Float32Array;
}

function shadowPyramid(maps: readonly OcclusionMap[], center: Vec3, radius: number, cells: number): ShadowLevel[] {
  const shadow = new Float32Array(cells * cells);
  const distance = new Float32Array(cells * cells);
  let total = 0;
  for (const map of maps) total += map.weight * map.direction[1];
  const found = { shadow: 0, distance: 0 };
  for (let row = 0; row < cells; row += 1) {
    const z = center[2] + radius * ((2 * (row + 0.5)) / cells - 1);
    for (let column = 0; column < cells; column += 1) {
      const x = center[0] + radius * ((2 * (column + 0.5)) / cells - 1);
      const cell = row * cells + column;
      for (const map of maps) {
        shadowAt(map, x, center[1] + map.texelM, z, map.direction[1], found);
        if (found.shadow === 0) continue;
        const share = (map.weight * map.direction[1]) / total;
        shadow[cell] = (shadow[cell] as number) + share * found.shadow;
        distance[cell] = (distance[cell] as number) + share * found.distance;
      }
    }
  }
  const levels: ShadowLevel[] = [{ cells, shadow, distance }];
  while ((levels[levels.length - 1] as ShadowLevel).cells >= 12) {
    const last = levels[levels.length - 1] as ShadowLevel;
    levels.push({
      cells: last.cells / 2,
      shadow: halve(last.shadow, last.cells),
      distance: halve(last.distance, last.cells),
    });
  }
  return levels;
}

function halve(values: Float32Array, cells: number): Float32Array {
  const half = cells / 2;
  const result = new Float32Array(half * half);
  for (let row = 0; row < half; row += 1) {
    for (let column = 0; column < half; column += 1) {
      const at = row * 2 * cells + column * 2;
      result[row * half + column] =
        ((values[at] as number) +
          (values[at + 1] as number) +
          (values[at + cells] as number) +
          (values[at + cells + 1] as number)) /
        4;
    }
  }
  return result;
}

/** Shadow at a cell of level 0, averaged over `gap` cells per metre of distance to what throws it. */
function softShadow(levels: readonly ShadowLevel[], column: number, row: number, gap: number): number {
  // Cells just outside a shadow take the distance from their surroundings.
  const around = Math.min(3, levels.length - 1);
  const weight = readLevel(levels, around, column, row, 'shadow');
  if (weight < 1e-4) return readLevel(levels, 0, column, row, 'shadow');
  const width = (readLevel(levels, around, column, row, 'distance') / weight) * gap;
  const level = Math.min(levels.length - 1, Math.max(0, Math.log2(Math.max(1, width))));
  const low = Math.floor(level);
  const near = readLevel(levels, low, column, row, 'shadow');
  if (low === level) return near;
  return near + (readLevel(levels, low + 1, column, row, 'shadow') - near) * (level - low);
}

function readLevel(
  levels: readonly ShadowLevel[],
  level: number,
  column: number,
  row: number,
  field: 'shadow' | 'distance',
): number {
  const { cells, [field]: values } = levels[level] as ShadowLevel;
  const scale = 1 / 2 ** level;
  return quadratic(values, cells, (column + 0.5) * scale - 0.5, (row + 0.5) * scale - 0.5);
}

/** Quadratic B-spline of 3 × 3 values: coarse levels show no grid. */
function quadratic(values: Float32Array, cells: number, x: number, y: number): number {
  const column = Math.round(x);
  const row = Math.round(y);
  const fx = x - column;
  const fy = y - row;
  const left = Math.max(0, column - 1);
  const right = Math.min(cells - 1, column + 1);
  const wLeft = (0.5 - fx) ** 2 / 2;
  const wRight = (0.5 + fx) ** 2 / 2;
  const wMiddle = 1 - wLeft - wRight;
  const middle = Math.min(cells - 1, Math.max(0, column));
  let sum = 0;
  for (let step = -1; step <= 1; step += 1) {
    const line = Math.min(cells - 1, Math.max(0, row + step)) * cells;
    const weight = step === 0 ? 0.75 - fy * fy : (0.5 + step * fy) ** 2 / 2;
    sum +=
      weight *
      ((values[line + left] as number) * wLeft +
        (values[line + middle] as number) * wMiddle +
        (values[line + right] as number) * wRight);
  }
  return sum;
}

function bilinear(values: Float32Array, cells: number, x: number, y: number): number {
  const column = x | 0;
  const row = y | 0;
  const fx = x - column;
  const fy = y - row;
  const at = row * cells + column;
  const above = (values[at] as number) * (1 - fx) + (values[at + 1] as number) * fx;
  const below = (values[at + cells] as number) * (1 - fx) + (values[at + cells + 1] as number) * fx;
  return above * (1 - fy) + below * fy;
}
