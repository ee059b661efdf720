import { faceVectors } from './generate-normals.ts';

/** Answers how far a point is from a surface. */
export interface SurfaceIndex {
  /**
   * Distance of a point from the nearest triangle, in the unit of the positions.
   *
   * @param enough - The search ends as soon as the distance is known not to be above this; what is returned then is only
   *   that, some distance not above it. 0 for the distance itself.
   */
  distance(x: number, y: number, z: number, enough: number): number;
}

/** Triangles in a leaf of the tree. Between 4 and 16 the time hardly changes. */
const LEAF_TRIANGLES = 8;

/**
 * Builds a tree of boxes over triangles for nearest-point queries.
 *
 * @param positions - xyz per vertex. Kept, not modified.
 * @param indices - 3·m vertex numbers, m ≥ 1. Kept, not modified.
 */
export function createSurfaceIndex(positions: Float32Array, indices: Uint32Array): SurfaceIndex {
  const count = indices.length / 3;
  const order = Uint32Array.from({ length: count }, (_, triangle) => triangle);
  const centers = new Float32Array(count * 3);
  for (let triangle = 0; triangle < count; triangle += 1) {
    for (let axis = 0; axis < 3; axis += 1) {
      let sum = 0;
      for (let corner = 0; corner < 3; corner += 1) {
        sum += positions[(indices[triangle * 3 + corner] as number) * 3 + axis] as number;
      }
      centers[triangle * 3 + axis] = sum / 3;
    }
  }
  const boxes: number[] = [];
  /** Per node: start of its triangles and their number for a leaf; first child and 0 for an inner node (children are neighbours). */
  const starts: number[] = [];
  const counts: number[] = [];
  const addNode = (start: number, end: number): number => {
    const node = starts.length;
    const box = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
    for (let at = start; at < end; at += 1) {
      for (let corner = 0; corner < 3; corner += 1) {
        const vertex = (indices[(order[at] as number) * 3 + corner] as number) * 3;
        for (let axis = 0; axis < 3; axis += 1) {
          const value = positions[vertex + axis] as number;
          if (value < (box[axis] as number)) box[axis] = value;
          if (value > (box[axis + 3] as number)) box[axis + 3] = value;
        }
      }
    }
    boxes.push(...box);
    starts.push(start);
    counts.push(end - start);
    return node;
  };
  const waiting = [addNode(0, count)];
  while (waiting.length > 0) {
    const node = waiting.pop() as number;
    const start = starts[node] as number;
    const end = start + (counts[node] as number);
    if (end - start <= LEAF_TRIANGLES) continue;
    const middle = splitAtMiddle(order, centers, boxes, node, start, end);
    const left = addNode(start, middle);
    addNode(middle, end);
    starts[node] = left;
    counts[node] = 0;
    waiting.push(left, left + 1);
  }
  const box = Float64Array.from(boxes);
  const stack = new Int32Array(128);
  // questions come in the order of triangles: the nearest one is often the one of the question before
  let nearest = 0;
  return {
    distance(x, y, z, enough) {
      const squaredEnough = enough * enough;
      let best = triangleDistance(positions, indices, nearest, x, y, z);
      let depth = best <= squaredEnough ? 0 : 1;
      stack[0] = 0;
      while (depth > 0) {
        depth -= 1;
        const node = stack[depth] as number;
        if (boxDistance(box, node, x, y, z) >= best) continue;
        const size = counts[node] as number;
        const start = starts[node] as number;
        if (size > 0) {
          for (let at = start; at < start + size; at += 1) {
            const squared = triangleDistance(positions, indices, order[at] as number, x, y, z);
            if (squared < best) {
              best = squared;
              nearest = order[at] as number;
            }
          }
          if (best <= squaredEnough) break;
          continue;
        }
        const near = boxDistance(box, start, x, y, z) <= boxDistance(box, start + 1, x, y, z) ? start : start + 1;
        stack[depth] = near === start ? start + 1 : start;
        stack[depth + 1] = near;
        depth += 2;
      }
      return Math.sqrt(best);
    },
  };
}

/** Splits triangles of a node at the middle of its longest axis, or in half by count where that separates nothing. */
function splitAtMiddle(
  order: Uint32Array,
  centers: Float32Array,
  boxes: readonly number[],
  node: number,
  start: number,
  end: number,
): number {
  let axis = 0;
  let longest = -1;
  for (let candidate = 0; candidate < 3; candidate += 1) {
    const extent = (boxes[node * 6 + 3 + candidate] as number) - (boxes[node * 6 + candidate] as number);
    if (extent > longest) {
      longest = extent;
      axis = candidate;
    }
  }
  const middle = ((boxes[node * 6 + axis] as number) + (boxes[node * 6 + 3 + axis] as number)) / 2;
  let low = start;
  let high = end - 1;
  while (low <= high) {
    if ((centers[(order[low] as number) * 3 + axis] as number) < middle) low += 1;
    else {
      const held = order[low] as number;
      order[low] = order[high] as number;
      order[high] = held;
      high -= 1;
    }
  }
  // a badly unbalanced tree would be deeper than the stack of the query
  const smallest = Math.max(1, (end - start) >> 4);
  return low - start < smallest || end - low < smallest ? (start + end) >> 1 : low;
}

function boxDistance(boxes: Float64Array, node: number, x: number, y: number, z: number): number {
  const at = node * 6;
  const dx = Math.max((boxes[at] as number) - x, 0, x - (boxes[at + 3] as number));
  const dy = Math.max((boxes[at + 1] as number) - y, 0, y - (boxes[at + 4] as number));
  const dz = Math.max((boxes[at + 2] as number) - z, 0, z - (boxes[at + 5] as number));
  return dx * dx + dy * dy + dz * dz;
}

/** Squared distance of a point from a triangle. @source C. Ericson, Real-Time Collision Detection, §5.1.5. */
function triangleDistance(
  positions: Float32Array,
  indices: Uint32Array,
  triangle: number,
  x: number,
  y: number,
  z: number,
): number {
  const a = (indices[triangle * 3] as number) * 3;
  const b = (indices[triangle * 3 + 1] as number) * 3;
  const c = (indices[triangle * 3 + 2] as number) * 3;
  const ax = positions[a] as number;
  const ay = positions[a + 1] as number;
  const az = positions[a + 2] as number;
  const abx = (positions[b] as number) - ax;
  const aby = (positions[b + 1] as number) - ay;
  const abz = (positions[b + 2] as number) - az;
  const acx = (positions[c] as number) - ax;
  const acy = (positions[c + 1] as number) - ay;
  const acz = (positions[c + 2] as number) - az;
  const px = x - ax;
  const py = y - ay;
  const pz = z - az;
  const d1 = abx * px + aby * py + abz * pz;
  const d2 = acx * px + acy * py + acz * pz;
  const bb = abx * abx + aby * aby + abz * abz;
  const cc = acx * acx + acy * acy + acz * acz;
  const bc = abx * acx + aby * acy + abz * acz;
  // barycentric coordinates of the nearest point, v towards b and w towards c
  const d3 = d1 - bb;
  const d4 = d2 - bc;
  const d5 = d1 - bc;
  const d6 = d2 - cc;
  let v = 0;
  let w = 0;
  const vc = d1 * d4 - d3 * d2;
  const vb = d5 * d2 - d1 * d6;
  const va = d3 * d6 - d5 * d4;
  if (d1 <= 0 && d2 <= 0) v = 0;
  else if (d3 >= 0 && d4 <= d3) v = 1;
  else if (vc <= 0 && d1 >= 0 && d3 <= 0) v = d1 / (d1 - d3);
  else if (d6 >= 0 && d5 <= d6) w = 1;
  else if (vb <= 0 && d2 >= 0 && d6 <= 0) w = d2 / (d2 - d6);
  else if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) {
    w = (d4 - d3) / (d4 - d3 + (d5 - d6));
    v = 1 - w;
  } else {
    const denominator = va + vb + vc;
    v = denominator === 0 ? 0 : vb / denominator;
    w = denominator === 0 ? 0 : vc / denominator;
  }
  const dx = px - v * abx - w * acx;
  const dy = py - v * aby - w * acy;
  const dz = pz - v * abz - w * acz;
  return dx * dx + dy * dy + dz * dz;
}

/** Triangles of each surface that are looked at. Twice as many change the result by less than a tenth. */
const SAMPLED_TRIANGLES = 4000;
/** Share of the surface that {@link Deviation.most} speaks of. */
const MOST = 0.99;

/** How far two surfaces are from each other, in the unit of the positions. */
export interface Deviation {
  /** 99 % of the surface, by area, are at most this far away. One lost speck does not decide it. */
  readonly most: number;
  /** Largest distance found. */
  readonly largest: number;
}

/** Measures how far simplified surfaces are from the one they were made of. */
export interface DeviationMeter {
  /** @param simplified - 3·m indices into the same vertices. */
  measure(simplified: Uint32Array): Deviation;
}

/**
 * Prepares measuring against a surface, both ways; the worse way counts.
 *
 * Samples are the corners and centres of evenly chosen triangles, so that the same surfaces always give the same numbers.
 * Corners that both surfaces have need no search: script engines without a compiler have to do this too.
 *
 * @param positions - xyz per vertex. Kept, not modified.
 * @param points - Number of the position of every vertex, equal where positions are equal. Kept, not modified.
 * @param original - 3·m indices, m ≥ 1. Kept, not modified.
 */
export function createDeviationMeter(
  positions: Float32Array,
  points: Uint32Array,
  pointCount: number,
  original: Uint32Array,
): DeviationMeter {
  const originalIndex = createSurfaceIndex(positions, original);
  return {
    measure(simplified) {
      const known = new Float64Array(pointCount).fill(-1);
      for (const vertex of simplified) known[points[vertex] as number] = 0;
      const simplifiedIndex = createSurfaceIndex(positions, simplified);
      const there = deviationFrom(positions, original, simplifiedIndex, (vertex) => {
        const point = points[vertex] as number;
        if (known[point] === -1) {
          const at = vertex * 3;
          const [x, y, z] = [positions[at] as number, positions[at + 1] as number, positions[at + 2] as number];
          known[point] = simplifiedIndex.distance(x, y, z, 0);
        }
        return known[point] as number;
      });
      // every vertex of the simplified surface is one of the original
      const back = deviationFrom(positions, simplified, originalIndex, () => 0);
      return { most: Math.max(there.most, back.most), largest: Math.max(there.largest, back.largest) };
    },
  };
}

function deviationFrom(
  positions: Float32Array,
  indices: Uint32Array,
  surface: SurfaceIndex,
  cornerDistance: (vertex: number) => number,
): Deviation {
  const triangles = indices.length / 3;
  const step = Math.max(1, Math.floor(triangles / SAMPLED_TRIANGLES));
  const samples: { readonly distance: number; readonly area: number }[] = [];
  let total = 0;
  for (let triangle = 0; triangle < triangles; triangle += step) {
    const corners = indices.subarray(triangle * 3, triangle * 3 + 3);
    const [x = 0, y = 0, z = 0] = faceVectors(positions, corners);
    const area = Math.sqrt(x * x + y * y + z * z);
    const center = (axis: number): number => {
      let sum = 0;
      for (const vertex of corners) sum += positions[vertex * 3 + axis] as number;
      return sum / 3;
    };
    samples.push({ distance: surface.distance(center(0), center(1), center(2), 0), area: area / 2 });
    for (const vertex of corners) samples.push({ distance: cornerDistance(vertex), area: area / 6 });
    total += area;
  }
  samples.sort((one, other) => one.distance - other.distance);
  const largest = samples[samples.length - 1]?.distance ?? 0;
  let covered = 0;
  for (const { distance, area } of samples) {
    covered += area;
    if (covered >= total * MOST) return { most: distance, largest };
  }
  return { most: largest, largest };
}
