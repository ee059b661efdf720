import { SdkError, toSdkError } from '../../../foundation/errors.ts';
import { isTerminalPhase } from '../../../jobs/job-state.ts';
import type { JobStore } from '../../../jobs/job-store.ts';
import type { Provider } from '../../../provider/provider.ts';
import type { Service } from '../../../service/service.ts';
import { makeHome } from '../job-database.ts';
import type { Environment } from '../maquette-home.ts';
import { maquetteHome } from '../maquette-home.ts';
import { createNodeHost, type NodeHost } from '../node-host.ts';
import { credentialOriginsOf, type HomeStudioOptions, openHomeStudio } from '../open-home-studio.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createAssetLinks } from './asset-links.ts';
import { DOOR_LIMITS, type DoorLimits } from './door-limits.ts';
import { openHttpDoor } from './http-door.ts';
import type { Refusal } from './refusal.ts';
import {
  askPanelLink,
  findRunningService,
  hasServiceFile,
  removeServiceFile,
  type ServiceRecord,
  writeServiceFile,
} from './service-file.ts';
import { watchServiceLife } from './service-life.ts';
import { createServicePlatform } from './service-platform.ts';
import { type StartLock, takeStartLock } from './start-lock.ts';
import { WELCOME_FILES } from './welcome-page.ts';

/** What a service is started with. */
export interface StartServiceOptions {
  /** Absolute path of the folder that holds everything Maquette keeps. Default: what `env` says. */
  readonly home?: string;
  /** Environment for the home folder, proxies and keys. Default `process.env`. */
  readonly env?: Environment;
  readonly providers: readonly Provider[];
  /** Id of the provider that is used where none is named. */
  readonly defaultProvider: string;
  /** Version of the program that starts it. */
  readonly version: string;
  /** Port on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** How long it stays after its last client left and its last job ended, milliseconds. Default 5 minutes. */
  readonly idleMs?: number;
  /** Where results are processed. Default: in this thread. */
  readonly processing?: HomeStudioOptions['processing'];
  /** For tests that cannot wait for a minute. */
  readonly limits?: Partial<DoorLimits>;
}

/** A service of this machine that can be used. */
export interface LocalService {
  /** `http://127.0.0.1:PORT`; the WebSocket is at `/rpc`. */
  readonly url: string;
  /** Opens it, as `Authorization: Bearer …`. A secret. */
  readonly token: string;
  /** A link that opens the panel once, within minutes. A secret until then. */
  readonly panel: string;
  /** Of the process it runs in. */
  readonly pid: number;
  readonly version: string;
  /** False where it ran already, in another process or earlier in this one: it is somebody else's to close. */
  readonly isNew: boolean;
  /** Ends it: clients are told, jobs are left as they are for the next one. Does nothing if it is not new. */
  close(reason?: string): Promise<void>;
  /** Resolves with the reason when it has ended and let go of everything. At once if it is not new. */
  readonly ended: Promise<string>;
}

const DEFAULT_IDLE_MS = 5 * 60 * 1000;
/** How long the one that has the lock may take to start or to end. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 50;
/** How long clients may take to hear that the service ends. */
const FAREWELL_MS = 1000;
const MOST_LOGGED_REFUSALS_PER_MINUTE = 20;

/**
 * The service of a home folder: the one that runs, or else a new one in this process.
 *
 * Any number of processes may call it at the same moment; one of them starts the service, the others find it.
 *
 * @throws {@link SdkError} `INPUT_INVALID` where the port cannot be had, also because the service runs on another one;
 * `STORE_FAILED` and `STORE_VERSION` where the home folder cannot be used; `TIMED_OUT` where another process has been starting
 * or ending one for too long.
 */
export async function startService(options: StartServiceOptions): Promise<LocalService> {
  const home = options.home ?? maquetteHome(options.env ?? process.env);
  await makeHome(home);
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const lock = takeStartLock(home);
    // with the lock in hand a file is a leftover, unless somebody removed the lock of a service that runs
    const running = lock === null || hasServiceFile(home) ? await findRunningService(home) : null;
    if (running !== null) {
      lock?.release();
      return joinRunning(running, options.port);
    }
    if (lock !== null) return startNew(options, home, lock);
    if (performance.now() > giveUpAt) {
      throw new SdkError({
        code: 'TIMED_OUT',
        message: `Another process has been starting or ending the service of ${home} for too long.`,
        remedy: 'End that process, then try again.',
      });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function joinRunning(record: ServiceRecord, port: number | undefined): Promise<LocalService> {
  const { url, token, pid, version } = record;
  if (port !== undefined && port !== 0 && Number(new URL(url).port) !== port) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `The service already runs at ${url}, in process ${pid}.`,
      remedy: 'Use it there, or end that process first.',
    });
  }
  const panel = await askPanelLink(record);
  const reason = 'it runs in another process';
  return {
    url,
    token,
    panel,
    pid,
    version,
    isNew: false,
    close: async () => undefined,
    ended: Promise.resolve(reason),
  };
}

async function startNew(options: StartServiceOptions, home: string, lock: StartLock): Promise<LocalService> {
  const undo: (() => Promise<void> | void)[] = [() => lock.release()];
  try {
    return await start(options, home, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

/** @param undo - Filled with what has to be done, last first, to end what was begun. */
async function start(
  options: StartServiceOptions,
  home: string,
  undo: (() => Promise<void> | void)[],
): Promise<LocalService> {
  const { providers, version, env = process.env, idleMs = DEFAULT_IDLE_MS, processing } = options;
  const limits: DoorLimits = { ...DOOR_LIMITS, ...options.limits };
  const tokens = createAccessTokens();
  const links = createAssetLinks(limits);
  const host = createNodeHost({ home, env, credentials: credentialOriginsOf(providers) });
  let service: Service | undefined;

  const opening = openHomeStudio({ host, providers, ...(processing === undefined ? {} : { processing }) });
  undo.push(() =>
    opening.then(
      (studio) => studio.close(),
      () => host.close(),
    ),
  );
  const [{ createService }, { studio, store }, door] = await Promise.all([
    import('../../../service/create-service.ts'),
    opening,
    openHttpDoor({
      port: options.port ?? 0,
      limits,
      tokens,
      links,
      files: WELCOME_FILES,
      // nobody knows the address before the service is there
      attach: (transport) => (service === undefined ? transport.close('not ready yet') : service.attach(transport)),
      onRefused: logRefusals(host),
    }),
  ]);
  undo.push(() => door.close('the service could not start'));

  const platform = createServicePlatform({
    host,
    providers,
    env,
    version,
    url: door.url,
    links,
    linkPanel: door.linkPanel,
    takenFolders: await foldersOfOpenJobs(store),
  });
  const running = createService({
    host,
    studio,
    store,
    providers,
    defaultProvider: options.defaultProvider,
    platform,
    facts: {
      version,
      pid: process.pid,
      home,
      messageBytes: limits.messageBytes,
      messagesPerSecond: limits.messagesPerSecond,
      heartbeatMs: limits.heartbeatMs,
    },
  });
  service = running;
  const record: ServiceRecord = {
    url: door.url,
    token: tokens.launch,
    pid: process.pid,
    version,
    startedAt: Date.now(),
  };
  await writeServiceFile(home, record);

  let announceEnd: (reason: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => {
    announceEnd = resolve;
  });
  const end = async (reason: string): Promise<void> => {
    life.stop();
    // in this order: who looks for a service from now on waits for the lock, and then starts another one
    await removeServiceFile(home);
    await Promise.race([running.close(reason), new Promise((resolve) => setTimeout(resolve, FAREWELL_MS).unref())]);
    await door.close(reason);
    await (await opening).close();
    host.log({ level: 'info', event: 'service-ended', message: reason });
    undo[0]?.();
    announceEnd(reason);
  };
  let ending: Promise<void> | undefined;
  const close = (reason = 'it was asked to'): Promise<void> => {
    ending ??= end(reason);
    return ending;
  };
  const life = watchServiceLife({
    idleMs,
    isBusy: async () => running.clientCount > 0 || door.downloadCount > 0 || (await running.hasOpenJobs()),
    onIdle: () => void close('nobody has needed it for a while'),
  });
  host.log({ level: 'info', event: 'service-started', data: { url: door.url, version } });
  running.resume().catch((error: unknown) => {
    // the jobs stay as they are; whoever asks for one hears why
    host.log({ level: 'error', event: 'resume-failed', message: toSdkError(error).message });
  });
  return {
    url: door.url,
    token: tokens.launch,
    panel: door.linkPanel(),
    pid: process.pid,
    version,
    isNew: true,
    close,
    ended,
  };
}

/** Folders that were promised to jobs by an earlier service of this home. */
async function foldersOfOpenJobs(store: JobStore): Promise<readonly string[]> {
  const jobs = await store.list();
  return jobs.flatMap(({ phase, delivery }) =>
    !isTerminalPhase(phase) && typeof delivery.folder === 'string' ? [delivery.folder] : [],
  );
}

/** Notes who was turned away, without what they sent, and not more than a log can take. */
function logRefusals(host: NodeHost): (refusal: Refusal) => void {
  let minute = 0;
  let count = 0;
  return ({ status, message }) => {
    const now = Math.floor(performance.now() / 60_000);
    if (now !== minute) count = 0;
    minute = now;
    count += 1;
    if (count > MOST_LOGGED_REFUSALS_PER_MINUTE) return;
    host.log({ level: 'warn', event: 'request-refused', message, data: { status } });
  };
}
