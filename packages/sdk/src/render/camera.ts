import type { RenderOptions } from './render-scene.ts';

/** Three numbers: a point in metres, a direction, or linear RGB. */
export type Vec3 = readonly [number, number, number];

/** A perspective view: where the eye is and how the picture lies in the world. */
export interface View {
  readonly eye: Vec3;
  /** Unit axes: to the right of the picture, up, and into it. */
  readonly right: Vec3;
  readonly up: Vec3;
  readonly forward: Vec3;
  /** Half the picture's extent at distance 1. */
  readonly tanX: number;
  readonly tanY: number;
  /** Distance of the near plane, metres. */
  readonly near: number;
}

/** Unit direction of an azimuth and elevation, degrees, as cameras and lights use them: 0, 0 is +Z. */
export function directionOf(azimuthDeg: number, elevationDeg: number): Vec3 {
  const azimuth = (azimuthDeg * Math.PI) / 180;
  const elevation = (elevationDeg * Math.PI) / 180;
  const level = Math.cos(elevation);
  return [Math.sin(azimuth) * level, Math.sin(elevation), Math.cos(azimuth) * level];
}

/** Vector product. */
function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** The direction `angleDeg` away from unit vector `from` towards unit vector `to`, which is at right angles to it. */
function turn(from: Vec3, to: Vec3, angleDeg: number): Vec3 {
  const [c, s] = [Math.cos((angleDeg * Math.PI) / 180), Math.sin((angleDeg * Math.PI) / 180)];
  return [c * from[0] - s * to[0], c * from[1] - s * to[1], c * from[2] - s * to[2]];
}

/** How much of the picture the framed points fill, along the tighter side. */
const FILL = 0.86;

/**
 * The view that shows all `points` (xyz…) as large as possible, centred, with a small margin.
 *
 * The four sides of the frustum are solved in closed form, so that long thin objects are framed as tightly as round ones.
 */
export function fitView(points: ArrayLike<number>, options: Pick<RenderOptions, 'width' | 'height' | 'camera'>): View {
  const azimuth = (options.camera.azimuthDeg * Math.PI) / 180;
  const towards = directionOf(options.camera.azimuthDeg, options.camera.elevationDeg);
  const forward: Vec3 = [-towards[0], -towards[1], -towards[2]];
  const level: Vec3 = [Math.cos(azimuth), 0, -Math.sin(azimuth)];
  const right = turn(level, cross(level, forward), -(options.camera.rollDeg ?? 0));
  const up = cross(right, forward);
  const tanY = Math.tan(((options.camera.fovDeg ?? 30) * Math.PI) / 360);
  const tanX = (tanY * options.width) / options.height;
  const fitX = tanX * FILL;
  const fitY = tanY * FILL;
  // Largest of ±x − tan·z and ±y − tan·z: the planes through the outermost points.
  let east = -Infinity;
  let west = -Infinity;
  let north = -Infinity;
  let south = -Infinity;
  let nearest = Infinity;
  let farthest = -Infinity;
  for (let index = 0; index + 2 < points.length; index += 3) {
    const px = points[index] as number;
    const py = points[index + 1] as number;
    const pz = points[index + 2] as number;
    const x = px * right[0] + py * right[1] + pz * right[2];
    const y = px * up[0] + py * up[1] + pz * up[2];
    const z = px * forward[0] + py * forward[1] + pz * forward[2];
    if (!(x - x === 0 && y - y === 0 && z - z === 0)) continue;
    if (x - fitX * z > east) east = x - fitX * z;
    if (-x - fitX * z > west) west = -x - fitX * z;
    if (y - fitY * z > north) north = y - fitY * z;
    if (-y - fitY * z > south) south = -y - fitY * z;
    if (z < nearest) nearest = z;
    if (z > farthest) farthest = z;
  }
  if (nearest > farthest) return fitView([-0.5, -0.5, -0.5, 0.5, 0.5, 0.5], options);
  const extent = Math.max(farthest - nearest, (east + west) / 2, (north + south) / 2, 1e-6);
  let x = (east - west) / 2;
  let y = (north - south) / 2;
  // A single point or a line seen end on would put the eye into the object.
  const z = Math.min(-(east + west) / (2 * fitX), -(north + south) / (2 * fitY), nearest - extent * 0.05);
  // One direction is tight and thereby centred. In the other there is room: move until both margins look equal.
  for (let round = 0; round < 3; round += 1) {
    const offset = outlineOffset(points, right, up, forward, x, y, z);
    x += offset[0];
    y += offset[1];
  }
  const eye: Vec3 = [
    x * right[0] + y * up[0] + z * forward[0],
    x * right[1] + y * up[1] + z * forward[1],
    x * right[2] + y * up[2] + z * forward[2],
  ];
  return { eye, right, up, forward, tanX, tanY, near: Math.max((nearest - z) * 0.02, extent * 1e-4) };
}

/** How far the middle of the points' outline lies from the middle of the picture, metres at the points' middle distance. */
function outlineOffset(
  points: ArrayLike<number>,
  right: Vec3,
  up: Vec3,
  forward: Vec3,
  x: number,
  y: number,
  z: number,
): readonly [number, number] {
  const low: [number, number] = [Infinity, Infinity];
  const high: [number, number] = [-Infinity, -Infinity];
  const lowDepth: [number, number] = [1, 1];
  const highDepth: [number, number] = [1, 1];
  for (let index = 0; index + 2 < points.length; index += 3) {
    const px = points[index] as number;
    const py = points[index + 1] as number;
    const pz = points[index + 2] as number;
    const depth = px * forward[0] + py * forward[1] + pz * forward[2] - z;
    for (const axis of [0, 1] as const) {
      const along = axis === 0 ? right : up;
      const value = (px * along[0] + py * along[1] + pz * along[2] - (axis === 0 ? x : y)) / depth;
      if (value < low[axis]) {
        low[axis] = value;
        lowDepth[axis] = depth;
      }
      if (value > high[axis]) {
        high[axis] = value;
        highDepth[axis] = depth;
      }
    }
  }
  // Moving the eye by d moves a point's place by d / depth: solve for equal margins.
  const offsetOf = (axis: 0 | 1): number => (low[axis] + high[axis]) / (1 / lowDepth[axis] + 1 / highDepth[axis]);
  return [offsetOf(0), offsetOf(1)];
}
