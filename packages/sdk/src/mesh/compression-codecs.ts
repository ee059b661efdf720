import { SdkError } from '../foundation/errors.ts';
import type { CodecName } from '../host/codecs.ts';
import type { Compression } from './importer-profiles.ts';

/** Which codecs there are, whatever they can do. */
export type CodecPresence = { readonly [Name in CodecName]?: unknown };

/** Codecs each compression needs. */
const COMPRESSION_CODECS: Readonly<Record<Compression, readonly CodecName[]>> = {
  none: [],
  quantize: [],
  meshopt: ['meshoptEncoder'],
  draco: ['draco'],
};

/** Fails with `UNSUPPORTED_ON_HOST` if this platform cannot write the compression. */
export function assertCompressionCodecs(compression: Compression, codecs: CodecPresence): void {
  for (const codec of COMPRESSION_CODECS[compression]) {
    if (codecs[codec] !== undefined) continue;
    throw new SdkError({
      code: 'UNSUPPORTED_ON_HOST',
      message: `This platform has no encoder for the compression ${compression}.`,
      details: { codec },
    });
  }
}
