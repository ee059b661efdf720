import { SdkError } from '../foundation/errors.ts';
import type { Host } from '../host/host.ts';
import type { FileReference } from '../provider/request.ts';

/** The stored bytes of an input. `INPUT_INVALID` if they are gone or not what was stored. */
export async function readInput(host: Host, reference: FileReference): Promise<Uint8Array> {
  const bytes = await host.files.read(reference.key);
  if (bytes !== null && bytes.length === reference.sizeBytes) return bytes;
  throw new SdkError({
    code: 'INPUT_INVALID',
    message: `The image of the prompt is ${bytes === null ? 'no longer stored' : 'damaged in the store'}.`,
    remedy: 'Start a new job with the image.',
  });
}
