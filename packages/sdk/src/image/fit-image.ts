import { SdkError } from '../foundation/errors.ts';
import type { ImageCodec, RasterImage } from '../host/host.ts';
import { decodeImage } from './decode-image.ts';
import { encodeJpeg } from './encode-jpeg.ts';
import { encodePng } from './encode-png.ts';
import { type InputImageType, inputImageTypeOf, inspectImage, stripMetadata } from './inspect-image.ts';
import { resizeImage } from './resize-image.ts';
import { turnUpright } from './turn-image.ts';

/** What a picture has to be like. */
export interface FitLimits {
  /** Lower-case media types that are accepted. */
  readonly mediaTypes: readonly string[];
  /** Longest side, pixels. */
  readonly maxSide: number;
  /** Largest file, bytes. */
  readonly maxBytes: number;
}

/** A picture that keeps the limits, and what was done to it. */
export interface FittedImage {
  /** The bytes that were given, where nothing had to be done. */
  readonly bytes: Uint8Array;
  readonly mediaType: InputImageType;
  readonly width: number;
  readonly height: number;
  /** Size it had, upright, pixels. */
  readonly originalWidth: number;
  readonly originalHeight: number;
  /** In the order in which a sentence names them. Empty where the bytes are the ones that were given. */
  readonly changes: readonly ImageChange[];
}

/**
 * `turned` upright, as its Exif block asks; `reduced` in size; `flattened` onto white, because nothing with alpha is accepted;
 * `stripped` of metadata that may tell where it was taken; `reencoded`, which whoever changes pixels has to do.
 */
export type ImageChange = 'turned' | 'reduced' | 'flattened' | 'stripped' | 'reencoded';

/** Tried in this order until the file is small enough; then the picture itself gets smaller. */
const JPEG_QUALITIES = [92, 85, 78, 70] as const;

/** Below this a picture says nothing any more, pixels. */
const SMALLEST_SIDE = 32;

/**
 * Makes a picture keep the limits of whoever receives it.
 *
 * What keeps them already stays as it is, byte for byte; only metadata that may hold a position are cut out, which leaves the
 * pixels as they are. Anything else is decoded, made smaller by averaging, turned upright, and written anew without metadata: as
 * PNG if a pixel is not opaque, since receivers take alpha as the outline of the object, as JPEG otherwise. A file that is too
 * large then gets smaller step by step, first in quality, then in size. A picture is never enlarged.
 *
 * The same picture, limits and decoder give the same bytes. 3000 × 2000 pixels with alpha take about one second.
 *
 * @param bytes - PNG, JPEG or WebP. Not modified.
 * @param codec - Reads WebP. Without one a WebP passes only if nothing has to be done to it.
 * @throws {@link SdkError} `INPUT_INVALID` for other kinds of files; `ASSET_UNREADABLE` for damaged ones and animations;
 *   `ASSET_TOO_LARGE` beyond 8192 pixels a side, or if no picture worth sending fits; `UNSUPPORTED_ON_HOST` for a WebP without
 *   codec, or if neither PNG nor JPEG is accepted.
 */
export async function fitImage(bytes: Uint8Array, limits: FitLimits, codec?: ImageCodec): Promise<FittedImage> {
  const mediaType = inputImageTypeOf(bytes);
  const facts = inspectImage(bytes, mediaType);
  const isUpright = facts.orientation === 1;
  const largest = Math.max(facts.width, facts.height);
  const isReadable = mediaType !== 'image/webp' || codec?.mediaTypes.includes(mediaType) === true;
  const isAccepted = limits.mediaTypes.includes(mediaType) && isUpright && largest <= limits.maxSide;

  // Also what may pass as it is gets decoded: a service that looks at headers only would charge for a damaged picture.
  // Decoders get no metadata: browsers turn pictures by them, and others stumble over them.
  const decode = (): Promise<RasterImage> => decodeImage(stripMetadata(bytes, mediaType), codec);
  if (isAccepted) {
    const { width, height, mayHoldLocation } = facts;
    const isStripped = mayHoldLocation || bytes.length > limits.maxBytes;
    const kept = isStripped ? stripMetadata(bytes, mediaType) : bytes;
    if (kept.length <= limits.maxBytes) {
      if (isReadable) await decode();
      const changes: readonly ImageChange[] = isStripped ? ['stripped'] : [];
      return { bytes: kept, mediaType, width, height, originalWidth: width, originalHeight: height, changes };
    }
  }

  const original = await decode();
  const keepsAlpha = limits.mediaTypes.includes('image/png') && !isOpaque(original);
  const target = keepsAlpha || !limits.mediaTypes.includes('image/jpeg') ? 'image/png' : 'image/jpeg';
  if (!limits.mediaTypes.includes(target)) {
    throw new SdkError({
      code: 'UNSUPPORTED_ON_HOST',
      message: `The image would have to be converted to ${limits.mediaTypes.join(' or ')}, which cannot be written here.`,
      remedy: 'Convert it first, or choose another provider.',
    });
  }
  const isFlattened = target === 'image/jpeg' && !isOpaque(original);
  const source = isFlattened ? flatten(original) : original;
  const fitted = writeWithin(source, facts.orientation, target, limits);
  const turnsOver = facts.orientation >= 5;
  const changes: ImageChange[] = [];
  if (!isUpright) changes.push('turned');
  if (Math.max(fitted.width, fitted.height) < largest) changes.push('reduced');
  if (isFlattened) changes.push('flattened');
  if (facts.mayHoldLocation) changes.push('stripped');
  return {
    ...fitted,
    mediaType: target,
    originalWidth: turnsOver ? facts.height : facts.width,
    originalHeight: turnsOver ? facts.width : facts.height,
    changes: [...changes, 'reencoded'],
  };
}

/** Writes the largest picture, in the best quality, whose file is small enough. */
function writeWithin(
  source: RasterImage,
  orientation: Parameters<typeof turnUpright>[1],
  target: 'image/png' | 'image/jpeg',
  limits: FitLimits,
): { bytes: Uint8Array; width: number; height: number } {
  const largest = Math.max(source.width, source.height);
  let side = Math.min(largest, Math.floor(limits.maxSide));
  for (;;) {
    const image = turnUpright(reduceTo(source, side / largest), orientation);
    let smallest = Number.POSITIVE_INFINITY;
    for (const quality of target === 'image/jpeg' ? JPEG_QUALITIES : [undefined]) {
      const bytes = quality === undefined ? encodePng(image) : encodeJpeg(image, quality);
      if (bytes.length <= limits.maxBytes) return { bytes, width: image.width, height: image.height };
      smallest = Math.min(smallest, bytes.length);
    }
    // Files shrink about as the area does.
    const share = Math.min(0.9, Math.max(0.5, Math.sqrt(limits.maxBytes / smallest) * 0.97));
    side = Math.floor(side * share);
    if (side < Math.min(SMALLEST_SIDE, largest)) {
      throw new SdkError({
        code: 'ASSET_TOO_LARGE',
        message: `The image cannot be made to fit into ${limits.maxBytes} bytes.`,
        remedy: 'Use a simpler picture or choose another provider.',
      });
    }
  }
}

function reduceTo(image: RasterImage, scale: number): RasterImage {
  if (scale >= 1) return image;
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  return resizeImage(image, width, height);
}

function isOpaque({ data }: RasterImage): boolean {
  for (let index = 3; index < data.length; index += 4) if (data[index] !== 255) return false;
  return true;
}

/** A copy in front of white. */
function flatten({ width, height, data }: RasterImage): RasterImage {
  const flat = new Uint8Array(data.length).fill(255);
  for (let index = 0; index < data.length; index += 4) {
    const alpha = (data[index + 3] as number) / 255;
    for (let channel = 0; channel < 3; channel += 1) {
      flat[index + channel] = Math.round(255 + ((data[index + channel] as number) - 255) * alpha);
    }
  }
  return { width, height, data: flat };
}
