/**
 * A process of the kill test: takes up every open job, submits some, and works until all have ended or it is killed.
 *
 * Arguments: home folder, output folder, number of jobs to submit, time to live of a lease. What it did is appended to logs in the home folder, a
 * line at a time: one write with O_APPEND is whole or absent.
 */
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeUtf8 } from '../../src/foundation/bytes.ts';
import { deliverToFolder } from '../../src/platform/node/folder-delivery.ts';
import { createNodeHost } from '../../src/platform/node/node-host.ts';
import { createSqliteJobStore } from '../../src/platform/node/sqlite-job-store.ts';
import { createStudio } from '../../src/studio/create-studio.ts';
import type { ProduceAsset } from '../../src/studio/process-raw.ts';
import { createEchoProvider } from '../../src/testing/echo-provider.ts';

const [home = '', out = '', submitCount = '0', leaseTtlMs = '1000'] = process.argv.slice(2);
const note = (log: string, line: string): void => appendFileSync(join(home, log), `${line}\n`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Stands for the recipe: files with digests in the manifest, some time between them. Its speed is not the question here. */
const produce: ProduceAsset = async (job, _raw, bytes, context) => {
  note('drives.log', `${job.job} ${process.pid}`);
  const files = new Map<string, Uint8Array>([['raw.glb', bytes]]);
  for (const level of [0, 1, 2]) {
    await pause(Math.random() * 40);
    files.set(`lod${level}.glb`, bytes.subarray(0, bytes.length >> level));
    context.report(`level ${level}`, {});
  }
  const digests = Object.fromEntries(
    [...files].map(([name, content]) => [name, createHash('sha256').update(content).digest('hex')]),
  );
  const manifest = { job: job.job, digests } as unknown as Awaited<ReturnType<ProduceAsset>>['manifest'];
  files.set('manifest.json', encodeUtf8(JSON.stringify(manifest)));
  return { manifest, files, summary: {} };
};

const host = createNodeHost({ home, env: {} });
const studio = createStudio({
  host,
  codecs: {},
  store: createSqliteJobStore({ path: join(home, 'jobs.sqlite') }),
  leaseTtlMs: Number(leaseTtlMs),
  providers: [
    createEchoProvider({
      concurrency: 4,
      behaviour: ({ seed }) => ({ durationMs: 40 + (seed % 200), pollAfterMs: 50, offersEarly: seed % 3 === 0 }),
      async onStart(_request, key) {
        note('starts.log', key);
        await pause(Math.random() * 10); // the answer is on its way
      },
    }),
  ],
  produce,
  deliver: (asset, job) => deliverToFolder(join(out, job.job), asset, { force: false, token: job.job }),
});

process.stdout.write('ready\n');
const handles = [...(await studio.resume())];
for (let index = 0; index < Number(submitCount); index += 1) {
  const handle = await studio.generate({ prompt: `job ${process.pid} ${index}` });
  note('submitted.log', handle.id);
  handles.push(handle);
}
const outcomes = await Promise.allSettled(handles.map((handle) => handle.result()));
const unexpected = outcomes.find(
  (outcome) => outcome.status === 'rejected' && outcome.reason.code !== 'OUTCOME_UNKNOWN',
);
await studio.close();
await host.close();
if (unexpected !== undefined) {
  process.stderr.write(`${String((unexpected as PromiseRejectedResult).reason?.stack)}\n`);
  process.exitCode = 1;
}
