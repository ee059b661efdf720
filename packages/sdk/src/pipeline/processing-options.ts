import * as z from 'zod/mini';

/** Compression of the written levels. `none` is what every importer reads. */
export const compressionSchema = z.enum(['none', 'quantize', 'meshopt', 'draco']);

/** How a raw asset becomes a set of levels. Stored with the job, so that a restart does the same again. */
export const processingOptionsSchema = z.strictObject({
  /** The importer the levels are made for. */
  profile: z.enum(['unity', 'blender', 'web', 'print']),
  /** Triangle share of every level after level 0, (0, 1), strictly falling. Exactly one of `ratios` and `triangles`. */
  ratios: z.optional(z.array(z.number().check(z.gt(0), z.lt(1))).check(z.maxLength(15))),
  /** Triangle count of every level after level 0, strictly falling. */
  triangles: z.optional(z.array(z.int().check(z.gt(0))).check(z.maxLength(15))),
  /** Real height of the object in metres; undefined keeps the raw asset's own size. */
  heightM: z.optional(z.number().check(z.gt(0), z.lte(10000))),
  compress: compressionSchema,
  /** Edge length of the thumbnail in pixels, 0 for none. */
  thumbnailSize: z.int().check(z.gte(0), z.lte(2048)),
});

/** See {@link processingOptionsSchema}. */
export type ProcessingOptions = z.infer<typeof processingOptionsSchema>;

/** Shares of the levels after level 0, as many as `--levels` asks for. */
export const LEVEL_RATIOS: readonly number[] = [0.5, 0.25, 0.1, 0.05, 0.02];

/** What is used where nothing else is asked for: four levels for the web. */
export const PROCESSING_DEFAULTS: ProcessingOptions = {
  profile: 'web',
  ratios: LEVEL_RATIOS.slice(0, 3),
  compress: 'none',
  thumbnailSize: 512,
};
