import { createNearestTree } from './nearest-tree.ts';
import type { SplatData } from './splat-data.ts';

/** Opacity from which a gaussian is seen by itself: 0.1, as a logit. */
const VISIBLE_LOGIT = -2.197;

/** Gaussians of the original that are looked up; more would not change the answer. */
const SAMPLES = 20_000;

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
  const left = createNearestTree(thinned.positions, visibleOf(thinned));
  const stride = Math.max(1, Math.ceil(seen.length / SAMPLES));
  const distances = new Float64Array(Math.ceil(seen.length / stride));
  for (let sample = 0; sample < distances.length; sample += 1) {
    const at = (seen[sample * stride] as number) * 3;
    distances[sample] = left.distanceTo(
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
