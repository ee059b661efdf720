import * as asset from './messages/asset.ts';
import * as engine from './messages/engine.ts';
import * as hello from './messages/hello.ts';
import * as job from './messages/job.ts';
import * as key from './messages/key.ts';
import * as provider from './messages/provider.ts';
import * as service from './messages/service.ts';
import type { Direction, Method } from './method.ts';

/** Every method of the protocol, in the order of the documentation. Names repeat once where both directions have one. */
export const METHODS: readonly Method[] = [
  hello.hello,
  hello.rename,
  provider.listProviders,
  job.createJob,
  job.estimateJob,
  job.cancelJob,
  job.retryJob,
  job.resumeJob,
  job.adoptJob,
  job.getJob,
  job.listJobs,
  job.watchJobs,
  job.jobChanged,
  job.subscribeJob,
  job.unsubscribeJob,
  job.jobEvent,
  asset.describeAsset,
  asset.linkAsset,
  asset.importAsset,
  asset.engineImport,
  asset.assetImported,
  engine.listEngines,
  engine.selection,
  engine.engineSelection,
  engine.placeholder,
  engine.enginePlaceholder,
  key.setKey,
  key.removeKey,
  key.listKeys,
  service.runDoctor,
  service.linkPanel,
  service.serviceStopping,
];

/** The method of that name and direction, or undefined. */
export function findMethod(name: string, direction: Direction): Method | undefined {
  return METHODS.find((method) => method.method === name && method.direction === direction);
}
