import { createCancelController } from '../foundation/cancel.ts';
import { type SdkError, toSdkError } from '../foundation/errors.ts';
import { cancelJob } from './cancel-job.ts';
import { fetchAssets } from './fetch-assets.ts';
import { timedOut } from './job-budgets.ts';
import { type Drive, DriveStopped, logDrive, WishNoticed } from './job-drive.ts';
import { isTerminalPhase } from './job-state.ts';
import { pollOperation } from './poll-operation.ts';
import { processAssets } from './process-assets.ts';
import { DriveStalled } from './stall.ts';
import { settleStart, startOperation } from './start-operation.ts';

/** A wish stored by another process is noticed within this time, milliseconds. */
const WISH_POLL_MS = 1000;

/**
 * Drives a job to its end: one phase after the other, whatever phase it is found in.
 *
 * Resolves when the job is terminal, or when the drive was stopped and the job stays as it is. Rejects with
 * {@link DriveStalled} when it could not go on but may be resumed.
 */
export async function driveJob(drive: Drive): Promise<void> {
  const over = createCancelController();
  const watch = Promise.all([keepLease(drive, over), limitRun(drive, over)]);
  // A wish stored in this process is noticed at once.
  const unsubscribe = drive.settings.store.subscribe((event) => {
    if (event.job !== drive.state.job || event.type !== 'cancel-requested') return;
    drive.refresh().catch((error: unknown) => logDrive(drive, 'wish-unread', { code: toSdkError(error).code }));
  });
  try {
    await drive.refresh(); // for a wish stored just before the subscription
    while (!isTerminalPhase(drive.state.phase)) await advance(drive);
  } catch (error) {
    if (error instanceof DriveStopped) return;
    throw error instanceof DriveStalled ? error : new DriveStalled(toSdkError(error));
  } finally {
    unsubscribe();
    over.cancel();
    await watch;
  }
}

/** One phase. Failures of the work become the job's end; failures of the machine leave it where it is. */
async function advance(drive: Drive): Promise<void> {
  try {
    if (drive.stop.signal.aborted) throw drive.stop.signal.reason;
    // A start that is under way is settled first: cancelling blindly could leave a paid task behind.
    if (drive.state.cancelRequested && drive.state.phase !== 'starting') return await cancelJob(drive);
    switch (drive.state.phase) {
      case 'queued':
        return await startOperation(drive);
      case 'starting':
        return await settleStart(drive);
      case 'running':
        return await pollOperation(drive);
      case 'fetching':
        return await fetchAssets(drive);
      case 'processing':
        return await processAssets(drive);
      default:
        return;
    }
  } catch (error) {
    if (error instanceof WishNoticed) return await drive.refresh();
    if (error instanceof DriveStopped || error instanceof DriveStalled) throw error;
    const failure = toSdkError(error);
    if (failure.code === 'STORE_FAILED' || failure.code === 'STORE_VERSION') throw new DriveStalled(failure);
    await drive.append({ type: 'job-failed', error: failure.toRecord() });
  }
}

/** Renews the lease, and looks for wishes of other processes, until the drive is over. */
async function keepLease(drive: Drive, over: ReturnType<typeof createCancelController>): Promise<void> {
  const { host, store, owner, leaseTtlMs } = drive.settings;
  const { job } = drive.state;
  const intervalMs = store.isShared ? Math.min(WISH_POLL_MS, leaseTtlMs / 3) : leaseTtlMs / 3;
  let renewedAt = host.clock.now();
  for (;;) {
    try {
      await host.clock.sleep(intervalMs, over.signal);
    } catch {
      return; // the drive is over
    }
    try {
      if (host.clock.now() - renewedAt >= leaseTtlMs / 3) {
        const lease = await store.acquireLease(job, owner, leaseTtlMs, host.clock.now());
        if (over.signal.aborted) return;
        if (lease === null) return drive.stop.cancel(new DriveStopped());
        renewedAt = host.clock.now();
      }
      if (!drive.state.cancelRequested) await drive.refresh();
    } catch (error) {
      // A store that is busy or away for a moment is no reason to drop the work, until the lease has run out.
      host.log({ level: 'warn', event: 'lease-renewal-failed', data: { job, code: toSdkError(error).code } });
      if (host.clock.now() - renewedAt >= leaseTtlMs) return drive.stop.cancel(new DriveStopped());
    }
  }
}

async function limitRun(drive: Drive, over: ReturnType<typeof createCancelController>): Promise<void> {
  const { host, budgets } = drive.settings;
  try {
    await host.clock.sleep(budgets.jobMs, over.signal);
  } catch {
    return; // over in time
  }
  const { taskId } = drive.state;
  drive.stop.cancel(timedOut('job', budgets.jobMs, 'The job', taskId === undefined ? {} : { taskId }));
}

/** The error a caller sees when a drive could not go on. */
export function stallError(error: unknown): SdkError {
  return error instanceof DriveStalled ? error.error : toSdkError(error);
}
