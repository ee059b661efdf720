import * as z from 'zod/mini';
import { notification, request } from '../method.ts';

const jobId = z.string().check(z.minLength(1), z.maxLength(100));
const fileName = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/));

/** `asset/describe`. The files of a finished job. */
export const describeAsset = request({
  method: 'asset/describe',
  direction: 'to-service',
  since: 0,
  summary: 'The files of a finished job. On the same machine they are read where they lie; else see asset/link.',
  params: z.object({ job: jobId }),
  result: z.object({
    job: jobId,
    /** Absolute path on the service's machine. */
    folder: z.string(),
    /** Those of the manifest, and the manifest itself. */
    files: z.array(
      z.object({
        name: fileName,
        bytes: z.int(),
        /** SHA-256, hexadecimal; absent for the manifest. */
        digest: z.optional(z.string()),
        mediaType: z.string(),
      }),
    ),
  }),
});

/** `asset/link`. A link for one download of one file over HTTP, range requests included. */
export const linkAsset = request({
  method: 'asset/link',
  direction: 'to-service',
  since: 0,
  summary:
    'A link for one download of one file over HTTP, range requests included. It ends with the download or its time.',
  params: z.object({ job: jobId, file: fileName }),
  result: z.object({
    url: z.string(),
    bytes: z.int(),
    mediaType: z.string(),
    digest: z.optional(z.string()),
    /** Milliseconds since the epoch. */
    expiresAt: z.number(),
  }),
});

/** What an engine says about an import. */
export const importReceiptSchema = z.object({
  job: jobId,
  /** What the engine calls the result, for instance the name of an object. */
  object: z.string(),
  /** Everything that was made. */
  objects: z.array(z.string()),
});

/** Asked of the service by a panel or tool, which asks the engine. */
export const importAsset = request({
  method: 'asset/import',
  direction: 'to-service',
  since: 0,
  summary:
    'Has an engine import a finished job. Without a target the only engine is meant; several are TARGET_AMBIGUOUS.',
  params: z.object({
    job: jobId,
    /** Instance of the engine. */
    target: z.optional(z.string()),
    /** Name of the object to be replaced. */
    replaces: z.optional(z.string()),
  }),
  result: z.object({ receipt: importReceiptSchema }),
});

/** `engine/import`. Imports an asset folder. */
export const engineImport = request({
  method: 'engine/import',
  direction: 'to-client',
  since: 0,
  summary: 'Imports an asset folder.',
  params: z.object({ job: jobId, folder: z.string(), replaces: z.optional(z.string()) }),
  result: z.object({ receipt: importReceiptSchema }),
});

/** `asset/imported`. An engine has imported an asset. */
export const assetImported = notification({
  method: 'asset/imported',
  direction: 'to-service',
  since: 0,
  summary: 'An engine has imported an asset.',
  params: z.object({ receipt: importReceiptSchema }),
});
