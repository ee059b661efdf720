import { toHex } from '../foundation/bytes.ts';
import { throwIfCancelled } from '../foundation/cancel.ts';
import { isCancelError, SdkError, toSdkError } from '../foundation/errors.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { Warning } from '../foundation/warning.ts';
import type { Codecs } from '../host/codecs.ts';
import { encodePng } from '../image/encode-png.ts';
import { assertCompressionCodecs, compressDocument } from '../mesh/compress-mesh.ts';
import { forkMesh } from '../mesh/fork-mesh.ts';
import { assertCompression } from '../mesh/importer-profiles.ts';
import { inspectMesh } from '../mesh/inspect-mesh.ts';
import type { MeshAsset } from '../mesh/mesh-asset.ts';
import { readGltf } from '../mesh/read-gltf.ts';
import { screenHeights } from '../mesh/screen-height.ts';
import { applyLevel, makeLevels } from '../mesh/simplify-mesh.ts';
import { copyrightOf, stampProvenance } from '../mesh/stamp-provenance.ts';
import { writeGlb } from '../mesh/write-gltf.ts';
import { renderThumbnail } from '../render/thumbnail.ts';
import { compose } from './compose.ts';
import { type AssetManifest, MANIFEST_VERSION, writeManifest } from './manifest.ts';
import type { ProcessingOptions } from './processing-options.ts';
import type { ProducedAsset } from './produced-asset.ts';
import { cleanMeshRecipe } from './recipes.ts';
import type { StepContext } from './step.ts';
import { toRenderScene } from './to-render-scene.ts';
import { SDK_VERSION } from './version.ts';

/** A raw asset and what is known about it. */
export interface ProduceInput {
  /** The file as it was received. Kept in the result, not modified. */
  readonly raw: Uint8Array;
  /** Without the dot. Default: by the content, `glb` or `gltf`. */
  readonly rawExtension?: string;
  /** For people and for the root node; any text. */
  readonly name: string;
  /** Where it comes from. Written into the manifest as it is. */
  readonly provenance?: AssetManifest['provenance'];
  readonly licence?: string;
  readonly credit?: string;
  readonly spend?: NonNullable<AssetManifest['spend']>;
  /** Warnings of earlier stages that belong into the manifest. */
  readonly warnings?: readonly Warning[];
}

/**
 * Fails if the options contradict each other or cannot be carried out here, before any work is done.
 *
 * @throws {@link SdkError} `INPUT_INVALID` or `UNSUPPORTED_ON_HOST`.
 */
export function checkProcessing(options: ProcessingOptions, codecs: Codecs): void {
  const targets = options.ratios ?? options.triangles;
  if (targets === undefined || (options.ratios !== undefined && options.triangles !== undefined)) {
    throw new SdkError({ code: 'INPUT_INVALID', message: 'Levels are given either as ratios or as triangle counts.' });
  }
  if (targets.some((target, index) => index > 0 && target >= (targets[index - 1] as number))) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: 'Every level must ask for fewer triangles than the one before.',
    });
  }
  assertCompression(options.profile, options.compress);
  assertCompressionCodecs(options.compress, codecs);
  if (codecs.simplifier === undefined) {
    throw new SdkError({
      code: 'UNSUPPORTED_ON_HOST',
      message: 'This platform has no mesh simplifier, so no levels of detail can be made.',
      details: { codec: 'simplifier' },
    });
  }
}

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
): Promise<ProducedAsset> {
  checkProcessing(options, context.codecs);
  try {
    return await produce(input, options, context);
  } catch (error) {
    // Why nobody wants the result any more is for whoever tripped the signal to say; a failure on the way out is not news.
    throwIfCancelled(context.signal);
    if (isCancelError(error)) throw error;
    throw toSdkError(error, 'STEP_FAILED', 'Processing failed');
  }
}

async function produce(input: ProduceInput, options: ProcessingOptions, context: StepContext): Promise<ProducedAsset> {
  const warnings: Warning[] = [...(input.warnings ?? [])];
  const steps: { step: string; report: Record<string, unknown> }[] = [];
  const recording: StepContext = {
    ...context,
    warn: (warning) => {
      warnings.push(warning);
      context.warn(warning);
    },
    report: (step, report) => {
      steps.push({ step, report: { ...report } });
      context.report(step, report);
    },
  };

  const raw = await readGltf(input.raw, recording);
  recording.report('inspect', inspectMesh(raw));
  const recipe = compose('clean', cleanMeshRecipe(input.name, options, context.images));
  const clean = await recipe.run(raw, recording);
  await context.pause?.();
  throwIfCancelled(context.signal);
  const { levels, bounds } = makeLevels(
    clean,
    options.triangles === undefined ? { ratios: options.ratios ?? [] } : { triangles: options.triangles },
    recording,
  );

  const files = new Map<string, Uint8Array>();
  const rawExtension = input.rawExtension ?? (raw.mediaType === 'model/gltf-binary' ? 'glb' : 'gltf');
  const describe = async (file: string, bytes: Uint8Array) => {
    files.set(file, bytes);
    return { file, digest: toHex(await context.sha256(bytes)), bytes: bytes.length };
  };
  const rawFile = { ...(await describe(`raw.${rawExtension}`, input.raw)), mediaType: raw.mediaType };
  const copyright = copyrightOf(clean.document);
  const provenance: AssetManifest['provenance'] = {
    ...input.provenance,
    ...(copyright === undefined ? {} : { copyright }),
  };
  const heights = screenHeights(levels.map((level) => level.error));
  const described: AssetManifest['levels'] = [];
  let thumbnail: AssetManifest['thumbnail'];
  for (const [index, level] of levels.entries()) {
    await context.pause?.();
    throwIfCancelled(context.signal);
    applyLevel(clean.document, level);
    if (index === 0 && options.thumbnailSize > 0) {
      const picture = await drawThumbnail(clean, options.thumbnailSize, context);
      thumbnail = {
        ...(await describe('thumbnail.png', picture)),
        mediaType: 'image/png',
        size: options.thumbnailSize,
      };
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
      ...(await describe(`lod${index}.glb`, await writeLevel(clean, options, context.codecs))),
      triangles: level.triangles,
      vertices: level.vertices,
      error: round(level.error),
      maxError: round(level.maxError),
      screenHeight: round(heights[index] as number),
    });
  }
  recording.report('write', { bytes: described.map((level) => level.bytes) });

  const root = clean.document.getRoot();
  const manifest: AssetManifest = {
    schema: 'maquette.asset',
    version: MANIFEST_VERSION,
    name: input.name,
    kind: 'mesh',
    generator: { name: 'Maquette', version: SDK_VERSION },
    frame: { up: '+Y', front: '+Z', handedness: 'right', unit: 'metre' },
    pivot: 'base-centre',
    bounds: { min: roundVector(bounds.min), max: roundVector(bounds.max), radius: round(bounds.radius) },
    profile: options.profile,
    compression: options.compress,
    levels: described,
    materials: root.listMaterials().length,
    textures: root.listTextures().length,
    raw: rawFile,
    ...(thumbnail === undefined ? {} : { thumbnail }),
    provenance,
    ...(input.licence === undefined ? {} : { licence: input.licence }),
    ...(input.credit === undefined ? {} : { credit: input.credit }),
    ...(input.spend === undefined ? {} : { spend: input.spend }),
    warnings: warnings.map((warning) => ({ ...warning }) as AssetManifest['warnings'][number]),
    steps,
  };
  files.set('manifest.json', writeManifest(manifest));
  return { manifest, files, summary: summarise(manifest) };
}

async function writeLevel(asset: MeshAsset, options: ProcessingOptions, codecs: Codecs): Promise<Uint8Array> {
  if (options.compress === 'none') return writeGlb(asset.document, codecs);
  const copy = forkMesh(asset);
  await compressDocument(copy.document, options.compress);
  return writeGlb(copy.document, codecs);
}

async function drawThumbnail(asset: MeshAsset, size: number, context: StepContext): Promise<Uint8Array> {
  return encodePng(renderThumbnail(await toRenderScene(asset, context.images), size));
}

function summarise(manifest: AssetManifest): JsonObject {
  return {
    levels: manifest.levels.length,
    triangles: manifest.levels.map((level) => level.triangles),
    bytes: manifest.levels.map((level) => level.bytes),
    materials: manifest.materials,
    textures: manifest.textures,
    warnings: manifest.warnings.length,
  };
}

/** Six digits: what is measured is not more exact, and engines agree on them. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}

function roundVector(vector: readonly [number, number, number]): [number, number, number] {
  return [round(vector[0]), round(vector[1]), round(vector[2])];
}
