import * as z from 'zod/mini';
import { jsonValueSchema } from './json-value.ts';

/** An error as it travels: in `data` of a JSON-RPC error, and in a failed job. */
export const errorRecordSchema = z.object({
  /** Stable code, see the page of errors. A newer service may know more codes. */
  code: z.string(),
  /** One sentence for people. */
  message: z.string(),
  /** What the person can do about it, one sentence. */
  remedy: z.optional(z.string()),
  retry: z.enum(['never', 'later']),
  retryAfterMs: z.optional(z.number()),
  details: z.optional(z.record(z.string(), jsonValueSchema)),
});
