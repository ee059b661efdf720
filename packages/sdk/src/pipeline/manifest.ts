import * as z from 'zod/mini';
import { decodeUtf8, encodeUtf8 } from '../foundation/bytes.ts';
import { SdkError } from '../foundation/errors.ts';

/** Version of the manifest's form. Grows when a reader of the old form would misunderstand the new one. */
export const MANIFEST_VERSION = 1;

/** Identifier of the manifest's JSON Schema, which lies in the package as `schema/asset-manifest.schema.json`. */
export const MANIFEST_SCHEMA_ID = 'urn:maquette:asset-manifest:1';

const digest = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const fileName = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/));
const byteCount = z.int().check(z.gte(0));
const vector = z.tuple([z.number(), z.number(), z.number()]);
const fraction = z.number().check(z.gte(0), z.lte(1));
const jsonObject = z.record(z.string(), z.unknown());

const moneySchema = z.looseObject({
  /** In units of the currency, not cents. */
  amount: z.number().check(z.gte(0)),
  currency: z.string(),
});

const fileSchema = z.looseObject({
  file: fileName,
  /** SHA-256, hexadecimal. */
  digest,
  bytes: byteCount,
});

const levelHead = {
  /** Measured deviation from level 0 that 99 % of what is seen stays below, fraction of the bounding radius. */
  error: z.number().check(z.gte(0)),
  /** Largest deviation found, fraction of the bounding radius. */
  maxError: z.number().check(z.gte(0)),
  /** Share of the screen's height the object fills, above which this level is used. The last level has 0. */
  screenHeight: fraction,
};

const meshLevelSchema = z.extend(fileSchema, {
  triangles: z.int().check(z.gte(1)),
  vertices: z.int().check(z.gte(3)),
  ...levelHead,
});

const splatLevelSchema = z.extend(fileSchema, {
  gaussians: z.int().check(z.gte(1)),
  /** Order of the spherical harmonics. */
  shDegree: z.int().check(z.gte(0), z.lte(3)),
  ...levelHead,
});

/** Members of every manifest. Those whose absence means "unknown" or "none" are optional. */
const manifestHead = {
  /** Name of the form, so that a file can be recognised by its content. */
  schema: z.literal('maquette.asset'),
  version: z.literal(MANIFEST_VERSION),
  name: z.string(),
  generator: z.looseObject({ name: z.string(), version: z.string() }),
  /** Canonical frame: glTF's. Said once, the same for every file. */
  frame: z.looseObject({
    up: z.literal('+Y'),
    front: z.literal('+Z'),
    handedness: z.literal('right'),
    unit: z.literal('metre'),
  }),
  /** Where the object's own origin lies. */
  pivot: z.literal('base-centre'),
  /** Metres. Of a splat: the box around what can be seen; faint gaussians may lie outside. */
  bounds: z.looseObject({ min: vector, max: vector, radius: z.number().check(z.gt(0)) }),
  profile: z.string(),
  /** The bytes as they were received. */
  raw: z.extend(fileSchema, { mediaType: z.string() }),
  thumbnail: z.optional(z.extend(fileSchema, { mediaType: z.literal('image/png'), size: z.int() })),
  /** Other results of the same order, as they were received. */
  candidates: z.optional(z.array(z.extend(fileSchema, { mediaType: z.string() }))),
  provenance: z.looseObject({
    prompt: z.optional(z.string()),
    /** Digests of input files. */
    inputs: z.optional(
      z.array(
        z.looseObject({
          digest,
          mediaType: z.optional(z.string()),
          /** What was sent instead, made from the input to fit the provider's limits. */
          sent: z.optional(z.looseObject({ digest, mediaType: z.optional(z.string()) })),
        }),
      ),
    ),
    provider: z.optional(z.string()),
    model: z.optional(z.string()),
    seed: z.optional(z.int()),
    job: z.optional(z.string()),
    /** Task id at the provider. */
    task: z.optional(z.string()),
    /** Copyright notice the raw file carried. */
    copyright: z.optional(z.string()),
    /** ISO 8601, given by the caller. */
    createdAt: z.optional(z.string()),
  }),
  /** SPDX expression or short name; undefined where nobody said. */
  licence: z.optional(z.string()),
  /** To be shown with the asset. */
  credit: z.optional(z.string()),
  spend: z.optional(
    z.looseObject({
      estimate: z.optional(moneySchema),
      reserved: z.optional(moneySchema),
      actual: z.optional(moneySchema),
    }),
  ),
  warnings: z.array(z.looseObject({ code: z.string(), message: z.string(), details: z.optional(jsonObject) })),
  /** What every step changed. No timings, so that equal inputs give equal manifests. */
  steps: z.array(z.looseObject({ step: z.string(), report: jsonObject })),
};

/** See {@link assetManifestSchema}: the manifest of a mesh. */
export const meshManifestSchema = z.looseObject({
  ...manifestHead,
  kind: z.literal('mesh'),
  compression: z.string(),
  /** Finest first. */
  levels: z.array(meshLevelSchema).check(z.minLength(1)),
  materials: z.int().check(z.gte(0)),
  textures: z.int().check(z.gte(0)),
});

/** See {@link assetManifestSchema}: the manifest of a splat. */
export const splatManifestSchema = z.looseObject({
  ...manifestHead,
  kind: z.literal('splat'),
  /** Finest first. */
  levels: z.array(splatLevelSchema).check(z.minLength(1)),
});

/**
 * What lies beside the levels of an asset: what they are, where they come from, under which terms. `kind` says whether the
 * levels are meshes or splats.
 *
 * Readers ignore members they do not know.
 */
export const assetManifestSchema = z.discriminatedUnion('kind', [meshManifestSchema, splatManifestSchema]);

/** Manifest of a mesh with its levels. */
export type MeshManifest = z.infer<typeof meshManifestSchema>;

/** Manifest of a Gaussian splat with its levels. */
export type SplatManifest = z.infer<typeof splatManifestSchema>;

/** See {@link assetManifestSchema}. */
export type AssetManifest = z.infer<typeof assetManifestSchema>;

/** Text of a manifest: two spaces of indentation, a new line at the end. Equal manifests give equal bytes. */
export function writeManifest(manifest: AssetManifest): Uint8Array {
  return encodeUtf8(`${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Reads a manifest from anywhere.
 *
 * @throws {@link SdkError} `ASSET_UNREADABLE` if it is no JSON or no manifest; `ASSET_INVALID` naming the member that is
 *   wrong, or the version if it is newer than this program.
 */
export function readManifest(bytes: Uint8Array): AssetManifest {
  let value: unknown;
  try {
    value = JSON.parse(decodeUtf8(bytes));
  } catch (error) {
    throw new SdkError({ code: 'ASSET_UNREADABLE', message: 'The manifest is not proper JSON.', cause: error });
  }
  const head = value as { schema?: unknown; version?: unknown } | null;
  if (typeof head !== 'object' || head === null || head.schema !== 'maquette.asset') {
    throw new SdkError({ code: 'ASSET_UNREADABLE', message: 'The file is not the manifest of an asset.' });
  }
  if (typeof head.version === 'number' && head.version > MANIFEST_VERSION) {
    throw new SdkError({
      code: 'ASSET_INVALID',
      message: `The manifest has version ${head.version}; this program understands up to ${MANIFEST_VERSION}.`,
      remedy: 'Update Maquette.',
    });
  }
  const parsed = assetManifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new SdkError({ code: 'ASSET_INVALID', message: `The manifest's member "${path}" is missing or wrong.` });
}
