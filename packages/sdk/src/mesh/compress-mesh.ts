import type { Document } from '@gltf-transform/core';
import { EXTMeshoptCompression, KHRDracoMeshCompression } from '@gltf-transform/extensions';
import { draco, quantize } from '@gltf-transform/functions';
import { SdkError } from '../foundation/errors.ts';
import type { CodecName, Codecs } from '../host/codecs.ts';
import type { Compression } from './importer-profiles.ts';

/** Codecs each compression needs. */
export const COMPRESSION_CODECS: Readonly<Record<Compression, readonly CodecName[]>> = {
  none: [],
  quantize: [],
  meshopt: ['meshoptEncoder'],
  draco: ['draco'],
};

/** Fails with `UNSUPPORTED_ON_HOST` if this platform cannot write the compression. */
export function assertCompressionCodecs(compression: Compression, codecs: Codecs): void {
  for (const codec of COMPRESSION_CODECS[compression]) {
    if (codecs[codec] !== undefined) continue;
    throw new SdkError({
      code: 'UNSUPPORTED_ON_HOST',
      message: `This platform has no encoder for the compression ${compression}.`,
      details: { codec },
    });
  }
}

/**
 * Prepares a document so that it is written compressed. Changes it for good: compress a copy.
 *
 * Positions get 14 bits and more for every axis, normals 10, texture coordinates 12, within a grid per model so that
 * parts that touch still do.
 */
export async function compressDocument(document: Document, compression: Compression): Promise<void> {
  if (compression === 'none') return;
  if (compression === 'draco') {
    await document.transform(draco({ quantizationVolume: 'scene' }));
    document.createExtension(KHRDracoMeshCompression).setRequired(true);
    return;
  }
  await document.transform(
    quantize({ quantizePosition: 16, quantizeNormal: 10, quantizeTexcoord: 14, quantizationVolume: 'scene' }),
  );
  if (compression !== 'meshopt') return;
  document
    .createExtension(EXTMeshoptCompression)
    .setRequired(true)
    .setEncoderOptions({ method: EXTMeshoptCompression.EncoderMethod.QUANTIZE });
}
