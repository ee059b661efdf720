import { SdkError } from '../foundation/errors.ts';
import type { OperationStatus } from '../provider/provider.ts';
import type { CallOptions, Drive } from './job-drive.ts';
import { DriveStalled } from './stall.ts';

/** One poll, for whoever needs to know how things stand now. Bounded by the attempt budget unless said otherwise. */
export async function pollOnce(drive: Drive, options?: CallOptions): Promise<OperationStatus> {
  const { provider, state } = drive;
  if (provider === undefined || state.operation === undefined) {
    throw new DriveStalled(
      new SdkError({
        code: 'INPUT_INVALID',
        message: `There is no provider "${state.provider}" here; the job stays as it is.`,
      }),
    );
  }
  const { operation } = state;
  const status = await drive.call((context) => provider.poll(operation, context), options);
  if (status.state === 'completed' && status.assets.length === 0) {
    throw new SdkError({ code: 'PROVIDER_PROTOCOL', message: `${state.provider} reported success without a result.` });
  }
  if (status.state === 'pending' || status.state === 'completed') drive.offers = status.assets ?? [];
  return status;
}
