import { homedir } from 'node:os';
import { join } from 'node:path';

/** Names under which tests speak of the Blenders they run in. */
export type BlenderName = '3.4' | '4.3' | '5.x';

/** A Blender that a Debian suite holds. */
export interface BlenderRelease {
  readonly name: BlenderName;
  readonly suite: string;
  /** Debian packages that make it whole, itself included. */
  readonly packages: readonly string[];
}

/** NumPy is no dependency of the package, and the importer of glTF does not load without it. */
const PACKAGES = ['blender', 'python3-numpy', 'libgl1', 'libegl1', 'libgl1-mesa-dri'];

/**
 * Oldest first.
 *
 * The package of sid lacks two Python modules without which its extension commands register by halves.
 */
export const BLENDER_RELEASES: readonly BlenderRelease[] = [
  { name: '3.4', suite: 'bookworm', packages: PACKAGES },
  { name: '4.3', suite: 'trixie', packages: PACKAGES },
  { name: '5.x', suite: 'sid', packages: [...PACKAGES, 'python3-cattr', 'python3-requests'] },
];

/**
 * Where the Blenders are kept between runs, some gigabytes, outside the checkout so that every checkout shares them.
 *
 * @returns Absolute path: `MAQUETTE_BLENDER_CACHE`, or a folder of the system's cache for root, the person's otherwise.
 */
export function blenderCacheFolder(): string {
  const chosen = process.env.MAQUETTE_BLENDER_CACHE;
  if (chosen) return chosen;
  if (process.getuid?.() === 0) return '/var/cache/maquette/blender';
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'maquette/blender');
}
