import type { ErrorCode } from '../foundation/error-catalogue.ts';
import { SdkError, toSdkError } from '../foundation/errors.ts';
import type { Provider, Started } from '../provider/provider.ts';
import { RETRY_BACK_OFF } from './back-off.ts';
import { type Drive, isInterruption, logDrive } from './job-drive.ts';
import type { JobEventBody } from './job-events.ts';
import { DriveStalled } from './stall.ts';

/**
 * Codes with which an adapter says that nothing was started. Everything else that comes out of a start (no answer, an
 * answer that cannot be read, a bug of the adapter) may hide a task that costs money.
 */
const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INPUT_INVALID',
  'CONFIG_MISSING',
  'UNSUPPORTED_ON_HOST',
  'UNSUPPORTED_BY_PROVIDER',
  'SPEND_LIMIT',
  'AUTH_REJECTED',
  'PAYMENT_REQUIRED',
  'RATE_LIMITED',
  'QUEUE_FULL',
  'INPUT_REJECTED',
  'OPERATION_FAILED',
  'PROVIDER_UNAVAILABLE',
  'NETWORK_FAILED',
  'URL_NOT_TRUSTED',
]);

/** A machine without a network is told so after this many tries, instead of looking busy for hours. */
const NETWORK_TRIES = 4;

/** Takes a job from `queued` to `running`, waiting where the provider has no room. */
export async function startOperation(drive: Drive): Promise<void> {
  const provider = knownProvider(drive);
  const backOff = drive.backOff(RETRY_BACK_OFF);
  const { clock } = drive.settings.host;
  const deadline = clock.now() + drive.settings.budgets.jobMs;
  let networkFailures = 0;
  while (drive.state.phase === 'queued') {
    const { estimate } = drive.state.spend;
    await drive.append({
      type: 'start-requested',
      idempotencyKey: drive.state.idempotencyKey ?? drive.state.job,
      ...(estimate === undefined ? {} : { reserved: estimate }),
    });
    let started: Started;
    try {
      // Not interruptible: whoever breaks off a start no longer knows whether it costs money.
      started = await drive.call((context) => provider.start(drive.state.request, context), { interruptible: false });
    } catch (error) {
      const failure = toSdkError(error);
      if (!REFUSALS.has(failure.code)) {
        await lookUpStart(drive, failure);
        continue;
      }
      networkFailures = failure.code === 'NETWORK_FAILED' ? networkFailures + 1 : 0;
      if (failure.retry === 'never' || networkFailures >= NETWORK_TRIES) throw failure;
      const waitMs = backOff.next(failure.retryAfterMs);
      // A wait that the budget has no room for ends the job with the reason for it.
      if (clock.now() + waitMs > deadline) throw failure;
      await drive.append({ type: 'start-refused', error: failure.toRecord(), retryAt: clock.now() + waitMs });
      await drive.sleep(waitMs);
      continue;
    }
    await recordStart(drive, started);
  }
}

/**
 * Settles a job found in `starting`: the process that sent the start died before the answer was stored.
 *
 * Starting again blindly could pay twice. Only a provider that finds starts by their key can say what happened.
 */
export async function settleStart(drive: Drive): Promise<void> {
  await lookUpStart(
    drive,
    new SdkError({
      code: 'OUTCOME_UNKNOWN',
      message: `The process ended while ${drive.state.provider} was being asked to start, so a task may or may not exist.`,
    }),
  );
}

async function lookUpStart(drive: Drive, failure: SdkError): Promise<void> {
  const unknown =
    failure.code === 'OUTCOME_UNKNOWN'
      ? failure
      : new SdkError({
          code: 'OUTCOME_UNKNOWN',
          message: `No usable answer to the start came back from ${drive.state.provider}, so a task may or may not exist: ${failure.message}`,
          details: { reason: failure.code, ...failure.details },
          cause: failure,
        });
  // Not even a provider that is unknown here makes the outcome of its start any clearer.
  const { provider } = drive;
  if (provider?.lookUp === undefined) throw unknown;
  const backOff = drive.backOff(RETRY_BACK_OFF);
  const deadline = drive.settings.host.clock.now() + provider.describe().operationTimeoutMs;
  for (;;) {
    try {
      const found = await drive.call(
        (context) => (provider.lookUp as NonNullable<Provider['lookUp']>)(drive.state.request, context),
        {
          interruptible: false,
        },
      );
      if (found !== null) return await recordStart(drive, found);
      await drive.append({
        type: 'start-refused',
        error: unknown.toRecord(),
        retryAt: drive.settings.host.clock.now(),
      });
      return;
    } catch (error) {
      if (isInterruption(error) || error instanceof DriveStalled) throw error;
      const lookUpFailure = toSdkError(error);
      if (lookUpFailure.code === 'STORE_FAILED') throw error;
      const waitMs = backOff.next(lookUpFailure.retryAfterMs);
      if (lookUpFailure.retry === 'never' || drive.settings.host.clock.now() + waitMs > deadline) throw unknown;
      await drive.settings.host.clock.sleep(waitMs, drive.stop.signal);
    }
  }
}

async function recordStart(drive: Drive, started: Started): Promise<void> {
  const taskId = drive.provider?.taskId?.(started.operation) ?? undefined;
  const { reserved, actual } = started.spend ?? {};
  const bodies: JobEventBody[] = [
    {
      type: 'operation-started',
      operation: started.operation,
      ...(taskId === undefined ? {} : { taskId }),
      ...(reserved === undefined ? {} : { reserved }),
      ...(actual === undefined ? {} : { actual }),
    },
    ...started.warnings.map((warning): JobEventBody => ({ type: 'warning-raised', warning })),
  ];
  try {
    await drive.append(...bodies);
  } catch (error) {
    // The task exists and costs money, but cannot be written down. Whoever reads the log can adopt it.
    logDrive(drive, 'operation-unrecorded', { taskId: taskId ?? null });
    throw error;
  }
}

function knownProvider(drive: Drive): Provider {
  if (drive.provider !== undefined) return drive.provider;
  throw new DriveStalled(
    new SdkError({
      code: 'INPUT_INVALID',
      message: `There is no provider "${drive.state.provider}" here; the job stays as it is.`,
    }),
  );
}
