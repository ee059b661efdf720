import type { SplatData } from './splat-data.ts';
import type { SplatLimits } from './splat-limits.ts';

/** How the bytes of a splat file are wrapped. */
export type SplatContainer = 'none' | 'gzip' | 'zstd';

/** A splat and what its file said about itself. */
export interface ReadSplat {
  /** In the frame of the file. May hold gaussians that are not finite. Arrays are owned by the caller. */
  readonly splat: SplatData;
  readonly format: 'ply' | 'spz';
  /** Version of the format, where it has one. */
  readonly version?: number;
  readonly container: SplatContainer;
  /** Whether the splat was trained for a renderer that compensates its blur of a pixel. Undefined: the file does not say. */
  readonly antialiased?: boolean;
  readonly mediaType: string;
}

/** One dialect of splat files. */
export interface SplatReader {
  /** True if the first bytes of a file are this reader's. Cheap; says nothing about the rest. */
  matches(bytes: Uint8Array): boolean;
  /** Reads a file that {@link matches}. Throws an `SdkError` of the asset group; the bytes are not modified. */
  read(bytes: Uint8Array, limits: SplatLimits): ReadSplat;
}
