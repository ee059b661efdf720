export { parseRpcMessage, RPC_ERRORS, type RpcId, type RpcMessage } from './json-rpc.ts';
export {
  assetImported,
  describeAsset,
  engineImport,
  importAsset,
  importReceiptSchema,
  linkAsset,
} from './messages/asset.ts';
export {
  boundsSchema,
  enginePlaceholder,
  engineSelection,
  listEngines,
  placeholder,
  selection,
} from './messages/engine.ts';
export { clientSchema, hello, rename } from './messages/hello.ts';
export {
  adoptJob,
  cancelJob,
  createJob,
  estimateJob,
  getJob,
  jobActionSchema,
  jobChanged,
  jobEvent,
  jobOrderSchema,
  jobViewSchema,
  listJobs,
  resumeJob,
  retryJob,
  subscribeJob,
  unsubscribeJob,
  watchJobs,
} from './messages/job.ts';
export { listKeys, removeKey, setKey } from './messages/key.ts';
export { listProviders, providerViewSchema } from './messages/provider.ts';
export { linkPanel, runDoctor, serviceStopping } from './messages/service.ts';
export type {
  Direction,
  Method,
  NotificationMethod,
  ParamsOf,
  RequestMethod,
  ResultOf,
} from './method.ts';
export { METHODS } from './methods.ts';
export { type AfterAnswer, createPeer, type Handlers, type Peer, type PeerOptions } from './peer.ts';
export { PROTOCOL_NAME, PROTOCOL_VERSION } from './protocol-version.ts';
export type {
  Bounds,
  Client,
  ImportReceipt,
  JobAction,
  JobOrderMessage,
  JobView,
  ProviderView,
} from './schemas.ts';
export type { Transport, TransportCallbacks } from './transport.ts';
