import { type Extension, type ILogger, type JSONDocument, PlatformIO, VertexLayout } from '@gltf-transform/core';
import {
  EXTMeshGPUInstancing,
  EXTMeshoptCompression,
  EXTTextureWebP,
  KHRDracoMeshCompression,
  KHRLightsPunctual,
  KHRMaterialsAnisotropy,
  KHRMaterialsClearcoat,
  KHRMaterialsDiffuseTransmission,
  KHRMaterialsDispersion,
  KHRMaterialsEmissiveStrength,
  KHRMaterialsIOR,
  KHRMaterialsIridescence,
  KHRMaterialsPBRSpecularGlossiness,
  KHRMaterialsSheen,
  KHRMaterialsSpecular,
  KHRMaterialsTransmission,
  KHRMaterialsUnlit,
  KHRMaterialsVariants,
  KHRMaterialsVolume,
  KHRMeshQuantization,
  KHRTextureBasisu,
  KHRTextureTransform,
  KHRXMP,
} from '@gltf-transform/extensions';
import { SdkError } from '../foundation/errors.ts';
import type { Codecs } from '../host/codecs.ts';

/** Extensions that are read and written. Others are dropped with a warning, or refused where a file requires them. */
export const GLTF_EXTENSIONS: readonly (typeof Extension)[] = [
  EXTMeshGPUInstancing,
  EXTMeshoptCompression,
  EXTTextureWebP,
  KHRDracoMeshCompression,
  KHRLightsPunctual,
  KHRMaterialsAnisotropy,
  KHRMaterialsClearcoat,
  KHRMaterialsDiffuseTransmission,
  KHRMaterialsDispersion,
  KHRMaterialsEmissiveStrength,
  KHRMaterialsIOR,
  KHRMaterialsIridescence,
  KHRMaterialsPBRSpecularGlossiness,
  KHRMaterialsSheen,
  KHRMaterialsSpecular,
  KHRMaterialsTransmission,
  KHRMaterialsUnlit,
  KHRMaterialsVariants,
  KHRMaterialsVolume,
  KHRMeshQuantization,
  KHRTextureBasisu,
  KHRTextureTransform,
  KHRXMP,
];

/** Swallows what the library says: everything a person should know is raised as a warning or an error of ours. */
export const SILENT_LOGGER: ILogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** glTF-Transform's reader and writer without any way to reach files or the network. */
class ClosedIo extends PlatformIO {
  protected override readURI(): Promise<never> {
    return Promise.reject(
      new SdkError({
        code: 'ASSET_INVALID',
        message: 'The file refers to something outside itself; nothing external is fetched.',
      }),
    );
  }
  protected override resolve(_base: string, path: string): string {
    return path;
  }
  protected override dirname(): string {
    return '';
  }
}

/** A reader and writer that knows {@link GLTF_EXTENSIONS} and the codecs that are there. */
export async function createGltfIo(codecs: Codecs, useDraco: boolean): Promise<PlatformIO> {
  const io = new ClosedIo().setLogger(SILENT_LOGGER).registerExtensions([...GLTF_EXTENSIONS]);
  io.setVertexLayout(VertexLayout.SEPARATE);
  const dependencies: Record<string, unknown> = {};
  if (codecs.meshoptDecoder !== undefined) dependencies['meshopt.decoder'] = codecs.meshoptDecoder;
  if (codecs.meshoptEncoder !== undefined) dependencies['meshopt.encoder'] = codecs.meshoptEncoder;
  if (useDraco && codecs.draco !== undefined) {
    const draco = await codecs.draco.load();
    dependencies['draco3d.decoder'] = draco.decoder;
    dependencies['draco3d.encoder'] = draco.encoder;
  }
  return io.registerDependencies(dependencies);
}

/** The library's name for parsed JSON with its binary parts. */
export type GltfFile = JSONDocument;
