/** A point or direction, metres. */
export type Vec3 = readonly [number, number, number];

/** A point of an outline or profile, metres. */
export type Vec2 = readonly [number, number];

export function addVectors(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtractVectors(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scaleVector(a: Vec3, factor: number): Vec3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

export function mixVectors(a: Vec3, b: Vec3, t: number): Vec3 {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

export function dotVectors(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function crossVectors(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function lengthOfVector(a: Vec3): number {
  return Math.sqrt(dotVectors(a, a));
}

/** Unit vector of the same direction; straight up for a vector without length. */
export function normalizeVector(a: Vec3): Vec3 {
  const length = lengthOfVector(a);
  return length > 1e-12 ? scaleVector(a, 1 / length) : [0, 1, 0];
}

/** A unit vector at right angles to the unit vector `a`. */
export function perpendicularTo(a: Vec3): Vec3 {
  return normalizeVector(crossVectors(a, Math.abs(a[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0]));
}
