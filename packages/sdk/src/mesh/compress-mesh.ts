import type { Document } from '@gltf-transform/core';
import { EXTMeshoptCompression, KHRDracoMeshCompression } from '@gltf-transform/extensions';
import { draco, quantize } from '@gltf-transform/functions';
import type { Compression } from './importer-profiles.ts';

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
