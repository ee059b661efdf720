import type { Codecs } from '../../../src/host/codecs.ts';
import type { Host } from '../../../src/host/host.ts';
import type { JobEvent } from '../../../src/jobs/job-events.ts';
import type { Studio } from '../../../src/studio/create-studio.ts';
import type { JobHandle } from '../../../src/studio/job-handle.ts';
import { createMemoryHost } from '../../../src/testing/memory-host.ts';

/** The functions of the SDK that a job takes; from a bundle or from the sources. */
export type JobSdk = Pick<typeof import('./sdk.ts'), 'createLocalProvider' | 'createStudio'>;

/** What to make. */
export interface LocalJobOrder {
  readonly prompt: string;
  readonly seed: number;
  readonly thumbnailSize: number;
  readonly compress: 'none' | 'meshopt';
}

/** What was made. */
export interface LocalJobOutcome {
  readonly phase: string;
  readonly events: readonly JobEvent['type'][];
  /** Names of the files in the asset folder, sorted, and their bytes in the same order. */
  readonly names: readonly string[];
  readonly files: readonly Uint8Array[];
}

/** One job of the local provider from the prompt to the asset folder, on a Host that lives in memory. */
export async function runLocalJob(sdk: JobSdk, codecs: Codecs, order: LocalJobOrder): Promise<LocalJobOutcome> {
  const host = createMemoryHost();
  const studio = sdk.createStudio({ host, codecs, providers: [sdk.createLocalProvider()] });
  const job = await studio.generate({
    prompt: order.prompt,
    seed: order.seed,
    processing: { thumbnailSize: order.thumbnailSize, compress: order.compress },
  });
  return followJob(host, studio, job);
}

/** Follows a job to its end, takes its asset folder and closes the studio. */
export async function followJob(host: Host, studio: Studio, job: JobHandle): Promise<LocalJobOutcome> {
  const events: JobEvent['type'][] = [];
  for await (const event of job.events()) events.push(event.type);
  const { phase } = await job.state();
  const { location } = await job.result();
  const entries = await host.files.list(location);
  const files: Uint8Array[] = [];
  for (const { key } of entries) files.push((await host.files.read(key)) as Uint8Array);
  await studio.close();
  return { phase, events, names: entries.map(({ key }) => key.slice(location.length + 1)), files };
}
