import { atan2, cos, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { box, plank } from '../kit/box.ts';
import { lathe } from '../kit/lathe.ts';
import { noise3 } from '../kit/noise.ts';
import { Shape } from '../kit/shape.ts';

/** A gable roof with its ridge along z. */
export interface RoofPlan {
  /** Width of the walls below, along x, metres. */
  readonly span: number;
  /** Length of the walls below, along z. */
  readonly length: number;
  /** Height of the top of the walls. */
  readonly eaves: number;
  /** Height of the ridge above the top of the walls. */
  readonly rise: number;
  /** How far the roof stands out beyond the walls. */
  readonly overhang: number;
}

/** Angles and lengths that follow from a plan. */
export interface Slope {
  /** Angle to the level, radians. */
  readonly pitch: number;
  /** From the ridge to the rim, along the slope. */
  readonly run: number;
  readonly ridge: number;
  readonly length: number;
}

/** Measures of one side of the roof. The slope continues past the wall as far as the overhang. */
export function slopeOf(plan: RoofPlan): Slope {
  const half = plan.span / 2;
  const pitch = atan2(plan.rise, half);
  return {
    pitch,
    run: (half + plan.overhang) / cos(pitch),
    ridge: plan.eaves + plan.rise,
    length: plan.length + 2 * plan.overhang,
  };
}

/** Takes a shape laid out flat (x down the slope, y outwards, z along the ridge) to a side of the roof. */
export function toSlope(shape: Shape, slope: Slope, side: 1 | -1): Shape {
  shape.rotateZ(-slope.pitch);
  if (side < 0) shape.rotateY(Math.PI);
  return shape.translate(0, slope.ridge, 0);
}

/** A wedge of covering: thick at its lower end, open below. Grain and texture run down the slope. */
export function addTile(
  shape: Shape,
  x0: number,
  x1: number,
  z0: number,
  z1: number,
  upper: number,
  lower: number,
  thickness: number,
  u: number,
  v: number,
): void {
  const a = shape.addVertex(x0, upper + thickness, z0);
  const b = shape.addVertex(x0, upper + thickness, z1);
  const c = shape.addVertex(x1, lower + thickness, z1);
  const d = shape.addVertex(x1, lower + thickness, z0);
  const e = shape.addVertex(x1, lower, z0);
  const f = shape.addVertex(x1, lower, z1);
  const g = shape.addVertex(x0, upper, z1);
  const h = shape.addVertex(x0, upper, z0);
  const w = z1 - z0;
  const l = x1 - x0;
  shape.addQuad(a, b, c, d, u, v, u + w, v, u + w, v + l, u, v + l);
  shape.addQuad(f, e, d, c, u + w, v + l + thickness, u, v + l + thickness, u, v + l, u + w, v + l);
  shape.addQuad(g, f, c, b, u, v, u, v + l, u + thickness, v + l, u + thickness, v);
  shape.addQuad(e, h, a, d, u, v + l, u, v, u + thickness, v, u + thickness, v + l);
}

/** How a roof is covered with single pieces. */
export interface TileOptions {
  /** Visible length of a row and width of a piece, metres. */
  readonly row: number;
  readonly width: number;
  readonly thickness: number;
  /** 0 laid by machine, 1 crooked. */
  readonly irregularity: number;
}

/** Overlapping pieces in staggered rows on both sides. Pieces are dealt to two shapes, for two shades of one covering. */
export function tiledRoof(plan: RoofPlan, options: TileOptions, random: RandomStream): [Shape, Shape] {
  const slope = slopeOf(plan);
  const out: [Shape, Shape] = [new Shape().crease(20), new Shape().crease(20)];
  const rows = Math.max(3, Math.floor(slope.run / options.row + 0.5));
  const row = slope.run / rows;
  const columns = Math.max(3, Math.floor(slope.length / options.width + 0.5));
  const width = slope.length / columns;
  const wild = options.irregularity;
  for (const side of [1, -1] as const) {
    const layers = [new Shape(), new Shape()] as const;
    for (let index = 0; index < rows; index += 1) {
      const x1 = row * (index + 1) + row * 0.12;
      const x0 = Math.max(0, row * index - row * 0.2);
      const shift = index % 2 === 0 ? 0 : width / 2;
      for (let column = 0; column <= columns; column += 1) {
        const from = Math.max(-slope.length / 2, -slope.length / 2 + column * width - shift);
        const to = Math.min(
          slope.length / 2,
          from === -slope.length / 2 ? -slope.length / 2 + (column + 1) * width - shift : from + width,
        );
        if (to - from < width * 0.2) continue;
        const gap = width * 0.025;
        const lift = options.thickness * (1 + wild * random.range(-0.25, 0.55));
        const end = x1 + row * 0.12 * wild * random.range(-1, 1);
        const layer = layers[random.chance(0.3) ? 1 : 0];
        addTile(
          layer,
          x0,
          end,
          from + gap,
          to - gap,
          0.005,
          lift * 0.75,
          options.thickness,
          random.range(0, 3),
          random.range(0, 3),
        );
      }
    }
    for (const [index, layer] of layers.entries()) (out[index] as Shape).append(toSlope(layer, slope, side));
  }
  return out;
}

/** The boards below the covering, seen from underneath and at the rims. */
export function roofDeck(plan: RoofPlan, thickness = 0.06): Shape {
  const slope = slopeOf(plan);
  const shape = new Shape();
  for (const side of [1, -1] as const) {
    const board = box(slope.run - 0.02, thickness, slope.length - 0.04, { bevel: 0.004, grain: 'z' }).translate(
      slope.run / 2 - 0.01,
      -thickness / 2 + 0.004,
      0,
    );
    shape.append(toSlope(board, slope, side));
  }
  return shape;
}

/**
 * A closed skin of the covering right below its pieces.
 *
 * Coarse levels leave single pieces out; then the covering shows beneath, not the boards. `z` bounds are those of the deck.
 */
export function roofUnderlay(plan: RoofPlan): Shape {
  const slope = slopeOf(plan);
  const shape = new Shape().crease(20);
  const half = slope.length / 2 - 0.015;
  for (const side of [1, -1] as const) {
    const skin = new Shape();
    addTile(skin, 0, slope.run - 0.01, -half, half, 0.006, 0.006, 0.012, 0, 0);
    shape.append(toSlope(skin, slope, side));
  }
  return shape;
}

/** Boards along the sloping rims of both gables. */
export function bargeBoards(plan: RoofPlan, height: number, thickness: number, random: RandomStream, cross = 0): Shape {
  const slope = slopeOf(plan);
  const shape = new Shape().crease(40);
  for (const end of [1, -1]) {
    for (const side of [1, -1] as const) {
      const board = plank(slope.run + cross + 0.02, height, thickness, {
        random,
        bevel: 0.012,
        roughness: 0.3,
        grain: 'x',
      });
      board.translate(
        (slope.run - cross) / 2 + 0.01,
        -height * 0.28,
        end * (slope.length / 2 + thickness * (side > 0 ? 0.4 : 0.35)) * side,
      );
      shape.append(toSlope(board, slope, side));
    }
  }
  return shape;
}

/** Pieces along the ridge, each lapping over the next. */
export function ridgeCaps(
  plan: RoofPlan,
  width: number,
  height: number,
  random: RandomStream,
  thickness: number,
): Shape {
  const slope = slopeOf(plan);
  const count = Math.max(4, Math.floor(slope.length / 0.42 + 0.5));
  const piece = slope.length / count;
  const shape = new Shape().crease(30);
  for (let index = 0; index < count; index += 1) {
    const cap = box(width, height, piece * 1.06, { bevel: height * 0.42, grain: 'z' });
    cap.map((x, y, z) => [x, y - Math.abs(x) * 0.55, z]);
    cap.rotateX(random.range(-0.015, 0.03));
    shape.append(
      cap.translate(
        random.range(-0.008, 0.008),
        slope.ridge + thickness + height * 0.12,
        -slope.length / 2 + piece * (index + 0.5),
      ),
    );
  }
  return shape;
}

/** Thick straw: two swollen layers, sagging and uneven, and a cut ridge block with scallops. */
export function thatchRoof(plan: RoofPlan, thickness: number, seed: number): Shape {
  const slope = slopeOf(plan);
  const shape = new Shape().crease(62);
  const layers = [
    { from: 0, to: slope.run, lift: 0, thick: thickness, grow: 0 },
    { from: 0, to: slope.run * 0.3, lift: thickness * 0.82, thick: thickness * 0.5, grow: 0.05 },
  ];
  for (const side of [1, -1] as const) {
    for (const layer of layers) {
      const long = layer.to - layer.from;
      const length = slope.length + layer.grow;
      const pieces: [number, number, number] = [layer.grow > 0 ? 3 : 8, 2, 16];
      const slab = box(long, layer.thick, length, { bevel: layer.thick * 0.22, subdivisions: pieces, grain: 'x' });
      slab.map((x, y, z) => {
        const down = x / long + 0.5;
        const wave = noise3(x * 1.6 + 7 * side, z * 1.9, 3.1, seed) * 0.045;
        const sag = -0.05 * 4 * (0.25 - (z / length) * (z / length)) * (1 - down);
        const rim =
          down > 0.97 && layer.grow > 0
            ? 0.07 * Math.abs((((z / length) * 7 + 50.5) % 1) - 0.5) * 2 - 0.03
            : down > 0.97
              ? 0.05 * noise3(z * 3.2, 1.7, 5 * side, seed)
              : 0;
        const swell = y > 0 ? 1 + 0.25 * down * (layer.grow > 0 ? 0 : 1) : 1;
        return [x + rim, y * swell + wave + sag, z * (1 + (y < 0 ? -0.02 : 0.012))];
      });
      shape.append(toSlope(slab.translate(long / 2 - 0.02, layer.lift + layer.thick / 2 - 0.02, 0), slope, side));
    }
  }
  return shape;
}

/** Snow lying on both sides, with a ragged lower rim. `lift` is the thickness of the covering below it. */
export function snowLayer(plan: RoofPlan, lift: number, seed: number): Shape {
  const slope = slopeOf(plan);
  const shape = new Shape().crease(75);
  for (const side of [1, -1] as const) {
    const long = slope.run * 0.95;
    const layer = box(long, 0.14, slope.length * 0.985, { bevel: 0.05, subdivisions: [5, 1, 14], grain: 'x' });
    layer.map((x, y, z) => {
      const down = x / long + 0.5;
      const ragged = down > 0.9 ? 0.3 * noise3(z * 1.7, 4.2, 9 * side, seed) - 0.08 : 0;
      const bump = y > 0 ? 0.05 * noise3(x * 1.3, z * 1.3, 2.5 * side, seed) : 0;
      return [x + ragged, y * (1.05 - 0.3 * down) + bump, z];
    });
    shape.append(toSlope(layer.translate(long / 2 - 0.02, lift + 0.06, 0), slope, side));
  }
  return shape;
}

/** A point on the flank of a cone that flares out at its foot; `share` runs from the tip to the rim, `lift` stands off it. */
function onCone(radius: number, y: number, height: number, share: number, lift: number): { r: number; y: number } {
  const run = Math.sqrt(radius * radius + height * height);
  const s = Math.min(1.02, Math.max(0, share));
  const flare = s > 0.75 ? (s - 0.75) * (s - 0.75) * 1.1 : 0;
  return {
    r: radius * s + lift * (height / run) + flare * radius * 0.4,
    y: y + height * (1 - s) + lift * (radius / run) + flare * height * 0.22,
  };
}

/** A closed skin right below the pieces of {@link conicalTiles}, for levels that leave pieces out. */
export function coneSkin(radius: number, y: number, height: number): Shape {
  const profile = [1, 0.9, 0.8, 0.7, 0.35].map((share): [number, number] => {
    const at = onCone(radius, y, height, share, 0);
    return [at.r, at.y];
  });
  profile.push([0, y + height]);
  return lathe(profile, { segments: 28 }).crease(40);
}

/** A cone of overlapping pieces about the y axis. */
export function conicalTiles(
  radius: number,
  y: number,
  height: number,
  options: TileOptions,
  random: RandomStream,
): [Shape, Shape] {
  const out: [Shape, Shape] = [new Shape().crease(20), new Shape().crease(20)];
  const run = Math.sqrt(radius * radius + height * height);
  const rows = Math.max(4, Math.floor(run / options.row + 0.5));
  for (let index = 0; index < rows; index += 1) {
    const at = (share: number, lift: number): { r: number; y: number } => onCone(radius, y, height, share, lift);
    const middle = (index + 0.5) / rows;
    const count = Math.max(6, Math.floor((TAU * radius * middle) / options.width + 0.5));
    const shift = random.range(0, TAU);
    for (let piece = 0; piece < count; piece += 1) {
      const lift = options.thickness * (1 + options.irregularity * random.range(-0.3, 0.6));
      const end = (index + 1.12) / rows + (options.irregularity * random.range(-0.12, 0.12)) / rows;
      const upper = at((index - 0.2) / rows, 0.004);
      const lower = at(end, lift * 0.7);
      const shape = out[random.chance(0.3) ? 1 : 0] as Shape;
      const a0 = shift + (TAU * (piece + 0.02)) / count;
      const a1 = shift + (TAU * (piece + 0.98)) / count;
      const vertex = (radiusHere: number, height2: number, angle: number): number =>
        shape.addVertex(radiusHere * sin(angle), height2, radiusHere * cos(angle));
      const thick = options.thickness;
      const a = vertex(upper.r, upper.y + thick, a0);
      const b = vertex(upper.r, upper.y + thick, a1);
      const c = vertex(lower.r + thick * 0.5, lower.y + thick, a1);
      const d = vertex(lower.r + thick * 0.5, lower.y + thick, a0);
      const e = vertex(lower.r, lower.y, a0);
      const f = vertex(lower.r, lower.y, a1);
      const u = random.range(0, 3);
      const v = random.range(0, 3);
      const w = ((TAU * radius * middle) / count) * 0.96;
      const l = run / rows;
      shape.addQuad(d, c, b, a, u, v + l, u + w, v + l, u + w, v, u, v);
      shape.addQuad(e, f, c, d, u, v + l + thick, u + w, v + l + thick, u + w, v + l, u, v + l);
      const g = vertex(upper.r, upper.y, a1);
      const h = vertex(upper.r, upper.y, a0);
      shape.addQuad(f, g, b, c, u, v, u, v + l, u + thick, v + l, u + thick, v);
      shape.addQuad(h, e, d, a, u, v, u, v + l, u + thick, v + l, u + thick, v);
    }
  }
  return out;
}
