import { clamp, smoothstep } from '../../foundation/math.ts';
import { cellValue, createWorleyHit, tileFbm, tileNoise, tileWorley } from '../kit/noise.ts';
import {
  blendColor,
  hexColor,
  type KitMaterial,
  type MaterialOptions,
  mixColors,
  paintMaterial,
  setColor,
  shade,
  tintOr,
} from './material.ts';

/** Lime plaster with trowel marks; with wear it stains and cracks. Tile of 1.5 m. */
export function createPlaster(options: MaterialOptions): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const color = tintOr(options, 0xe6dcc4);
  return paintMaterial({
    name: 'plaster',
    repeatM: 1.5,
    relief: 0.006,
    size: options.size,
    paint: (u, v, texel) => {
      const cloud = tileFbm(u * 3, v * 3, 3, 3, 3, seed);
      const trowel = tileFbm(u * 10 + cloud, v * 7 - cloud, 10, 7, 2, seed + 1);
      const stain = smoothstep(0.1, 0.7, tileFbm(u * 5, v * 2, 5, 2, 3, seed + 2)) * wear;
      const crack =
        smoothstep(0.025, 0, Math.abs(tileFbm(u * 4, v * 4, 4, 4, 3, seed + 3))) *
        smoothstep(0.3, 0.9, wear) *
        smoothstep(0, 0.3, cloud);
      setColor(texel, color, 0.97 + 0.05 * trowel + 0.06 * cloud);
      blendColor(texel, shade(color, 0.6), stain * 0.55 + crack * 0.7);
      texel.height = 0.5 + 0.4 * trowel - 0.6 * crack;
      texel.roughness = 0.93;
    },
  });
}

/** Straw in courses: fibres along V, each course ends in a shadowed fringe. Tile of one metre. */
export function createThatch(options: MaterialOptions): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const color = mixColors(tintOr(options, 0xc9a558), hexColor(0x8d8470), smoothstep(0.2, 1, wear) * 0.7);
  const rows = 4;
  return paintMaterial({
    name: 'thatch',
    repeatM: 1,
    relief: 0.05,
    size: options.size,
    paint: (u, v, texel) => {
      const fringe =
        0.16 * tileNoise(u * 20, v * 2, 20, 2, seed + 1) + 0.08 * tileNoise(u * 44, v * 2, 44, 2, seed + 2);
      const course = v * rows + fringe;
      const phase = course - Math.floor(course);
      const index = Math.floor(course) - rows * Math.floor(Math.floor(course) / rows);
      const straw = tileNoise(u * 60, v * 5, 60, 5, seed + 3 + index);
      const bundle = tileNoise(u * 14, v * 3, 14, 3, seed + 9);
      const shadow = smoothstep(0.2, 0, phase);
      setColor(texel, color, clamp(0.78 + 0.2 * straw + 0.14 * bundle + 0.2 * phase, 0.2, 1.2));
      blendColor(texel, shade(color, 0.32), shadow * 0.85);
      texel.height = 0.25 + 0.45 * phase + 0.16 * straw + 0.1 * bundle;
      texel.roughness = 0.95;
      texel.occlusion = 1 - 0.5 * shadow;
    },
  });
}

/** Rows of overlapping pieces with V down the roof: pieces hang over the row below and throw a shadow on it. */
function createRows(
  options: MaterialOptions,
  look: {
    readonly name: string;
    readonly rows: number;
    readonly columns: number;
    readonly repeatM: number;
    readonly own: number;
    readonly roughness: number;
    readonly isRound: boolean;
    readonly hasGrain: boolean;
  },
): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const color = tintOr(options, look.own);
  return paintMaterial({
    name: look.name,
    repeatM: look.repeatM,
    relief: 0.035,
    size: options.size,
    paint: (u, v, texel) => {
      // A piece is visible from its row's start down to its rounded or uneven lower rim; above the rim of the row
      // before, that row covers it. Two rows are therefore looked at.
      let row = Math.floor(v * look.rows);
      let piece = 0;
      let inRow = 0;
      let side = 0;
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const candidate = attempt === 0 ? row - 1 : row;
        const wrapped = candidate - look.rows * Math.floor(candidate / look.rows);
        const x = u * look.columns + (wrapped % 2 === 0 ? 0 : 0.5);
        const column = Math.floor(x) - look.columns * Math.floor(Math.floor(x) / look.columns);
        side = x - Math.floor(x) - 0.5;
        const rim = look.isRound ? 0.42 - 1.5 * side * side : 0.08 + 0.16 * (cellValue(wrapped, column, 4, seed) - 0.3);
        inRow = v * look.rows - candidate;
        piece = wrapped * 16 + column;
        if (attempt === 0 && inRow < 1 + Math.max(0, rim)) {
          row = candidate;
          break;
        }
      }
      const tone = cellValue(piece, 6, 0, seed);
      const rimHere = look.isRound
        ? 0.42 - 1.5 * side * side
        : 0.08 + 0.16 * (cellValue(Math.floor(piece / 16), piece % 16, 4, seed) - 0.3);
      const toEnd = 1 + Math.max(0, rimHere) - inRow;
      const gap = smoothstep(0.47, 0.5, Math.abs(side));
      const grain = look.hasGrain
        ? tileNoise(u * 48, v * 4, 48, 4, seed + 7) * 0.14
        : tileFbm(u * 12, v * 12, 12, 12, 2, seed + 8) * 0.12;
      const shadow = smoothstep(0.42, 0.05, inRow - Math.max(0, rimHere) * 0.2);
      setColor(texel, color, 0.74 + 0.36 * tone + grain + 0.05 * inRow);
      blendColor(texel, shade(color, 0.35), clamp(0.75 * shadow + 0.7 * gap, 0, 0.85));
      const weathered = smoothstep(0.25, 0.7, tileFbm(u * 4, v * 4, 4, 4, 3, seed + 9)) * wear;
      blendColor(texel, hexColor(0x66703f), weathered * 0.5);
      blendColor(texel, shade(color, 1.25), smoothstep(0.09, 0.02, toEnd) * 0.35);
      texel.height =
        (0.15 + 0.55 * (inRow / 1.4) + 0.1 * tone + grain * 0.6 - (look.isRound ? 0.5 * side * side : 0)) *
        (1 - 0.6 * gap);
      texel.roughness = look.roughness + 0.08 * tone;
      texel.occlusion = 1 - 0.5 * shadow;
    },
  });
}

/** Round-ended clay tiles (beaver tails), 6 rows to a tile of one metre. */
export function createRoofTiles(options: MaterialOptions): KitMaterial {
  return createRows(options, {
    name: 'roof-tiles',
    rows: 6,
    columns: 6,
    repeatM: 1,
    own: 0xb25f40,
    roughness: 0.78,
    isRound: true,
    hasGrain: false,
  });
}

/** Split wooden shingles, 6 rows to a tile of one metre. */
export function createShingles(options: MaterialOptions): KitMaterial {
  return createRows(options, {
    name: 'shingles',
    rows: 6,
    columns: 7,
    repeatM: 1,
    own: 0x7d6248,
    roughness: 0.88,
    isRound: false,
    hasGrain: true,
  });
}

/** Furrowed bark, furrows along V. Tile of 80 cm. */
export function createBark(options: MaterialOptions): KitMaterial {
  const { seed = 1 } = options;
  const color = tintOr(options, 0x7b5c42);
  const hit = createWorleyHit();
  return paintMaterial({
    name: 'bark',
    repeatM: 0.8,
    relief: 0.06,
    size: options.size,
    paint: (u, v, texel) => {
      const warp = tileFbm(u * 4, v * 2, 4, 2, 2, seed + 1);
      tileWorley(u * 9 + warp * 0.8, v * 3 + warp * 0.5, 9, 3, seed + 2, hit);
      const plate = smoothstep(0.02, 0.38, hit.second - hit.nearest);
      const fibre = tileNoise(u * 32, v * 6, 32, 6, seed + 3);
      const tone = (hit.id & 255) / 255;
      setColor(texel, color, 0.74 + 0.22 * tone + 0.16 * fibre + 0.14 * warp);
      blendColor(texel, shade(color, 0.34), (1 - plate) * 0.9);
      texel.height = 0.15 + 0.6 * plate + 0.14 * fibre * plate + 0.12 * tone;
      texel.roughness = 0.93;
      texel.occlusion = 0.5 + 0.5 * plate;
    },
  });
}

/** White birch bark with dark dashes across V. Tile of 80 cm. */
export function createBirchBark(options: MaterialOptions): KitMaterial {
  const { seed = 1 } = options;
  const color = tintOr(options, 0xe6e0d4);
  return paintMaterial({
    name: 'birch-bark',
    repeatM: 0.8,
    relief: 0.02,
    size: options.size,
    paint: (u, v, texel) => {
      const dash = smoothstep(
        0.34,
        0.5,
        tileNoise(u * 5, v * 26, 5, 26, seed + 1) + 0.2 * tileNoise(u * 3, v * 3, 3, 3, seed + 2),
      );
      const blotch = smoothstep(0.4, 0.62, tileFbm(u * 3, v * 4, 3, 4, 3, seed + 3));
      const peel = tileNoise(u * 3, v * 16, 3, 16, seed + 4);
      setColor(texel, color, 0.95 + 0.06 * peel);
      blendColor(texel, hexColor(0xcaa98a), smoothstep(0.2, 0.6, peel) * 0.3);
      blendColor(texel, hexColor(0x2e2724), Math.max(dash * 0.85, blotch * 0.92));
      texel.height = 0.6 + 0.1 * peel - 0.3 * dash - 0.2 * blotch;
      texel.roughness = 0.72 + 0.2 * blotch;
    },
  });
}

/** Silvery bark of dead wood: long cracks along V, no plates. Tile of 80 cm. */
export function createDeadBark(options: MaterialOptions): KitMaterial {
  const { seed = 1 } = options;
  const color = tintOr(options, 0x8d8175);
  return paintMaterial({
    name: 'dead-bark',
    repeatM: 0.8,
    relief: 0.035,
    size: options.size,
    paint: (u, v, texel) => {
      const warp = tileFbm(u * 3, v * 2, 3, 2, 2, seed);
      const crack = smoothstep(0.09, 0, Math.abs(tileNoise(u * 10 + warp, v * 2, 10, 2, seed + 1)));
      const fibre = tileNoise(u * 40, v * 3, 40, 3, seed + 2);
      setColor(texel, color, 0.9 + 0.14 * fibre + 0.2 * warp);
      blendColor(texel, shade(color, 0.36), crack * 0.85);
      texel.height = 0.6 + 0.15 * fibre - 0.45 * crack;
      texel.roughness = 0.92;
      texel.occlusion = 1 - 0.4 * crack;
    },
  });
}

/** Needles of a conifer: fine strokes slanting off the middle line u = 0. Tile of 40 cm. */
export function createNeedles(options: MaterialOptions): KitMaterial {
  const { seed = 1 } = options;
  const color = tintOr(options, 0x3c6a3a);
  return paintMaterial({
    name: 'needles',
    repeatM: 0.4,
    relief: 0.03,
    size: options.size,
    paint: (u, v, texel) => {
      const side = u < 0.5 ? u : 1 - u;
      const stroke =
        tileNoise(u * 6, (v + side) * 30, 6, 30, seed) * 0.7 +
        tileNoise(u * 12, (v + side) * 46, 12, 46, seed + 1) * 0.5;
      const cloud = tileFbm(u * 3, v * 3, 3, 3, 2, seed + 2);
      setColor(texel, color, 0.9 + 0.38 * stroke + 0.16 * cloud);
      blendColor(texel, shade(color, 1.7), smoothstep(0.3, 0.7, stroke) * 0.45);
      texel.height = 0.5 + 0.4 * stroke;
      texel.roughness = 0.82;
      texel.occlusion = 0.85 + 0.15 * stroke;
    },
  });
}
