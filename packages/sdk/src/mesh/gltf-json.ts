import * as z from 'zod/mini';
import { decodeUtf8 } from '../foundation/bytes.ts';
import { invalid, quoteForeign, tooLarge, unreadable } from './asset-errors.ts';
import type { MeshLimits } from './mesh-limits.ts';

const index = z.int().check(z.gte(0));
const size = z.int().check(z.gte(0));
const finite = z.number();
const extensions = z.optional(z.record(z.string(), z.unknown()));
const attributes = z.record(z.string(), index);

const bufferSchema = z.looseObject({ uri: z.optional(z.string()), byteLength: size, extensions });

const bufferViewSchema = z.looseObject({
  buffer: index,
  byteOffset: z.optional(size),
  byteLength: size,
  byteStride: z.optional(z.int().check(z.gte(1), z.lte(252))),
  extensions,
});

const sparseSchema = z.looseObject({
  count: z.int().check(z.gte(1)),
  indices: z.looseObject({ bufferView: index, byteOffset: z.optional(size), componentType: z.int() }),
  values: z.looseObject({ bufferView: index, byteOffset: z.optional(size) }),
});

const accessorSchema = z.looseObject({
  bufferView: z.optional(index),
  byteOffset: z.optional(size),
  componentType: z.int(),
  normalized: z.optional(z.boolean()),
  count: z.int().check(z.gte(1)),
  type: z.enum(['SCALAR', 'VEC2', 'VEC3', 'VEC4', 'MAT2', 'MAT3', 'MAT4']),
  sparse: z.optional(sparseSchema),
});

const primitiveSchema = z.looseObject({
  attributes,
  indices: z.optional(index),
  material: z.optional(index),
  mode: z.optional(z.int().check(z.gte(0), z.lte(6))),
  targets: z.optional(z.array(attributes)),
  extensions,
});

const meshSchema = z.looseObject({
  primitives: z.array(primitiveSchema).check(z.minLength(1)),
  weights: z.optional(z.array(finite)),
});

const nodeSchema = z.looseObject({
  name: z.optional(z.string()),
  children: z.optional(z.array(index)),
  mesh: z.optional(index),
  skin: z.optional(index),
  camera: z.optional(index),
  matrix: z.optional(z.array(finite).check(z.length(16))),
  translation: z.optional(z.array(finite).check(z.length(3))),
  rotation: z.optional(z.array(finite).check(z.length(4))),
  scale: z.optional(z.array(finite).check(z.length(3))),
  weights: z.optional(z.array(finite)),
  extensions,
});

const animationSchema = z.looseObject({
  channels: z.array(
    z.looseObject({
      sampler: index,
      target: z.looseObject({
        node: z.optional(index),
        path: z.string(),
      }),
    }),
  ),
  samplers: z.array(
    z.looseObject({
      input: index,
      output: index,
      interpolation: z.optional(z.enum(['LINEAR', 'STEP', 'CUBICSPLINE'])),
    }),
  ),
});

/** The members of glTF's JSON that reading depends on. Everything else passes through. */
const gltfSchema = z.looseObject({
  asset: z.looseObject({ version: z.string() }),
  extensionsUsed: z.optional(z.array(z.string())),
  extensionsRequired: z.optional(z.array(z.string())),
  buffers: z.optional(z.array(bufferSchema)),
  bufferViews: z.optional(z.array(bufferViewSchema)),
  accessors: z.optional(z.array(accessorSchema)),
  images: z.optional(
    z.array(
      z.looseObject({
        uri: z.optional(z.string()),
        bufferView: z.optional(index),
        mimeType: z.optional(z.string()),
      }),
    ),
  ),
  samplers: z.optional(z.array(z.looseObject({}))),
  textures: z.optional(z.array(z.looseObject({ source: z.optional(index), sampler: z.optional(index), extensions }))),
  materials: z.optional(z.array(z.looseObject({ extensions }))),
  meshes: z.optional(z.array(meshSchema)),
  skins: z.optional(
    z.array(
      z.looseObject({
        joints: z.array(index).check(z.minLength(1)),
        inverseBindMatrices: z.optional(index),
        skeleton: z.optional(index),
      }),
    ),
  ),
  cameras: z.optional(z.array(z.looseObject({ type: z.string() }))),
  nodes: z.optional(z.array(nodeSchema)),
  animations: z.optional(z.array(animationSchema)),
  scenes: z.optional(z.array(z.looseObject({ nodes: z.optional(z.array(index)) }))),
  scene: z.optional(index),
});

/** glTF's JSON after its shape was checked; references are not checked yet. */
export type GltfJson = z.infer<typeof gltfSchema>;

/**
 * Parses the JSON part of a file from a stranger and checks its shape.
 *
 * @throws {@link SdkError} `ASSET_UNREADABLE` if it is no JSON, `ASSET_INVALID` naming the first member of the wrong
 * type, `ASSET_TOO_LARGE` above the limits of size and depth.
 */
export function parseGltfJson(bytes: Uint8Array, limits: MeshLimits): GltfJson {
  if (bytes.length > limits.jsonBytes) {
    throw tooLarge(`The JSON part has ${bytes.length} bytes; at most ${limits.jsonBytes} are read.`);
  }
  if (nestingDepth(bytes) > limits.jsonDepth) {
    throw tooLarge(`The JSON part is nested deeper than ${limits.jsonDepth} levels.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(decodeUtf8(bytes));
  } catch (error) {
    throw unreadable('The JSON part of the file cannot be parsed.', error);
  }
  const parsed = gltfSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = (issue?.path ?? [])
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
      .join('');
    throw invalid(
      `The glTF member ${quoteForeign(where.replace(/^\./, '') || 'root')} is missing, of the wrong type or out of range.`,
    );
  }
  if (parsed.data.asset.version !== '2.0') {
    throw invalid(`The file says glTF version ${quoteForeign(parsed.data.asset.version)}; only 2.0 is understood.`);
  }
  return parsed.data;
}

/** Deepest nesting of brackets outside strings. Checked before parsing, because some engines parse recursively. */
function nestingDepth(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (inString) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return deepest;
}
