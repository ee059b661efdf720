import { type CancelController, type CancelSignal, cancelReason } from '../foundation/cancel.ts';
import { isSdkError, SdkError, toSdkError } from '../foundation/errors.ts';
import { canonicalJson } from '../foundation/json.ts';
import { ensureRawAssets } from './fetch-assets.ts';
import { type Drive, DriveStopped, isInterruption } from './job-drive.ts';
import type { JobEventBody, JobResult, RawAsset } from './job-events.ts';
import { presentAssets } from './raw-assets.ts';
import { DriveStalled } from './stall.ts';

/** Takes a job from `processing` to its end. Runs from the raw bytes again after a crash; same bytes, same result. */
export async function processAssets(drive: Drive): Promise<void> {
  // What could not be fetched the first time has been warned about and is not waited for again.
  await ensureRawAssets(drive, (id) => drive.state.fetched.some((asset) => asset.assetId === id));
  const assets = await presentAssets(drive.settings.host, drive.state);
  const interrupt = drive.interrupt();
  let releaseSlot: () => void = () => undefined;
  try {
    releaseSlot = await drive.settings.processingSlots.take(interrupt.signal);
    const result = await runProcess(drive, assets, interrupt);
    await drive.append({ type: 'job-succeeded', result });
  } finally {
    releaseSlot();
    interrupt.dispose();
  }
}

async function runProcess(drive: Drive, assets: readonly RawAsset[], interrupt: CancelController): Promise<JobResult> {
  let stored: Promise<void> = Promise.resolve();
  let failure: unknown;
  const known = new Set(drive.state.warnings.map((warning) => canonicalJson({ ...warning })));
  // Emitting does not wait; the first event that could not be stored ends the run.
  const emit = (body: JobEventBody): void => {
    const appended = drive.append(body);
    stored = Promise.all([stored, appended]).then(() => undefined);
    stored.catch((error: unknown) => {
      failure ??= error;
      interrupt.cancel(error);
    });
  };
  try {
    const result = await drive.settings.process(drive.state, assets, {
      signal: interrupt.signal,
      emitStep: (step, durationMs, report) =>
        emit({ type: 'step-finished', step, durationMs, ...(report === undefined ? {} : { report }) }),
      warn: (warning) => {
        // A run after a crash raises what the first one has already stored.
        if (!known.has(canonicalJson({ ...warning }))) emit({ type: 'warning-raised', warning });
      },
      claim: () => claim(drive),
    });
    await stored;
    return result;
  } catch (error) {
    throw failure ?? explain(drive, error, interrupt.signal);
  }
}

async function claim(drive: Drive): Promise<void> {
  const { store, owner, leaseTtlMs, host } = drive.settings;
  const lease = await store.acquireLease(drive.state.job, owner, leaseTtlMs, host.clock.now());
  if (lease === null) throw new DriveStopped();
}

function explain(drive: Drive, error: unknown, signal: CancelSignal): unknown {
  if (isInterruption(error) || error instanceof DriveStalled) return error;
  // Steps may report an abort in their own words, and what fails while work is broken off is no failure of the work: to
  // end the job for it would throw away what was paid for. If it is a real one, the next run meets it again.
  if (signal.aborted) return cancelReason(signal);
  if (isSdkError(error)) return error;
  const known = toSdkError(error, 'STEP_FAILED');
  return new SdkError({
    code: 'STEP_FAILED',
    message: `Processing failed: ${known.message}`,
    details: { provider: drive.state.provider },
    cause: error,
  });
}
