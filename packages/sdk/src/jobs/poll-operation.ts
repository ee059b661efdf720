import { isSdkError, type SdkError, toSdkError } from '../foundation/errors.ts';
import type { OperationStatus, Provider } from '../provider/provider.ts';
import { POLL_BACK_OFF, RETRY_BACK_OFF } from './back-off.ts';
import { fetchOffered } from './fetch-assets.ts';
import { timedOut } from './job-budgets.ts';
import { type Drive, isInterruption, logDrive } from './job-drive.ts';
import type { JobEventBody } from './job-events.ts';
import { pollOnce } from './poll-once.ts';
import { mainAssetId } from './raw-assets.ts';
import { DriveStalled } from './stall.ts';

/** Unreadable answers in a row after which a poll gives up: one can be a proxy's error page, three are a protocol. */
const PROTOCOL_TRIES = 3;

/** A smaller move of the provider's fraction is not worth an event. */
const PROGRESS_STEP = 0.01;

/** Asks until the provider has finished, one way or the other. */
export async function pollOperation(drive: Drive): Promise<void> {
  const pending = drive.backOff(POLL_BACK_OFF);
  const failing = drive.backOff(RETRY_BACK_OFF);
  const reported: Reported = { fraction: null, stage: drive.state.stage };
  const tries: TryCounter = { protocol: 0, failures: 0 };
  while (drive.state.phase === 'running') {
    let waitMs: number;
    let lastError: SdkError | undefined;
    try {
      const status = await pollOnce(drive);
      tries.protocol = 0;
      tries.failures = 0;
      failing.reset();
      if (status.state !== 'pending') return await settleOperation(drive, status);
      await reportPending(drive, status, reported);
      waitMs = pending.next(status.pollAfterMs);
    } catch (error) {
      try {
        lastError = classifyPollError(error, tries);
      } catch (final) {
        if (!isSdkError(final) || isJobTimeOut(final) || !hasMainAsset(drive)) throw final;
        return await keepSuccess(
          drive,
          `${drive.state.provider} delivered a result and then no answer: ${final.message}`,
          {},
        );
      }
      waitMs = failing.next(lastError.retryAfterMs);
      logDrive(drive, 'poll-failed', { code: lastError.code, waitMs });
    }
    const leftMs = operationDeadline(drive) - drive.settings.host.clock.now();
    if (leftMs <= 0) return await giveUp(drive, tries, lastError);
    await drive.sleep(Math.min(waitMs, leftMs));
  }
}

interface Reported {
  fraction: number | null;
  stage: string | undefined;
}

interface TryCounter {
  protocol: number;
  failures: number;
}

/** Returns the error if polling may go on, throws what ends or stalls the job. */
function classifyPollError(error: unknown, tries: TryCounter): SdkError {
  if (isInterruption(error) || error instanceof DriveStalled) throw error;
  const failure = toSdkError(error);
  tries.failures += 1;
  if (isJobTimeOut(failure)) throw failure;
  // The task runs on and is paid for; what is missing can be put right here.
  if (failure.code === 'AUTH_REJECTED' || failure.code === 'CONFIG_MISSING' || failure.code === 'STORE_FAILED') {
    throw new DriveStalled(failure);
  }
  if (failure.code === 'PROVIDER_PROTOCOL') {
    tries.protocol += 1;
    if (tries.protocol < PROTOCOL_TRIES) return failure;
  }
  if (failure.retry === 'never') throw failure;
  return failure;
}

function isJobTimeOut(failure: SdkError): boolean {
  return failure.code === 'TIMED_OUT' && failure.details?.budget === 'job';
}

async function reportPending(
  drive: Drive,
  status: Extract<OperationStatus, { state: 'pending' }>,
  reported: Reported,
): Promise<void> {
  const bodies: JobEventBody[] = (status.warnings ?? []).filter(isNewWarning(drive)).map(warningBody);
  const fraction = status.progress ?? null;
  const hasMoved = fraction !== null && (reported.fraction === null || fraction >= reported.fraction + PROGRESS_STEP);
  if (hasMoved || (status.stage !== undefined && status.stage !== reported.stage)) {
    bodies.push({
      type: 'progress-reported',
      progress: fraction,
      ...(status.stage === undefined ? {} : { stage: status.stage }),
    });
    if (hasMoved) reported.fraction = fraction;
    reported.stage = status.stage ?? reported.stage;
  }
  for (const offer of status.assets ?? []) {
    if (drive.state.offered.includes(offer.id)) continue;
    bodies.push({ type: 'asset-offered', assetId: offer.id, kind: offer.kind, complete: false });
  }
  if (bodies.length > 0) await drive.append(...bodies);
  await fetchOffered(drive);
}

async function settleOperation(drive: Drive, status: Exclude<OperationStatus, { state: 'pending' }>): Promise<void> {
  if (status.state === 'completed') return await recordCompletion(drive, status);
  if (hasMainAsset(drive)) {
    const actual = status.spend?.actual;
    return await keepSuccess(
      drive,
      `${drive.state.provider} reports ${status.state} after it had delivered a result.`,
      {
        ...(actual === undefined ? {} : { actual }),
      },
    );
  }
  const actual = status.spend?.actual;
  const spend = actual === undefined ? {} : { actual };
  if (status.state === 'cancelled') {
    await drive.append({
      type: 'job-cancelled',
      message: `The task was cancelled at ${drive.state.provider}.`,
      ...spend,
    });
  } else {
    await drive.append({ type: 'job-failed', error: status.error, ...spend });
  }
}

/** Stores that the provider is done. From here on a failure it may still report is a contradiction, not an outcome. */
export async function recordCompletion(
  drive: Drive,
  status: Extract<OperationStatus, { state: 'completed' }>,
): Promise<void> {
  const main = status.assets.find((asset) => asset.id === 'main') ?? status.assets[0];
  const bodies: JobEventBody[] = (status.warnings ?? []).filter(isNewWarning(drive)).map(warningBody);
  for (const offer of status.assets) {
    if (offer === main || drive.state.offered.includes(offer.id)) continue;
    bodies.push({ type: 'asset-offered', assetId: offer.id, kind: offer.kind, complete: false });
  }
  if (main !== undefined) {
    const { facts, spend } = status;
    bodies.push({
      type: 'asset-offered',
      assetId: main.id,
      kind: main.kind,
      complete: true,
      ...(spend?.actual === undefined ? {} : { actual: spend.actual }),
      ...(facts?.model === undefined ? {} : { model: facts.model }),
      ...(facts?.seed === undefined ? {} : { seed: facts.seed }),
    });
  }
  await drive.append(...bodies);
}

async function giveUp(drive: Drive, tries: TryCounter, lastError: SdkError | undefined): Promise<void> {
  if (hasMainAsset(drive)) {
    return await keepSuccess(drive, `${drive.state.provider} delivered a result but never reported the end.`, {});
  }
  const { taskId } = drive.state;
  const { id, name, canAdopt } = (drive.provider as Provider).describe();
  // "Try again" would be another task, and another price.
  const remedy =
    canAdopt && taskId !== undefined
      ? `Bring its result in with \`maquette jobs adopt ${id} ${taskId}\` while ${name} keeps it; a new job costs again.`
      : undefined;
  const details = {
    ...(taskId === undefined ? {} : { taskId }),
    ...(lastError === undefined ? {} : { lastCode: lastError.code, failedPolls: tries.failures }),
  };
  throw timedOut('operation', operationBudget(drive), `The task at ${name}`, details, remedy);
}

/** Goes on with the result at hand, whatever the provider says now. */
async function keepSuccess(
  drive: Drive,
  message: string,
  extra: { actual?: { amount: number; currency: string } },
): Promise<void> {
  const id = mainAssetId(drive.state) ?? 'main';
  const kind = drive.state.fetched.find((asset) => asset.assetId === id)?.kind ?? drive.state.request.output;
  await drive.append(
    { type: 'warning-raised', warning: { code: 'STATUS_CONTRADICTED', message } },
    { type: 'asset-offered', assetId: id, kind, complete: true, ...extra },
  );
}

function hasMainAsset(drive: Drive): boolean {
  const id = mainAssetId(drive.state);
  return drive.state.fetched.some((asset) => asset.assetId === id);
}

function operationBudget(drive: Drive): number {
  return drive.settings.budgets.operationMs ?? (drive.provider as Provider).describe().operationTimeoutMs;
}

function operationDeadline(drive: Drive): number {
  return (drive.state.operationStartedAt ?? drive.state.createdAt) + operationBudget(drive);
}

function isNewWarning(drive: Drive): (warning: { code: string; message: string }) => boolean {
  return (warning) =>
    !drive.state.warnings.some((known) => known.code === warning.code && known.message === warning.message);
}

function warningBody(warning: { code: string; message: string }): JobEventBody {
  return { type: 'warning-raised', warning };
}
