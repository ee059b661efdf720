import { toHex } from '../foundation/bytes.ts';
import { isSdkError, SdkError } from '../foundation/errors.ts';
import type { Codecs } from '../host/codecs.ts';
import type { Host } from '../host/host.ts';
import type { ProcessJob } from '../jobs/job-drive.ts';
import type { RawAsset } from '../jobs/job-events.ts';
import type { JobState } from '../jobs/job-state.ts';
import { DriveStalled } from '../jobs/stall.ts';
import type { Candidate } from '../pipeline/produce-input.ts';
import type { ProducedAsset } from '../pipeline/produced-asset.ts';
import type { StepContext } from '../pipeline/step.ts';
import { type DeliverAsset, MANIFEST_FILE } from './deliver-asset.ts';

/**
 * Turns raw bytes into the files of an asset folder. `candidates` are further results of the order, to be kept beside. The
 * bytes become its own: their memory may go to another thread.
 */
export type ProduceAsset = (
  job: JobState,
  raw: RawAsset,
  bytes: Uint8Array,
  context: StepContext,
  candidates?: readonly Candidate[],
) => Promise<ProducedAsset>;

/** Joins engine and pipeline: raw bytes from the files, through the recipe, to the place of delivery. */
export function createProcess(
  host: Host,
  loadCodecs: () => Promise<Codecs>,
  produce: ProduceAsset,
  deliver: DeliverAsset,
): ProcessJob {
  return async (job, [raw, ...others], { signal, emitStep, warn, claim }) => {
    if (raw === undefined)
      throw new SdkError({
        code: 'ASSET_UNREADABLE',
        message: 'The provider delivered nothing that could be processed.',
      });
    const bytes = await readRaw(host, raw);
    const candidates: Candidate[] = [];
    for (const other of others) {
      const { extension, mediaType } = other;
      candidates.push({ bytes: await readRaw(host, other), extension, mediaType });
    }
    const codecs = await loadCodecs();
    let stepBeganAt = host.clock.now();
    const context: StepContext = {
      codecs,
      ...(host.images === undefined ? {} : { images: host.images }),
      sha256: host.sha256,
      signal,
      pause: () => host.clock.sleep(0),
      warn,
      report: (step, report) => {
        const now = host.clock.now();
        emitStep(step, now - stepBeganAt, report);
        stepBeganAt = now;
      },
    };
    const asset = await produce(job, raw, bytes, context, candidates);
    const manifest = asset.files.get(MANIFEST_FILE);
    if (manifest === undefined)
      throw new SdkError({ code: 'INTERNAL', message: 'The asset was produced without a manifest.' });
    await claim();
    const location = await deliver(asset, job, { signal }).catch(stallIfPlaceIsBad);
    return { location, manifestDigest: toHex(await host.sha256(manifest)), summary: asset.summary };
  };
}

/** What is wrong with the place of delivery can be put right, or another one named: no reason to end a paid job. */
function stallIfPlaceIsBad(error: unknown): never {
  if (!isSdkError(error)) throw error;
  const isPlace = error.code === 'INPUT_INVALID' || error.code === 'CONFIG_MISSING' || error.code === 'STORE_FAILED';
  throw isPlace ? new DriveStalled(error) : error;
}

async function readRaw(host: Host, raw: RawAsset): Promise<Uint8Array> {
  const bytes = await host.files.read(raw.key);
  if (bytes === null) throw new SdkError({ code: 'STORE_FAILED', message: 'The raw result is gone from the store.' });
  if (toHex(await host.sha256(bytes)) !== raw.digest) {
    throw new SdkError({
      code: 'STORE_FAILED',
      message: 'The raw result in the store is damaged.',
      remedy: `Delete ${raw.key} below MAQUETTE_HOME, then run \`maquette jobs resume\`: it is fetched again.`,
    });
  }
  return bytes;
}
