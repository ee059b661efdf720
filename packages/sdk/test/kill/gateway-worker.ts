/**
 * A process of the kill test against the gateway: takes up every open job, submits those that are missing, and works until
 * all have ended or it is killed.
 *
 * Arguments: home folder, output folder, how many jobs there shall be in all, how many it submits at most, jobs driven at
 * once. Where the gateway is and its key come from the environment. Says `ready` when it begins, `stored` when every job has the id of its task.
 */
import { join } from 'node:path';
import { deliverToFolder } from '../../src/platform/node/folder-delivery.ts';
import { createNodeHost } from '../../src/platform/node/node-host.ts';
import { createSqliteJobStore } from '../../src/platform/node/sqlite-job-store.ts';
import { create404Provider } from '../../src/providers/404/provider.ts';
import { createStudio } from '../../src/studio/create-studio.ts';

const [home = '', out = '', total = '0', batch = '0', concurrency = '1'] = process.argv.slice(2);
const { MAQUETTE_404_URL: url = '', MAQUETTE_404_KEY: key = '' } = process.env;

const host = createNodeHost({ home, env: { MAQUETTE_404_KEY: key }, credentials: { '404': [url] } });
const store = createSqliteJobStore({ path: join(home, 'jobs.sqlite') });
const studio = createStudio({
  host,
  codecs: {},
  store,
  leaseTtlMs: 1500,
  providers: [create404Provider({ url, concurrency: Number(concurrency) })],
  deliver: (asset, job) => deliverToFolder(join(out, job.job), asset, { force: false, token: job.job }),
});

process.stdout.write('ready\n');
const handles = [...(await studio.resume())];
const taken = new Set((await store.list()).map((state) => state.request.prompt.text));
let submitted = 0;
for (let number = 1; number <= Number(total) && submitted < Number(batch); number += 1) {
  // The number in the prompt is how the gateway's tasks and our jobs are told to belong together.
  const prompt = `a lamp number ${number}`;
  if (taken.has(prompt)) continue;
  handles.push(await studio.generate({ prompt, processing: { ratios: [0.5], thumbnailSize: 0 } }));
  submitted += 1;
}

const UNSENT = ['queued', 'starting'] as const;
void (async () => {
  while ((await store.list({ phases: UNSENT })).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  process.stdout.write('stored\n');
})();

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
