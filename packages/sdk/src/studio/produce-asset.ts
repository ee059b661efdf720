import { SdkError } from '../foundation/errors.ts';
import type { Codecs } from '../host/codecs.ts';
import type { RawAsset } from '../jobs/job-events.ts';
import type { JobState } from '../jobs/job-state.ts';
import type { AssetManifest } from '../pipeline/manifest.ts';
import type { ProcessingOptions } from '../pipeline/processing-options.ts';
import type { AssetKind } from '../provider/request.ts';
import type { ProduceAsset } from './process-raw.ts';
import { resolveProcessing } from './resolve-processing.ts';

// The road of a mesh is the heaviest part of the SDK; it is loaded when the first job needs it.
const loadMeshRoad = () => import('../pipeline/produce-lod-set.ts');

/** The road of a mesh: a set of levels with manifest and thumbnail, as the job's processing options say. */
export const produceAsset: ProduceAsset = async (job, raw, bytes, context) => {
  assertKind(raw.kind);
  const { produceLodSet } = await loadMeshRoad();
  return produceLodSet(
    {
      raw: bytes,
      rawExtension: raw.extension,
      name: nameOf(job),
      provenance: provenanceOf(job),
      licence: job.licence,
      credit: job.credit,
      spend: spendOf(job),
      warnings: job.warnings.slice(0, job.warningsBeforeProcessing),
    },
    resolveProcessing(job.processing as Partial<ProcessingOptions>),
    context,
  );
};

/** Refuses what {@link produceAsset} could not do with the result, before it is ordered. */
export async function assertProducible(output: AssetKind, options: ProcessingOptions, codecs: Codecs): Promise<void> {
  assertKind(output);
  const { checkProcessing } = await loadMeshRoad();
  checkProcessing(options, codecs);
}

function assertKind(kind: RawAsset['kind']): void {
  if (kind === 'mesh') return;
  throw new SdkError({ code: 'UNSUPPORTED_ON_HOST', message: `A ${kind} cannot be processed here yet, only a mesh.` });
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
    ...(prompt.images === undefined
      ? {}
      : { inputs: prompt.images.map(({ digest, mediaType }) => ({ digest, mediaType })) }),
    provider: job.provider,
    ...(usedModel === undefined ? {} : { model: usedModel }),
    ...(usedSeed === undefined ? {} : { seed: usedSeed }),
    job: job.job,
    ...(job.taskId === undefined ? {} : { task: job.taskId }),
    createdAt: new Date(job.createdAt).toISOString(),
  };
}

function spendOf(job: JobState): NonNullable<AssetManifest['spend']> {
  const { estimate, reserved, actual } = job.spend;
  return {
    ...(estimate === undefined ? {} : { estimate: { ...estimate } }),
    ...(reserved === undefined ? {} : { reserved: { ...reserved } }),
    ...(actual === undefined ? {} : { actual: { ...actual } }),
  };
}
