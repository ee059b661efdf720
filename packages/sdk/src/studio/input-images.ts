import { toHex } from '../foundation/bytes.ts';
import { SdkError } from '../foundation/errors.ts';
import type { Warning } from '../foundation/warning.ts';
import type { Host } from '../host/host.ts';
import type { FitLimits, FittedImage } from '../image/fit-image.ts';
import { type InputImageType, inputImageTypeOf } from '../image/inspect-image.ts';
import { INPUT_PREFIX } from '../jobs/prune-jobs.ts';
import { readInput } from '../jobs/read-input.ts';
import type { ProviderDescription } from '../provider/provider.ts';
import type { FileReference } from '../provider/request.ts';
import { tellChanges } from './tell-image-changes.ts';

/** Largest image of a prompt, bytes. */
export const MAX_IMAGE_BYTES = 32 * 1024 * 1024;

const EXTENSIONS: Readonly<Record<InputImageType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
};

/** The images of an order as they will be sent. Nothing of them is stored yet. */
export interface PreparedImages {
  readonly references: readonly FileReference[];
  /** What has to be stored with the order. */
  readonly files: readonly { readonly reference: FileReference; readonly bytes: Uint8Array }[];
  /** What was done to them. */
  readonly warnings: readonly Warning[];
}

/**
 * Names an image by its digest without storing it, so that an order can be checked before anything is kept.
 *
 * Throws `INPUT_INVALID` for anything but PNG, JPEG and WebP, and `ASSET_TOO_LARGE` above {@link MAX_IMAGE_BYTES}.
 */
async function referToImage(host: Host, bytes: Uint8Array): Promise<FileReference> {
  assertImageBytes(bytes.length);
  const mediaType = inputImageTypeOf(bytes);
  const digest = toHex(await host.sha256(bytes));
  const key = `${INPUT_PREFIX}${digest.slice(0, 2)}/${digest}.${EXTENSIONS[mediaType]}`;
  return { key, mediaType, sizeBytes: bytes.length, digest };
}

/**
 * Stores an image under its digest, so that a job can refer to it and a restart finds it.
 *
 * Throws `INPUT_INVALID` for anything but PNG, JPEG and WebP, and `ASSET_TOO_LARGE` above {@link MAX_IMAGE_BYTES}.
 */
export async function storeInputImage(host: Host, bytes: Uint8Array): Promise<FileReference> {
  const reference = await referToImage(host, bytes);
  await host.files.write(reference.key, bytes);
  return reference;
}

/**
 * Makes images keep the limits of a provider, without storing anything.
 *
 * A provider without limits gets them as they are. An image that was stored before is read and, if something has to be done to
 * it, replaced by a new file.
 *
 * @param images - Bytes as a person gave them, or references to stored images.
 * @throws {@link SdkError} What `fitImage` refuses; `INPUT_INVALID` for more images than are taken and for references to
 *   files that are gone; `ASSET_TOO_LARGE` above {@link MAX_IMAGE_BYTES}.
 */
export async function prepareImages(
  host: Host,
  images: readonly (FileReference | Uint8Array)[],
  { name, images: limits }: ProviderDescription,
): Promise<PreparedImages> {
  if (limits !== undefined && images.length > limits.maxCount) {
    const allowed = limits.maxCount === 1 ? 'one image' : `at most ${limits.maxCount} images`;
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `${name} takes ${allowed} for one asset, not ${images.length}.`,
      remedy: limits.maxCount === 1 ? 'Leave out all but the best one.' : 'Leave out the others.',
    });
  }
  const references: FileReference[] = [];
  const files: { reference: FileReference; bytes: Uint8Array }[] = [];
  const warnings: Warning[] = [];
  for (const [index, image] of images.entries()) {
    const given = isBytes(image) ? await referToImage(host, image) : image;
    const fitted = limits === undefined ? undefined : await fit(host, image, limits);
    if (fitted === undefined || fitted.changes.length === 0) {
      references.push(given);
      if (isBytes(image)) files.push({ reference: given, bytes: image });
      continue;
    }
    const reference = { ...(await referToImage(host, fitted.bytes)), original: originalOf(given) };
    references.push(reference);
    files.push({ reference, bytes: fitted.bytes });
    warnings.push(warningOf(fitted, given, images.length > 1 ? index + 1 : undefined));
  }
  return { references, files, warnings };
}

/** Stores what {@link prepareImages} left to store. */
export async function storeImages(host: Host, { files }: PreparedImages): Promise<void> {
  for (const { reference, bytes } of files) await host.files.write(reference.key, bytes);
}

function assertImageBytes(sizeBytes: number): void {
  if (sizeBytes <= MAX_IMAGE_BYTES) return;
  throw new SdkError({
    code: 'ASSET_TOO_LARGE',
    message: `The image has ${sizeBytes} bytes; at most ${MAX_IMAGE_BYTES} are allowed.`,
    remedy: 'Save it smaller or as JPEG.',
  });
}

async function fit(host: Host, image: FileReference | Uint8Array, limits: FitLimits): Promise<FittedImage> {
  const bytes = isBytes(image) ? image : await readInput(host, image);
  // with all that reads and writes pictures, which orders without images do not need
  const { fitImage } = await import('../image/fit-image.ts');
  return fitImage(bytes, limits, host.images);
}

/** Also bytes of another context, which are no instance of this one's classes. */
function isBytes(image: FileReference | Uint8Array): image is Uint8Array {
  return ArrayBuffer.isView(image);
}

/** What the person gave, also where the stored file was itself made from it. */
function originalOf(given: FileReference): NonNullable<FileReference['original']> {
  const { mediaType, sizeBytes, digest } = given;
  return given.original ?? { mediaType, sizeBytes, digest };
}

function warningOf(fitted: FittedImage, given: FileReference, number: number | undefined): Warning {
  return {
    code: 'IMAGE_CONVERTED',
    message: tellChanges(fitted, number),
    details: {
      changes: [...fitted.changes],
      before: {
        mediaType: given.mediaType,
        sizeBytes: given.sizeBytes,
        width: fitted.originalWidth,
        height: fitted.originalHeight,
      },
      after: {
        mediaType: fitted.mediaType,
        sizeBytes: fitted.bytes.length,
        width: fitted.width,
        height: fitted.height,
      },
    },
  };
}
