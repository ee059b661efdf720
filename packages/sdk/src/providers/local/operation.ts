import * as z from 'zod/mini';
import { SdkError } from '../../foundation/errors.ts';
import type { JsonValue } from '../../foundation/json.ts';
import { FAMILIES } from '../../generator/families.generated.ts';
import { type Understanding, understandPrompt } from '../../generator/vocabulary/understand-prompt.ts';

/** Everything needed to make the object again in another process. */
export const localOperationSchema = z.strictObject({
  version: z.literal(1),
  prompt: z.string(),
  seed: z.number(),
  family: z.optional(z.string()),
  styles: z.optional(z.array(z.string())),
});

/** See {@link localOperationSchema}. */
export type LocalOperation = z.infer<typeof localOperationSchema>;

/**
 * Reads a stored operation.
 *
 * @throws {@link SdkError} `PROVIDER_PROTOCOL` when it is not one this version wrote.
 */
export function parseLocalOperation(operation: JsonValue): LocalOperation {
  const parsed = localOperationSchema.safeParse(operation);
  if (parsed.success) return parsed.data;
  throw new SdkError({
    code: 'PROVIDER_PROTOCOL',
    message: 'The stored operation of the local provider was written by another version.',
    remedy: 'Start a new job with the same prompt and seed.',
  });
}

/** What the generator makes of an operation's prompt. */
export function understandOperation({ prompt, seed, family, styles }: LocalOperation): Understanding {
  return understandPrompt(prompt, seed, FAMILIES, {
    ...(family === undefined ? {} : { family }),
    ...(styles === undefined ? {} : { styles }),
  });
}
