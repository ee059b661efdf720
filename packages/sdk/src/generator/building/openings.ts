import { atan2, cos, sin } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { plank } from '../kit/box.ts';
import { extrude } from '../kit/extrude.ts';
import { torus } from '../kit/lathe.ts';
import type { Shape } from '../kit/shape.ts';
import { icosphere } from '../kit/sphere.ts';
import type { Vec2 } from '../kit/vector.ts';
import { block } from './block.ts';

/** Shapes of a building, sorted by what they are made of. */
export interface BuildingParts {
  readonly walls: Shape[];
  readonly base: Shape[];
  readonly timber: Shape[];
  readonly boards: Shape[];
  readonly trim: Shape[];
  readonly panes: Shape[];
  readonly iron: Shape[];
  readonly plants: Shape[];
}

/** An empty set. */
export function createBuildingParts(): BuildingParts {
  return { walls: [], base: [], timber: [], boards: [], trim: [], panes: [], iron: [], plants: [] };
}

/** A wall's own frame: x along it, y up, z outwards. `place` takes a shape to where the wall stands. */
export type PlaceOnWall = (shape: Shape) => Shape;

/** A straight timber on a wall from one point to another; it stands `depth` out of the wall's surface. */
export function bar(x0: number, y0: number, x1: number, y1: number, width: number, depth: number): Shape {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length = Math.sqrt(dx * dx + dy * dy);
  return block(width, length, depth * 1.6, Math.min(0.016, width * 0.14), 'y')
    .rotateZ(-atan2(dx, dy))
    .translate((x0 + x1) / 2, (y0 + y1) / 2, depth * 0.2);
}

/** How a window looks. */
export interface WindowOptions {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  readonly shutters: boolean;
  readonly flowers: boolean;
  readonly random: RandomStream;
}

/** A window with its middle at (x, y) on the wall's surface. */
export function addWindow(
  parts: BuildingParts,
  place: PlaceOnWall,
  x: number,
  y: number,
  options: WindowOptions,
): void {
  const { width, height, columns, rows, random } = options;
  const frame = 0.07;
  const put = (list: Shape[], shape: Shape): void => {
    list.push(place(shape));
  };
  put(parts.panes, block(width, height, 0.02).translate(x, y, 0.012));
  for (const side of [1, -1]) {
    put(
      parts.trim,
      bar(
        x + (side * (width + frame)) / 2,
        y - height / 2 - frame,
        x + (side * (width + frame)) / 2,
        y + height / 2 + frame,
        frame,
        0.065,
      ),
    );
    put(
      parts.trim,
      bar(
        x - width / 2,
        y + (side * (height + frame)) / 2,
        x + width / 2,
        y + (side * (height + frame)) / 2,
        frame,
        0.065,
      ),
    );
  }
  for (let column = 1; column < columns; column += 1) {
    const at = x - width / 2 + (width * column) / columns;
    put(parts.trim, block(0.028, height, 0.03).translate(at, y, 0.028));
  }
  for (let row = 1; row < rows; row += 1) {
    const at = y - height / 2 + (height * row) / rows;
    put(parts.trim, block(width, 0.028, 0.03).translate(x, at, 0.028));
  }
  put(parts.trim, block(width + 0.3, 0.06, 0.17, 0.016).translate(x, y - height / 2 - frame - 0.02, 0.06));
  if (options.shutters) {
    for (const side of [1, -1]) {
      const leaf = width * 0.52;
      const at = x + side * (width / 2 + frame + leaf / 2 + 0.015);
      const tilt = random.range(-0.02, 0.02);
      for (const half of [1, -1])
        put(
          parts.boards,
          block(leaf / 2 - 0.006, height + 0.08, 0.032, 0.008, 'y').translate(
            at + (half * leaf) / 4,
            y,
            0.05 + tilt * half,
          ),
        );
      for (const level of [0.3, -0.3])
        put(parts.boards, block(leaf * 0.92, 0.07, 0.026).translate(at, y + level * height, 0.075));
    }
  }
  if (options.flowers) {
    const low = y - height / 2 - frame - 0.13;
    put(parts.boards, block(width + 0.1, 0.17, 0.18, 0.016).translate(x, low, 0.12));
    const count = 4;
    for (let index = 0; index < count; index += 1) {
      const bush = icosphere(random.range(0.08, 0.115), 2).map((px, py, pz) => [
        px * 1.15,
        py * random.range(0.75, 1.05),
        pz,
      ]);
      put(
        parts.plants,
        bush.translate(x - width / 2 + (width * (index + 0.5)) / count, low + 0.11, 0.13 + random.range(-0.02, 0.03)),
      );
    }
  }
}

/** How a door looks. */
export interface DoorOptions {
  readonly width: number;
  readonly height: number;
  readonly isArched: boolean;
  readonly random: RandomStream;
  /** Out of the wall's surface: doors in round walls stand forward. Default 0. */
  readonly forward?: number;
}

/** A plank door standing on y at x, with frame, iron straps, a ring and a step. */
export function addDoor(parts: BuildingParts, place: PlaceOnWall, x: number, y: number, options: DoorOptions): void {
  const { width, height, isArched, random, forward = 0 } = options;
  const put = (list: Shape[], shape: Shape): void => {
    list.push(place(shape.translate(0, 0, forward)));
  };
  const arch = isArched ? width * 0.42 : 0;
  const outer = archOutline(width + 0.26, height + 0.13, arch * 1.12).map(([px, py]): Vec2 => [px + x, py + y]);
  put(parts.trim, extrude(outer, { depth: 0.16, bevel: 0.018 }).translate(0, 0, 0.01));
  const count = 5;
  const board = width / count;
  for (let index = 0; index < count; index += 1) {
    const left = -width / 2 + board * index;
    const topAt = (px: number): number =>
      arch === 0 ? height : height - arch + arch * Math.sqrt(Math.max(0, 1 - ((2 * px) / width) * ((2 * px) / width)));
    const strip: Vec2[] = [
      [left + 0.004, 0.01],
      [left + board - 0.004, 0.01],
      [left + board - 0.004, topAt(left + board)],
      [left + 0.004, topAt(left)],
    ];
    if ((strip[2] as Vec2)[1] - (strip[0] as Vec2)[1] < 0.05) continue;
    const shape = extrude(
      strip.map(([px, py]): Vec2 => [px + x, py + y]),
      { depth: 0.05, bevel: 0.008 },
    );
    const shift = random.range(0, 2);
    put(
      parts.boards,
      shape.mapUv((u, v) => [u + shift, v + shift]).translate(0, 0, 0.085 + random.range(-0.004, 0.004)),
    );
  }
  for (const level of [0.2, 0.72]) {
    put(parts.iron, block(width * 0.78, 0.055, 0.022, 0.006).translate(x - width * 0.1, y + height * level, 0.118));
    for (const nail of [-0.38, -0.12, 0.14])
      put(parts.iron, block(0.03, 0.03, 0.022).translate(x + nail * width, y + height * level, 0.128));
  }
  put(
    parts.iron,
    torus(0.06, 0.012, 12, 5)
      .rotateX(Math.PI / 2)
      .translate(x + width * 0.33, y + height * 0.46, 0.128),
  );
  put(parts.iron, block(0.09, 0.13, 0.018).translate(x + width * 0.33, y + height * 0.49, 0.116));
  put(parts.base, plank(width + 0.5, 0.13, 0.5, { random, bevel: 0.03, roughness: 0.5 }).translate(x, y - 0.055, 0.3));
  if (y > 0.22)
    put(
      parts.base,
      plank(width + 0.8, Math.max(0.12, y - 0.13), 0.85, { random, bevel: 0.03, roughness: 0.5 }).translate(
        x,
        (y - 0.13) / 2,
        0.42,
      ),
    );
}

/** Rectangle on y = 0 whose top is an arch of the given height. Counter-clockwise. */
export function archOutline(width: number, height: number, arch: number): Vec2[] {
  const half = width / 2;
  if (arch <= 0)
    return [
      [-half, 0],
      [half, 0],
      [half, height],
      [-half, height],
    ];
  const points: Vec2[] = [
    [-half, 0],
    [half, 0],
  ];
  const steps = 8;
  for (let step = 0; step <= steps; step += 1) {
    const angle = (Math.PI * step) / steps;
    points.push([half * cos(angle), height - arch + arch * sin(angle)]);
  }
  return points;
}
