import { clamp, linearToSrgb } from '../../foundation/math.ts';
import type { RasterImage } from '../../host/host.ts';
import type { GeneratedMaterial } from '../model.ts';

/** A material together with the size of its texture in the world. */
export interface KitMaterial extends GeneratedMaterial {
  /** Side of the square that one tile of the textures covers, metres. */
  readonly repeatM: number;
}

/** What can be asked of every material of the palette. */
export interface MaterialOptions {
  /** Colour to take on, linear RGB: paint on wood, dye in leather, a cast on metal. Default: the material's own. */
  readonly tint?: readonly [number, number, number];
  /** 0 new, 1 old: scratches, grime, rust, moss, faded paint. Default 0.3. */
  readonly wear?: number;
  /** Chooses the pattern, a whole number. Default 1. */
  readonly seed?: number;
  /** Side of the textures, pixels, a power of two. Default 128. */
  readonly size?: number;
}

/** sRGB colour, each channel [0, 1]. */
export type Color = readonly [number, number, number];

/** One pixel of all textures of a material, filled by a painter. */
export interface Texel {
  /** sRGB, [0, 1]. */
  r: number;
  g: number;
  b: number;
  /** [0, 1]; the normal map is made from it. */
  height: number;
  roughness: number;
  metallic: number;
  occlusion: number;
}

/** Paints one pixel. `u` and `v` run from 0 to 1 over the tile, v downwards; the picture must repeat. */
export type Painter = (u: number, v: number, texel: Texel) => void;

/** What a painted material is made from. */
export interface PaintedMaterialInit {
  readonly name: string;
  readonly repeatM: number;
  /** Height of the relief, as a share of the tile's side: 0.01 is 5 mm on a tile of half a metre. */
  readonly relief: number;
  readonly paint: Painter;
  readonly size?: number | undefined;
  readonly emissive?: readonly [number, number, number];
  readonly alpha?: number;
  readonly doubleSided?: boolean;
}

/** Colour of a hexadecimal number like 0x8a5a33, sRGB. */
export function hexColor(value: number): Color {
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** sRGB colour of a linear one, clamped to what can be shown. */
export function colorOfLinear(linear: readonly [number, number, number]): Color {
  return [
    linearToSrgb(clamp(linear[0], 0, 1)),
    linearToSrgb(clamp(linear[1], 0, 1)),
    linearToSrgb(clamp(linear[2], 0, 1)),
  ];
}

/** The colour asked for, or the material's own one, 0xrrggbb. */
export function tintOr(options: Pick<MaterialOptions, 'tint'>, own: number): Color {
  return options.tint === undefined ? hexColor(own) : colorOfLinear(options.tint);
}

/** Brighter (> 1) or darker (< 1) colour. */
export function shade(color: Color, factor: number): Color {
  return [clamp(color[0] * factor, 0, 1), clamp(color[1] * factor, 0, 1), clamp(color[2] * factor, 0, 1)];
}

/** Colour between two others. */
export function mixColors(a: Color, b: Color, t: number): Color {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** Sets a texel's colour, times a brightness. */
export function setColor(texel: Texel, color: Color, brightness = 1): void {
  texel.r = color[0] * brightness;
  texel.g = color[1] * brightness;
  texel.b = color[2] * brightness;
}

/** Blends a colour over a texel, `amount` in [0, 1]. */
export function blendColor(texel: Texel, color: Color, amount: number): void {
  texel.r += (color[0] - texel.r) * amount;
  texel.g += (color[1] - texel.g) * amount;
  texel.b += (color[2] - texel.b) * amount;
}

function byte(value: number): number {
  return value <= 0 ? 0 : value >= 1 ? 255 : Math.floor(value * 255 + 0.5);
}

/** Runs a painter over every pixel and makes the three textures from what it filled in. */
export function paintMaterial(init: PaintedMaterialInit): KitMaterial {
  const size = init.size ?? 128;
  const color = new Uint8Array(size * size * 4);
  const orm = new Uint8Array(size * size * 4);
  const heights = new Float32Array(size * size);
  const texel: Texel = { r: 0, g: 0, b: 0, height: 0, roughness: 0, metallic: 0, occlusion: 0 };
  const alpha = byte(init.alpha ?? 1);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      texel.height = 0.5;
      texel.roughness = 0.8;
      texel.metallic = 0;
      texel.occlusion = 1;
      init.paint((x + 0.5) / size, (y + 0.5) / size, texel);
      const at = (y * size + x) * 4;
      color[at] = byte(texel.r);
      color[at + 1] = byte(texel.g);
      color[at + 2] = byte(texel.b);
      color[at + 3] = 255;
      orm[at] = byte(texel.occlusion);
      orm[at + 1] = byte(texel.roughness);
      orm[at + 2] = byte(texel.metallic);
      orm[at + 3] = 255;
      heights[y * size + x] = texel.height;
    }
  }
  const image = (data: Uint8Array): RasterImage => ({ width: size, height: size, data });
  return {
    name: init.name,
    repeatM: init.repeatM,
    baseColor: [1, 1, 1, alpha / 255],
    metallic: 1,
    roughness: 1,
    baseColorTexture: image(color),
    ormTexture: image(orm),
    normalTexture: image(normalsOf(heights, size, init.relief)),
    ...(init.emissive === undefined ? {} : { emissive: init.emissive }),
    ...(alpha < 255 ? { alphaMode: 'BLEND' as const } : {}),
    ...(init.doubleSided === undefined ? {} : { doubleSided: init.doubleSided }),
  };
}

/** Tangent-space normals of a repeating height field; green points up the picture, as glTF has it. */
function normalsOf(heights: Float32Array, size: number, relief: number): Uint8Array {
  const data = new Uint8Array(size * size * 4);
  const slope = (relief * size) / 2;
  const mask = size - 1;
  for (let y = 0; y < size; y += 1) {
    const above = ((y - 1) & mask) * size;
    const below = ((y + 1) & mask) * size;
    for (let x = 0; x < size; x += 1) {
      const nx =
        ((heights[y * size + ((x - 1) & mask)] as number) - (heights[y * size + ((x + 1) & mask)] as number)) * slope;
      const ny = ((heights[below + x] as number) - (heights[above + x] as number)) * slope;
      const scale = 1 / Math.sqrt(nx * nx + ny * ny + 1);
      const at = (y * size + x) * 4;
      data[at] = byte(nx * scale * 0.5 + 0.5);
      data[at + 1] = byte(ny * scale * 0.5 + 0.5);
      data[at + 2] = byte(scale * 0.5 + 0.5);
      data[at + 3] = 255;
    }
  }
  return data;
}
