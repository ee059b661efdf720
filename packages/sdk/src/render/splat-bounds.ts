import { SdkError } from '../foundation/errors.ts';
import type { RenderSplats } from './render-splats.ts';
import { orderByValue } from './splat-order.ts';
import { createSplatShape, readSplatShape } from './splat-shape.ts';

/** Where the object of a splat is, without what floats around it. */
export interface SplatBounds {
  /** Metres. */
  readonly min: readonly [number, number, number];
  readonly max: readonly [number, number, number];
  /** Height the object stands on, metres: `min[1]` or a little above it, where wisps hang from the underside. */
  readonly groundY: number;
  /** Points whose hull is the object's, xyz: two for each gaussian that counts, at the ends of its longest axis. */
  readonly outline: Float32Array;
}

/** The outermost share of opacity at each side that has to prove that it belongs to the object. */
const MARGIN = 0.02;
/** It does while the last stretch, as a share of the middle's longest side, holds this share of the opacity. */
const STRETCH = 0.05;
const DENSITY = 0.0003;
/** A gaussian ends where its opacity falls to this. Fainter ones do not count, unless all of the splat is faint. */
const VISIBLE = 0.2;
/** The ground lies above the lowest wisps, as long as they hold less than this share of opacity and height. */
const WISPS = 0.004;
const WISP_HEIGHT = 0.012;

/**
 * Finds the object in a splat. Along each axis the middle 96 % of the opacity belong to it. From there the sides move
 * outwards gaussian by gaussian, as long as each has company: 0.03 % of all opacity within a twentieth of the object's size
 * behind it. Floaters end that walk, a spire's tip does not. Nearly transparent gaussians do not count.
 *
 * Without visible gaussians: a cube of one metre, without outline. Throws `INPUT_INVALID` for arrays that are shorter than
 * `count` says.
 */
export function measureSplats(splats: RenderSplats): SplatBounds {
  assertArrays(splats);
  const { members, weights, lows, highs, tips } = readMembers(splats);
  if (members === 0)
    return { min: [-0.5, -0.5, -0.5], max: [0.5, 0.5, 0.5], groundY: -0.5, outline: new Float32Array(0) };
  let total = 0;
  for (const weight of weights) total += weight;
  const lowOrders = lows.map(orderByValue);
  const highOrders = highs.map(orderByValue);
  let extent = 0;
  for (const axis of [0, 1, 2] as const) {
    const start = quantile(lows[axis] as Float32Array, weights, lowOrders[axis] as Uint32Array, total * MARGIN);
    const end = quantile(highs[axis] as Float32Array, weights, highOrders[axis] as Uint32Array, total * (1 - MARGIN));
    extent = Math.max(extent, end - start);
  }
  const sideOf = (axis: 0 | 1 | 2, direction: 1 | -1): number => {
    const values = (direction > 0 ? highs : lows)[axis] as Float32Array;
    const order = (direction > 0 ? highOrders : lowOrders)[axis] as Uint32Array;
    return walk(values, weights, order, direction, total, extent * STRETCH);
  };
  const min = [sideOf(0, -1), sideOf(1, -1), sideOf(2, -1)] as const;
  const max = [sideOf(0, 1), sideOf(1, 1), sideOf(2, 1)] as const;

  const sole = quantile(lows[1] as Float32Array, weights, lowOrders[1] as Uint32Array, total * WISPS);
  const groundY = Math.max(min[1], Math.min(sole, min[1] + WISP_HEIGHT * (max[1] - min[1])));

  const outline = new Float32Array(members * 6);
  let length = 0;
  for (let member = 0; member < members; member += 1) {
    let inside = true;
    for (const axis of [0, 1, 2] as const) {
      if (((lows[axis] as Float32Array)[member] as number) < min[axis]) inside = false;
      if (((highs[axis] as Float32Array)[member] as number) > max[axis]) inside = false;
    }
    if (!inside) continue;
    outline.set(tips.subarray(member * 6, member * 6 + 6), length);
    length += 6;
  }
  return { min, max, groundY, outline: outline.subarray(0, length) };
}

function assertArrays(splats: RenderSplats): void {
  const { count, shDegree } = splats;
  const harmonics = (shDegree + 1) * (shDegree + 1) - 1;
  const complete =
    Number.isInteger(count) &&
    count >= 0 &&
    splats.positions.length >= count * 3 &&
    splats.scales.length >= count * 3 &&
    splats.rotations.length >= count * 4 &&
    splats.opacities.length >= count &&
    splats.colors.length >= count * 3 &&
    splats.harmonics.length >= count * harmonics * 3;
  if (complete) return;
  throw new SdkError({ code: 'INPUT_INVALID', message: `The splat's arrays do not hold ${count} gaussians.` });
}

/** Gaussians that count: opacity, sides of the box around each, and the two ends of its longest axis. */
interface Members {
  readonly members: number;
  readonly weights: Float32Array;
  readonly lows: readonly Float32Array[];
  readonly highs: readonly Float32Array[];
  readonly tips: Float32Array;
}

function readMembers(splats: RenderSplats): Members {
  const shape = createSplatShape();
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < splats.count; index += 1) {
    if (!readSplatShape(splats, index, shape)) continue;
    sum += shape.alpha;
    squares += shape.alpha * shape.alpha;
  }
  // Half of what is usual in a splat of glass or smoke.
  const visible = Math.min(VISIBLE, squares / sum / 2);
  const weights = new Float32Array(splats.count);
  const lows = [0, 1, 2].map(() => new Float32Array(splats.count));
  const highs = [0, 1, 2].map(() => new Float32Array(splats.count));
  const tips = new Float32Array(splats.count * 6);
  let members = 0;
  for (let index = 0; index < splats.count; index += 1) {
    if (!readSplatShape(splats, index, shape) || shape.alpha < visible) continue;
    const deviations = Math.sqrt(2 * Math.log(shape.alpha / visible));
    const { axes } = shape;
    let longest = 0;
    let longestSquare = -1;
    for (let own = 0; own < 3; own += 1) {
      const square =
        (axes[own * 3] as number) ** 2 + (axes[own * 3 + 1] as number) ** 2 + (axes[own * 3 + 2] as number) ** 2;
      if (!(square > longestSquare)) continue;
      longestSquare = square;
      longest = own;
    }
    for (const axis of [0, 1, 2] as const) {
      const center = axis === 0 ? shape.x : axis === 1 ? shape.y : shape.z;
      const half =
        deviations *
        Math.sqrt((axes[axis] as number) ** 2 + (axes[axis + 3] as number) ** 2 + (axes[axis + 6] as number) ** 2);
      (lows[axis] as Float32Array)[members] = center - half;
      (highs[axis] as Float32Array)[members] = center + half;
      const tip = deviations * (axes[longest * 3 + axis] as number);
      tips[members * 6 + axis] = center - tip;
      tips[members * 6 + 3 + axis] = center + tip;
    }
    weights[members] = shape.alpha;
    members += 1;
  }
  return {
    members,
    weights: weights.subarray(0, members),
    lows: lows.map((values) => values.subarray(0, members)),
    highs: highs.map((values) => values.subarray(0, members)),
    tips,
  };
}

/** First value, in order, up to which at least `weight` has come together. */
function quantile(values: Float32Array, weights: Float32Array, order: Uint32Array, weight: number): number {
  let sum = 0;
  for (const member of order) {
    sum += weights[member] as number;
    if (sum >= weight) return values[member] as number;
  }
  return values[order[order.length - 1] as number] as number;
}

/** Value of the outermost member in a direction that has company all the way from the middle. */
function walk(
  values: Float32Array,
  weights: Float32Array,
  order: Uint32Array,
  direction: 1 | -1,
  total: number,
  stretch: number,
): number {
  const memberAt = (place: number): number => order[direction > 0 ? place : order.length - 1 - place] as number;
  let passed = 0;
  let company = 0;
  let behind = 0;
  let side = values[memberAt(0)] as number;
  for (let place = 0; place < order.length; place += 1) {
    const member = memberAt(place);
    const value = values[member] as number;
    const weight = weights[member] as number;
    passed += weight;
    company += weight;
    while ((value - (values[memberAt(behind)] as number)) * direction > stretch) {
      company -= weights[memberAt(behind)] as number;
      behind += 1;
    }
    if (passed > total * (1 - MARGIN) && company < total * DENSITY) break;
    side = value;
  }
  return side;
}
