import { SdkError } from '../foundation/errors.ts';
import type { RasterImage } from '../host/host.ts';
import { type Backdrop, createBackdrop } from './backdrop.ts';
import { fitView, type Vec3, type View } from './camera.ts';
import { drawSplats } from './draw-splats.ts';
import { createFloorLight } from './floor-light.ts';
import type { RenderOptions } from './render-scene.ts';
import { measureSplats, type SplatBounds } from './splat-bounds.ts';
import { createSplatOcclusion } from './splat-shadow.ts';

/** A Gaussian splat in the canonical frame, metres. Arrays are not modified by the renderer. */
export interface RenderSplats {
  readonly count: number;
  /** Centres, xyz: 3·count. */
  readonly positions: Float32Array;
  /** Natural logarithm of the standard deviation along each own axis: 3·count. */
  readonly scales: Float32Array;
  /** Quaternions xyzw that turn own axes into the world's, of any length but 0: 4·count. */
  readonly rotations: Float32Array;
  /** Logit of the opacity: count. */
  readonly opacities: Float32Array;
  /** Coefficients of order 0, red green blue: 3·count. */
  readonly colors: Float32Array;
  /** Highest order of the harmonics. */
  readonly shDegree: 0 | 1 | 2 | 3;
  /** Coefficients of orders 1 to `shDegree`: for each gaussian, each coefficient, red green blue. */
  readonly harmonics: Float32Array;
}

/** Most samples a picture may have: 256 MiB of working memory. */
const MAX_SAMPLES = 4096 * 4096;

/** Share of the background that cannot be told from none in 8 bits. */
const HIDDEN = 5e-4;

/** Views clip at a fiftieth of the way to the object. Gaussians would fill the picture there: a fifth is kept free for them. */
const CLEARANCE = 10;

/**
 * Draws a splat on the CPU in the studio of `renderScene`: same cameras, backdrop and soft shadow on the ground. The light on
 * the splat itself is its own. The same splat and options give the same bytes on one engine.
 *
 * Without `frame`, what {@link measureSplats} takes for the object fills the picture. Gaussians with numbers that are not
 * finite are left out; no gaussians give the empty studio. Colours mix in display values, as splats are trained. One sample a
 * pixel means haste: fewer directions of light, for slow engines.
 * Owns nothing of the splat. Throws `INPUT_INVALID` for sizes that are not whole, positive and below 16 Mi samples, and for
 * arrays that are shorter than `count` says.
 */
export function renderSplats(splats: RenderSplats, options: RenderOptions): RasterImage {
  return renderMeasuredSplats(splats, measureSplats(splats), options);
}

/** {@link renderSplats} for a splat that has been measured already. */
export function renderMeasuredSplats(splats: RenderSplats, measured: SplatBounds, options: RenderOptions): RasterImage {
  const { width, height, camera } = options;
  const side = Math.min(8, Math.max(1, Math.round(options.supersample ?? 2)));
  assertSize(width, height, side);
  const { min, max } = options.frame ?? measured;
  const outlined = options.frame === undefined && measured.outline.length > 0;
  const view = fitView(outlined ? measured.outline : cornersOf(min, max), options);

  const floorY = options.frame === undefined ? measured.groundY : min[1];
  const quality = side > 1 ? 1 : 0;
  const reach = Math.max(max[0] - min[0], max[2] - min[2]) * 0.8 + (max[1] - min[1]) * 1.2;
  const center: Vec3 = [(min[0] + max[0]) / 2, floorY, (min[2] + max[2]) / 2];
  const occlusion =
    options.ground === false ? undefined : createSplatOcclusion(splats, measured, camera.azimuthDeg, quality);
  const floor =
    occlusion === undefined ? undefined : createFloorLight(occlusion, center, Math.max(reach, 1e-6), quality);
  const backdrop = createBackdrop(options.background, view, floor, floorY);

  const samples = drawSplats(splats, view, view.near * CLEARANCE, width * side, height * side);
  return resolveSamples(samples, side, width, height, view, backdrop);
}

/** Averages the samples of each pixel and puts the backdrop behind them. */
function resolveSamples(
  samples: Float32Array,
  side: number,
  width: number,
  height: number,
  view: View,
  backdrop: Backdrop,
): RasterImage {
  const data = new Uint8Array(width * height * 4).fill(255);
  const behind = new Float64Array(3);
  const sums = new Float64Array(4);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      sums.fill(0);
      for (let sample = 0; sample < side * side; sample += 1) {
        const line = row * side + Math.floor(sample / side);
        const at = (line * width * side + column * side + (sample % side)) * 4;
        for (let part = 0; part < 4; part += 1) sums[part] = (sums[part] as number) + (samples[at + part] as number);
      }
      const through = (sums[3] as number) / (side * side);
      const shows = through > HIDDEN;
      const screenX = ((2 * (column + 0.5)) / width - 1) * view.tanX;
      if (shows) backdrop(screenX, (1 - (2 * (row + 0.5)) / height) * view.tanY, behind);
      for (let channel = 0; channel < 3; channel += 1) {
        const light = shows ? through * toDisplay(behind[channel] as number) : 0;
        const value = (sums[channel] as number) / (side * side) + light;
        data[(row * width + column) * 4 + channel] = Math.min(255, Math.round(value * 255));
      }
    }
  }
  return { width, height, data };
}

function assertSize(width: number, height: number, side: number): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1;
  if (whole && width * height * side * side <= MAX_SAMPLES) return;
  throw new SdkError({ code: 'INPUT_INVALID', message: `A picture of ${width} × ${height} pixels cannot be drawn.` });
}

function cornersOf(min: Vec3, max: Vec3): number[] {
  const corners: number[] = [];
  for (const x of [min[0], max[0]]) {
    for (const y of [min[1], max[1]]) for (const z of [min[2], max[2]]) corners.push(x, y, z);
  }
  return corners;
}

/** sRGB fraction of linear light in [0, 1]. @source IEC 61966-2-1 */
function toDisplay(linear: number): number {
  return linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
}
