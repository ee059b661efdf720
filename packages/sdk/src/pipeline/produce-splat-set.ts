import type { JsonObject } from '../foundation/json.ts';
import { screenHeights } from '../mesh/screen-height.ts';
import { renderSplatThumbnail } from '../render/render-splat-thumbnail.ts';
import { inspectSplat } from '../splat/inspect-splat.ts';
import { lowerDegree } from '../splat/lower-degree.ts';
import { readSplat } from '../splat/read-splat.ts';
import type { ShDegree, SplatData } from '../splat/splat-data.ts';
import { thinSplat } from '../splat/thin-splat.ts';
import { measureThinning } from '../splat/thinning-error.ts';
import { visibleBounds } from '../splat/visible-bounds.ts';
import { writePly } from '../splat/write-ply.ts';
import { type AssetFolder, createAssetFolder, round, runProducing, takeTurn } from './asset-folder.ts';
import { checkSplatProcessing } from './check-processing.ts';
import { compose } from './compose.ts';
import type { SplatManifest } from './manifest.ts';
import type { ProcessingOptions } from './processing-options.ts';
import type { ProduceInput } from './produce-input.ts';
import type { ProducedAsset } from './produced-asset.ts';
import { cleanSplatRecipe } from './splat-recipe.ts';
import type { StepContext } from './step.ts';

export { checkSplatProcessing } from './check-processing.ts';

/** A raw splat and what is known about it. */
export interface ProduceSplatInput extends ProduceInput {
  /** Axes of the raw file. Default `RUB`: as the canonical frame. */
  readonly frame?: 'RUB' | 'RDF';
}

/** Share of the gaussians from which a level keeps every order of harmonics; below, what depends on the view is lost first. */
const FULL_HARMONICS_RATIO = 0.5;

/** Share below which a level keeps no harmonics at all: seen from so far away, one colour from all sides is enough. */
const SOME_HARMONICS_RATIO = 0.1;

/**
 * Makes an asset folder out of a raw Gaussian splat: the raw bytes, one PLY per level, a thumbnail and the manifest.
 *
 * Level 0 holds every finite gaussian. Those after it keep the most important ones, by opacity and area, and fewer orders
 * of spherical harmonics. The same input and options give the same bytes. Nothing is stored; the files are returned.
 *
 * @throws {@link SdkError} What reading and the steps throw; `STEP_FAILED` for what nobody foresaw.
 * Once the signal has been tripped, its reason, whatever that is.
 */
export async function produceSplatSet(
  input: ProduceSplatInput,
  options: ProcessingOptions,
  context: StepContext,
): Promise<ProducedAsset<SplatManifest>> {
  checkSplatProcessing(options);
  return runProducing(context, () => produce(input, options, createAssetFolder(input, context)));
}

async function produce(
  input: ProduceSplatInput,
  options: ProcessingOptions,
  folder: AssetFolder,
): Promise<ProducedAsset<SplatManifest>> {
  const { context } = folder;
  const raw = readSplat(input.raw);
  context.report('inspect', { ...inspectSplat(raw, input.raw.length) });
  const recipe = compose('clean', cleanSplatRecipe({ heightM: options.heightM, frame: input.frame ?? 'RUB' }));
  const clean = await recipe.run(raw.splat, context);
  const bounds = visibleBounds(clean);
  const rawFile = {
    ...(await folder.add(`raw.${input.rawExtension ?? raw.format}`, input.raw)),
    mediaType: raw.mediaType,
  };
  await takeTurn(context);
  const thumbnail =
    options.thumbnailSize > 0
      ? await folder.addThumbnail(renderSplatThumbnail(clean, options.thumbnailSize), options.thumbnailSize)
      : undefined;
  const levels = await makeLevels(clean, options.ratios ?? [], bounds.radius, context);
  const heights = screenHeights(levels.map((level) => level.error));
  const described: SplatManifest['levels'] = [];
  for (const [index, { splat, error, maxError }] of levels.entries()) {
    await takeTurn(context);
    described.push({
      ...(await folder.add(`lod${index}.ply`, writePly(splat))),
      gaussians: splat.count,
      shDegree: splat.shDegree,
      error: round(error),
      maxError: round(maxError),
      screenHeight: round(heights[index] as number),
    });
  }
  context.report('write', { bytes: described.map((level) => level.bytes) });
  const manifest: SplatManifest = {
    ...(await folder.describe('splat', bounds)),
    profile: options.profile,
    levels: described,
    raw: rawFile,
    ...(thumbnail === undefined ? {} : { thumbnail }),
  };
  return folder.finish(manifest, summarise(manifest));
}

interface SplatLevel {
  readonly splat: SplatData;
  /** Fractions of the bounding radius. */
  readonly error: number;
  readonly maxError: number;
}

async function makeLevels(
  clean: SplatData,
  ratios: readonly number[],
  radius: number,
  context: StepContext,
): Promise<readonly SplatLevel[]> {
  const levels: SplatLevel[] = [{ splat: clean, error: 0, maxError: 0 }];
  for (const ratio of ratios) {
    await takeTurn(context);
    const thinned = thinSplat(clean, Math.max(1, Math.round(clean.count * ratio)));
    const splat = lowerDegree(thinned, degreeAt(ratio, clean.shDegree));
    const { p99, max } = measureThinning(clean, splat);
    const before = levels.at(-1) as SplatLevel;
    if (splat.count >= before.splat.count) {
      context.warn({
        code: 'LEVEL_SHORTFALL',
        message: `Level ${levels.length} has no fewer gaussians than the one before: the splat has only ${clean.count}.`,
      });
    }
    // what is measured on a sample may fall by chance; coarser is never better
    levels.push({
      splat,
      error: Math.max(before.error, p99 / radius),
      maxError: Math.max(before.maxError, max / radius),
    });
  }
  context.report('levels', {
    gaussians: levels.map(({ splat }) => splat.count),
    shDegree: levels.map(({ splat }) => splat.shDegree),
    error: levels.map(({ error }) => round(error)),
  });
  return levels;
}

function degreeAt(ratio: number, degree: ShDegree): ShDegree {
  if (ratio >= FULL_HARMONICS_RATIO) return degree;
  return ratio >= SOME_HARMONICS_RATIO && degree > 0 ? 1 : 0;
}

function summarise(manifest: SplatManifest): JsonObject {
  return {
    kind: manifest.kind,
    levels: manifest.levels.length,
    gaussians: manifest.levels.map((level) => level.gaussians),
    bytes: manifest.levels.map((level) => level.bytes),
    warnings: manifest.warnings.length,
  };
}
