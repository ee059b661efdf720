import { SdkError } from '../foundation/errors.ts';

/** How levels can be compressed. */
export type Compression = 'none' | 'quantize' | 'meshopt' | 'draco';

/** What an importer reads right after its installation, without optional packages. */
export interface ImporterProfile {
  /** As a person knows the importer. */
  readonly importer: string;
  readonly compressions: readonly Compression[];
  /** Media types of textures. */
  readonly textures: readonly string[];
}

const PLAIN_TEXTURES = ['image/png', 'image/jpeg'] as const;

/**
 * Importers by profile name. The one place that knows them.
 *
 * @source Unity glTFast manual, "Features" (Draco, KTX and meshopt come from optional packages); Blender's glTF add-on
 *   manual (Draco built in; quantisation, meshopt and WebP depend on the version, so none is relied on); three.js
 *   GLTFLoader (all of it with its decoders set). Printing tools read plain triangles.
 */
export const IMPORTER_PROFILES = {
  unity: { importer: 'Unity with glTFast', compressions: ['none', 'quantize'], textures: PLAIN_TEXTURES },
  blender: { importer: 'Blender', compressions: ['none', 'draco'], textures: PLAIN_TEXTURES },
  web: {
    importer: 'a web viewer',
    compressions: ['none', 'quantize', 'meshopt', 'draco'],
    textures: [...PLAIN_TEXTURES, 'image/webp', 'image/ktx2'],
  },
  print: { importer: 'a printing tool', compressions: ['none'], textures: PLAIN_TEXTURES },
} as const satisfies Record<string, ImporterProfile>;

/** Name of a profile. */
export type ImporterProfileName = keyof typeof IMPORTER_PROFILES;

/** Fails with `INPUT_INVALID` if the profile's importer cannot read the compression. */
export function assertCompression(profile: ImporterProfileName, compression: Compression): void {
  const { importer, compressions }: ImporterProfile = IMPORTER_PROFILES[profile];
  if (compressions.includes(compression)) return;
  throw new SdkError({
    code: 'INPUT_INVALID',
    message: `A fresh installation of ${importer} cannot read the compression ${compression}.`,
    remedy: `Choose ${compressions.join(' or ')}, or the profile web.`,
  });
}
