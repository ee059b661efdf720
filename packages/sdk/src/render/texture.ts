import type { RasterImage } from '../host/host.ts';
import { fromLinear, SRGB_TO_LINEAR } from '../image/srgb.ts';

/** A picture with its halved copies, made when first asked for. Level 0 is the picture itself. */
export interface Texture {
  readonly srgb: boolean;
  readonly levels: RasterImage[];
}

const BYTE_TO_FRACTION = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/** Wraps a picture. `srgb` tells whether its colours are stored encoded; its alpha never is. */
export function createTexture(image: RasterImage, srgb: boolean): Texture {
  return { srgb, levels: [image] };
}

function levelOf(texture: Texture, level: number): RasterImage {
  while (texture.levels.length <= level) {
    const last = texture.levels[texture.levels.length - 1] as RasterImage;
    if (last.width === 1 && last.height === 1) return last;
    texture.levels.push(halve(last, texture.srgb));
  }
  return texture.levels[level] as RasterImage;
}

function halve(image: RasterImage, srgb: boolean): RasterImage {
  const width = Math.max(1, image.width >> 1);
  const height = Math.max(1, image.height >> 1);
  const data = new Uint8Array(width * height * 4);
  const from = image.data;
  const right = image.width > 1 ? 4 : 0;
  const below = image.height > 1 ? image.width * 4 : 0;
  for (let y = 0; y < height; y += 1) {
    let source = y * 2 * image.width * 4;
    let target = y * width * 4;
    for (let x = 0; x < width; x += 1, source += 8, target += 4) {
      for (let channel = 0; channel < 4; channel += 1) {
        const a = from[source + channel] as number;
        const b = from[source + right + channel] as number;
        const c = from[source + below + channel] as number;
        const d = from[source + right + below + channel] as number;
        data[target + channel] =
          srgb && channel < 3
            ? fromLinear(
                ((SRGB_TO_LINEAR[a] as number) +
                  (SRGB_TO_LINEAR[b] as number) +
                  (SRGB_TO_LINEAR[c] as number) +
                  (SRGB_TO_LINEAR[d] as number)) /
                  4,
              )
            : (a + b + c + d + 2) >> 2;
      }
    }
  }
  return { width, height, data };
}

/**
 * Linear RGBA at (u, v), [0, 1], into `out`. Repeats outside [0, 1]; origin at the top left.
 *
 * @param level - log2 of the texels of level 0 along a pixel's side; below 0 magnifies. Fractions mix two levels.
 */
export function sampleTexture(texture: Texture, u: number, v: number, level: number, out: Float64Array): void {
  if (!(level > 0)) {
    sampleLevel(texture, levelOf(texture, 0), u, v, 1, out, true);
    return;
  }
  const low = Math.floor(level);
  const mix = level - low;
  sampleLevel(texture, levelOf(texture, low), u, v, 1 - mix, out, true);
  if (mix > 0.01) sampleLevel(texture, levelOf(texture, low + 1), u, v, mix, out, false);
}

function sampleLevel(
  texture: Texture,
  image: RasterImage,
  u: number,
  v: number,
  weight: number,
  out: Float64Array,
  first: boolean,
): void {
  const { width, height, data } = image;
  const x = (u - Math.floor(u)) * width - 0.5;
  const y = (v - Math.floor(v)) * height - 0.5;
  let x0 = Math.floor(x);
  let y0 = Math.floor(y);
  const fx = x - x0;
  const fy = y - y0;
  let x1 = x0 + 1;
  let y1 = y0 + 1;
  if (x0 < 0) x0 = width - 1;
  if (y0 < 0) y0 = height - 1;
  if (x1 >= width) x1 = 0;
  if (y1 >= height) y1 = 0;
  const i00 = (y0 * width + x0) * 4;
  const i10 = (y0 * width + x1) * 4;
  const i01 = (y1 * width + x0) * 4;
  const i11 = (y1 * width + x1) * 4;
  const w00 = (1 - fx) * (1 - fy) * weight;
  const w10 = fx * (1 - fy) * weight;
  const w01 = (1 - fx) * fy * weight;
  const w11 = fx * fy * weight;
  const table = texture.srgb ? SRGB_TO_LINEAR : BYTE_TO_FRACTION;
  for (let channel = 0; channel < 4; channel += 1) {
    const decode = channel === 3 ? BYTE_TO_FRACTION : table;
    const value =
      (decode[data[i00 + channel] as number] as number) * w00 +
      (decode[data[i10 + channel] as number] as number) * w10 +
      (decode[data[i01 + channel] as number] as number) * w01 +
      (decode[data[i11 + channel] as number] as number) * w11;
    out[channel] = first ? value : (out[channel] as number) + value;
  }
}
