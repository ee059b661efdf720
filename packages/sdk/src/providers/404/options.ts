import * as z from 'zod/mini';
import { SdkError } from '../../foundation/errors.ts';
import type { JsonObject } from '../../foundation/json.ts';
import type { ProviderOption } from '../../provider/provider.ts';
import { DEFAULT_REGION, isRegion, REGIONS, type Region } from './gateway-address.ts';
import { MESH_V2 } from './models.ts';

/** @source 404-Repo/404-base-miner-mesh: trellis2/pipelines/trellis2_image_to_3d.py, which raises on any other. */
const PIPELINE_TYPES = ['512', '1024', '1024_cascade', '1536_cascade'] as const;

/** Sides a texture may have, pixels. The official plugin sends the last three. */
const TEXTURE_SIZES = ['512', '1024', '2048', '4096'] as const;

/** @source 404-gen-unity-plugin: Editor/Services/GatewayAPI.cs clamps to this range. */
const FACE_COUNT = { min: 20_000, max: 2_000_000 } as const;

/** Most results a task can have: as many workers make it. @source gateway-rs: `unique_workers_per_task`. */
export const MOST_CANDIDATES = 3;

/** Options of the provider, for help texts and forms. */
export const OPTION_DESCRIPTIONS: readonly ProviderOption[] = [
  {
    key: 'candidates',
    description: 'How many results to take of the up to 3 that workers make of one task; the price is the same.',
    values: ['1', '2', '3'],
  },
  {
    key: 'region',
    description: `Gateway that takes the task; default ${DEFAULT_REGION}.`,
    values: Object.keys(REGIONS),
  },
  { key: 'pipeline_type', description: `Geometric detail, for ${MESH_V2} only.`, values: PIPELINE_TYPES },
  { key: 'texture_size', description: `Side of the texture in pixels, for ${MESH_V2} only.`, values: TEXTURE_SIZES },
  {
    key: 'face_count',
    description: `Triangles to aim at, ${FACE_COUNT.min} to ${FACE_COUNT.max}, for ${MESH_V2} only.`,
  },
];

/** Options with every value checked. */
export interface Options404 {
  /** [1, 3]. */
  readonly candidates: number;
  /** Undefined where none was named. */
  readonly region?: Region;
  /** Sent as `model_params`; undefined for none. */
  readonly modelParams?: JsonObject;
}

// Values of `--option` are texts; programs may give numbers.
const scalar = z.optional(z.union([z.string(), z.number()]));

const schema = z.strictObject({
  candidates: scalar,
  region: scalar,
  pipeline_type: scalar,
  texture_size: scalar,
  face_count: scalar,
});

/**
 * Checks the options of an order.
 *
 * @param model - The model the order will be sent to.
 * @throws {@link SdkError} `INPUT_INVALID` for an unknown option, a value it cannot have, or one the model does not take.
 */
export function parseOptions(options: JsonObject | undefined, model: string): Options404 {
  const parsed = z.safeParse(schema, options ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path[0];
    throw refused(`has no such option "${String(name).slice(0, 40)}"`, `Its options are ${optionNames().join(', ')}.`);
  }
  const { candidates, region, pipeline_type, texture_size, face_count } = parsed.data;
  const modelParams: Record<string, string | number> = {};
  if (pipeline_type !== undefined) modelParams.pipeline_type = choose('pipeline_type', pipeline_type, PIPELINE_TYPES);
  if (texture_size !== undefined)
    modelParams.texture_size = Number(choose('texture_size', texture_size, TEXTURE_SIZES));
  if (face_count !== undefined) modelParams.face_count = wholeNumber('face_count', face_count, FACE_COUNT);
  const [param] = Object.keys(modelParams);
  if (param !== undefined && model !== MESH_V2) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `The option "${param}" is for the model ${MESH_V2} of 404-GEN; the order is for ${model}.`,
      remedy: `Leave it out, or choose the model ${MESH_V2}, which makes a mesh from an image.`,
    });
  }
  return {
    candidates: candidates === undefined ? 1 : wholeNumber('candidates', candidates, { min: 1, max: MOST_CANDIDATES }),
    ...(region === undefined ? {} : { region: chooseRegion(region) }),
    ...(param === undefined ? {} : { modelParams }),
  };
}

function optionNames(): string[] {
  return OPTION_DESCRIPTIONS.map(({ key }) => key);
}

function chooseRegion(value: string | number): Region {
  const text = String(value);
  if (isRegion(text)) return text;
  throw refused('takes no such value for the option "region"', `Use one of ${Object.keys(REGIONS).join(', ')}.`);
}

function choose<T extends string>(name: string, value: string | number, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === String(value));
  if (found !== undefined) return found;
  throw refused(`takes no such value for the option "${name}"`, `Use one of ${choices.join(', ')}.`);
}

function wholeNumber(name: string, value: string | number, range: { readonly min: number; readonly max: number }) {
  const number = /^\d{1,9}$/.test(String(value)) ? Number(value) : Number.NaN;
  if (number >= range.min && number <= range.max) return number;
  throw refused(
    `takes no such value for the option "${name}"`,
    `Use a whole number from ${range.min} to ${range.max}.`,
  );
}

function refused(what: string, remedy: string): SdkError {
  return new SdkError({ code: 'INPUT_INVALID', message: `404-GEN ${what}.`, remedy });
}
