import { SdkError } from '../foundation/errors.ts';
import { assertCompressionCodecs, type CodecPresence } from '../mesh/compression-codecs.ts';
import { assertCompression } from '../mesh/importer-profiles.ts';
import type { ProcessingOptions } from './processing-options.ts';

/**
 * Fails if the options contradict each other or cannot be carried out here, before any work is done.
 *
 * @throws {@link SdkError} `INPUT_INVALID` or `UNSUPPORTED_ON_HOST`.
 */
export function checkProcessing(options: ProcessingOptions, codecs: CodecPresence): void {
  const targets = options.ratios ?? options.triangles;
  if (targets === undefined || (options.ratios !== undefined && options.triangles !== undefined)) {
    throw new SdkError({ code: 'INPUT_INVALID', message: 'Levels are given either as ratios or as triangle counts.' });
  }
  if (targets.some((target, index) => index > 0 && target >= (targets[index - 1] as number))) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: 'Every level must ask for fewer triangles than the one before.',
    });
  }
  assertCompression(options.profile, options.compress);
  assertCompressionCodecs(options.compress, codecs);
  if (codecs.simplifier === undefined) {
    throw new SdkError({
      code: 'UNSUPPORTED_ON_HOST',
      message: 'This platform has no mesh simplifier, so no levels of detail can be made.',
      details: { codec: 'simplifier' },
    });
  }
}

/**
 * Fails if the options make no sense for a splat, before any work is done.
 *
 * @throws {@link SdkError} `INPUT_INVALID` or `UNSUPPORTED_ON_HOST`.
 */
export function checkSplatProcessing(options: ProcessingOptions): void {
  if (options.triangles !== undefined) {
    throw unfit('A splat has no triangles, so its levels cannot be named by them.', 'Name them by ratios.');
  }
  if (options.compress !== 'none') {
    throw unfit(`Splats cannot be compressed with ${options.compress}.`, 'Leave the compression out.');
  }
  if (options.profile === 'print') {
    throw unfit('A splat has no surface, so it cannot be printed.', 'Ask for a mesh.');
  }
}

function unfit(message: string, remedy: string): SdkError {
  return new SdkError({ code: 'INPUT_INVALID', message, remedy });
}
