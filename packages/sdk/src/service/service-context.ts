import { SdkError } from '../foundation/errors.ts';
import type { JobState } from '../jobs/job-state.ts';
import type { ProviderDescription } from '../provider/provider.ts';
import type { EventHub } from './event-hub.ts';
import type { JobView } from './job-view.ts';
import type { JobWatch } from './job-watch.ts';
import type { ServiceOptions } from './service.ts';
import type { Sessions } from './sessions.ts';
import type { StoreWatch } from './store-watch.ts';

/** What the answers of all sessions are made from. */
export interface ServiceContext extends ServiceOptions {
  /** By id, the default first. */
  readonly descriptions: ReadonlyMap<string, ProviderDescription>;
  readonly sessions: Sessions;
  readonly hub: EventHub;
  readonly watch: JobWatch;
  readonly storeWatch: StoreWatch;
  readonly toView: (state: JobState) => JobView;
  /** A folder within `parent` that is free and stays so, for orders that are only checked. */
  readonly estimateFolder: (parent: string | undefined) => string;
}

/** A stored job. `INPUT_INVALID` if there is none. */
export async function requireJob({ store }: ServiceContext, job: string): Promise<JobState> {
  const state = await store.get(job);
  if (state === null) throw new SdkError({ code: 'INPUT_INVALID', message: `There is no job ${job}.` });
  return state;
}

/** Folder of a finished job. `INPUT_INVALID` if it has not succeeded. */
export async function requireFolder(context: ServiceContext, job: string): Promise<string> {
  const { result } = await requireJob(context, job);
  if (result !== undefined) return result.location;
  throw new SdkError({
    code: 'INPUT_INVALID',
    message: `The job ${job} has no finished asset.`,
    remedy: 'Wait until it has succeeded.',
  });
}

/** `INPUT_INVALID` for a provider that is not known here. */
export function requireDescription({ descriptions }: ServiceContext, provider: string): ProviderDescription {
  const description = descriptions.get(provider);
  if (description !== undefined) return description;
  const known = [...descriptions.keys()].join(', ');
  throw new SdkError({
    code: 'INPUT_INVALID',
    message: `There is no provider "${provider.slice(0, 60)}"; known are ${known}.`,
  });
}
