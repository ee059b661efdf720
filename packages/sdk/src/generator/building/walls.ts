import type { RandomStream } from '../../foundation/random.ts';
import { extrude } from '../kit/extrude.ts';
import type { Shape } from '../kit/shape.ts';
import { addDoor, addWindow, type BuildingParts, bar, type PlaceOnWall } from './openings.ts';

/** A place on one of the four outer walls of a box: 0 front (+Z), 1 right (+X), 2 back, 3 left. */
export function wallPlace(side: number, width: number, depth: number): PlaceOnWall {
  const distance = side % 2 === 0 ? depth / 2 : width / 2;
  return (shape) => shape.translate(0, 0, distance).rotateY((side * Math.PI) / 2);
}

/** What stands between two posts of a timber wall. */
export type BayKind = 'window' | 'door' | 'brace' | 'cross' | 'plain';

/** A storey of a timber-framed wall. */
export interface FramedWall {
  readonly width: number;
  readonly low: number;
  readonly height: number;
  readonly bays: readonly BayKind[];
  readonly timber: number;
  readonly shutters: boolean;
  readonly flowers: boolean;
  readonly arched: boolean;
  /** Foot of a door, metres above the ground. */
  readonly threshold: number;
}

/** Puts posts, rails, braces, windows and doors on a wall's surface. */
export function addFramedWall(parts: BuildingParts, place: PlaceOnWall, wall: FramedWall, random: RandomStream): void {
  const { width, low, height, bays, timber } = wall;
  const depth = 0.06;
  const put = (shape: Shape): void => {
    parts.timber.push(place(shape));
  };
  const top = low + height;
  const rail = (y: number, thick = timber): void =>
    put(bar(-width / 2 - depth, y, width / 2 + depth, y, thick, depth * 1.1));
  rail(low + timber / 2);
  rail(top - timber / 2);
  const bay = width / bays.length;
  const wobble = (): number => random.range(-0.012, 0.012);
  for (let index = 0; index <= bays.length; index += 1) {
    const edge = index === 0 ? timber / 2 - depth * 0.9 : index === bays.length ? -timber / 2 + depth * 0.9 : 0;
    const x = -width / 2 + bay * index + edge;
    put(
      bar(x + wobble(), low + timber * 0.9, x + wobble(), top - timber * 0.9, timber * (edge === 0 ? 0.85 : 1), depth),
    );
  }
  for (const [index, kind] of bays.entries()) {
    const left = -width / 2 + bay * index + timber * 0.45;
    const right = left + bay - timber * 0.9;
    const x = (left + right) / 2;
    const inner = { low: low + timber, high: top - timber };
    const slim = timber * 0.72;
    if (kind === 'window') {
      const w = Math.min(wall.shutters ? bay * 0.44 : bay * 0.56, 0.95);
      const h = Math.min(height * 0.46, 1.1);
      const y = low + height * 0.56;
      addWindow(parts, place, x, y, {
        width: w,
        height: h,
        columns: w > 0.62 ? 3 : 2,
        rows: 3,
        shutters: wall.shutters,
        flowers: wall.flowers,
        random,
      });
      const under = y - h / 2 - 0.14;
      if (!wall.flowers && under - inner.low > 0.25) put(bar(x, inner.low, x, under, slim, depth * 0.85));
    } else if (kind === 'door') {
      addDoor(parts, place, x, wall.threshold, {
        width: Math.min(bay * 0.72, 1.0),
        height: Math.min(2.05, top - wall.threshold - 0.2),
        isArched: wall.arched,
        random,
      });
    } else if (kind === 'cross') {
      put(bar(left, inner.low, right, inner.high, slim, depth * 0.8));
      put(bar(left, inner.high, right, inner.low, slim, depth * 0.72));
    } else if (kind === 'brace') {
      const middle = (inner.low + inner.high) / 2 + height * 0.06;
      put(bar(left, middle, right, middle, slim, depth * 0.85));
      const isLeft = index < bays.length / 2;
      put(bar(isLeft ? left : right, inner.low, isLeft ? right : left, middle - slim / 2, slim, depth * 0.78));
    } else {
      const middle = (inner.low + inner.high) / 2;
      put(bar(left, middle, right, middle, slim, depth * 0.85));
    }
  }
}

/** The triangle of wall under a gable, in the wall's frame, with king post, collar and struts. */
export function addGable(
  parts: BuildingParts,
  walls: Shape[],
  place: PlaceOnWall,
  width: number,
  low: number,
  rise: number,
  timber: number | null,
  window: boolean,
  random: RandomStream,
): void {
  const inset = 0.03;
  const face = extrude(
    [
      [-width / 2 + inset, low - 0.02],
      [width / 2 - inset, low - 0.02],
      [0, low + rise - 0.05],
    ],
    { depth: 0.2, bevel: 0.004 },
  );
  walls.push(place(face.translate(0, 0, -0.1)));
  const put = (shape: Shape): void => {
    parts.timber.push(place(shape));
  };
  if (timber !== null) {
    const slim = timber * 0.75;
    const depth = 0.05;
    const collar = low + rise * 0.5;
    const halfAt = (y: number): number => (width / 2) * (1 - (y - low) / rise) - 0.08;
    put(bar(-width / 2 + 0.04, low + timber * 0.4, width / 2 - 0.04, low + timber * 0.4, timber, depth * 1.1));
    put(bar(-halfAt(collar), collar, halfAt(collar), collar, slim, depth));
    put(bar(0, collar, 0, low + rise - 0.16, slim, depth * 0.9));
    for (const side of [1, -1]) {
      put(bar(side * (width / 2 - 0.1), low + 0.06, side * 0.05, low + rise - 0.14, slim, depth * 0.9));
      put(bar(side * width * 0.2, low + timber, side * width * 0.2, collar, slim, depth * 0.85));
      put(
        bar(
          side * width * 0.2,
          low + timber * 1.2,
          side * halfAt(low + rise * 0.3) * 0.96,
          low + rise * 0.28,
          slim * 0.9,
          depth * 0.75,
        ),
      );
    }
  }
  if (window)
    addWindow(parts, place, 0, low + rise * 0.27, {
      width: Math.min(0.6, width * 0.14),
      height: Math.min(0.72, rise * 0.3),
      columns: 2,
      rows: 2,
      shutters: false,
      flowers: false,
      random,
    });
}
