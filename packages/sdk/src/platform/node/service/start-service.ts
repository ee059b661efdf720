import { SdkError } from '../../../foundation/errors.ts';
import { makeHome } from '../job-database.ts';
import { maquetteHome } from '../maquette-home.ts';
import { beginService } from './begin-service.ts';
import type { LocalService, StartServiceOptions } from './local-service.ts';
import { askPanelLink, findRunningService, hasServiceFile, type ServiceRecord } from './service-file.ts';
import { takeStartLock } from './start-lock.ts';

/** How long the one that has the lock may take to start or to end. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 50;

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
      const joined = await joinRunning(running, options.port);
      if (joined !== null) return joined;
    } else if (lock !== null) return beginService(options, home, lock);
    if (performance.now() > giveUpAt) {
      throw new SdkError({
        code: 'TIMED_OUT',
        message: `Another process has been starting or ending the service of ${home} for too long.`,
        // it may be waiting for a provider's answer to an order: to end it then could lose what was paid for
        remedy: 'Wait a minute, then try again; if it goes on, end the Maquette process that hangs.',
      });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** The service that runs, or null where it has just ended. */
async function joinRunning(record: ServiceRecord, port: number | undefined): Promise<LocalService | null> {
  const { url, token, pid, version } = record;
  if (port !== undefined && port !== 0 && Number(new URL(url).port) !== port) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `The service already runs at ${url}, in process ${pid}.`,
      remedy: 'Use it there, or end that process first.',
    });
  }
  const panel = await askPanelLink(record);
  if (panel === null) return null;
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
