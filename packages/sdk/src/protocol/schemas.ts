import type * as z from 'zod/mini';
import { importReceiptSchema } from './messages/asset.ts';
import { boundsSchema } from './messages/engine.ts';
import { errorRecordSchema } from './messages/error-record.ts';
import { clientSchema } from './messages/hello.ts';
import { jobActionSchema, jobOrderSchema, jobViewSchema } from './messages/job.ts';
import { jsonValueSchema } from './messages/json-value.ts';
import { providerViewSchema } from './messages/provider.ts';

/** Schemas that several messages share, by the name they have in every language. */
export const SHARED_SCHEMAS: Readonly<Record<string, z.ZodMiniType>> = {
  Bounds: boundsSchema,
  Client: clientSchema,
  ErrorRecord: errorRecordSchema,
  ImportReceipt: importReceiptSchema,
  JobAction: jobActionSchema,
  Json: jsonValueSchema,
  JobOrder: jobOrderSchema,
  JobView: jobViewSchema,
  ProviderView: providerViewSchema,
};

/** A job as clients show it. */
export type JobView = z.infer<typeof jobViewSchema>;
/** What a person can do with a job now. */
export type JobAction = z.infer<typeof jobActionSchema>;
/** An order as a client gives it. */
export type JobOrderMessage = z.infer<typeof jobOrderSchema>;
/** A provider as a form shows it. */
export type ProviderView = z.infer<typeof providerViewSchema>;
/** A client as it presents itself. */
export type Client = z.infer<typeof clientSchema>;
/** What an engine says about an import. */
export type ImportReceipt = z.infer<typeof importReceiptSchema>;
/** A box in the canonical frame. */
export type Bounds = z.infer<typeof boundsSchema>;
