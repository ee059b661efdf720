import type { SplatData } from './splat-data.ts';

/** Opacity from which a gaussian is seen by itself: 0.1, as a logit. */
const VISIBLE_LOGIT = -2.197;

/** Gaussians of the original that are looked up; more would not change the answer. */
const SAMPLES = 20_000;

/** Cells of the grid along its longest side. */
const MAX_CELLS = 96;

/** How far what is seen of a splat is from what is left of it. */
export interface ThinningError {
  /** Distance that 99 % of the visible gaussians stay below, in the unit of the positions. */
  readonly p99: number;
  /** Largest distance found. */
  readonly max: number;
}

/**
 * Measures what thinning took away: from each visible gaussian of the original to the nearest visible one that is left.
 *
 * Of a large splat every so-manieth gaussian is looked up. Deterministic: only exact arithmetic and square roots.
 */
export function measureThinning(original: SplatData, thinned: SplatData): ThinningError {
  const seen = visibleOf(original);
  const left = visibleOf(thinned);
  const grid = createGrid(thinned.positions, left);
  const stride = Math.max(1, Math.ceil(seen.length / SAMPLES));
  const distances = new Float64Array(Math.ceil(seen.length / stride));
  for (let sample = 0; sample < distances.length; sample += 1) {
    const at = (seen[sample * stride] as number) * 3;
    distances[sample] = grid.nearest(
      original.positions[at] as number,
      original.positions[at + 1] as number,
      original.positions[at + 2] as number,
    );
  }
  distances.sort();
  return {
    p99: distances[Math.floor((distances.length - 1) * 0.99)] ?? 0,
    max: distances[distances.length - 1] ?? 0,
  };
}

/** Numbers of the gaussians that are seen; all of them where none is. */
function visibleOf(splat: SplatData): Uint32Array {
  const numbers = new Uint32Array(splat.count);
  let count = 0;
  for (let index = 0; index < splat.count; index += 1) {
    if ((splat.opacities[index] as number) >= VISIBLE_LOGIT) numbers[count++] = index;
  }
  return count > 0 ? numbers.subarray(0, count) : numbers.map((_, index) => index);
}

interface Grid {
  /** Distance to the nearest point. */
  nearest(x: number, y: number, z: number): number;
}

/** Points sorted into cells of equal size over their bounding box. */
function createGrid(positions: Float32Array, numbers: Uint32Array): Grid {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const number of numbers) {
    for (let axis = 0; axis < 3; axis += 1) {
      const value = positions[number * 3 + axis] as number;
      if (value < (low[axis] as number)) low[axis] = value;
      if (value > (high[axis] as number)) high[axis] = value;
    }
  }
  const extent = Math.max(1e-9, ...high.map((value, axis) => value - (low[axis] as number)));
  const perSide = Math.min(MAX_CELLS, Math.max(1, Math.ceil(Math.sqrt(numbers.length) / 2)));
  const cell = extent / perSide;
  const sides = high.map((value, axis) => Math.floor((value - (low[axis] as number)) / cell) + 1);
  const [width = 1, height = 1, depth = 1] = sides;
  // Clamping brings points nearer together, never further apart, so a search by rings still misses nothing.
  const cellOf = (value: number, axis: number): number =>
    Math.min((sides[axis] as number) - 1, Math.max(0, Math.floor((value - (low[axis] as number)) / cell)));
  const keyOf = (number: number): number =>
    (cellOf(positions[number * 3 + 2] as number, 2) * height + cellOf(positions[number * 3 + 1] as number, 1)) * width +
    cellOf(positions[number * 3] as number, 0);
  const begins = new Uint32Array(width * height * depth + 1);
  for (const number of numbers) begins[keyOf(number) + 1] = (begins[keyOf(number) + 1] as number) + 1;
  for (let key = 1; key < begins.length; key += 1) begins[key] = (begins[key] as number) + (begins[key - 1] as number);
  const filled = begins.slice();
  const sorted = new Uint32Array(numbers.length);
  for (const number of numbers) {
    const key = keyOf(number);
    sorted[filled[key] as number] = number;
    filled[key] = (filled[key] as number) + 1;
  }

  const nearestIn = (key: number, x: number, y: number, z: number, best: number): number => {
    let squared = best;
    for (let place = begins[key] as number; place < (begins[key + 1] as number); place += 1) {
      const at = (sorted[place] as number) * 3;
      const dx = (positions[at] as number) - x;
      const dy = (positions[at + 1] as number) - y;
      const dz = (positions[at + 2] as number) - z;
      const distance = dx * dx + dy * dy + dz * dz;
      if (distance < squared) squared = distance;
    }
    return squared;
  };
  const rings = Math.max(width, height, depth);
  return {
    nearest(x, y, z) {
      const [column, row, layer] = [cellOf(x, 0), cellOf(y, 1), cellOf(z, 2)];
      let best = Infinity;
      for (let ring = 0; ring < rings; ring += 1) {
        for (let k = Math.max(0, layer - ring); k <= Math.min(depth - 1, layer + ring); k += 1) {
          for (let j = Math.max(0, row - ring); j <= Math.min(height - 1, row + ring); j += 1) {
            const isFace = k === layer - ring || k === layer + ring || j === row - ring || j === row + ring;
            const step = isFace ? 1 : Math.max(1, 2 * ring);
            for (let i = column - ring; i <= column + ring; i += step) {
              if (i >= 0 && i < width) best = nearestIn((k * height + j) * width + i, x, y, z, best);
            }
          }
        }
        if (best <= ring * cell * (ring * cell)) break;
      }
      return best === Infinity ? 0 : Math.sqrt(best);
    },
  };
}
