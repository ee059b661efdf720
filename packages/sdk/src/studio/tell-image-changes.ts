import type { FittedImage, ImageChange } from '../image/fit-image.ts';

const NAMES: Readonly<Record<FittedImage['mediaType'], string>> = {
  'image/png': 'PNG',
  'image/jpeg': 'JPEG',
  'image/webp': 'WebP',
};

/**
 * One sentence saying what was done to an image.
 *
 * @param number - Which image, from 1, where there are several.
 */
export function tellChanges(fitted: FittedImage, number?: number): string {
  const parts = fitted.changes.map((change) => phraseOf(change, fitted));
  const last = parts.pop() ?? 'left as it is';
  const subject = number === undefined ? 'The image' : `Image ${number}`;
  return `${subject} was ${parts.length === 0 ? last : `${parts.join(', ')} and ${last}`}.`;
}

function phraseOf(change: ImageChange, fitted: FittedImage): string {
  const { originalWidth, originalHeight, width, height, mediaType, bytes } = fitted;
  switch (change) {
    case 'turned':
      return 'turned upright';
    case 'reduced':
      return `reduced from ${originalWidth} × ${originalHeight} to ${width} × ${height} pixels`;
    case 'flattened':
      return 'put in front of white';
    case 'stripped':
      return 'freed of metadata that may tell where it was taken';
    case 'reencoded':
      return `saved as ${NAMES[mediaType]} (${tellSize(bytes.length)}) for sending`;
  }
}

function tellSize(bytes: number): string {
  return bytes < 100_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
