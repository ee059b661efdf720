/** What a splat may hold before it is refused. A hostile file must not be able to order memory it does not contain. */
export interface SplatLimits {
  /** Size of the file. */
  readonly fileBytes: number;
  /** Gaussians. */
  readonly gaussians: number;
  /** Size of the text at the beginning of a PLY. */
  readonly headerBytes: number;
  /** Size of what a compressed file becomes, before it is turned into numbers. */
  readonly decompressedBytes: number;
}

/**
 * Limits for files of strangers. Generous for single assets, small enough for a 4 GB machine: a gaussian takes 236 bytes at
 * degree 3, and while it is read the file is in memory too.
 */
export const SPLAT_LIMITS: SplatLimits = {
  fileBytes: 1024 * 1024 * 1024,
  gaussians: 10_000_000,
  headerBytes: 64 * 1024,
  decompressedBytes: 768 * 1024 * 1024,
};
