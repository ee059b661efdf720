import { Document } from '@gltf-transform/core';
import { EXTTextureWebP } from '@gltf-transform/extensions';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../image/decode-image.ts';
import { quarters } from '../image/input-image.test-kit.ts';
import { webpOf } from '../platform/node/webp.test-kit.ts';
import { createWebpDecoder } from '../platform/node/webp-decoder.ts';
import { convertTextures } from './convert-textures.ts';
import type { MeshAsset } from './mesh-asset.ts';

async function modelWithWebp() {
  const document = new Document();
  document.createExtension(EXTTextureWebP).setRequired(true);
  const image = (await webpOf(quarters(32, 16, 80))) as Uint8Array<ArrayBuffer>;
  const texture = document.createTexture('skin').setImage(image).setMimeType('image/webp');
  document.createMaterial().setBaseColorTexture(texture);
  return { document, texture, image };
}

const context = { report: () => undefined } as never;

describe('convertTextures with a decoder for WebP', () => {
  it('gives importers that do not read WebP the same pixels as PNG', async () => {
    const { document, texture } = await modelWithWebp();
    await convertTextures('unity', createWebpDecoder()).run({ document } as MeshAsset, context);
    expect(texture.getMimeType()).toBe('image/png');
    expect(await decodeImage(texture.getImage() as Uint8Array)).toEqual(quarters(32, 16, 80));
    expect(document.getRoot().listExtensionsUsed()).toEqual([]);
  });

  it('leaves it alone for those that do', async () => {
    const { document, texture, image } = await modelWithWebp();
    await convertTextures('web', createWebpDecoder()).run({ document } as MeshAsset, context);
    expect(texture.getImage()).toBe(image);
  });

  it('says what to do where there is no decoder', async () => {
    const { document } = await modelWithWebp();
    await expect(convertTextures('unity').run({ document } as MeshAsset, context)).rejects.toMatchObject({
      code: 'UNSUPPORTED_ON_HOST',
      details: { mediaType: 'image/webp' },
    });
  });
});
