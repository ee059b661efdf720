import { SdkError, toSdkError } from '../foundation/errors.ts';
import type { Money, OperationStatus, Provider } from '../provider/provider.ts';
import { type Drive, DriveStopped, logDrive } from './job-drive.ts';
import { pollOnce } from './poll-once.ts';
import { recordCompletion } from './poll-operation.ts';

/** A cancel is answered soon, so the provider gets this long to react, milliseconds. */
const CANCEL_BUDGET_MS = 10_000;

/**
 * Fulfils an open wish to cancel.
 *
 * Our own effect stops at once. A running task is told to stop if the provider can, and is asked once more how it
 * stands: if it was faster, the wish has lost the race, the result is taken, and the job goes on to its success.
 */
export async function cancelJob(drive: Drive): Promise<void> {
  if (drive.state.phase !== 'running') {
    await drive.append({ type: 'job-cancelled', message: 'The job was cancelled.' });
    return;
  }
  const { provider, state } = drive;
  if (provider === undefined) {
    await drive.append({
      type: 'job-cancelled',
      message: `The job was cancelled; ${state.provider} is not known here and was not told, so the task may still be charged.`,
    });
    return;
  }
  const isTold = await tellProvider(drive, provider);
  const status = await askOnce(drive);
  if (status?.state === 'completed') return await recordCompletion(drive, status);
  const actual: Money | undefined = status === null || status.state === 'pending' ? undefined : status.spend?.actual;
  const { name, canAdopt } = provider.describe();
  const { taskId } = drive.state;
  const wayBack =
    canAdopt && taskId !== undefined
      ? `; \`maquette jobs adopt ${provider.id} ${taskId}\` brings its result in while ${name} keeps it`
      : '';
  const message = isTold
    ? `The job was cancelled and ${name} was told.`
    : `The job was cancelled; ${name} could not be stopped, so the task may still be charged${wayBack}.`;
  await drive.append({ type: 'job-cancelled', message, ...(actual === undefined ? {} : { actual }) });
}

async function tellProvider(drive: Drive, provider: Provider): Promise<boolean> {
  const { operation } = drive.state;
  if (provider.cancel === undefined || !provider.describe().canCancel || operation === undefined) return false;
  try {
    await drive.call((context) => (provider.cancel as NonNullable<Provider['cancel']>)(operation, context), {
      budgetMs: CANCEL_BUDGET_MS,
      interruptible: false,
    });
    return true;
  } catch (error) {
    if (error instanceof DriveStopped) throw error;
    logDrive(drive, 'cancel-failed', { code: toSdkError(error).code });
    return false;
  }
}

async function askOnce(drive: Drive): Promise<OperationStatus | null> {
  try {
    return await pollOnce(drive, { budgetMs: CANCEL_BUDGET_MS, interruptible: false });
  } catch (error) {
    if (error instanceof DriveStopped) throw error;
    if (error instanceof SdkError && error.code === 'STORE_FAILED') throw error;
    return null; // the job ends as cancelled either way
  }
}
