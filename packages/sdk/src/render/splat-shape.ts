import type { RenderSplats } from './render-splats.ts';

/** The gaussian at hand. Written again for every gaussian, so that none allocates. */
export interface SplatShape {
  /** Centre, metres. */
  x: number;
  y: number;
  z: number;
  /** Opacity at the centre, (0, 1]. */
  alpha: number;
  /** The three own axes in the world, each as long as the standard deviation along it: xyz, xyz, xyz. */
  readonly axes: Float64Array;
}

/** Makes an empty shape. */
export function createSplatShape(): SplatShape {
  return { x: 0, y: 0, z: 0, alpha: 0, axes: new Float64Array(9) };
}

/** Opacity below which a gaussian changes no 8-bit picture; it is drawn up to where it falls to this. */
export const FAINTEST = 1 / 255;

/** Centres farther out than this, metres, are taken for damage. */
const FARTHEST = 1e12;
/** Natural logarithm of the longest and shortest standard deviation: beyond it no picture could tell. */
const LONGEST = 27;

/**
 * Reads a gaussian into `out`. False, with `out` in any state, for one that cannot be seen: too faint, without a rotation,
 * with a number that is not finite, or farther out than a billion kilometres.
 */
export function readSplatShape(splats: RenderSplats, index: number, out: SplatShape): boolean {
  const { positions, scales, rotations, opacities } = splats;
  out.x = positions[index * 3] as number;
  out.y = positions[index * 3 + 1] as number;
  out.z = positions[index * 3 + 2] as number;
  const logit = opacities[index] as number;
  const logX = scales[index * 3] as number;
  const logY = scales[index * 3 + 1] as number;
  const logZ = scales[index * 3 + 2] as number;
  const qx = rotations[index * 4] as number;
  const qy = rotations[index * 4 + 1] as number;
  const qz = rotations[index * 4 + 2] as number;
  const qw = rotations[index * 4 + 3] as number;
  const norm = qx * qx + qy * qy + qz * qz + qw * qw;
  if (!(Math.abs(out.x) + Math.abs(out.y) + Math.abs(out.z) < FARTHEST)) return false;
  // A finite sum of magnitudes means that each number is finite.
  if (!(Math.abs(logX) + Math.abs(logY) + Math.abs(logZ) + Math.abs(logit) + norm < Infinity)) return false;
  if (norm < 1e-30) return false;
  out.alpha = 1 / (1 + Math.exp(-logit));
  if (!(out.alpha >= FAINTEST)) return false;
  const sx = Math.exp(Math.max(-LONGEST, Math.min(LONGEST, logX)));
  const sy = Math.exp(Math.max(-LONGEST, Math.min(LONGEST, logY)));
  const sz = Math.exp(Math.max(-LONGEST, Math.min(LONGEST, logZ)));
  const k = 2 / norm;
  const { axes } = out;
  axes[0] = sx * (1 - k * (qy * qy + qz * qz));
  axes[1] = sx * k * (qx * qy + qw * qz);
  axes[2] = sx * k * (qx * qz - qw * qy);
  axes[3] = sy * k * (qx * qy - qw * qz);
  axes[4] = sy * (1 - k * (qx * qx + qz * qz));
  axes[5] = sy * k * (qy * qz + qw * qx);
  axes[6] = sz * k * (qx * qz + qw * qy);
  axes[7] = sz * k * (qy * qz - qw * qx);
  axes[8] = sz * (1 - k * (qx * qx + qy * qy));
  return true;
}
