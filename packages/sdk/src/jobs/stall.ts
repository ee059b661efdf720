import type { SdkError } from '../foundation/errors.ts';

/**
 * Thrown when a drive cannot go on but the job must not end: the disk is full, the key is gone, the provider is not
 * known here. The job keeps its phase and `resume` takes it up where it was. Ending it as failed would throw away paid
 * work for a reason that has nothing to do with it.
 */
export class DriveStalled extends Error {
  override readonly name = 'DriveStalled';
  readonly error: SdkError;

  constructor(error: SdkError) {
    super(error.message, { cause: error });
    this.error = error;
  }
}
