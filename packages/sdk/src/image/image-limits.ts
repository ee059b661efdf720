import { SdkError } from '../foundation/errors.ts';
import type { RasterImage } from '../host/host.ts';

/** Longest side of a picture that is read, pixels. */
export const MAX_IMAGE_SIDE = 8192;

/** Largest picture that is read, pixels: 64 Mpx, which are 256 MiB of RGBA. */
export const MAX_IMAGE_PIXELS = 64 * 1024 * 1024;

/** Most segments or chunks of a picture's file. An encoder writes a few, a stream of small ones some thousands. */
export const MAX_IMAGE_PARTS = 65_536;

/** Throws `ASSET_UNREADABLE` for an empty size and `ASSET_TOO_LARGE` beyond the limits, before anything is allocated. */
export function assertImageSize(width: number, height: number): void {
  if (!(width >= 1 && height >= 1)) {
    throw unreadable('has no pixels');
  }
  if (width > MAX_IMAGE_SIDE || height > MAX_IMAGE_SIDE || width * height > MAX_IMAGE_PIXELS) {
    throw new SdkError({
      code: 'ASSET_TOO_LARGE',
      message: `The picture is ${width} × ${height} pixels; at most ${MAX_IMAGE_SIDE} a side are read.`,
      details: { width, height },
    });
  }
}

/** Throws `INPUT_INVALID` unless size and length of data of a picture agree. */
export function assertRasterImage(image: RasterImage): void {
  const { width, height, data } = image;
  if (
    !(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0) ||
    data.length !== width * height * 4
  ) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `A picture of ${width} × ${height} pixels cannot have ${data.length} bytes of RGBA.`,
    });
  }
}

/** An error for a picture that cannot be read. `reason` continues the sentence "The picture …". */
export function unreadable(reason: string, cause?: unknown): SdkError {
  return new SdkError({
    code: 'ASSET_UNREADABLE',
    message: `The picture ${reason}.`,
    remedy: 'Export the picture again as PNG or JPEG.',
    ...(cause === undefined ? {} : { cause }),
  });
}
