export type {
  AssetOffer,
  CallContext,
  ImageLimits,
  ModelDescription,
  Money,
  OperationStatus,
  Prepared,
  Provider,
  ProviderDescription,
  ProviderOption,
  SpendReport,
  Started,
} from './provider.ts';
export type {
  AssetKind,
  FileReference,
  GenerationRequest,
  InputKind,
  ProfileName,
  Prompt,
  SplatFrame,
} from './request.ts';
