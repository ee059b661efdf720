import { clamp, smoothstep } from '../../foundation/math.ts';
import { createWorleyHit, tileFbm, tileNoise, tileWorley } from '../kit/noise.ts';
import {
  blendColor,
  type Color,
  colorOfLinear,
  hexColor,
  type KitMaterial,
  type MaterialOptions,
  mixColors,
  paintMaterial,
  setColor,
  shade,
  tintOr,
} from './material.ts';

/** Looks of one metal. */
interface MetalLook {
  readonly color: Color;
  /** Colour of what settles in its hollows with age. */
  readonly tarnish: Color;
  readonly roughness: number;
  /** `brushed` has fine lines along V, `forged` hammer dents, `cast` a fine grain. */
  readonly finish: 'brushed' | 'forged' | 'cast';
  /** How much of the surface rusts or turns green at wear 1, [0, 1]. */
  readonly corrosion: number;
}

// Reflectances measured at normal incidence, as sRGB. @source https://physicallybased.info, values rounded
const METAL_LOOKS = {
  steel: {
    color: hexColor(0xc4c7cb),
    tarnish: hexColor(0x54504c),
    roughness: 0.28,
    finish: 'brushed',
    corrosion: 0.35,
  },
  iron: { color: hexColor(0x8b8a89), tarnish: hexColor(0x3c342e), roughness: 0.46, finish: 'forged', corrosion: 0.6 },
  'dark-iron': {
    color: hexColor(0x55565a),
    tarnish: hexColor(0x26211e),
    roughness: 0.5,
    finish: 'forged',
    corrosion: 0.4,
  },
  gold: { color: hexColor(0xf7d27a), tarnish: hexColor(0x8a5a1e), roughness: 0.22, finish: 'cast', corrosion: 0 },
  silver: { color: hexColor(0xe6e4df), tarnish: hexColor(0x4c4844), roughness: 0.2, finish: 'cast', corrosion: 0 },
  copper: { color: hexColor(0xe8a07a), tarnish: hexColor(0x6a3320), roughness: 0.3, finish: 'forged', corrosion: 0.75 },
  bronze: { color: hexColor(0xc8965a), tarnish: hexColor(0x4d3418), roughness: 0.32, finish: 'cast', corrosion: 0.5 },
  brass: { color: hexColor(0xe2c16c), tarnish: hexColor(0x6b4f1e), roughness: 0.25, finish: 'brushed', corrosion: 0.2 },
  aluminium: {
    color: hexColor(0xd8dadc),
    tarnish: hexColor(0x74767a),
    roughness: 0.34,
    finish: 'brushed',
    corrosion: 0,
  },
  rust: { color: hexColor(0x7c7470), tarnish: hexColor(0x3a2418), roughness: 0.6, finish: 'forged', corrosion: 1 },
} as const satisfies Record<string, MetalLook>;

/** Kinds of metal. */
export type MetalName = keyof typeof METAL_LOOKS;

export const METAL_NAMES = Object.keys(METAL_LOOKS) as MetalName[];

const RUST_LIGHT = hexColor(0xa4592c);
const RUST_DARK = hexColor(0x54281a);
const VERDIGRIS = hexColor(0x6fae98);

/** A metal of the table, on a tile of 25 cm. A tint gives it a cast, like anodised or blued metal. */
export function createMetal(name: MetalName, options: MaterialOptions): KitMaterial {
  const { seed = 1, tint } = options;
  const look: MetalLook = METAL_LOOKS[name];
  const wear = name === 'rust' ? Math.max(0.75, options.wear ?? 0.3) : (options.wear ?? 0.3);
  const color = tint === undefined ? look.color : mixColors(look.color, colorOfLinear(tint), 0.75);
  const isGreen = name === 'copper' || name === 'bronze' || name === 'brass';
  const corroded = smoothstep(0.35, 1, wear) * look.corrosion;
  const hit = createWorleyHit();
  return paintMaterial({
    name,
    repeatM: 0.25,
    relief: look.finish === 'forged' ? 0.016 : 0.006,
    size: options.size,
    paint: (u, v, texel) => {
      const broad = tileFbm(u * 3, v * 3, 3, 3, 3, seed);
      let height = 0.6 + 0.1 * broad;
      let roughness = look.roughness + 0.07 * broad;
      let brightness = 1 + 0.035 * broad;
      if (look.finish === 'brushed') {
        const line = tileNoise(u * 64, v * 4, 64, 4, seed + 3) * 0.6 + tileNoise(u * 32, v * 2, 32, 2, seed + 4) * 0.5;
        height += 0.07 * line;
        roughness += 0.07 * line;
        brightness += 0.035 * line;
      } else if (look.finish === 'forged') {
        tileWorley(u * 7, v * 7, 7, 7, seed + 5, hit);
        const dent = smoothstep(0.75, 0.1, hit.nearest);
        height -= 0.34 * dent;
        brightness += 0.05 * (0.5 - dent);
        roughness += 0.08 * (dent - 0.5) + 0.05 * tileNoise(u * 24, v * 24, 24, 24, seed + 6);
      } else {
        height += 0.05 * tileNoise(u * 20, v * 20, 20, 20, seed + 7);
        roughness += 0.05 * tileNoise(u * 12, v * 12, 12, 12, seed + 8);
      }
      // Two families of scratches; a band of a stretched noise around zero is a long thin line.
      const scratchA =
        smoothstep(0.018, 0, Math.abs(tileNoise(u * 9, v * 2, 9, 2, seed + 9))) *
        smoothstep(0.2, 0.5, tileNoise(u * 4, v * 7, 4, 7, seed + 10));
      const scratchB =
        smoothstep(0.014, 0, Math.abs(tileNoise(u * 3, v * 8, 3, 8, seed + 12))) *
        smoothstep(0.3, 0.6, tileNoise(u * 7, v * 4, 7, 4, seed + 13));
      const scratch = clamp((scratchA + scratchB) * wear * 1.3, 0, 1);
      height -= 0.16 * scratch;
      roughness += 0.14 * scratch;
      brightness += 0.1 * scratch;
      const grime = smoothstep(0.0, 0.75, broad + tileNoise(u * 11, v * 11, 11, 11, seed + 14) * 0.3) * wear;
      setColor(texel, color, brightness);
      blendColor(texel, look.tarnish, clamp(grime * 0.55, 0, 0.7));
      roughness += 0.22 * grime;
      let metallic = 1;
      if (corroded > 0.01) {
        const field = tileFbm(u * 4, v * 4, 4, 4, 4, seed + 20) * 0.75 + 0.5;
        const spread = 1.02 - corroded;
        const rust = smoothstep(spread - 0.1, spread + 0.12, field);
        const grain = 0.5 + 0.5 * tileNoise(u * 30, v * 30, 30, 30, seed + 22);
        const skin = isGreen
          ? shade(VERDIGRIS, 0.75 + 0.35 * grain)
          : mixColors(RUST_DARK, RUST_LIGHT, clamp(grain * 0.7 + (field - 0.5) * 0.6, 0, 1));
        blendColor(texel, skin, rust);
        roughness += (0.92 - roughness) * rust;
        metallic = 1 - 0.92 * rust;
        height += rust * (0.12 + 0.16 * grain);
      }
      texel.height = height;
      texel.roughness = clamp(roughness, 0.08, 1);
      texel.metallic = metallic;
      texel.occlusion = 1 - 0.3 * grime;
    },
  });
}

/** Painted sheet metal; with wear the paint chips down to rust. Default colour a factory blue. Tile of 50 cm. */
export function createPaintedMetal(options: MaterialOptions): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const paint = tintOr(options, 0x2f6590);
  return paintMaterial({
    name: 'painted-metal',
    repeatM: 0.5,
    relief: 0.006,
    size: options.size,
    paint: (u, v, texel) => {
      const broad = tileFbm(u * 3, v * 3, 3, 3, 3, seed);
      const field = tileFbm(u * 5, v * 5, 5, 5, 4, seed + 1) * 0.7 + 0.5;
      const limit = 1.04 - wear * 0.62;
      const chip = smoothstep(limit, limit + 0.03, field);
      const rim = smoothstep(limit - 0.07, limit, field) * (1 - chip);
      const grain = 0.5 + 0.5 * tileNoise(u * 40, v * 40, 40, 40, seed + 2);
      const streak = smoothstep(0.2, 0.7, tileNoise(u * 24, v * 2, 24, 2, seed + 3)) * wear;
      setColor(texel, paint, 1 + 0.07 * broad);
      blendColor(texel, RUST_DARK, streak * 0.28);
      blendColor(texel, RUST_LIGHT, rim * 0.6);
      blendColor(texel, mixColors(RUST_DARK, RUST_LIGHT, grain), chip);
      texel.height = 0.7 + 0.04 * tileNoise(u * 30, v * 30, 30, 30, seed + 4) - chip * (0.45 - 0.2 * grain);
      texel.roughness = clamp(0.38 + 0.1 * broad + 0.15 * wear + 0.5 * chip, 0.1, 1);
      texel.metallic = 0.1 * (1 - chip);
    },
  });
}
