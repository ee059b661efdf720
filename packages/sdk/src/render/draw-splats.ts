import type { View } from './camera.ts';
import type { RenderSplats } from './render-splats.ts';
import { splatColor } from './splat-color.ts';
import { orderByValue } from './splat-order.ts';
import { createSplatShape, FAINTEST, readSplatShape } from './splat-shape.ts';

/** Variance added to every footprint, square samples: the low-pass filter of the reference rasteriser. */
const LOW_PASS = 0.3;
/** No gaussian hides more than this of what is behind it. */
const MOST_OPAQUE = 0.99;
/** Below this share of light let through, a sample is finished. */
const FINISHED = 1e-4;
/** Side of the blocks of samples that are skipped once all in them are finished. */
const BLOCK = 16;
const BLOCK_SHIFT = 4;
/** Samples the drawing may look at, as a multiple of those of the picture. Real splats need ten to a hundred. */
const MOST_LAYERS = 600;

/** Four numbers per sample: red, green and blue in display values, and the share of the background that shows. */
export type SplatSamples = Float32Array;

/**
 * Draws gaussians front to back by elliptical weighted averaging, as the reference rasteriser does. Each is drawn up to
 * where its opacity falls to 1/255. After 600 looks at each sample on average the rest, which lies farthest, is left out, so
 * that no file can keep the caller waiting.
 *
 * @param nearM - Nearest distance that is drawn, metres along the view: the projection is no good beside the eye.
 * @source Zwicker et al., "EWA splatting", 2002; Kerbl et al., "3D Gaussian splatting", 2023.
 */
export function drawSplats(
  splats: RenderSplats,
  view: View,
  nearM: number,
  width: number,
  height: number,
): SplatSamples {
  const samples: SplatSamples = new Float32Array(width * height * 4);
  for (let at = 3; at < samples.length; at += 4) samples[at] = 1;
  const blockColumns = Math.ceil(width / BLOCK);
  const open = countBlocks(width, height, blockColumns);
  const { eye, right, up, forward, tanX, tanY } = view;
  const focal = height / (2 * tanY);
  const shape = createSplatShape();
  const { axes } = shape;
  const color = new Float64Array(3);
  const columns = new Float64Array(6);
  let work = 0;
  const mostWork = width * height * MOST_LAYERS;
  const { order, count } = orderByDepth(splats, view, nearM);

  for (let place = 0; place < count && work < mostWork; place += 1) {
    const index = order[place] as number;
    work += 1;
    if (!readSplatShape(splats, index, shape)) continue;
    const [dx, dy, dz] = [shape.x - eye[0], shape.y - eye[1], shape.z - eye[2]];
    const z = dx * forward[0] + dy * forward[1] + dz * forward[2];
    const x = (dx * right[0] + dy * right[1] + dz * right[2]) / z;
    const y = (dx * up[0] + dy * up[1] + dz * up[2]) / z;

    // The own axes in the picture. Far outside it the projection is linearised at its margin instead, as the reference does.
    const slopeX = Math.min(1.3 * tanX, Math.max(-1.3 * tanX, x));
    const slopeY = Math.min(1.3 * tanY, Math.max(-1.3 * tanY, y));
    const perMetre = focal / z;
    for (let axis = 0; axis < 3; axis += 1) {
      const ax = axes[axis * 3] as number;
      const ay = axes[axis * 3 + 1] as number;
      const az = axes[axis * 3 + 2] as number;
      const depth = ax * forward[0] + ay * forward[1] + az * forward[2];
      columns[axis] = perMetre * (ax * right[0] + ay * right[1] + az * right[2] - slopeX * depth);
      columns[axis + 3] = -perMetre * (ax * up[0] + ay * up[1] + az * up[2] - slopeY * depth);
    }
    const [u0, u1, u2] = [columns[0] as number, columns[1] as number, columns[2] as number];
    const [v0, v1, v2] = [columns[3] as number, columns[4] as number, columns[5] as number];
    const plainXX = u0 * u0 + u1 * u1 + u2 * u2;
    const plainYY = v0 * v0 + v1 * v1 + v2 * v2;
    const covarianceXX = plainXX + LOW_PASS;
    const covarianceYY = plainYY + LOW_PASS;
    const covarianceXY = u0 * v0 + u1 * v1 + u2 * v2;
    // By Cauchy and Binet a sum of squares: long needles lose no digits in a difference.
    const determinant =
      (u0 * v1 - u1 * v0) ** 2 +
      (u0 * v2 - u2 * v0) ** 2 +
      (u1 * v2 - u2 * v1) ** 2 +
      LOW_PASS * (plainXX + plainYY) +
      LOW_PASS * LOW_PASS;
    if (!(determinant < Infinity)) continue;
    // The inverse's entries are a, −covarianceXY / determinant and one that follows, because its determinant is 1 / determinant.
    const a = covarianceYY / determinant;
    const lean = covarianceXY / covarianceYY;

    const centerX = ((x / tanX + 1) * width) / 2 - 0.5;
    const centerY = ((1 - y / tanY) * height) / 2 - 0.5;
    // Twice the exponent at which the opacity falls to the faintest.
    const reach = 2 * Math.log(shape.alpha / FAINTEST);
    const halfX = Math.sqrt(reach * covarianceXX);
    const halfY = Math.sqrt(reach * covarianceYY);
    const left = Math.max(0, Math.ceil(centerX - halfX));
    const far = Math.min(width - 1, Math.floor(centerX + halfX));
    const top = Math.max(0, Math.ceil(centerY - halfY));
    const bottom = Math.min(height - 1, Math.floor(centerY + halfY));
    if (!(left <= far && top <= bottom)) continue;
    const firstBlock = left >> BLOCK_SHIFT;
    const lastBlock = far >> BLOCK_SHIFT;
    let colored = false;
    // Along a row the exponent is a quadratic: each value is the last times a factor that itself grows by a constant one.
    const growth = Math.exp(-a);
    for (let blockRow = top >> BLOCK_SHIFT; blockRow <= bottom >> BLOCK_SHIFT; blockRow += 1) {
      const blocks = blockRow * blockColumns;
      let firstOpen = firstBlock;
      while (firstOpen <= lastBlock && (open[blocks + firstOpen] as number) === 0) firstOpen += 1;
      work += 1 + firstOpen - firstBlock;
      if (firstOpen > lastBlock) continue;
      let lastOpen = lastBlock;
      while ((open[blocks + lastOpen] as number) === 0) lastOpen -= 1;
      work += lastBlock - lastOpen;
      if (!colored) {
        const length = Math.sqrt(dx * dx + dy * dy + dz * dz);
        if (!splatColor(splats, index, dx / length, dy / length, dz / length, color)) break;
        colored = true;
      }
      const [red, green, blue] = [color[0] as number, color[1] as number, color[2] as number];
      const leftmost = Math.max(left, firstOpen << BLOCK_SHIFT);
      const rightmost = Math.min(far, (lastOpen << BLOCK_SHIFT) + BLOCK - 1);
      const lowest = Math.min(bottom, (blockRow << BLOCK_SHIFT) + BLOCK - 1);
      for (let row = Math.max(top, blockRow << BLOCK_SHIFT); row <= lowest; row += 1) {
        const ey = row - centerY;
        const middle = centerX + lean * ey;
        const within = a * reach - (ey * ey) / determinant;
        work += 1;
        if (!(within >= 0)) continue;
        const half = Math.sqrt(within) / a;
        const first = Math.max(leftmost, Math.ceil(middle - half));
        const last = Math.min(rightmost, Math.floor(middle + half));
        if (last < first) continue;
        work += last - first;
        const ex = first - middle;
        let alpha = shape.alpha * Math.exp(-0.5 * (a * ex * ex + (ey * ey) / (a * determinant)));
        let factor = Math.exp(-a * (ex + 0.5));
        let at = (row * width + first) * 4;
        for (let column = first; column <= last; column += 1, at += 4) {
          const through = samples[at + 3] as number;
          if (through >= FINISHED) {
            const share = Math.min(alpha, MOST_OPAQUE) * through;
            samples[at] = (samples[at] as number) + share * red;
            samples[at + 1] = (samples[at + 1] as number) + share * green;
            samples[at + 2] = (samples[at + 2] as number) + share * blue;
            const rest = through - share;
            samples[at + 3] = rest;
            if (rest < FINISHED)
              open[blocks + (column >> BLOCK_SHIFT)] = (open[blocks + (column >> BLOCK_SHIFT)] as number) - 1;
          }
          alpha *= factor;
          factor *= growth;
        }
      }
    }
  }
  return samples;
}

/** Unfinished samples per block. */
function countBlocks(width: number, height: number, blockColumns: number): Uint16Array {
  const blockRows = Math.ceil(height / BLOCK);
  const open = new Uint16Array(blockColumns * blockRows);
  for (let row = 0; row < blockRows; row += 1) {
    for (let column = 0; column < blockColumns; column += 1) {
      open[row * blockColumns + column] =
        Math.min(BLOCK, width - column * BLOCK) * Math.min(BLOCK, height - row * BLOCK);
    }
  }
  return open;
}

/** Gaussians before the eye, nearest centre first. */
function orderByDepth(splats: RenderSplats, view: View, nearM: number): { order: Uint32Array; count: number } {
  const { eye, forward } = view;
  const { positions } = splats;
  const depths = new Float32Array(splats.count);
  let count = 0;
  for (let index = 0; index < splats.count; index += 1) {
    const depth =
      ((positions[index * 3] as number) - eye[0]) * forward[0] +
      ((positions[index * 3 + 1] as number) - eye[1]) * forward[1] +
      ((positions[index * 3 + 2] as number) - eye[2]) * forward[2];
    const drawn = depth >= nearM && depth < Infinity;
    // What is not drawn goes to the end.
    depths[index] = drawn ? depth : Infinity;
    if (drawn) count += 1;
  }
  return { order: orderByValue(depths), count };
}
