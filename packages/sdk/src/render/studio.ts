import { directionOf, type Vec3 } from './camera.ts';

/** A lamp that throws light from one direction. Angles relative to the camera's azimuth, as cameras use them. */
export interface StudioLight {
  readonly azimuthDeg: number;
  readonly elevationDeg: number;
  /** Radiance times solid angle over π: what a white surface facing it reflects. */
  readonly strength: number;
  /** Share of `strength` that shows as a highlight of its own; the rest is in the reflected studio already. */
  readonly highlight: number;
}

/**
 * The main light, which casts shadows. From the right: seen from the left of its front, an object turns its front to the
 * right, and that is the side people want to see.
 */
export const KEY_LIGHT: StudioLight = { azimuthDeg: 28, elevationDeg: 48, strength: 0.84, highlight: 0.4 };

/** Lights without shadows: fill from the other side, rim from behind. */
export const SOFT_LIGHTS: readonly StudioLight[] = [
  { azimuthDeg: -60, elevationDeg: 18, strength: 0.14, highlight: 0.3 },
  { azimuthDeg: -150, elevationDeg: 35, strength: 0.3, highlight: 0.5 },
];

/** A bright rectangle of the studio that polished surfaces mirror. */
interface Softbox {
  readonly center: Vec3;
  readonly across: Vec3;
  readonly upward: Vec3;
  /** Half sizes as tangents of the angle seen from the object. */
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly radiance: number;
}

function softbox(
  azimuthDeg: number,
  elevationDeg: number,
  halfWidth: number,
  halfHeight: number,
  radiance: number,
): Softbox {
  const center = directionOf(azimuthDeg, elevationDeg);
  const across = directionOf(azimuthDeg + 90, 0);
  const upward: Vec3 = [
    center[1] * across[2] - center[2] * across[1],
    center[2] * across[0] - center[0] * across[2],
    center[0] * across[1] - center[1] * across[0],
  ];
  return { center, across, upward, halfWidth, halfHeight, radiance };
}

// The first is the key light's: its diffuse part comes from the lamp, which throws shadows.
const SOFTBOXES: readonly Softbox[] = [
  softbox(30, 42, 0.55, 0.5, 2.6),
  softbox(70, 16, 0.24, 0.95, 2.0),
  softbox(-72, 20, 0.14, 0.7, 1.1),
  softbox(-168, 38, 0.8, 0.3, 2.6),
  softbox(0, 88, 0.9, 0.9, 0.8),
];

/** Radiance of the floor and of the walls: floor, low wall, high wall. */
const FLOOR = 0.5;
const WALL_LOW = 0.27;
const WALL_HIGH = 0.42;

/** Integral of a smooth bump: 0 below −1, 1 above 1. */
function ramp(value: number): number {
  const t = value <= -1 ? 0 : value >= 1 ? 1 : (value + 1) / 2;
  return t * t * (3 - 2 * t);
}

/**
 * Light arriving from a direction, as a surface of the given roughness mirrors it. Neutral grey: one number.
 *
 * Directions are relative to the camera's azimuth. Boxes are blurred analytically, which keeps their total light.
 */
export function studioRadiance(x: number, y: number, z: number, roughness: number, firstBox = 0): number {
  const blur = 0.04 + 1.1 * roughness * roughness;
  const horizon = ramp((y + 0.02) / (0.08 + 0.9 * roughness));
  const wall = WALL_LOW + (WALL_HIGH - WALL_LOW) * ramp(y * 1.4 - 0.1);
  let radiance = FLOOR + (wall - FLOOR) * horizon;
  for (let index = firstBox; index < SOFTBOXES.length; index += 1) {
    const box = SOFTBOXES[index] as Softbox;
    const facing = x * box.center[0] + y * box.center[1] + z * box.center[2];
    if (facing <= 0.12) continue;
    const across = (x * box.across[0] + y * box.across[1] + z * box.across[2]) / facing;
    const upward = (x * box.upward[0] + y * box.upward[1] + z * box.upward[2]) / facing;
    const inside =
      (ramp((across + box.halfWidth) / blur) - ramp((across - box.halfWidth) / blur)) *
      (ramp((upward + box.halfHeight) / blur) - ramp((upward - box.halfHeight) / blur));
    radiance += box.radiance * inside * Math.min(1, (facing - 0.12) * 4);
  }
  return radiance;
}

/**
 * Share of the studio's light that counts as diffuse. Boxes bright enough to look bright in steel would drown the key
 * light, and with it form and shadow, on everything matt.
 */
const SKY_SHARE = 0.46;

/** Nine coefficients of the diffuse light from above the horizon, made when first needed. */
let coefficients: Float64Array | undefined;

/**
 * Diffuse light from the upper half of the studio on a surface with the given normal: what a white one reflects.
 *
 * @source Ramamoorthi and Hanrahan, "An efficient representation for irradiance environment maps", 2001.
 */
export function skyIrradiance(x: number, y: number, z: number): number {
  coefficients ??= projectSky();
  const c = coefficients as unknown as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const value =
    c[0] +
    c[1] * y +
    c[2] * z +
    c[3] * x +
    c[4] * x * y +
    c[5] * y * z +
    c[6] * (3 * z * z - 1) +
    c[7] * x * z +
    c[8] * (x * x - y * y);
  return Math.max(0, value);
}

function projectSky(): Float64Array {
  const sums = new Float64Array(9);
  const rows = 16;
  const columns = 48;
  for (let row = 0; row < rows; row += 1) {
    // Rows of equal solid angle between horizon and zenith.
    const y = (row + 0.5) / rows;
    const level = Math.sqrt(1 - y * y);
    for (let column = 0; column < columns; column += 1) {
      const angle = ((column + 0.5) / columns) * 2 * Math.PI;
      const x = Math.sin(angle) * level;
      const z = Math.cos(angle) * level;
      const light = (SKY_SHARE * studioRadiance(x, y, z, 0.35, 1) * 2 * Math.PI) / (rows * columns);
      // Squared normalisation of each basis function times the cosine lobe's share (1, 2/3, 1/4).
      const basis = [
        0.282095 ** 2,
        0.488603 ** 2 * (2 / 3) * y,
        0.488603 ** 2 * (2 / 3) * z,
        0.488603 ** 2 * (2 / 3) * x,
        1.092548 ** 2 * 0.25 * x * y,
        1.092548 ** 2 * 0.25 * y * z,
        0.315392 ** 2 * 0.25 * (3 * z * z - 1),
        1.092548 ** 2 * 0.25 * x * z,
        0.546274 ** 2 * 0.25 * (x * x - y * y),
      ];
      for (let index = 0; index < 9; index += 1)
        sums[index] = (sums[index] as number) + light * (basis[index] as number);
    }
  }
  return sums;
}

/** Diffuse light from the floor on a surface with the given height of its normal: what a white one reflects. */
export function floorIrradiance(normalY: number): number {
  return (FLOOR * 0.9 * (1 - normalY)) / 2;
}

/** A lamp as a unit direction in the world. */
export function worldDirection(light: StudioLight, cameraAzimuthDeg: number): Vec3 {
  return directionOf(light.azimuthDeg + cameraAzimuthDeg, light.elevationDeg);
}
