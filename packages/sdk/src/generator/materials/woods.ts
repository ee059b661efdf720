import { clamp, exp, smoothstep } from '../../foundation/math.ts';
import { cellValue, tileFbm, tileNoise } from '../kit/noise.ts';
import {
  blendColor,
  type Color,
  colorOfLinear,
  hexColor,
  type KitMaterial,
  type MaterialOptions,
  paintMaterial,
  setColor,
  shade,
  type Texel,
  tintOr,
} from './material.ts';

/** Looks of one kind of wood. */
interface WoodLook {
  readonly light: Color;
  readonly dark: Color;
  /** Growth lines across one tile, a whole number. */
  readonly rings: number;
  /** How strongly growth lines show, [0, 1]. */
  readonly contrast: number;
  /** Knots in a tile. */
  readonly knots: number;
  readonly roughness: number;
}

const WOOD_LOOKS = {
  oak: { light: hexColor(0xb58a58), dark: hexColor(0x7d5731), rings: 7, contrast: 0.62, knots: 1, roughness: 0.62 },
  pine: { light: hexColor(0xd9b27a), dark: hexColor(0xab7a42), rings: 6, contrast: 0.6, knots: 3, roughness: 0.66 },
  walnut: { light: hexColor(0x785238), dark: hexColor(0x432a1b), rings: 8, contrast: 0.6, knots: 1, roughness: 0.5 },
  birch: { light: hexColor(0xe2c8a0), dark: hexColor(0xc09c6c), rings: 5, contrast: 0.4, knots: 1, roughness: 0.6 },
  mahogany: { light: hexColor(0x8c4a30), dark: hexColor(0x552418), rings: 9, contrast: 0.5, knots: 0, roughness: 0.42 },
  ebony: { light: hexColor(0x3d342e), dark: hexColor(0x1f1a17), rings: 10, contrast: 0.4, knots: 0, roughness: 0.4 },
  bamboo: { light: hexColor(0xd8c07c), dark: hexColor(0xb0924e), rings: 12, contrast: 0.4, knots: 0, roughness: 0.5 },
  driftwood: {
    light: hexColor(0xa59a8a),
    dark: hexColor(0x6b6156),
    rings: 8,
    contrast: 0.75,
    knots: 2,
    roughness: 0.88,
  },
} as const satisfies Record<string, WoodLook>;

/** Kinds of wood. */
export type WoodName = keyof typeof WOOD_LOOKS;

export const WOOD_NAMES = Object.keys(WOOD_LOOKS) as WoodName[];

const SIDE_M = 0.5;

/** Fills a texel with bare wood, grain along v. Returns how deep in a dark line the pixel lies, [0, 1]. */
function grainAt(look: WoodLook, u: number, v: number, seed: number, wear: number, texel: Texel): number {
  let knotShade = 0;
  let warp = tileFbm(u * 2, v, 2, 1, 2, seed) * 1.6 + tileNoise(u * 4, v * 2, 4, 2, seed + 5) * 0.35;
  for (let knot = 0; knot < look.knots; knot += 1) {
    const ku = cellValue(knot, 1, 0, seed);
    const kv = (knot + 0.2 + 0.6 * cellValue(knot, 2, 0, seed)) / look.knots;
    const du = u - ku - Math.floor(u - ku + 0.5);
    const dv = v - kv - Math.floor(v - kv + 0.5);
    // Growth lines part before a knot and close behind it: they are pushed away from its middle.
    const near = exp(-(du * du * 90 + dv * dv * 22));
    warp += (du < 0 ? -1 : 1) * near * 1.1 * smoothstep(0, 0.03, Math.abs(du));
    const size = 0.022 + 0.02 * cellValue(knot, 3, 0, seed);
    const reach = Math.sqrt(du * du + dv * dv * 0.4);
    knotShade = Math.max(knotShade, smoothstep(size * 1.5, size * 0.5, reach));
  }
  const position = u * look.rings + warp;
  const phase = position - Math.floor(position);
  // Late wood: darkens slowly, then ends at a sharp line.
  const ring = phase * phase * smoothstep(1, 0.9, phase);
  const fibre = tileNoise(u * 52, v * 3, 52, 3, seed + 11) * 0.6 + tileNoise(u * 26, v * 2, 26, 2, seed + 12) * 0.4;
  const broad = tileNoise(u * 3, v * 1, 3, 1, seed + 13);
  const pore = smoothstep(0.32, 0.62, tileNoise(u * 64, v * 6, 64, 6, seed + 14));
  const depth = clamp(ring * look.contrast + 0.16 * fibre + 0.14 * broad + 0.3 * pore * look.contrast, 0, 1);
  setColor(texel, look.light);
  blendColor(texel, look.dark, clamp(depth * 1.25, 0, 1));
  blendColor(texel, shade(look.dark, 0.5), knotShade * 0.85);
  texel.height = 0.75 - 0.35 * ring * (0.4 + wear) - 0.22 * pore + 0.12 * fibre - 0.2 * knotShade;
  texel.roughness = clamp(look.roughness + 0.14 * depth + 0.12 * pore + 0.15 * (wear - 0.3), 0.2, 1);
  texel.occlusion = 1 - 0.25 * pore - 0.15 * knotShade;
  return depth;
}

/** Greys and dirties a texel of wood with age. */
function ageWood(u: number, v: number, seed: number, wear: number, texel: Texel): void {
  if (wear <= 0.05) return;
  const stain = tileFbm(u * 3, v * 3, 3, 3, 3, seed + 31);
  const grey = (texel.r + texel.g + texel.b) / 3;
  blendColor(texel, [grey * 0.98, grey * 0.93, grey * 0.86], clamp(wear * 0.55 + stain * 0.3 * wear, 0, 0.8));
  blendColor(texel, hexColor(0x33271d), clamp(smoothstep(0.05, 0.7, stain) * wear * 0.55, 0, 1));
  const crack = smoothstep(0.5, 0.75, tileNoise(u * 18, v * 1, 18, 1, seed + 33)) * smoothstep(0.35, 1, wear);
  blendColor(texel, hexColor(0x1c140e), crack * 0.8);
  texel.height -= crack * 0.4;
}

/** Bare wood, grain along V. A tint stains it. */
export function createWood(name: WoodName, options: MaterialOptions): KitMaterial {
  const { seed = 1, wear = 0.3, tint } = options;
  const own = WOOD_LOOKS[name];
  const look: WoodLook =
    tint === undefined
      ? own
      : { ...own, light: shade(colorOfLinear(tint), 1.05), dark: shade(colorOfLinear(tint), 0.6) };
  return paintMaterial({
    name,
    repeatM: SIDE_M,
    relief: 0.012,
    size: options.size,
    paint: (u, v, texel) => {
      grainAt(look, u, v, seed, wear, texel);
      ageWood(u, v, seed, wear, texel);
    },
  });
}

/** Painted wood: paint that shows the grain faintly and, with wear, chips off along it. Default colour a soft red. */
export function createPaintedWood(options: MaterialOptions): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const paint = tintOr(options, 0xa8403a);
  return paintMaterial({
    name: 'painted-wood',
    repeatM: SIDE_M,
    relief: 0.01,
    size: options.size,
    paint: (u, v, texel) => {
      const depth = grainAt(WOOD_LOOKS.oak, u, v, seed, wear, texel);
      const bareHeight = texel.height;
      const flake = tileFbm(u * 10, v * 3, 10, 3, 3, seed + 41) + 0.25 * depth;
      const limit = 0.95 - wear * 0.95;
      const isBare = smoothstep(limit, limit + 0.06, flake);
      const brightness = 1 + 0.07 * tileNoise(u * 5, v * 2, 5, 2, seed + 42) - 0.14 * depth;
      blendColor(texel, shade(paint, brightness), 1 - isBare);
      texel.height = (0.8 - 0.08 * depth) * (1 - isBare) + bareHeight * 0.7 * isBare;
      texel.roughness = 0.5 + 0.15 * wear + isBare * 0.3 + 0.05 * depth;
      const rim = smoothstep(limit - 0.12, limit, flake) * (1 - isBare);
      blendColor(texel, shade(paint, 0.72), rim * 0.5);
    },
  });
}

/** Boards side by side along V: four to a tile of one metre, each of its own tone, with dark gaps. */
export function createPlanks(options: MaterialOptions): KitMaterial {
  const { seed = 1, wear = 0.3, tint } = options;
  const base = WOOD_LOOKS.oak;
  const light = tint === undefined ? base.light : colorOfLinear(tint);
  const look: WoodLook = { ...base, rings: 3, light, dark: tint === undefined ? base.dark : shade(light, 0.62) };
  const count = 4;
  return paintMaterial({
    name: 'planks',
    repeatM: 1,
    relief: 0.02,
    size: options.size,
    paint: (u, v, texel) => {
      const board = Math.min(count - 1, Math.floor(u * count));
      const inside = u * count - board;
      const tone = cellValue(board, 7, 0, seed);
      const shifted = v + cellValue(board, 8, 0, seed);
      grainAt(look, inside, shifted - Math.floor(shifted), seed + board * 101, wear, texel);
      ageWood(u, v, seed, wear, texel);
      const edge = Math.min(inside, 1 - inside) / count;
      const gap = smoothstep(0.013, 0.004, edge);
      setColor(texel, [texel.r, texel.g, texel.b], 0.84 + 0.3 * tone);
      blendColor(texel, hexColor(0x150f0a), gap * 0.9);
      texel.height = (0.6 + 0.15 * tone + 0.2 * texel.height) * (1 - gap) * smoothstep(0, 0.03, edge + 0.012);
      texel.occlusion *= 1 - 0.6 * smoothstep(0.025, 0.004, edge);
    },
  });
}
