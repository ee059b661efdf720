import { type Document, Format, PropertyType } from '@gltf-transform/core';
import { dedup, prune } from '@gltf-transform/functions';
import { SdkError } from '../foundation/errors.ts';
import type { Codecs } from '../host/codecs.ts';
import { buildGlb } from './glb-container.ts';
import { createGltfIo, SILENT_LOGGER } from './gltf-io.ts';
import type { MeshStep } from './mesh-step.ts';

/**
 * Removes what nothing uses and merges what is there twice: accessors, textures, materials, nodes.
 *
 * Vertex attributes stay even if no texture uses them yet; materials with names of their own stay apart.
 */
export function tidy(): MeshStep {
  return {
    name: 'tidy',
    needs: [],
    async run(asset, context) {
      const { document } = asset;
      const root = document.getRoot();
      const count = (): Record<string, number> => ({
        nodes: root.listNodes().length,
        materials: root.listMaterials().length,
        textures: root.listTextures().length,
        accessors: root.listAccessors().length,
      });
      const before = count();
      document.setLogger(SILENT_LOGGER);
      await document.transform(
        // meshes are left alone: equal ones may get different levels of detail
        dedup({
          keepUniqueNames: true,
          propertyTypes: [PropertyType.MATERIAL, PropertyType.TEXTURE, PropertyType.SKIN],
        }),
        prune({ keepAttributes: true, keepSolidTextures: true, keepLeaves: false }),
      );
      // input that was quantised or compressed has been decoded; what the output uses is decided when it is written
      for (const extension of root.listExtensionsUsed()) {
        if (DECODED.has(extension.extensionName)) extension.dispose();
      }
      context.report('tidy', { before, after: count() });
      return asset;
    },
  };
}

const DECODED = new Set([
  'KHR_mesh_quantization',
  'EXT_meshopt_compression',
  'KHR_draco_mesh_compression',
  'EXT_mesh_gpu_instancing',
]);

/** Version that goes into `asset.generator` of every file. */
export const GENERATOR = 'Maquette';

/**
 * Writes a document as one GLB.
 *
 * @returns The file, owned by the caller. The same document gives the same bytes.
 * @throws {@link SdkError} `STEP_FAILED` if the document cannot be written.
 */
export async function writeGlb(document: Document, codecs: Codecs): Promise<Uint8Array> {
  const buffers = document.getRoot().listBuffers();
  const first = buffers[0] ?? document.createBuffer();
  for (const accessor of document.getRoot().listAccessors()) accessor.setBuffer(first);
  for (const buffer of buffers.slice(1)) buffer.dispose();
  document.getRoot().getAsset().generator = GENERATOR;
  for (const texture of document.getRoot().listTextures()) texture.setURI('');
  try {
    const io = await createGltfIo(codecs, document.hasExtension('KHR_draco_mesh_compression'));
    const { json, resources } = await io.writeJSON(document, { format: Format.GLB });
    return buildGlb(JSON.stringify(json), Object.values(resources)[0]);
  } catch (error) {
    throw new SdkError({ code: 'STEP_FAILED', message: 'The step write failed to make a GLB.', cause: error });
  }
}
