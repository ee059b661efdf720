/**
 * The work that tests do inside an engine. Bundled by itself, so that the size of the SDK's bundle is the SDK's; finds
 * the SDK as the global `maquette`.
 *
 * Every function takes JSON text and resolves with JSON text and buffers, which is what crosses into any engine.
 */
import { codecContract } from '../../../src/testing/codec-contract.ts';
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
