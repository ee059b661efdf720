export { parseRpcMessage, RPC_ERRORS, type RpcId, type RpcMessage } from './json-rpc.ts';
export * from './messages/asset.ts';
export * from './messages/engine.ts';
export * from './messages/hello.ts';
export * from './messages/job.ts';
export * from './messages/key.ts';
export * from './messages/provider.ts';
export * from './messages/service.ts';
export type {
  Direction,
  Method,
  NotificationMethod,
  ParamsOf,
  RequestMethod,
  ResultOf,
} from './method.ts';
export { METHODS } from './methods.ts';
export { createPeer, type Handlers, type Peer, type PeerOptions } from './peer.ts';
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
