import { clamp, mix, pow, sin, smoothstep, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { loft } from '../kit/loft.ts';
import { Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';

/** Measures of a blade that stands on y = 0 with its point up, flat sides towards ±z. Metres. */
export interface BladeDesign {
  readonly length: number;
  /** Width at the guard. */
  readonly width: number;
  readonly thickness: number;
  /** Width just below the point, as a share of `width`. */
  readonly taper: number;
  /** Share of the length that forms the point. */
  readonly point: number;
  /** Share of the length up to which the groove runs; 0 for none. */
  readonly fuller: number;
  /** Both sides sharp, or only the one towards +x. */
  readonly edges: 1 | 2;
  /** Sideways travel of the point towards -x, metres: sabres and katanas. */
  readonly curve: number;
  /** `leaf` swells towards the point, `wave` is a flamberge, `cleaver` widens like a falchion. */
  readonly outline: 'straight' | 'leaf' | 'wave' | 'cleaver';
}

/** Flat sides and sharpened bevels of a blade; two shapes because the fresh edge is brighter than the rest. */
export interface BladeShapes {
  readonly body: Shape;
  readonly edge: Shape;
}

const ROWS = 44;

function widthAt(design: BladeDesign, t: number): number {
  const straight = mix(1, design.taper, t);
  let factor = straight;
  if (design.outline === 'leaf')
    factor = straight * (1 - 0.2 * smoothstep(0.02, 0.3, t) + 0.36 * smoothstep(0.25, 0.66, t));
  if (design.outline === 'cleaver') factor = mix(0.82, 1.34, smoothstep(0.1, 0.85, t));
  const toTip = clamp((1 - t) / design.point, 0, 1);
  const ogive = design.edges === 2 ? pow(toTip, 0.72) : pow(toTip, 0.5);
  return design.width * factor * (toTip < 1 ? ogive : 1);
}

/** Sideways shift of the blade's middle at a share of its length. */
function shiftAt(design: BladeDesign, t: number): number {
  const wave =
    design.outline === 'wave' ? 0.011 * sin(t * TAU * 4.5) * smoothstep(0.03, 0.15, t) * smoothstep(1, 0.85, t) : 0;
  return -design.curve * t * t + wave;
}

/** One cross-section: points (x, z) from the -x edge over the front to the +x edge and back over the rear. */
function sectionAt(design: BladeDesign, t: number, nick: readonly [number, number]): Vec2[] {
  const half = Math.max(widthAt(design, t) / 2, 1e-5);
  const thick = (design.thickness / 2) * mix(1, 0.62, t) * Math.min(1, (half / design.width) * 5);
  const closing = smoothstep(1 - design.point * 1.25, 1 - design.point * 0.2, t);
  const groove = design.fuller > 0 ? smoothstep(design.fuller, design.fuller - 0.09, t) : 0;
  if (design.edges === 2) {
    const shoulder = mix(
      0.62,
      0.12,
      Math.max(closing, smoothstep(design.fuller - 0.06, design.fuller + 0.2, t) * 0.75),
    );
    const rim = Math.min(0.36, shoulder * 0.62);
    const front: Vec2[] = [
      [-half + nick[0], 0],
      [-half * shoulder, thick * 0.9],
      [-half * rim, thick],
      [-half * rim * 0.55, mix(thick, thick * 0.3, groove)],
      [half * rim * 0.55, mix(thick, thick * 0.3, groove)],
      [half * rim, thick],
      [half * shoulder, thick * 0.9],
      [half - nick[1], 0],
    ];
    return [
      ...front,
      ...front
        .slice(1, -1)
        .reverse()
        .map(([x, z]): Vec2 => [x, -z]),
    ];
  }
  // Single edge: the back is at -x, the ridge lies a third of the width from it. Towards the point the edge runs up to the back.
  const tip = widthAt(design, 0) * mix(1, design.taper, t) * (design.outline === 'cleaver' ? 1.25 : 1);
  const back = -half + (half - tip / 2) * 0.9 * closing;
  const front = back + half * 2 - nick[1];
  const span = front - back;
  const sides: Vec2[] = [
    [back, thick * 0.62],
    [back + span * 0.14, thick * 0.92],
    [back + span * 0.2, mix(thick * 0.95, thick * 0.5, groove)],
    [back + span * 0.34, mix(thick, thick * 0.5, groove)],
    [back + span * 0.4, thick],
    [back + span * 0.72, thick * 0.66],
    [front, 0],
  ];
  return [
    [back - span * 0.03, 0],
    ...sides,
    ...sides
      .slice(0, -1)
      .reverse()
      .map(([x, z]): Vec2 => [x, -z]),
  ];
}

/** Makes a blade. `wear` nicks the edges. */
export function createBlade(design: BladeDesign, wear: number, random: RandomStream): BladeShapes {
  const sections: Vec3[][] = [];
  const nickDepth = design.width * 0.05 * smoothstep(0.35, 1, wear);
  for (let row = 0; row <= ROWS; row += 1) {
    // Rows crowd towards the point, where the outline curves most.
    const linear = row / ROWS;
    const t = linear < 0.5 ? linear * 1.3 : 0.65 + 0.35 * (1 - pow(1 - (linear - 0.5) * 2, 1.6));
    const isEnd = row < 3 || row > ROWS - 5;
    const nick = [0, 0].map(() => (isEnd || random.next() > 0.4 ? 0 : nickDepth * random.next())) as [number, number];
    const y = t * design.length;
    const shift = shiftAt(design, t);
    if (row === ROWS) {
      const tipX = sectionAt(design, 1, [0, 0]).reduce((sum, [x]) => sum + x, 0) / sectionAt(design, 1, [0, 0]).length;
      sections.push(sectionAt(design, 1, [0, 0]).map((): Vec3 => [tipX + shift, y, 0]));
      continue;
    }
    sections.push(sectionAt(design, t, nick).map(([x, z]): Vec3 => [x + shift, y, z]));
  }
  const whole = loft(sections).crease(14);
  return splitEdges(whole, design.edges);
}

/** Sides of the section whose skin is a sharpened bevel. */
function isBevelSide(side: number, edges: 1 | 2): boolean {
  if (edges === 2) return side === 0 || side === 6 || side === 7 || side === 13;
  return side === 6 || side === 7;
}

function splitEdges(whole: Shape, edges: 1 | 2): BladeShapes {
  const body = new Shape().crease(whole.creaseDeg);
  const edge = new Shape().crease(whole.creaseDeg);
  body.positions.push(...whole.positions);
  edge.positions.push(...whole.positions);
  const count = 14;
  let triangle = 0;
  const skin = whole.triangleCount;
  const copy = (to: Shape, from: number): void => {
    for (let corner = from * 3; corner < from * 3 + 3; corner += 1) {
      to.corners.push(whole.corners[corner] as number);
      to.cornerUvs.push(whole.cornerUvs[corner * 2] as number, whole.cornerUvs[corner * 2 + 1] as number);
    }
  };
  // The loft emits two triangles a side, one in the last row where the sides meet in the point, and then the cap.
  for (let row = 0; row < ROWS; row += 1) {
    for (let side = 0; side < count; side += 1) {
      const each = row === ROWS - 1 ? 1 : 2;
      for (let piece = 0; piece < each; piece += 1) {
        copy(isBevelSide(side, edges) ? edge : body, triangle);
        triangle += 1;
      }
    }
  }
  for (; triangle < skin; triangle += 1) copy(body, triangle);
  return { body, edge };
}
