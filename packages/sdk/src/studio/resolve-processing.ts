import * as z from 'zod/mini';
import { SdkError } from '../foundation/errors.ts';
import {
  PROCESSING_DEFAULTS,
  type ProcessingOptions,
  processingOptionsSchema,
} from '../pipeline/processing-options.ts';

/**
 * Complete processing options: what is given, and `PROCESSING_DEFAULTS` for the rest.
 *
 * Throws `INPUT_INVALID` naming the option that is out of range.
 */
export function resolveProcessing(given: Partial<ProcessingOptions> = {}): ProcessingOptions {
  if (given.ratios !== undefined && given.triangles !== undefined)
    throw invalid('Levels are named by ratios or by triangles, not by both.');
  const { ratios, ...defaults } = PROCESSING_DEFAULTS;
  const merged = { ...defaults, ...(given.triangles === undefined ? { ratios } : {}), ...given };
  const parsed = z.safeParse(processingOptionsSchema, merged);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(
      `The processing option ${issue?.path.join('.') ?? ''} is not valid: ${issue?.message ?? 'unknown reason'}.`,
    );
  }
  const levels = parsed.data.ratios ?? parsed.data.triangles ?? [];
  for (let index = 1; index < levels.length; index += 1) {
    if ((levels[index] as number) >= (levels[index - 1] as number))
      throw invalid('Every level must have less than the one before.');
  }
  return parsed.data;
}

function invalid(message: string): SdkError {
  return new SdkError({ code: 'INPUT_INVALID', message });
}
