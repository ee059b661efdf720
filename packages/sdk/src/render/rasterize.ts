/** Where triangles are drawn: one depth, and optionally one number, per sample. */
export interface SampleGrid {
  /** Samples per row and rows. */
  readonly width: number;
  readonly height: number;
  /** Nearness per sample: greater is closer. Starts at -Infinity or 0, whatever is farther than everything. */
  readonly nearness: Float32Array;
  /** Number of the closest triangle per sample, −1 for none; null for a grid that keeps depth only. */
  readonly owners: Int32Array | null;
  /** Samples are moved by `shifts[row % n]` in x and `-shifts[column % n]` in y: the rotated grid of {@link rookShifts}. */
  readonly shifts: Float64Array;
  /** How far a sample may lie from the upper left corner of its cell, with what snapping may add. */
  readonly reach: number;
}

/** Makes an empty grid. `side` is the number of samples per pixel and direction, 1 for a plain grid. */
export function createSampleGrid(width: number, height: number, side: number, owned: boolean): SampleGrid {
  const shifts = rookShifts(side);
  let farthest = 0;
  for (const shift of shifts) farthest = Math.max(farthest, Math.abs(shift));
  return {
    width,
    height,
    nearness: new Float32Array(width * height).fill(-Infinity),
    owners: owned ? new Int32Array(width * height).fill(-1) : null,
    shifts,
    reach: 0.5 + farthest + 1 / SUBPIXEL,
  };
}

/** Tells whether a fragment exists: given the weights of the triangle's corners in screen space, which sum to 1. */
export type FragmentTest = (weight0: number, weight1: number, weight2: number) => boolean;

/** Rectangles with fewer columns are searched whole. */
const NARROW = 6;

/** Vertices are snapped to this fraction of a sample, so that edge functions are exact and neighbours share every edge. */
const SUBPIXEL = 256;

/**
 * Offsets that spread the `side`² samples of a pixel so that no two share a row or a column: edges close to horizontal or
 * vertical, which an upright grid resolves in `side` steps, get `side`² steps.
 *
 * @source N-rooks sampling: Shirley, "Discrepancy as a quality measure for sample distributions", 1991.
 */
export function rookShifts(side: number): Float64Array {
  return Float64Array.from(
    { length: side },
    (_, index) => Math.round(((index + 0.5) / side - 0.5) * SUBPIXEL) / SUBPIXEL,
  );
}

/**
 * Draws one triangle, whatever its winding. x and y in samples from the top left corner, `n` the nearness of a corner,
 * interpolated linearly on the screen. Every sample inside belongs to exactly one of two triangles that share an edge.
 */
export function rasterizeTriangle(
  grid: SampleGrid,
  owner: number,
  ax: number,
  ay: number,
  an: number,
  bx: number,
  by: number,
  bn: number,
  cx: number,
  cy: number,
  cn: number,
  test?: FragmentTest,
): void {
  const { width, height, nearness, owners, shifts, reach } = grid;
  // Cheap rejection first: most triangles of a dense mesh cover no sample of a small grid.
  const minX = Math.min(ax, bx, cx);
  const maxX = Math.max(ax, bx, cx);
  const left = Math.max(0, Math.ceil(minX - reach));
  const right = Math.min(width - 1, Math.floor(maxX + reach) - 1);
  if (!(left <= right)) return;
  const minY = Math.min(ay, by, cy);
  const maxY = Math.max(ay, by, cy);
  const top = Math.max(0, Math.ceil(minY - reach));
  const bottom = Math.min(height - 1, Math.floor(maxY + reach) - 1);
  if (!(top <= bottom)) return;

  const x0 = Math.floor(ax * SUBPIXEL + 0.5) / SUBPIXEL;
  const y0 = Math.floor(ay * SUBPIXEL + 0.5) / SUBPIXEL;
  let x1 = Math.floor(bx * SUBPIXEL + 0.5) / SUBPIXEL;
  let y1 = Math.floor(by * SUBPIXEL + 0.5) / SUBPIXEL;
  let x2 = Math.floor(cx * SUBPIXEL + 0.5) / SUBPIXEL;
  let y2 = Math.floor(cy * SUBPIXEL + 0.5) / SUBPIXEL;
  let area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
  if (area === 0) return;
  let n1 = bn;
  let n2 = cn;
  const swapped = area < 0;
  if (swapped) {
    const [x, y] = [x1, y1];
    x1 = x2;
    y1 = y2;
    x2 = x;
    y2 = y;
    n1 = cn;
    n2 = bn;
    area = -area;
  }
  // Edge functions a·x + b·y + c, positive inside. A sample exactly on an edge belongs to the triangle whose edge runs
  // upwards, or leftwards when level: of two neighbours exactly one.
  const a0 = y1 - y2;
  const b0 = x2 - x1;
  const c0 = -(a0 * x1 + b0 * y1);
  const a1 = y2 - y0;
  const b1 = x0 - x2;
  const c1 = -(a1 * x2 + b1 * y2);
  const a2 = y0 - y1;
  const b2 = x1 - x0;
  const c2 = -(a2 * x0 + b2 * y0);
  const keep0 = a0 > 0 || (a0 === 0 && b0 > 0);
  const keep1 = a1 > 0 || (a1 === 0 && b1 > 0);
  const keep2 = a2 > 0 || (a2 === 0 && b2 > 0);
  const inverseArea = 1 / area;
  const period = shifts.length;

  // Long slanted triangles fill little of their rectangle: there every row is narrowed to where the edges cross it, with
  // room for the shifts of its samples.
  const wide = right - left >= NARROW;
  const shifted = reach - 0.5;
  const inverse0 = wide && a0 !== 0 ? -1 / a0 : 0;
  const inverse1 = wide && a1 !== 0 ? -1 / a1 : 0;
  const inverse2 = wide && a2 !== 0 ? -1 / a2 : 0;
  const room0 = 1.5 + Math.abs(b0 * inverse0) * shifted;
  const room1 = 1.5 + Math.abs(b1 * inverse1) * shifted;
  const room2 = 1.5 + Math.abs(b2 * inverse2) * shifted;

  for (let row = top; row <= bottom; row += 1) {
    const sampleX = period === 1 ? 0.5 : 0.5 + (shifts[row % period] as number);
    let first = left;
    let last = right;
    if (wide) {
      const y = row + 0.5;
      const cross0 = (b0 * y + c0) * inverse0;
      const cross1 = (b1 * y + c1) * inverse1;
      const cross2 = (b2 * y + c2) * inverse2;
      if (a0 > 0) first = Math.max(first, Math.floor(cross0 - room0));
      else if (a0 < 0) last = Math.min(last, Math.ceil(cross0 + room0));
      if (a1 > 0) first = Math.max(first, Math.floor(cross1 - room1));
      else if (a1 < 0) last = Math.min(last, Math.ceil(cross1 + room1));
      if (a2 > 0) first = Math.max(first, Math.floor(cross2 - room2));
      else if (a2 < 0) last = Math.min(last, Math.ceil(cross2 + room2));
    }
    for (let column = first; column <= last; column += 1) {
      const x = column + sampleX;
      const y = row + 0.5 - (period === 1 ? 0 : (shifts[column % period] as number));
      const e0 = a0 * x + b0 * y + c0;
      if (e0 < 0 || (e0 === 0 && !keep0)) continue;
      const e1 = a1 * x + b1 * y + c1;
      if (e1 < 0 || (e1 === 0 && !keep1)) continue;
      const e2 = a2 * x + b2 * y + c2;
      if (e2 < 0 || (e2 === 0 && !keep2)) continue;
      const near = Math.fround((e0 * an + e1 * n1 + e2 * n2) * inverseArea);
      const sample = row * width + column;
      if (near <= (nearness[sample] as number)) continue;
      if (test !== undefined) {
        const w1 = e1 * inverseArea;
        const w2 = e2 * inverseArea;
        if (!(swapped ? test(e0 * inverseArea, w2, w1) : test(e0 * inverseArea, w1, w2))) continue;
      }
      nearness[sample] = near;
      if (owners !== null) owners[sample] = owner;
    }
  }
}
