import { toSdkError } from '../../../foundation/errors.ts';
import { isTerminalPhase } from '../../../jobs/job-state.ts';
import type { JobStore } from '../../../jobs/job-store.ts';
import type { Service } from '../../../service/service.ts';
import { createNodeHost, type NodeHost } from '../node-host.ts';
import { credentialOriginsOf, openHomeStudio } from '../open-home-studio.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createAssetLinks } from './asset-links.ts';
import { type Closers, createClosers } from './closers.ts';
import { DOOR_LIMITS, type DoorLimits } from './door-limits.ts';
import { openHttpDoor } from './http-door.ts';
import type { LocalService, StartServiceOptions } from './local-service.ts';
import { logRefusals } from './log-refusals.ts';
import { removeServiceFile, writeServiceFile } from './service-file.ts';
import { watchServiceLife } from './service-life.ts';
import { createServicePlatform } from './service-platform.ts';
import type { StartLock } from './start-lock.ts';
import { WELCOME_FILES } from './welcome-page.ts';

const DEFAULT_IDLE_MS = 5 * 60 * 1000;
/** How long clients may take to hear that the service ends. */
const FAREWELL_MS = 1000;

/**
 * Starts the service of a home folder in this process.
 *
 * @param lock - Of that home; released when the service has ended, or could not start.
 * @throws {@link SdkError} See `startService`.
 */
export async function beginService(options: StartServiceOptions, home: string, lock: StartLock): Promise<LocalService> {
  const { env = process.env, providers } = options;
  const host = createNodeHost({ home, env, credentials: credentialOriginsOf(providers) });
  const closers = createClosers((error) => {
    host.log({ level: 'error', event: 'service-end-failed', message: toSdkError(error).message });
  });
  closers.add(() => lock.release());
  try {
    return await begin(options, host, closers);
  } catch (error) {
    await closers.closeAll('the service could not start');
    throw error;
  }
}

async function begin(options: StartServiceOptions, host: NodeHost, closers: Closers): Promise<LocalService> {
  const { providers, version, env = process.env, processing, idleMs = DEFAULT_IDLE_MS } = options;
  const limits: DoorLimits = { ...DOOR_LIMITS, ...options.limits };
  const tokens = createAccessTokens();
  const links = createAssetLinks(limits);

  const [{ createService }, open] = await Promise.all([
    import('../../../service/create-service.ts'),
    openHomeStudio({ host, providers, ...(processing === undefined ? {} : { processing }) }),
  ]);
  closers.add(() => open.close());

  let service: Service | undefined;
  const door = await openHttpDoor({
    port: options.port ?? 0,
    limits,
    tokens,
    links,
    files: WELCOME_FILES,
    // nobody knows the address before the service is there
    attach: (transport) => (service === undefined ? transport.close('not ready yet') : service.attach(transport)),
    onRefused: logRefusals(host),
  });
  closers.add((reason) => door.close(reason));

  const running = createService({
    host,
    studio: open.studio,
    store: open.store,
    providers,
    defaultProvider: options.defaultProvider,
    platform: createServicePlatform({
      host,
      providers,
      env,
      version,
      url: door.url,
      links,
      linkPanel: door.linkPanel,
      takenFolders: await foldersOfOpenJobs(open.store),
    }),
    facts: {
      version,
      pid: process.pid,
      home: host.home,
      messageBytes: limits.messageBytes,
      messagesPerSecond: limits.messagesPerSecond,
      heartbeatMs: limits.heartbeatMs,
    },
  });
  service = running;
  closers.add((reason) => atMost(FAREWELL_MS, running.close(reason)));

  const facts = { url: door.url, token: tokens.launch, pid: process.pid, version };
  await writeServiceFile(host.home, { ...facts, startedAt: Date.now() });
  // first of all at the end: who looks for a service from then on waits for the lock, and starts another one
  closers.add(() => removeServiceFile(host.home, tokens.launch));

  const { promise: ended, resolve: announceEnd } = createSettler();
  let ending: Promise<void> | undefined;
  const close = (reason = 'it was asked to'): Promise<void> => {
    life.stop();
    ending ??= closers.closeAll(reason).then(() => {
      host.log({ level: 'info', event: 'service-ended', message: reason });
      announceEnd(reason);
    });
    return ending;
  };
  const life = watchServiceLife({
    idleMs,
    // the store first: whoever comes while it answers is seen
    isBusy: async () => (await running.hasOpenJobs()) || running.clientCount > 0 || door.downloadCount > 0,
    onIdle: () => void close('nobody has needed it for a while'),
  });
  host.log({ level: 'info', event: 'service-started', data: { url: door.url, version } });
  running.resume().catch((error: unknown) => {
    // the jobs stay as they are; whoever asks for one hears why
    host.log({ level: 'error', event: 'resume-failed', message: toSdkError(error).message });
  });
  return { ...facts, panel: door.linkPanel(), isNew: true, close, ended };
}

/** Folders that were promised to jobs by an earlier service of this home. */
async function foldersOfOpenJobs(store: JobStore): Promise<readonly string[]> {
  const jobs = await store.list();
  return jobs.flatMap(({ phase, delivery }) =>
    !isTerminalPhase(phase) && typeof delivery.folder === 'string' ? [delivery.folder] : [],
  );
}

function createSettler(): { readonly promise: Promise<string>; readonly resolve: (reason: string) => void } {
  let resolve: (reason: string) => void = () => undefined;
  const promise = new Promise<string>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms).unref())]);
}
