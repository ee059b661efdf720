import { throwIfCancelled } from '../foundation/cancel.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { Codecs } from '../host/codecs.ts';
import { compressDocument } from '../mesh/compress-mesh.ts';
import { forkMesh } from '../mesh/fork-mesh.ts';
import { inspectMesh } from '../mesh/inspect-mesh.ts';
import type { MeshAsset } from '../mesh/mesh-asset.ts';
import { readGltf } from '../mesh/read-gltf.ts';
import { screenHeights } from '../mesh/screen-height.ts';
import { applyLevel, makeLevels } from '../mesh/simplify-mesh.ts';
import { copyrightOf, stampProvenance } from '../mesh/stamp-provenance.ts';
import { writeGlb } from '../mesh/write-gltf.ts';
import { renderThumbnail } from '../render/thumbnail.ts';
import { type AssetFolder, createAssetFolder, round, runProducing, takeTurn } from './asset-folder.ts';
import { checkProcessing } from './check-processing.ts';
import { compose } from './compose.ts';
import type { MeshManifest } from './manifest.ts';
import type { ProcessingOptions } from './processing-options.ts';
import type { ProduceInput } from './produce-input.ts';
import type { ProducedAsset } from './produced-asset.ts';
import { cleanMeshRecipe } from './recipes.ts';
import type { StepContext } from './step.ts';
import { toRenderScene } from './to-render-scene.ts';

export { checkProcessing } from './check-processing.ts';

/**
 * Makes an asset folder out of a raw mesh: the raw bytes, one GLB per level, a thumbnail and the manifest.
 *
 * The same input and options give the same bytes. Nothing is stored; the files are returned.
 *
 * @throws {@link SdkError} What reading and the steps throw; `STEP_FAILED` for what nobody foresaw.
 * Once the signal has been tripped, its reason, whatever that is.
 */
export async function produceLodSet(
  input: ProduceInput,
  options: ProcessingOptions,
  context: StepContext,
): Promise<ProducedAsset<MeshManifest>> {
  checkProcessing(options, context.codecs);
  return runProducing(context, () => produce(input, options, createAssetFolder(input, context)));
}

async function produce(
  input: ProduceInput,
  options: ProcessingOptions,
  folder: AssetFolder,
): Promise<ProducedAsset<MeshManifest>> {
  const { context } = folder;
  const raw = await readGltf(input.raw, context);
  context.report('inspect', inspectMesh(raw));
  const recipe = compose('clean', cleanMeshRecipe(input.name, options, context.images));
  const clean = await recipe.run(raw, context);
  await takeTurn(context);
  const { levels, bounds } = makeLevels(
    clean,
    options.triangles === undefined ? { ratios: options.ratios ?? [] } : { triangles: options.triangles },
    context,
  );
  const rawExtension = input.rawExtension ?? (raw.mediaType === 'model/gltf-binary' ? 'glb' : 'gltf');
  const rawFile = { ...(await folder.add(`raw.${rawExtension}`, input.raw)), mediaType: raw.mediaType };
  const copyright = copyrightOf(clean.document);
  const provenance = { ...input.provenance, ...(copyright === undefined ? {} : { copyright }) };
  const heights = screenHeights(levels.map((level) => level.error));
  const described: MeshManifest['levels'] = [];
  let thumbnail: MeshManifest['thumbnail'];
  for (const [index, level] of levels.entries()) {
    await takeTurn(context);
    applyLevel(clean.document, level);
    if (index === 0 && options.thumbnailSize > 0) {
      const scene = await toRenderScene(clean, context.images);
      thumbnail = await folder.addThumbnail(renderThumbnail(scene, options.thumbnailSize), options.thumbnailSize);
      throwIfCancelled(context.signal);
    }
    stampProvenance(clean.document, {
      level: index,
      levels: levels.length,
      rawDigest: rawFile.digest,
      provenance: provenance as JsonObject,
      ...(input.licence === undefined ? {} : { licence: input.licence }),
      ...(input.credit === undefined ? {} : { credit: input.credit }),
      ...(input.spend === undefined ? {} : { spend: input.spend as JsonObject }),
    });
    described.push({
      ...(await folder.add(`lod${index}.glb`, await writeLevel(clean, options, context.codecs))),
      triangles: level.triangles,
      vertices: level.vertices,
      error: round(level.error),
      maxError: round(level.maxError),
      screenHeight: round(heights[index] as number),
    });
  }
  context.report('write', { bytes: described.map((level) => level.bytes) });
  const root = clean.document.getRoot();
  const manifest: MeshManifest = {
    ...(await folder.describe('mesh', bounds, provenance)),
    profile: options.profile,
    compression: options.compress,
    levels: described,
    materials: root.listMaterials().length,
    textures: root.listTextures().length,
    raw: rawFile,
    ...(thumbnail === undefined ? {} : { thumbnail }),
  };
  return folder.finish(manifest, summarise(manifest));
}

async function writeLevel(asset: MeshAsset, options: ProcessingOptions, codecs: Codecs): Promise<Uint8Array> {
  if (options.compress === 'none') return writeGlb(asset.document, codecs);
  const copy = forkMesh(asset);
  await compressDocument(copy.document, options.compress);
  return writeGlb(copy.document, codecs);
}

function summarise(manifest: MeshManifest): JsonObject {
  return {
    kind: manifest.kind,
    levels: manifest.levels.length,
    triangles: manifest.levels.map((level) => level.triangles),
    bytes: manifest.levels.map((level) => level.bytes),
    materials: manifest.materials,
    textures: manifest.textures,
    warnings: manifest.warnings.length,
  };
}
