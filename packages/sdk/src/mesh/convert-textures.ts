import { SdkError } from '../foundation/errors.ts';
import type { ImageCodec } from '../host/host.ts';
import { decodeImage } from '../image/decode-image.ts';
import { encodePng } from '../image/encode-png.ts';
import { invalid, quoteForeign } from './asset-errors.ts';
import { IMPORTER_PROFILES, type ImporterProfile, type ImporterProfileName } from './importer-profiles.ts';
import type { MeshStep } from './mesh-step.ts';
import { sniffTextureType } from './texture-type.ts';

/** Turns textures the profile's importer cannot read into PNG. Others keep their bytes. */
export function convertTextures(profile: ImporterProfileName, images?: ImageCodec): MeshStep {
  return {
    name: 'textures',
    needs: [],
    async run(asset, context) {
      const { importer, textures: readable }: ImporterProfile = IMPORTER_PROFILES[profile];
      const root = asset.document.getRoot();
      let converted = 0;
      for (const [index, texture] of root.listTextures().entries()) {
        const bytes = texture.getImage();
        const mediaType = bytes === null ? null : sniffTextureType(bytes);
        if (bytes === null || mediaType === null) {
          throw invalid(
            `images[${index}] is no PNG, JPEG, WebP or KTX2, although it says ${quoteForeign(texture.getMimeType())}.`,
          );
        }
        texture.setMimeType(mediaType);
        if (readable.includes(mediaType)) continue;
        if (images === undefined || !images.mediaTypes.includes(mediaType)) {
          throw new SdkError({
            code: 'UNSUPPORTED_ON_HOST',
            message: `The model has ${mediaType} textures, which ${importer} does not read and this platform cannot decode.`,
            remedy: 'Export the model with PNG or JPEG textures, or choose the profile web.',
            details: { capability: 'images', mediaType },
          });
        }
        texture
          .setImage(encodePng(await decodeImage(bytes, images)) as Uint8Array<ArrayBuffer>)
          .setMimeType('image/png');
        converted += 1;
      }
      const types = new Set(root.listTextures().map((texture) => texture.getMimeType()));
      for (const extension of root.listExtensionsUsed()) {
        const needed = { EXT_texture_webp: 'image/webp', KHR_texture_basisu: 'image/ktx2' }[extension.extensionName];
        if (needed !== undefined && !types.has(needed)) extension.dispose();
      }
      context.report('textures', { textures: root.listTextures().length, converted });
      return asset;
    },
  };
}
