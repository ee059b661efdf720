import { SdkError } from '../../foundation/errors.ts';
import type { ImageLimits } from '../../provider/provider.ts';

/**
 * What the gateway takes as an image. It looks at the header only and turns nothing upright.
 *
 * @source gateway-rs: dev-env/config/config-single.toml, src/common/image.rs
 */
export const IMAGE_LIMITS: ImageLimits = {
  mediaTypes: ['image/png', 'image/jpeg', 'image/webp'],
  maxSide: 1024,
  maxBytes: 2_097_152,
  maxCount: 1,
};

/** First bytes of each type; null stands for any byte. */
const SIGNATURES: readonly (readonly [mediaType: string, bytes: readonly (number | null)[]])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50]],
];

/**
 * Makes sure that a file is an image the gateway takes, before it is sent.
 *
 * @returns Its media type, told from its bytes.
 * @throws {@link SdkError} `INPUT_INVALID`
 */
export function assertImage(bytes: Uint8Array): string {
  const type = SIGNATURES.find(([, signature]) => signature.every((byte, at) => byte === null || bytes[at] === byte));
  if (type === undefined) throw refused('is neither PNG nor JPEG nor WebP');
  if (bytes.length > IMAGE_LIMITS.maxBytes) {
    throw refused(`has ${bytes.length} bytes; 404-GEN takes at most ${IMAGE_LIMITS.maxBytes}`);
  }
  return type[0];
}

function refused(why: string): SdkError {
  return new SdkError({
    code: 'INPUT_INVALID',
    message: `The image ${why}.`,
    remedy: `Use a PNG, JPEG or WebP of at most ${IMAGE_LIMITS.maxSide} pixels a side and ${IMAGE_LIMITS.maxBytes} bytes.`,
  });
}
