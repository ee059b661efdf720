import { toHex } from '../foundation/bytes.ts';
import { SdkError } from '../foundation/errors.ts';
import type { Host } from '../host/host.ts';
import { INPUT_PREFIX } from '../jobs/prune-jobs.ts';
import type { FileReference } from '../provider/request.ts';

/** Largest image of a prompt, bytes. */
export const MAX_IMAGE_BYTES = 32 * 1024 * 1024;

const SIGNATURES: readonly {
  readonly mediaType: string;
  readonly extension: string;
  readonly bytes: readonly (number | null)[];
}[] = [
  { mediaType: 'image/png', extension: 'png', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { mediaType: 'image/jpeg', extension: 'jpg', bytes: [0xff, 0xd8, 0xff] },
  // RIFF, four bytes of size, WEBP
  {
    mediaType: 'image/webp',
    extension: 'webp',
    bytes: [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50],
  },
];

/**
 * Names an image by its digest without storing it, so that an order can be checked before anything is kept.
 *
 * Throws `INPUT_INVALID` for anything but PNG, JPEG and WebP, and `ASSET_TOO_LARGE` above {@link MAX_IMAGE_BYTES}.
 */
export async function referToImage(host: Host, bytes: Uint8Array): Promise<FileReference> {
  if (bytes.length > MAX_IMAGE_BYTES) {
    throw new SdkError({
      code: 'ASSET_TOO_LARGE',
      message: `The image has ${bytes.length} bytes; at most ${MAX_IMAGE_BYTES} are allowed.`,
    });
  }
  const type = SIGNATURES.find((signature) =>
    signature.bytes.every((byte, index) => byte === null || bytes[index] === byte),
  );
  if (type === undefined)
    throw new SdkError({ code: 'INPUT_INVALID', message: 'The image is neither PNG nor JPEG nor WebP.' });
  const digest = toHex(await host.sha256(bytes));
  const key = `${INPUT_PREFIX}${digest.slice(0, 2)}/${digest}.${type.extension}`;
  return { key, mediaType: type.mediaType, sizeBytes: bytes.length, digest };
}

/** Stores an image under its digest, so that a job can refer to it and a restart finds it. Throws as {@link referToImage}. */
export async function storeInputImage(host: Host, bytes: Uint8Array): Promise<FileReference> {
  const reference = await referToImage(host, bytes);
  await host.files.write(reference.key, bytes);
  return reference;
}
