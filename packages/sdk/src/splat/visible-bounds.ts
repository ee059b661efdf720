import { exp, log } from '../foundation/math.ts';
import { type SplatBounds, toBounds } from './splat-bounds.ts';
import type { SplatData } from './splat-data.ts';

/** A gaussian ends where its opacity falls to this, and counts if it has any. Less in a splat that is faint as a whole. */
const VISIBLE = 0.1;

/** Share of the gaussians, on each side, that has to prove that it belongs to the object. */
const MARGIN = 0.02;

/** It does while the last stretch, a share of the object's size, holds at least this share of all opacity. */
const STRETCH = 0.05;
const COMPANY = 0.0003;

/** How far from the middle the walk may lead, in sizes of the middle. */
const REACH = 2;

const BINS_PER_STRETCH = 4;

/**
 * Box around what can be seen of a splat, floaters and haze left out.
 *
 * A gaussian reaches as far as its opacity is above 10 %; those that are fainter altogether do not count. Along each axis the
 * middle 96 % belong to the object. From there each side moves outwards for as long as there is company: 0.03 % of all opacity
 * within the last twentieth of the object's size. So a spire's tip is in, and a lone floater, however opaque, is not.
 *
 * @param splat - Finite. Not modified. An empty one has its box at the origin.
 */
export function visibleBounds(splat: SplatData): SplatBounds {
  const { weights, lows, highs } = measureExtents(splat);
  if (weights.length === 0) return toBounds([0, 0, 0], [0, 0, 0]);
  let total = 0;
  for (const weight of weights) total += weight;
  const sides = [...lows, ...highs].map((values) => ({ values, middle: middleOf(values) }));
  const extent = Math.max(...AXES.map((axis) => (sides[axis]?.middle ?? 0) + (sides[axis + 3]?.middle ?? 0)));
  const [left, bottom, back, right, top, front] = sides.map(({ values, middle }) =>
    walkOutwards(values, middle, weights, total, extent),
  ) as [number, number, number, number, number, number];
  return toBounds([-left, -bottom, -back], [right, top, front]);
}

const AXES = [0, 1, 2] as const;

type Extents = readonly [Float64Array, Float64Array, Float64Array];

/** What counts: opacity, and how far it reaches along each axis, downwards with the sign turned. */
function measureExtents(splat: SplatData): { weights: Float64Array; lows: Extents; highs: Extents } {
  const alphas = Float64Array.from(splat.opacities, (logit) => 1 / (1 + exp(-logit)));
  const visible = visibleAlpha(alphas);
  const members: number[] = [];
  for (let index = 0; index < splat.count; index += 1) {
    if ((alphas[index] as number) >= visible) members.push(index);
  }
  const allocate = (): Float64Array => new Float64Array(members.length);
  const weights = allocate();
  const lows: Extents = [allocate(), allocate(), allocate()];
  const highs: Extents = [allocate(), allocate(), allocate()];
  members.forEach((index, member) => {
    const alpha = alphas[index] as number;
    weights[member] = alpha;
    const reach = reachOf(splat, index, Math.sqrt(2 * log(alpha / visible)));
    for (const axis of AXES) {
      const centre = splat.positions[3 * index + axis] as number;
      // a size beyond all numbers says nothing about where the object ends
      const half = reach[axis] < Number.MAX_VALUE ? reach[axis] : 0;
      lows[axis][member] = half - centre;
      highs[axis][member] = half + centre;
    }
  });
  return { weights, lows, highs };
}

/** In a splat of glass or smoke, half of the usual opacity; the usual one weighted by itself, so that haze does not lower it. */
function visibleAlpha(alphas: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const alpha of alphas) {
    sum += alpha;
    squares += alpha * alpha;
  }
  return sum > 0 ? Math.min(VISIBLE, squares / sum / 2) : 0;
}

/** Half the size along x, y and z of the ellipsoid `deviations` standard deviations around a gaussian's centre. */
function reachOf({ scales, rotations }: SplatData, index: number, deviations: number): [number, number, number] {
  const x = rotations[4 * index] as number;
  const y = rotations[4 * index + 1] as number;
  const z = rotations[4 * index + 2] as number;
  const w = rotations[4 * index + 3] as number;
  const a = exp(scales[3 * index] as number);
  const b = exp(scales[3 * index + 1] as number);
  const c = exp(scales[3 * index + 2] as number);
  const halfOf = (alongA: number, alongB: number, alongC: number): number =>
    deviations * Math.sqrt((a * alongA) ** 2 + (b * alongB) ** 2 + (c * alongC) ** 2);
  return [
    halfOf(1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)),
    halfOf(2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)),
    halfOf(2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)),
  ];
}

/** Value that all but the outermost margin stay below. */
function middleOf(values: Float64Array): number {
  return values.slice().sort()[Math.floor((values.length - 1) * (1 - MARGIN))] as number;
}

/** The side of the object in the direction of growing values, from the end of its middle on. */
function walkOutwards(
  values: Float64Array,
  middle: number,
  weights: Float64Array,
  total: number,
  extent: number,
): number {
  let side = middle;
  const width = (extent * STRETCH) / BINS_PER_STRETCH;
  if (!(width > 0)) return side;
  const bins = Math.ceil((REACH * extent) / width);
  const held = new Float64Array(bins);
  const furthest = new Float64Array(bins).fill(middle);
  for (let member = 0; member < values.length; member += 1) {
    const value = values[member] as number;
    const bin = Math.floor((value - middle) / width);
    if (bin < 0 || bin >= bins) continue;
    held[bin] = (held[bin] as number) + (weights[member] as number);
    furthest[bin] = Math.max(furthest[bin] as number, value);
  }
  let company = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    company += (held[bin] as number) - (held[bin - BINS_PER_STRETCH] ?? 0);
    // the first stretch has the middle behind it
    if (bin >= BINS_PER_STRETCH && company < total * COMPANY) break;
    side = Math.max(side, furthest[bin] as number);
  }
  return side;
}
