import * as z from 'zod/mini';
import type { JsonValue } from '../../foundation/json.ts';

/** Any JSON value. */
export const jsonValueSchema = z.json() as z.ZodMiniType<JsonValue, JsonValue>;
