import { clamp, cos, sin, smoothstep, TAU } from '../../foundation/math.ts';
import { cellValue, createWorleyHit, tileFbm, tileNoise, tileWorley } from '../kit/noise.ts';
import {
  blendColor,
  hexColor,
  type KitMaterial,
  type MaterialOptions,
  paintMaterial,
  setColor,
  shade,
  tintOr,
} from './material.ts';

/** Grained leather; with wear the high grain rubs pale. Tile of 10 cm. */
export function createLeather(options: MaterialOptions): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const color = tintOr(options, 0x6a4128);
  const hit = createWorleyHit();
  return paintMaterial({
    name: 'leather',
    repeatM: 0.1,
    relief: 0.012,
    size: options.size,
    paint: (u, v, texel) => {
      tileWorley(u * 16, v * 16, 16, 16, seed, hit);
      const pebble = smoothstep(0.0, 0.4, hit.second - hit.nearest);
      const fold = tileFbm(u * 4, v * 4, 4, 4, 3, seed + 1);
      setColor(texel, color, 0.86 + 0.14 * pebble + 0.2 * fold);
      blendColor(texel, shade(color, 1.6), smoothstep(0.1, 0.7, fold) * wear * 0.5);
      blendColor(texel, shade(color, 0.4), smoothstep(0.1, 0.7, -fold) * wear * 0.6);
      texel.height = 0.35 + 0.35 * pebble + 0.3 * fold;
      texel.roughness = clamp(0.56 - 0.14 * pebble + 0.2 * wear * fold, 0.3, 0.9);
      texel.occlusion = 0.8 + 0.2 * pebble;
    },
  });
}

/** A strap of leather wound round a handle: eight slanting turns across V in a tile of 8 cm, with stitched rims. */
export function createWrappedLeather(options: MaterialOptions): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const color = tintOr(options, 0x5c3724);
  const turns = 5;
  return paintMaterial({
    name: 'wrapped-leather',
    repeatM: 0.08,
    relief: 0.045,
    size: options.size,
    paint: (u, v, texel) => {
      const x = v * turns + u + 0.1 * tileNoise(u * 3, v * 3, 3, 3, seed + 1);
      const phase = x - Math.floor(x);
      const belly = 1 - (2 * phase - 1) * (2 * phase - 1);
      const fold = tileFbm(u * 6, v * 6, 6, 6, 3, seed + 2);
      const grain = tileNoise(u * 26, v * 26, 26, 26, seed + 3);
      const stitch = u * 14 - Math.floor(u * 14);
      const isStitch =
        smoothstep(0.045, 0.02, Math.abs(phase - 0.86)) * smoothstep(0.2, 0.3, stitch) * smoothstep(0.85, 0.75, stitch);
      const gap = smoothstep(0.1, 0.0, Math.min(phase, 1 - phase));
      setColor(texel, color, 0.72 + 0.42 * belly + 0.16 * fold + 0.08 * grain);
      blendColor(texel, shade(color, 1.7), smoothstep(0.75, 1, belly) * wear * (0.35 + 0.4 * fold));
      blendColor(texel, hexColor(0xb59a6c), isStitch * 0.75);
      blendColor(texel, shade(color, 0.28), gap * 0.85);
      texel.height = 0.15 + 0.6 * belly * (1 - 0.5 * gap) + 0.08 * grain + 0.06 * isStitch;
      texel.roughness = clamp(0.58 + 0.1 * gap - 0.1 * belly + 0.1 * fold, 0.3, 0.9);
      texel.occlusion = 1 - 0.5 * gap;
    },
  });
}

/** Cord wrapped crosswise over a pale under-layer, leaving diamonds, as on a Japanese hilt. Tile of 5 cm. */
export function createDiamondWrap(options: MaterialOptions): KitMaterial {
  const { seed = 1 } = options;
  const cord = tintOr(options, 0x2a2c38);
  return paintMaterial({
    name: 'diamond-wrap',
    repeatM: 0.05,
    relief: 0.06,
    size: options.size,
    paint: (u, v, texel) => {
      const a = u + v * 2 - Math.floor(u + v * 2);
      const b = u - v * 2 - Math.floor(u - v * 2);
      const toA = Math.abs(a - 0.5);
      const toB = Math.abs(b - 0.5);
      const isDiamond = smoothstep(0.31, 0.35, toA) * smoothstep(0.31, 0.35, toB);
      const over = Math.max(smoothstep(0.36, 0.05, toA), smoothstep(0.36, 0.05, toB));
      const thread = cos((a + b) * TAU * 5) * 0.5 + 0.5;
      const noise = tileNoise(u * 20, v * 20, 20, 20, seed);
      setColor(texel, cord, 0.7 + 0.4 * over + 0.12 * thread + 0.1 * noise);
      const pebbles = tileNoise(u * 32, v * 32, 32, 32, seed + 1);
      blendColor(texel, hexColor(pebbles > 0.1 ? 0xe9e2cf : 0xc9bfa6), isDiamond);
      texel.height = (0.35 + 0.5 * over + 0.06 * thread) * (1 - isDiamond) + isDiamond * (0.12 + 0.08 * pebbles);
      texel.roughness = 0.8 - 0.25 * isDiamond;
      texel.occlusion = 1 - 0.4 * isDiamond;
    },
  });
}

/** Woven cloth. Tile of 10 cm. */
export function createFabric(options: MaterialOptions): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const color = tintOr(options, 0x8a3038);
  const threads = 24;
  return paintMaterial({
    name: 'fabric',
    repeatM: 0.1,
    relief: 0.02,
    size: options.size,
    paint: (u, v, texel) => {
      const warp = u * threads;
      const weft = v * threads;
      const isWarp = (Math.floor(warp) + Math.floor(weft)) % 2 === 0;
      const across = isWarp ? warp - Math.floor(warp) : weft - Math.floor(weft);
      const round = 1 - (2 * across - 1) * (2 * across - 1);
      const cloud = tileFbm(u * 4, v * 4, 4, 4, 3, seed);
      setColor(texel, color, 0.76 + 0.24 * round + 0.1 * cloud + (isWarp ? 0.05 : 0));
      blendColor(texel, shade(color, 0.55), smoothstep(0.1, 0.7, cloud) * wear * 0.4);
      texel.height = 0.3 + 0.4 * round;
      texel.roughness = 0.92;
      texel.occlusion = 0.75 + 0.25 * round;
    },
  });
}

/** Paper or parchment, as of lampshades. `emissive` makes it glow. Tile of 40 cm. */
export function createPaper(options: MaterialOptions, emissive?: readonly [number, number, number]): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const color = tintOr(options, 0xf0e3c4);
  return paintMaterial({
    name: 'paper',
    repeatM: 0.4,
    relief: 0.004,
    size: options.size,
    doubleSided: true,
    ...(emissive === undefined ? {} : { emissive }),
    paint: (u, v, texel) => {
      const cloud = tileFbm(u * 4, v * 4, 4, 4, 3, seed);
      const fibre = tileNoise(u * 36, v * 10, 36, 10, seed + 1) + tileNoise(u * 10, v * 36, 10, 36, seed + 2);
      setColor(texel, color, 0.96 + 0.05 * cloud + 0.03 * fibre);
      blendColor(texel, hexColor(0xa8814c), smoothstep(0.2, 0.8, cloud) * wear * 0.4);
      texel.height = 0.5 + 0.2 * fibre;
      texel.roughness = 0.88;
    },
  });
}

/** Clear glass with a faint ripple, blended. A tint makes it coloured glass. Tile of 50 cm. */
export function createGlass(options: MaterialOptions): KitMaterial {
  const { seed = 1 } = options;
  const color = tintOr(options, 0xcfe3e4);
  return paintMaterial({
    name: 'glass',
    repeatM: 0.5,
    relief: 0.006,
    size: options.size ?? 64,
    alpha: options.tint === undefined ? 0.4 : 0.6,
    paint: (u, v, texel) => {
      setColor(texel, color);
      texel.height = 0.5 + 0.3 * tileFbm(u * 3, v * 3, 3, 3, 2, seed);
      texel.roughness = 0.06;
    },
  });
}

/** Crystal: deep colour with pale veils and growth lines along V, opaque and very smooth. Default amethyst. Tile of 40 cm. */
export function createCrystal(options: MaterialOptions, name = 'crystal'): KitMaterial {
  const { seed = 1 } = options;
  const color = tintOr(options, 0x8c5fd0);
  const glow = options.tint ?? [0.25, 0.12, 0.6];
  return paintMaterial({
    name,
    repeatM: 0.4,
    relief: 0.003,
    size: options.size,
    emissive: [glow[0] * 0.12, glow[1] * 0.12, glow[2] * 0.12],
    paint: (u, v, texel) => {
      const veil = tileFbm(u * 3, v * 2, 3, 2, 4, seed);
      const streak = tileNoise(u * 20, v * 2, 20, 2, seed + 1);
      const line = smoothstep(0.05, 0, Math.abs(tileNoise(u * 2, v * 9, 2, 9, seed + 2) - 0.1));
      setColor(texel, color, 0.88 + 0.3 * veil + 0.08 * streak);
      blendColor(texel, [1, 1, 1], clamp(0.34 * smoothstep(0.1, 0.6, veil) + 0.12 * line, 0, 1));
      blendColor(texel, shade(color, 0.45), 0.5 * smoothstep(0.1, 0.6, -veil));
      texel.height = 0.5 + 0.2 * streak + 0.3 * line;
      texel.roughness = 0.1 + 0.08 * smoothstep(0, 0.5, veil);
    },
  });
}

/** Glazed ceramic, evenly coloured. Tile of 50 cm. */
export function createCeramic(options: MaterialOptions): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const color = tintOr(options, 0xe8e4da);
  return paintMaterial({
    name: 'ceramic',
    repeatM: 0.5,
    relief: 0.004,
    size: options.size,
    paint: (u, v, texel) => {
      const cloud = tileFbm(u * 4, v * 4, 4, 4, 3, seed);
      const crackle = smoothstep(0.02, 0, Math.abs(tileFbm(u * 6, v * 6, 6, 6, 2, seed + 1))) * wear;
      setColor(texel, color, 0.97 + 0.05 * cloud);
      blendColor(texel, shade(color, 0.6), crackle * 0.4);
      texel.height = 0.5 + 0.15 * cloud - 0.2 * crackle;
      texel.roughness = 0.16 + 0.08 * cloud + 0.1 * wear;
    },
  });
}

/** Leaves along a side of the tile of {@link createLeaves}. */
const LEAF_CELLS = 5;

/**
 * Foliage seen as a mass: pointed leaves lying over each other in all directions. A tint sets the season. Tile of 60 cm.
 *
 * Leaves are as large and as bright as those of {@link createSingleLeaf}, so that the two can stand for each other.
 */
export function createLeaves(options: MaterialOptions): KitMaterial {
  const { seed = 1 } = options;
  const color = tintOr(options, 0x6f9440);
  // one leaf grows from every cell of a grid
  const leaves = Array.from({ length: LEAF_CELLS * LEAF_CELLS }, (_, index) => {
    const value = (which: number): number => cellValue(index % LEAF_CELLS, Math.floor(index / LEAF_CELLS), which, seed);
    const turn = TAU * value(2);
    return { height: value(1), c: cos(turn), s: sin(turn), x: value(3), y: value(4), tone: value(5) };
  });
  return paintMaterial({
    name: 'leaves',
    repeatM: 0.6,
    relief: 0.05,
    size: options.size,
    paint: (u, v, texel) => {
      // the topmost of the leaves whose outline covers the pixel
      let top = -1;
      let tone = 0;
      let across = 1;
      let along = 0;
      const [column, row] = [Math.floor(u * LEAF_CELLS), Math.floor(v * LEAF_CELLS)];
      for (let near = 0; near < 25; near += 1) {
        const [x, y] = [column + (near % 5) - 2, row + Math.floor(near / 5) - 2];
        const leaf = leaves[((y + LEAF_CELLS) % LEAF_CELLS) * LEAF_CELLS + ((x + LEAF_CELLS) % LEAF_CELLS)];
        if (leaf === undefined || leaf.height <= top) continue;
        const [dx, dy] = [u * LEAF_CELLS - x - leaf.x, v * LEAF_CELLS - y - leaf.y];
        const l = (dx * leaf.c + dy * leaf.s) / 1.5;
        if (l < -1 || l > 1) continue;
        const w = Math.abs(dy * leaf.c - dx * leaf.s) / (0.72 * (1 - l * l) * (1 - 0.25 * l));
        if (!(w <= 1)) continue;
        top = leaf.height;
        tone = leaf.tone;
        across = w;
        along = l;
      }
      const cloud = tileFbm(u * 3, v * 3, 3, 3, 2, seed + 1);
      const rib = top < 0 ? 0 : smoothstep(0.16, 0.04, across);
      const rim = smoothstep(1, 0.75, across);
      setColor(texel, color, top < 0 ? 0.5 : 0.6 + 0.55 * tone + 0.1 * along + 0.1 * cloud);
      blendColor(texel, shade(color, 1.35), 0.35 * rib);
      if (top >= 0) blendColor(texel, shade(color, 0.5), 0.3 * (1 - rim) + 0.25 * (1 - top) * (1 - top));
      texel.height = top < 0 ? 0.1 : 0.25 + 0.5 * top + 0.12 * rim;
      texel.roughness = 0.66 + 0.1 * tone;
      texel.occlusion = top < 0 ? 0.6 : 0.7 + 0.3 * top;
    },
  });
}

/** Columns of the texture of {@link createSingleLeaf}, dark to light. */
export const LEAF_COLUMNS = 4;

/**
 * Single leaves seen close: {@link LEAF_COLUMNS} columns of growing brightness, each one leaf wide, tip at v = 0.
 *
 * For leaves cut as geometry; u chooses the column. Two-sided.
 */
export function createSingleLeaf(options: MaterialOptions): KitMaterial {
  const { seed = 1 } = options;
  const color = tintOr(options, 0x6f9a3c);
  return paintMaterial({
    name: 'leaf',
    repeatM: 1,
    relief: 0.008,
    size: options.size,
    doubleSided: true,
    paint: (u, v, texel) => {
      const column = Math.min(LEAF_COLUMNS - 1, Math.floor(u * LEAF_COLUMNS));
      const across = Math.abs((u * LEAF_COLUMNS - column) * 2 - 1);
      const rib = smoothstep(0.12, 0.03, across);
      const vein = v * 7 + across * 1.6 - Math.floor(v * 7 + across * 1.6);
      const isVein = smoothstep(0.16, 0.06, Math.abs(vein - 0.5)) * smoothstep(0.9, 0.3, across);
      const cloud = tileFbm(u * 8, v * 4, 8, 4, 2, seed);
      const warm: readonly [number, number, number] = [
        Math.min(1, color[0] * 1.25),
        Math.min(1, color[1] * 1.12),
        color[2] * 0.85,
      ];
      setColor(texel, color, 0.6 + 0.15 * column);
      blendColor(texel, shade(warm, 0.72 + 0.15 * column), 0.6 * (1 - v));
      setColor(texel, [texel.r, texel.g, texel.b], 1 + 0.1 * cloud);
      blendColor(texel, shade(color, 1.35), 0.4 * rib + 0.18 * isVein);
      texel.height = 0.5 - 0.3 * rib - 0.12 * isVein;
      texel.roughness = 0.62 + 0.1 * cloud;
      texel.occlusion = 0.7 + 0.1 * column;
    },
  });
}

/** Grass from above: short strokes. Tile of one metre. */
export function createGrass(options: MaterialOptions): KitMaterial {
  const { seed = 1 } = options;
  const color = tintOr(options, 0x7a9a45);
  return paintMaterial({
    name: 'grass',
    repeatM: 1,
    relief: 0.03,
    size: options.size,
    paint: (u, v, texel) => {
      const blade = tileNoise(u * 40, v * 12, 40, 12, seed) * 0.6 + tileNoise(u * 24, v * 30, 24, 30, seed + 1) * 0.5;
      const cloud = tileFbm(u * 3, v * 3, 3, 3, 3, seed + 2);
      setColor(texel, color, 0.88 + 0.22 * blade + 0.2 * cloud);
      texel.height = 0.5 + 0.4 * blade;
      texel.roughness = 0.95;
    },
  });
}

/** Fresh snow with a faint glitter in its roughness. Tile of one metre. */
export function createSnow(options: MaterialOptions): KitMaterial {
  const { seed = 1 } = options;
  const color = tintOr(options, 0xf0f5fa);
  return paintMaterial({
    name: 'snow',
    repeatM: 1,
    relief: 0.012,
    size: options.size,
    paint: (u, v, texel) => {
      const cloud = tileFbm(u * 4, v * 4, 4, 4, 4, seed);
      const glitter = cellValue(Math.floor(u * 128), Math.floor(v * 128), 3, seed) > 0.985 ? 0.4 : 0;
      setColor(texel, color, 0.97 + 0.04 * cloud);
      texel.height = 0.5 + 0.4 * cloud;
      texel.roughness = 0.72 - glitter;
    },
  });
}
