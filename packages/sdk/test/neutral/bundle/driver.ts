/**
 * The work that tests do inside an engine. Bundled by itself, so that the size of the SDK's bundle is the SDK's; finds
 * the SDK as the global `maquette`.
 *
 * Every function takes JSON text and resolves with JSON text and buffers, which is what crosses into any engine.
 */
import { generateModel } from '../../../src/generator/generate-model.ts';
import { writeGlb } from '../../../src/generator/write-glb.ts';
import { fitImage } from '../../../src/image/fit-image.ts';
import { codecContract } from '../../../src/testing/codec-contract.ts';
import { createEchoProvider } from '../../../src/testing/echo-provider.ts';
import { createMemoryHost } from '../../../src/testing/memory-host.ts';
import { type CloudJobOrder, runCloudJob } from './run-cloud-job.ts';
import { type LocalJobOrder, runLocalJob } from './run-local-job.ts';

declare const maquette: typeof import('./sdk.ts');

/** What comes back from an engine. */
export interface DriverResult {
  readonly json: string;
  readonly buffers: readonly ArrayBuffer[];
}

/** Runs the codec contract; the JSON is a list of `{ name, failure }`, failure null where the case passed. */
export async function runCodecContract(): Promise<DriverResult> {
  const outcomes: { name: string; failure: string | null }[] = [];
  for (const { name, run } of codecContract(maquette.createScriptCodecs())) {
    const failure = await run().then(
      () => null,
      (error: unknown) => String(error),
    );
    outcomes.push({ name, failure });
  }
  return { json: JSON.stringify(outcomes), buffers: [] };
}

/** Runs a job of the local provider; the JSON is its outcome without the files, which are the buffers. */
export async function runJob(order: string): Promise<DriverResult> {
  const { files, ...outcome } = await runLocalJob(
    maquette,
    maquette.createScriptCodecs(),
    JSON.parse(order) as LocalJobOrder,
  );
  return { json: JSON.stringify(outcome), buffers: files.map((file) => file.slice().buffer) };
}

/** Runs a job of 404-GEN; the JSON is its outcome without the files, which are the buffers. */
export async function runInCloud(order: string): Promise<DriverResult> {
  const { files, ...outcome } = await runCloudJob(maquette, JSON.parse(order) as CloudJobOrder);
  return { json: JSON.stringify(outcome), buffers: files.map((file) => file.slice().buffer) };
}

/** Generates an object; the buffer is its file. */
export async function generate(order: string): Promise<DriverResult> {
  const { prompt, seed } = JSON.parse(order) as { prompt: string; seed: number };
  return { json: 'null', buffers: [(await makeFile(prompt, seed)).slice().buffer] };
}

/** The file the generator makes of a prompt. */
export async function makeFile(prompt: string, seed: number): Promise<Uint8Array> {
  return writeGlb(generateModel(prompt, seed).model);
}

/** Runs a job whose provider delivers the given bytes; the JSON is how the job ended. */
export async function processBytes(order: string): Promise<DriverResult> {
  const { bytes } = JSON.parse(order) as { bytes: readonly number[] };
  const provider = createEchoProvider();
  const studio = maquette.createStudio({
    host: createMemoryHost(),
    codecs: maquette.createScriptCodecs(),
    providers: [
      {
        ...provider,
        fetchAsset: async () =>
          (async function* () {
            yield new Uint8Array(bytes);
          })(),
      },
    ],
  });
  const job = await studio.generate({ prompt: 'a file', processing: { thumbnailSize: 0, ratios: [0.5] } });
  const end = await job.result().then(
    (result) => ({ summary: result.summary }),
    (error: unknown) => ({ code: maquette.isSdkError(error) ? error.code : null, message: String(error) }),
  );
  await studio.close();
  return { json: JSON.stringify(end), buffers: [] };
}

/** Makes a picture keep limits; the JSON is what was done to it, the buffer its new file. */
export async function fitPicture(order: string): Promise<DriverResult> {
  const { bytes, limits } = JSON.parse(order) as { bytes: readonly number[]; limits: Parameters<typeof fitImage>[1] };
  const { bytes: fitted, ...facts } = await fitImage(new Uint8Array(bytes), limits);
  return { json: JSON.stringify(facts), buffers: [fitted.slice().buffer] };
}
