import { SdkError, toSdkError } from '../foundation/errors.ts';
import type { ImageCodec, RasterImage } from '../host/host.ts';
import { decodeJpeg } from './decode-jpeg.ts';
import { decodePng } from './decode-png.ts';
import { assertImageSize, unreadable } from './image-limits.ts';
import { sniffMediaType } from './sniff-media-type.ts';
import { webpSizeOf } from './webp-metadata.ts';

/**
 * Reads a picture: PNG and JPEG by itself, anything else through the Host's codec. The kind is taken from the bytes.
 *
 * Rejects with `ASSET_UNREADABLE` for damaged files and unknown kinds, `ASSET_TOO_LARGE` beyond 8192 pixels a side, and
 * `UNSUPPORTED_ON_HOST` for a kind that needs a codec this Host lacks.
 */
export async function decodeImage(bytes: Uint8Array, codec?: ImageCodec): Promise<RasterImage> {
  const mediaType = sniffMediaType(bytes);
  if (mediaType === 'image/png') return decodePng(bytes);
  if (mediaType === 'image/jpeg') return decodeJpeg(bytes);
  if (mediaType === null) throw unreadable('is of a kind that is not known');
  if (codec === undefined || !codec.mediaTypes.includes(mediaType)) {
    throw new SdkError({
      code: 'UNSUPPORTED_ON_HOST',
      message: `This platform has no decoder for ${mediaType}.`,
      remedy: 'Convert the picture to PNG or JPEG first.',
      details: { mediaType },
    });
  }
  // before the codec allocates what the file merely claims
  const declared = mediaType === 'image/webp' ? webpSizeOf(bytes) : null;
  if (declared !== null) assertImageSize(declared.width, declared.height);
  let image: RasterImage;
  try {
    image = await codec.decode(bytes, mediaType);
  } catch (cause) {
    throw toSdkError(cause, 'ASSET_UNREADABLE', `The ${mediaType} picture cannot be decoded`);
  }
  assertImageSize(image.width, image.height);
  if (image.data.length !== image.width * image.height * 4) throw unreadable('was decoded to the wrong length');
  return image;
}
