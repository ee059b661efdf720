import { SdkError } from '../foundation/errors.ts';
import type { Orientation } from './exif.ts';
import { assertImageSize } from './image-limits.ts';
import { inspectJpeg, stripJpeg } from './jpeg-metadata.ts';
import { nameImageFormat } from './name-image-format.ts';
import { inspectPng, stripPng } from './png-metadata.ts';
import { sniffMediaType } from './sniff-media-type.ts';
import { inspectWebp, stripWebp } from './webp-metadata.ts';

/** Kinds of pictures a person may give. */
export type InputImageType = 'image/png' | 'image/jpeg' | 'image/webp';

/** What the container of a picture says, without its pixels being decoded. */
export interface ImageFacts {
  /** As stored, pixels. */
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  /** True if metadata hold a position, or cannot be read although they are there. */
  readonly mayHoldLocation: boolean;
}

const FORMATS: Readonly<
  Record<
    InputImageType,
    { readonly inspect: (bytes: Uint8Array) => ImageFacts; readonly strip: (bytes: Uint8Array) => Uint8Array }
  >
> = {
  'image/png': { inspect: inspectPng, strip: stripPng },
  'image/jpeg': { inspect: inspectJpeg, strip: stripJpeg },
  'image/webp': { inspect: inspectWebp, strip: stripWebp },
};

/**
 * Kind of an input picture by its first bytes. Throws `INPUT_INVALID` for anything but PNG, JPEG and WebP, naming what it is
 * where that can be told.
 */
export function inputImageTypeOf(bytes: Uint8Array): InputImageType {
  const mediaType = sniffMediaType(bytes);
  if (mediaType !== null && mediaType in FORMATS) return mediaType as InputImageType;
  const name = nameImageFormat(bytes);
  throw new SdkError({
    code: 'INPUT_INVALID',
    message:
      name === null
        ? 'The image is neither PNG nor JPEG nor WebP.'
        : `The image is ${name}, not a PNG, JPEG or WebP picture.`,
    remedy: 'Convert it to PNG or JPEG first.',
  });
}

/**
 * Looks at a picture without decoding it; the whole file is walked once.
 *
 * Throws `ASSET_UNREADABLE` for a damaged or cut container, `ASSET_TOO_LARGE` for declared sizes beyond the limits.
 */
export function inspectImage(bytes: Uint8Array, mediaType: InputImageType): ImageFacts {
  const facts = FORMATS[mediaType].inspect(bytes);
  assertImageSize(facts.width, facts.height);
  return facts;
}

/**
 * The same picture, pixel for pixel, without Exif, XMP, IPTC, comments and whatever follows its end. Colour profiles stay.
 * Orientation is lost with them. Throws as {@link inspectImage}.
 */
export function stripMetadata(bytes: Uint8Array, mediaType: InputImageType): Uint8Array {
  return FORMATS[mediaType].strip(bytes);
}
