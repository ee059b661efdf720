import type { CancelSignal } from '../foundation/cancel.ts';
import { throwIfCancelled } from '../foundation/cancel.ts';
import type { FileStore } from '../host/file-store.ts';
import type { JobState } from '../jobs/job-state.ts';
import type { ProducedAsset } from '../pipeline/produced-asset.ts';

/**
 * Puts a finished asset where it belongs and says where that is.
 *
 * Must be repeatable: after a crash it runs again for the same job. What it leaves behind when it fails or is cancelled
 * must not look like a finished asset.
 */
export type DeliverAsset = (
  asset: ProducedAsset,
  job: JobState,
  context: { readonly signal: CancelSignal },
) => Promise<string>;

/** Name of the file whose presence makes a folder an asset. */
export const MANIFEST_FILE = 'manifest.json';

/** Delivers into the Host's files, under `assets/<job>/`. The manifest is written last: where it is, everything is. */
export function deliverToFiles(files: FileStore): DeliverAsset {
  return async (asset, job, { signal }) => {
    const location = `assets/${job.job}`;
    const names = [...asset.files.keys()].filter((name) => name !== MANIFEST_FILE);
    for (const name of [...names, MANIFEST_FILE]) {
      throwIfCancelled(signal);
      const bytes = asset.files.get(name);
      if (bytes !== undefined) await files.write(`${location}/${name}`, bytes);
    }
    return location;
  };
}
