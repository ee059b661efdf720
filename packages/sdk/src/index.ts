export type { CancelController, CancelSignal } from './foundation/cancel.ts';
export { createCancelController } from './foundation/cancel.ts';
export type { ErrorCatalogueEntry, ErrorCode } from './foundation/error-catalogue.ts';
export { ERROR_CATALOGUE } from './foundation/error-catalogue.ts';
export type { ErrorRecord, ErrorRetry, SdkErrorInit } from './foundation/errors.ts';
export { isSdkError, SdkError } from './foundation/errors.ts';
export type { CredentialUse, HttpRequest, HttpResponse, HttpSend } from './foundation/http.ts';
export type { JsonObject, JsonValue } from './foundation/json.ts';
export type { Warning } from './foundation/warning.ts';
export type {
  CodecName,
  Codecs,
  DracoCodec,
  DracoModules,
  GltfValidator,
  MeshoptDecoder,
  MeshoptEncoder,
  MeshSimplifier,
  SimplifyFlag,
  SimplifyResult,
  ValidationIssue,
  ValidationReport,
} from './host/codecs.ts';
export type { FileEntry, FileStore } from './host/file-store.ts';
export type { Clock, Host, ImageCodec, LogEntry, RasterImage } from './host/host.ts';
export type { EventsOptions } from './jobs/event-feed.ts';
export type { JobBudgets } from './jobs/job-budgets.ts';
export type { JobStanding } from './jobs/job-engine.ts';
export type { JobEvent, JobEventBody, JobResult, RawAsset } from './jobs/job-events.ts';
export type { JobPhase, JobState, SpendRecord } from './jobs/job-state.ts';
export { isTerminalPhase } from './jobs/job-state.ts';
export type { JobFilter, JobStore, Lease } from './jobs/job-store.ts';
export type { PruneOptions, PruneReport } from './jobs/prune-jobs.ts';
export { reduceJob } from './jobs/reduce-job.ts';
export type { AssetManifest } from './pipeline/manifest.ts';
export { readManifest } from './pipeline/manifest.ts';
export type { ProcessingOptions } from './pipeline/processing-options.ts';
export { PROCESSING_DEFAULTS } from './pipeline/processing-options.ts';
export type { ProducedAsset } from './pipeline/produced-asset.ts';
export type { StepContext } from './pipeline/step.ts';
export type { Money, Provider, ProviderDescription } from './provider/provider.ts';
export type {
  AssetKind,
  FileReference,
  GenerationRequest,
  InputKind,
  ProfileName,
  Prompt,
} from './provider/request.ts';
export type { AdoptOptions, PreparedJob, Studio, StudioOptions } from './studio/create-studio.ts';
export { createStudio } from './studio/create-studio.ts';
export type { DeliverAsset } from './studio/deliver-asset.ts';
export type { GenerateOptions, PromptInput } from './studio/generate-options.ts';
export type { JobHandle } from './studio/job-handle.ts';
export type { ProduceAsset } from './studio/process-raw.ts';
