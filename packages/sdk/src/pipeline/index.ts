export { compose } from './compose.ts';
export type { AssetManifest, MeshManifest, SplatManifest } from './manifest.ts';
export {
  assetManifestSchema,
  MANIFEST_VERSION,
  meshManifestSchema,
  readManifest,
  splatManifestSchema,
} from './manifest.ts';
export type { ProcessingOptions } from './processing-options.ts';
export { LEVEL_RATIOS, PROCESSING_DEFAULTS, processingOptionsSchema } from './processing-options.ts';
export type { Candidate, ProduceInput } from './produce-input.ts';
export { produceLodSet } from './produce-lod-set.ts';
export type { ProduceSplatInput } from './produce-splat-set.ts';
export { produceSplatSet } from './produce-splat-set.ts';
export type { ProducedAsset } from './produced-asset.ts';
export type { CapabilityName, Step, StepContext } from './step.ts';
