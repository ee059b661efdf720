export type {
  AssetOffer,
  CallContext,
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
export type { AssetKind, FileReference, GenerationRequest, InputKind, ProfileName, Prompt } from './request.ts';
