import { toHex } from '../foundation/bytes.ts';
import { throwIfCancelled } from '../foundation/cancel.ts';
import { isCancelError, toSdkError } from '../foundation/errors.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { Warning } from '../foundation/warning.ts';
import type { RasterImage } from '../host/host.ts';
import { encodePng } from '../image/encode-png.ts';
import { type AssetManifest, MANIFEST_VERSION, writeManifest } from './manifest.ts';
import type { ProduceInput } from './produce-input.ts';
import type { ProducedAsset } from './produced-asset.ts';
import type { StepContext } from './step.ts';
import { SDK_VERSION } from './version.ts';

/** A file as the manifest names it. */
export interface FileRecord {
  readonly file: string;
  /** SHA-256, hexadecimal. */
  readonly digest: string;
  readonly bytes: number;
}

/** A box around something, metres; the radius is half its diagonal. */
interface Box {
  readonly min: readonly [number, number, number];
  readonly max: readonly [number, number, number];
  readonly radius: number;
}

/** What the manifests of all kinds of assets have in common. */
export type ManifestHead = Pick<
  AssetManifest,
  'schema' | 'version' | 'name' | 'generator' | 'frame' | 'pivot' | 'bounds' | 'provenance' | 'warnings' | 'steps'
> &
  Partial<Pick<AssetManifest, 'licence' | 'credit' | 'spend' | 'candidates'>>;

/** The asset folder that is being made: files, and what the manifest will say about how they came to be. */
export interface AssetFolder {
  /** The caller's context, recording warnings and reports for the manifest. */
  readonly context: StepContext;
  add(file: string, bytes: Uint8Array): Promise<FileRecord>;
  /** Adds `thumbnail.png`. `size` is the side of the square, pixels. */
  addThumbnail(picture: RasterImage, size: number): Promise<NonNullable<AssetManifest['thumbnail']>>;
  /** Head of the manifest, as of now. Bounds in metres. Adds the candidates. */
  describe<Kind extends AssetManifest['kind']>(
    kind: Kind,
    bounds: Box,
    provenance?: AssetManifest['provenance'],
  ): Promise<ManifestHead & { readonly kind: Kind }>;
  /** Adds the manifest, which completes the folder. */
  finish<Manifest extends AssetManifest>(manifest: Manifest, summary: JsonObject): ProducedAsset<Manifest>;
}

/** Begins an asset folder. Nothing is stored anywhere. */
export function createAssetFolder(input: ProduceInput, context: StepContext): AssetFolder {
  const files = new Map<string, Uint8Array>();
  const warnings: Warning[] = [...(input.warnings ?? [])];
  const steps: { step: string; report: Record<string, unknown> }[] = [];
  const add = async (file: string, bytes: Uint8Array): Promise<FileRecord> => {
    files.set(file, bytes);
    return { file, digest: toHex(await context.sha256(bytes)), bytes: bytes.length };
  };
  return {
    context: {
      ...context,
      warn: (warning) => {
        warnings.push(warning);
        context.warn(warning);
      },
      report: (step, report) => {
        steps.push({ step, report: { ...report } });
        context.report(step, report);
      },
    },
    add,
    async addThumbnail(picture, size) {
      return { ...(await add('thumbnail.png', encodePng(picture))), mediaType: 'image/png', size };
    },
    async describe(kind, bounds, provenance = input.provenance ?? {}) {
      const candidates: NonNullable<AssetManifest['candidates']> = [];
      for (const [index, { bytes, extension, mediaType }] of (input.candidates ?? []).entries()) {
        candidates.push({ ...(await add(`candidate-${index + 2}.${extension}`, bytes)), mediaType });
      }
      return {
        schema: 'maquette.asset',
        version: MANIFEST_VERSION,
        name: input.name,
        kind,
        generator: { name: 'Maquette', version: SDK_VERSION },
        frame: { up: '+Y', front: '+Z', handedness: 'right', unit: 'metre' },
        pivot: 'base-centre',
        bounds: { min: roundVector(bounds.min), max: roundVector(bounds.max), radius: round(bounds.radius) },
        provenance,
        ...(input.licence === undefined ? {} : { licence: input.licence }),
        ...(input.credit === undefined ? {} : { credit: input.credit }),
        ...(input.spend === undefined ? {} : { spend: input.spend }),
        ...(candidates.length === 0 ? {} : { candidates }),
        warnings: warnings.map((warning) => ({ ...warning }) as AssetManifest['warnings'][number]),
        steps,
      };
    },
    finish(manifest, summary) {
      // what happened comes last: it is the longest part and the least read
      const { warnings: raised, steps: taken, ...rest } = manifest;
      files.set('manifest.json', writeManifest({ ...rest, warnings: raised, steps: taken } as typeof manifest));
      return { manifest, files, summary };
    },
  };
}

/** Runs the making of an asset so that it ends with its result, an `SdkError`, or the reason the signal was tripped for. */
export async function runProducing<Result>(context: StepContext, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    // Why nobody wants the result any more is for whoever tripped the signal to say; a failure on the way out is not news.
    throwIfCancelled(context.signal);
    if (isCancelError(error)) throw error;
    throw toSdkError(error, 'STEP_FAILED', 'Processing failed');
  }
}

/** Lets everybody else have a turn, then ends if nobody wants the result any more. */
export async function takeTurn(context: StepContext): Promise<void> {
  await context.pause?.();
  throwIfCancelled(context.signal);
}

/** Six digits: what is measured is not more exact, and engines agree on them. */
export function round(value: number): number {
  return Number(value.toPrecision(6));
}

function roundVector(vector: readonly [number, number, number]): [number, number, number] {
  return [round(vector[0]), round(vector[1]), round(vector[2])];
}
