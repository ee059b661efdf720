import { clamp, smoothstep } from '../../foundation/math.ts';
import { cellValue, createWorleyHit, tileFbm, tileNoise, tileWorley } from '../kit/noise.ts';
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

/** Looks of one kind of stone. */
interface StoneLook {
  readonly light: Color;
  readonly dark: Color;
  readonly roughness: number;
  /** `speckled` has grains, `layered` strata across V, `veined` thin lines, `plain` soft clouds and pits. */
  readonly pattern: 'speckled' | 'layered' | 'veined' | 'plain';
}

const STONE_LOOKS = {
  granite: { light: hexColor(0xa5a29c), dark: hexColor(0x696764), roughness: 0.82, pattern: 'speckled' },
  sandstone: { light: hexColor(0xd3b483), dark: hexColor(0xa77f50), roughness: 0.92, pattern: 'layered' },
  limestone: { light: hexColor(0xcfc6b2), dark: hexColor(0x9d937e), roughness: 0.9, pattern: 'plain' },
  marble: { light: hexColor(0xece9e4), dark: hexColor(0x8e8f96), roughness: 0.26, pattern: 'veined' },
  slate: { light: hexColor(0x737b84), dark: hexColor(0x434950), roughness: 0.7, pattern: 'layered' },
  basalt: { light: hexColor(0x5c5a5a), dark: hexColor(0x353335), roughness: 0.85, pattern: 'plain' },
  obsidian: { light: hexColor(0x2b2730), dark: hexColor(0x121015), roughness: 0.12, pattern: 'veined' },
} as const satisfies Record<string, StoneLook>;

/** Kinds of stone. */
export type StoneName = keyof typeof STONE_LOOKS;

export const STONE_NAMES = Object.keys(STONE_LOOKS) as StoneName[];

const MOSS_LIGHT = hexColor(0x8a9448);
const MOSS_DARK = hexColor(0x55682f);

function stoneAt(look: StoneLook, u: number, v: number, seed: number, texel: Texel): void {
  const cloud = tileFbm(u * 3, v * 3, 3, 3, 4, seed);
  const fine = tileNoise(u * 28, v * 28, 28, 28, seed + 2);
  let tone = 0.5 + 0.55 * cloud;
  let height = 0.55 + 0.35 * cloud + 0.08 * fine;
  texel.roughness = look.roughness;
  if (look.pattern === 'speckled') {
    const grain = tileNoise(u * 40, v * 40, 40, 40, seed + 3);
    tone += 0.3 * fine + 0.28 * smoothstep(0.25, 0.5, grain) - 0.4 * smoothstep(-0.3, -0.55, grain);
  } else if (look.pattern === 'layered') {
    const bend = tileFbm(u * 2, v * 2, 2, 2, 2, seed + 4) * 0.7;
    const layer = v * 6 + bend;
    const phase = layer - Math.floor(layer);
    const index = Math.floor(layer) - 6 * Math.floor(Math.floor(layer) / 6);
    const band = cellValue(index, 5, 0, seed) - 0.5;
    tone += 0.55 * band + 0.1 * fine - 0.4 * smoothstep(0.12, 0, phase);
    height += 0.22 * band - 0.35 * smoothstep(0.14, 0, phase);
  } else if (look.pattern === 'veined') {
    const warp = tileFbm(u * 3, v * 3, 3, 3, 4, seed + 5);
    const vein = Math.abs(tileNoise(u * 2 + warp * 0.8, v * 2 + warp * 0.5, 2, 2, seed + 6));
    const thin = Math.abs(tileNoise(u * 4 + warp, v * 4 - warp * 0.6, 4, 4, seed + 7));
    tone = 1 - 0.18 * (0.5 + cloud) - 0.75 * smoothstep(0.07, 0, vein) - 0.35 * smoothstep(0.04, 0, thin);
    height = 0.7 - 0.3 * (1 - tone);
    texel.roughness += 0.2 * (1 - tone);
  } else {
    const pit = smoothstep(0.42, 0.62, tileNoise(u * 16, v * 16, 16, 16, seed + 8));
    tone += 0.16 * fine - 0.5 * pit;
    height -= 0.35 * pit;
  }
  setColor(texel, look.dark);
  blendColor(texel, look.light, clamp(tone, 0, 1));
  texel.height = height;
  texel.occlusion = clamp(0.85 + 0.4 * cloud, 0.6, 1);
}

function lichenAt(u: number, v: number, seed: number, wear: number, texel: Texel): void {
  const patch = tileFbm(u * 5, v * 5, 5, 5, 3, seed + 15);
  const amount = smoothstep(0.62 - wear * 0.55, 0.78 - wear * 0.5, patch) * smoothstep(0.2, 0.8, wear);
  if (amount > 0) blendColor(texel, mossTone(u, v, seed), amount * 0.7);
  const grime = smoothstep(0, 0.6, -patch) * wear;
  setColor(texel, [texel.r, texel.g, texel.b], 1 - 0.3 * grime);
}

function mossTone(u: number, v: number, seed: number): Color {
  const t = clamp(
    0.5 + 0.5 * tileNoise(u * 22, v * 22, 22, 22, seed + 16) + 0.3 * tileNoise(u * 5, v * 5, 5, 5, seed + 17),
    0,
    1,
  );
  return [
    MOSS_DARK[0] + (MOSS_LIGHT[0] - MOSS_DARK[0]) * t,
    MOSS_DARK[1] + (MOSS_LIGHT[1] - MOSS_DARK[1]) * t,
    MOSS_DARK[2] + (MOSS_LIGHT[2] - MOSS_DARK[2]) * t,
  ];
}

function tintedLook(name: StoneName, options: MaterialOptions): StoneLook {
  const own: StoneLook = STONE_LOOKS[name];
  if (options.tint === undefined) return own;
  const color = colorOfLinear(options.tint);
  return { ...own, light: shade(color, 1.15), dark: shade(color, 0.66) };
}

/** Natural stone on a tile of 60 cm. With wear it gathers lichen and grime. */
export function createStone(name: StoneName, options: MaterialOptions): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const look = tintedLook(name, options);
  return paintMaterial({
    name,
    repeatM: 0.6,
    relief: look.pattern === 'veined' ? 0.004 : 0.035,
    size: options.size,
    paint: (u, v, texel) => {
      stoneAt(look, u, v, seed, texel);
      if (look.pattern !== 'veined') lichenAt(u, v, seed, wear, texel);
    },
  });
}

/** A cushion of moss, for the tops of things. */
export function createMoss(options: MaterialOptions): KitMaterial {
  const { seed = 1 } = options;
  const hit = createWorleyHit();
  return paintMaterial({
    name: 'moss',
    repeatM: 0.4,
    relief: 0.03,
    size: options.size,
    paint: (u, v, texel) => {
      tileWorley(u * 24, v * 24, 24, 24, seed, hit);
      const bump = smoothstep(0.8, 0, hit.nearest);
      setColor(texel, mossTone(u, v, seed), 0.8 + 0.26 * bump);
      texel.height = 0.4 * bump + 0.4 + 0.3 * tileFbm(u * 4, v * 4, 4, 4, 2, seed + 2);
      texel.roughness = 0.95;
      texel.occlusion = 0.65 + 0.35 * bump;
    },
  });
}

/** How a wall is laid. */
interface WallLook {
  readonly name: string;
  readonly rows: number;
  /** Stones in a row of the tile. */
  readonly columns: number;
  /** Width of the joints, share of a row's height. */
  readonly joint: number;
  readonly repeatM: number;
  readonly mortar: Color;
}

/** Runs a running bond: fills `cell` with the stone's numbers and its distance from the joint, in shares of a row's height. */
function bondAt(
  look: WallLook,
  u: number,
  v: number,
  seed: number,
  cell: { row: number; column: number; edge: number },
): void {
  const wobble = 0.12 * tileNoise(u * 8, v * 8, 8, 8, seed + 50);
  const y = v * look.rows + wobble * 0.5;
  const row = Math.floor(y);
  const wrapped = row - look.rows * Math.floor(row / look.rows);
  const offset = wrapped % 2 === 0 ? 0 : 0.5;
  const x = u * look.columns + offset + 0.16 * (cellValue(wrapped, 3, 0, seed) - 0.5) + wobble * 0.3;
  const column = Math.floor(x);
  const aspect = look.rows / look.columns;
  const fx = x - column;
  const fy = y - row;
  cell.row = wrapped;
  cell.column = column - look.columns * Math.floor(column / look.columns);
  cell.edge = Math.min(Math.min(fx, 1 - fx) * aspect, Math.min(fy, 1 - fy));
}

/** Brick wall in running bond, 8 courses to a tile of 64 cm. A tint colours the bricks. */
export function createBrick(options: MaterialOptions): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const base = tintOr(options, 0xa4543c);
  const look: WallLook = { name: 'brick', rows: 8, columns: 3, joint: 0.1, repeatM: 0.64, mortar: hexColor(0xb5ab9b) };
  return createWall(look, options, (u, v, tone, texel) => {
    const fine = tileNoise(u * 34, v * 34, 34, 34, seed + 61);
    const cloud = tileFbm(u * 6, v * 6, 6, 6, 2, seed + 62);
    setColor(texel, base, 0.78 + 0.42 * tone + 0.1 * fine + 0.12 * cloud);
    if (tone > 0.86) blendColor(texel, shade(base, 0.45), 0.55);
    if (tone < 0.14) blendColor(texel, hexColor(0xc98a62), 0.4);
    texel.height = 0.72 + 0.1 * fine + 0.14 * tone - wear * 0.2 * smoothstep(0.2, 0.6, cloud);
    texel.roughness = 0.88;
  });
}

/** Wall of cut stone blocks, 4 courses to a tile of 1.2 m. */
export function createStoneBlocks(stone: StoneName, options: MaterialOptions): KitMaterial {
  const { seed = 1 } = options;
  const stoneLook = tintedLook(stone, options);
  const look: WallLook = {
    name: 'stone-blocks',
    rows: 4,
    columns: 2,
    joint: 0.045,
    repeatM: 1.2,
    mortar: shade(stoneLook.dark, 0.62),
  };
  return createWall(look, options, (u, v, tone, texel) => {
    stoneAt(stoneLook, u, v, seed, texel);
    setColor(texel, [texel.r, texel.g, texel.b], 0.8 + 0.34 * tone);
    texel.height = 0.55 + 0.3 * texel.height + 0.15 * tone;
  });
}

function createWall(
  look: WallLook,
  options: MaterialOptions,
  face: (u: number, v: number, tone: number, texel: Texel) => void,
): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const cell = { row: 0, column: 0, edge: 0 };
  return paintMaterial({
    name: look.name,
    repeatM: look.repeatM,
    relief: 0.022,
    size: options.size,
    paint: (u, v, texel) => {
      bondAt(look, u, v, seed, cell);
      face(u, v, cellValue(cell.row, cell.column, 9, seed), texel);
      const chipped = cell.edge - wear * 0.05 * (1 + tileNoise(u * 20, v * 20, 20, 20, seed + 63));
      const isStone = smoothstep(look.joint * 0.6, look.joint * 1.25, chipped);
      const rim = smoothstep(look.joint, look.joint + 0.14, chipped);
      const mortar = 0.85 + 0.2 * tileNoise(u * 26, v * 26, 26, 26, seed + 64);
      texel.r = look.mortar[0] * mortar + (texel.r - look.mortar[0] * mortar) * isStone;
      texel.g = look.mortar[1] * mortar + (texel.g - look.mortar[1] * mortar) * isStone;
      texel.b = look.mortar[2] * mortar + (texel.b - look.mortar[2] * mortar) * isStone;
      texel.height = 0.2 + (texel.height * (0.75 + 0.25 * rim) - 0.2) * isStone;
      texel.roughness += (0.95 - texel.roughness) * (1 - isStone);
      texel.occlusion = 0.55 + 0.45 * smoothstep(0, look.joint * 1.8, chipped);
      lichenAt(u, v, seed, wear * 0.8, texel);
    },
  });
}

/** Wall of rubble or a cobbled floor: rounded stones of all sizes, on a tile of 1.2 m. */
export function createCobblestone(stone: StoneName, options: MaterialOptions): KitMaterial {
  const { seed = 1, wear = 0.3 } = options;
  const look = tintedLook(stone, options);
  const hit = createWorleyHit();
  return paintMaterial({
    name: 'cobblestone',
    repeatM: 1.2,
    relief: 0.04,
    size: options.size,
    paint: (u, v, texel) => {
      const warp = 0.18 * tileNoise(u * 8, v * 8, 8, 8, seed + 70);
      tileWorley(u * 6 + warp, v * 7 - warp, 6, 7, seed + 71, hit, 0.75);
      const border = hit.second - hit.nearest;
      const isStone = smoothstep(0.04, 0.16, border);
      stoneAt(look, u, v, seed, texel);
      setColor(texel, [texel.r, texel.g, texel.b], 0.76 + 0.4 * ((hit.id & 255) / 255));
      blendColor(texel, shade(look.dark, 0.5), 1 - isStone);
      texel.height = 0.15 + isStone * (0.4 + 0.3 * smoothstep(0, 0.6, border) + 0.2 * texel.height);
      texel.occlusion = 0.5 + 0.5 * smoothstep(0, 0.25, border);
      lichenAt(u, v, seed, wear, texel);
    },
  });
}
