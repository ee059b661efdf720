import type { JobState } from '../jobs/job-state.ts';
import type { CodecPresence } from '../mesh/compression-codecs.ts';
import { checkProcessing, checkSplatProcessing } from '../pipeline/check-processing.ts';
import type { AssetManifest } from '../pipeline/manifest.ts';
import type { ProcessingOptions } from '../pipeline/processing-options.ts';
import type { ProduceInput } from '../pipeline/produce-input.ts';
import type { AssetKind, FileReference } from '../provider/request.ts';
import type { ProduceAsset } from './process-raw.ts';
import { resolveProcessing } from './resolve-processing.ts';

// The roads are the heaviest parts of the SDK; each is loaded when the first job needs it.
const loadMeshRoad = () => import('../pipeline/produce-lod-set.ts');
const loadSplatRoad = () => import('../pipeline/produce-splat-set.ts');

/** The road of each kind of asset: levels, manifest and thumbnail, as the job's processing options say. The bytes decide which. */
export const produceAsset: ProduceAsset = async (job, raw, bytes, context, candidates = []) => {
  const input: ProduceInput = {
    raw: bytes,
    rawExtension: raw.extension,
    name: nameOf(job),
    provenance: provenanceOf(job),
    licence: job.licence,
    credit: job.credit,
    spend: spendOf(job),
    warnings: job.warnings.slice(0, job.warningsBeforeProcessing),
    candidates,
  };
  const options = resolveProcessing(job.processing as Partial<ProcessingOptions>);
  if (raw.kind === 'splat') {
    const { produceSplatSet } = await loadSplatRoad();
    return produceSplatSet({ ...input, ...(raw.frame === undefined ? {} : { frame: raw.frame }) }, options, context);
  }
  const { produceLodSet } = await loadMeshRoad();
  return produceLodSet(input, options, context);
};

/** Refuses what {@link produceAsset} could not do with the result, before it is ordered. Loads neither road. */
export function assertProducible(output: AssetKind, options: ProcessingOptions, codecs: CodecPresence): void {
  if (output === 'splat') checkSplatProcessing(options);
  else checkProcessing(options, codecs);
}

function nameOf(job: JobState): string {
  return job.request.prompt.text?.trim() || `asset ${job.job}`;
}

function provenanceOf(job: JobState): AssetManifest['provenance'] {
  const { prompt, seed, model } = job.request;
  const usedModel = job.model ?? model;
  // The seed of an adopted task is known only if the provider tells.
  const usedSeed = job.seed ?? (job.adopted ? undefined : seed);
  return {
    ...(prompt.text === undefined ? {} : { prompt: prompt.text }),
    ...(prompt.images === undefined ? {} : { inputs: prompt.images.map(inputOf) }),
    provider: job.provider,
    ...(usedModel === undefined ? {} : { model: usedModel }),
    ...(usedSeed === undefined ? {} : { seed: usedSeed }),
    job: job.job,
    ...(job.taskId === undefined ? {} : { task: job.taskId }),
    createdAt: new Date(job.createdAt).toISOString(),
  };
}

/** What the person gave, and what was sent in its place. */
function inputOf({
  digest,
  mediaType,
  original,
}: FileReference): NonNullable<AssetManifest['provenance']['inputs']>[number] {
  if (original === undefined) return { digest, mediaType };
  return { digest: original.digest, mediaType: original.mediaType, sent: { digest, mediaType } };
}

function spendOf(job: JobState): NonNullable<AssetManifest['spend']> {
  const { estimate, reserved, actual } = job.spend;
  return {
    ...(estimate === undefined ? {} : { estimate: { ...estimate } }),
    ...(reserved === undefined ? {} : { reserved: { ...reserved } }),
    ...(actual === undefined ? {} : { actual: { ...actual } }),
  };
}
