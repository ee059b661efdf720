import type { JsonObject } from '../foundation/json.ts';
import { finiteGaussians } from './drop-non-finite.ts';
import { type SplatBounds, toBounds } from './splat-bounds.ts';
import type { ReadSplat } from './splat-reader.ts';

/** What a splat file holds. */
export interface SplatInspection extends JsonObject {
  readonly kind: 'splat';
  /** Size of the file. */
  readonly bytes: number;
  readonly mediaType: string;
  readonly format: ReadSplat['format'];
  /** How the file is wrapped. */
  readonly container: ReadSplat['container'];
  /** Box around the centres of the finite gaussians, floaters included, in the frame of the file; null if there are none. */
  readonly bounds: { readonly min: readonly number[]; readonly max: readonly number[]; readonly radius: number } | null;
  /** Of the file, finite or not. */
  readonly gaussians: number;
  /** Those of them that cannot be drawn. */
  readonly nonFinite: number;
  /** Order of the spherical harmonics, 0 to 3. */
  readonly shDegree: number;
}

/**
 * Looks at a splat without changing it.
 *
 * @param bytes - Size of the file it was read from.
 */
export function inspectSplat(read: ReadSplat, bytes: number): SplatInspection {
  const { splat, format, version, container, antialiased, mediaType } = read;
  const finite = finiteGaussians(splat);
  const bounds = boundsOfCentres(splat.positions, finite);
  return {
    kind: 'splat',
    bytes,
    mediaType,
    format,
    ...(version === undefined ? {} : { version }),
    container,
    ...(antialiased === undefined ? {} : { antialiased }),
    bounds: bounds === null ? null : { ...bounds },
    gaussians: splat.count,
    nonFinite: splat.count - finite.length,
    shDegree: splat.shDegree,
  };
}

function boundsOfCentres(positions: Float32Array, chosen: Uint32Array): SplatBounds | null {
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const index of chosen) {
    for (const axis of [0, 1, 2] as const) {
      const value = positions[3 * index + axis] as number;
      if (value < min[axis]) min[axis] = value;
      if (value > max[axis]) max[axis] = value;
    }
  }
  return chosen.length === 0 ? null : toBounds(min, max);
}
