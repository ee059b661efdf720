import type { JobPhase, JobState } from '../jobs/job-state.ts';
import { serviceStopping } from '../protocol/messages/service.ts';
import type { ProviderDescription } from '../provider/provider.ts';
import { answerAssets } from './answer-assets.ts';
import { answerEngines } from './answer-engines.ts';
import { answerFollow } from './answer-follow.ts';
import { answerJobs } from './answer-jobs.ts';
import { answerProviders } from './answer-providers.ts';
import { createEventHub } from './event-hub.ts';
import { type JobView, toJobView } from './job-view.ts';
import { createJobWatch } from './job-watch.ts';
import type { Service, ServiceOptions } from './service.ts';
import type { ServiceContext } from './service-context.ts';
import { createSession, type Session } from './session.ts';
import { createSessions } from './sessions.ts';
import { createStoreWatch } from './store-watch.ts';

const OPEN_PHASES: readonly JobPhase[] = ['queued', 'starting', 'running', 'fetching', 'processing'];

/** A job that this process does not work on and that has told nothing for so long is offered to be resumed, milliseconds. */
const UNATTENDED_AFTER_MS = 60_000;

/** Folders with a name for estimates that are remembered. A client names one or two. */
const MOST_ESTIMATE_FOLDERS = 100;

/** Makes a service. Nothing runs until a client is attached or jobs are resumed. */
export function createService(options: ServiceOptions): Service {
  const { host, studio, store } = options;
  const startedAt = host.clock.now();
  const descriptions = describeProviders(options);
  const toView = (state: JobState): JobView => {
    const { isWorking, stall } = studio.standing(state.job);
    // another process may be at it without a word for a while; taking up its job only means to wait for its end
    const isUnattended = !isWorking && host.clock.now() - state.updatedAt > UNATTENDED_AFTER_MS;
    return toJobView(state, { provider: descriptions.get(state.provider), stall, isUnattended });
  };
  const hub = createEventHub(host, store);
  const watch = createJobWatch(host, store, toView);
  const storeWatch = createStoreWatch(host, store, hub, watch);
  const leaveStalls = studio.onStall((job) => watch.note(job));
  const attached = new Set<Session>();
  const sessions = createSessions();
  const estimateFolders = new Map<string | undefined, string>();
  let isClosed = false;
  const context: ServiceContext = {
    ...options,
    descriptions,
    sessions,
    hub,
    watch,
    storeWatch,
    toView,
    estimateFolder: (parent) => {
      const known = estimateFolders.get(parent);
      if (known !== undefined) return known;
      if (estimateFolders.size >= MOST_ESTIMATE_FOLDERS) estimateFolders.clear();
      const folder = options.platform.newAssetFolder('estimate', parent);
      estimateFolders.set(parent, folder);
      return folder;
    },
  };

  return {
    attach(transport) {
      if (isClosed) return transport.close('The service is stopping.');
      const session = createSession({
        host,
        transport,
        facts: options.facts,
        startedAt,
        onHello: (greeted, client) => sessions.add(greeted, client),
      });
      attached.add(session);
      void session.peer.closed.then(() => {
        attached.delete(session);
        sessions.remove(session);
      });
      answerJobs(context, session);
      answerFollow(context, session);
      answerProviders(context, session);
      answerEngines(context, session);
      answerAssets(context, session);
      session.peer.start();
    },
    get clientCount() {
      return sessions.count;
    },
    async hasOpenJobs() {
      const open = await store.list({ phases: OPEN_PHASES });
      return open.some(({ job }) => studio.standing(job).isWorking);
    },
    async resume() {
      await studio.resume();
    },
    async close(reason) {
      isClosed = true;
      leaveStalls();
      storeWatch.close();
      const ending = [...attached].map(({ peer }) => peer);
      for (const { session } of sessions.list()) session.peer.notify(serviceStopping, { reason });
      for (const peer of ending) peer.close(reason);
      await Promise.all(ending.map((peer) => peer.closed));
    },
  };
}

/** Descriptions by id, the default first. */
function describeProviders({ providers, defaultProvider }: ServiceOptions): ReadonlyMap<string, ProviderDescription> {
  const descriptions = providers.map((provider) => provider.describe());
  const first = descriptions.filter(({ id }) => id === defaultProvider);
  return new Map([...first, ...descriptions].map((description) => [description.id, description]));
}
