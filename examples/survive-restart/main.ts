import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeStudio } from '@maquette3d/sdk/node';
import { createEchoProvider } from '@maquette3d/sdk/testing';

const home = await mkdtemp(join(tmpdir(), 'maquette-example-'));
let starts = 0;
const echo = () =>
  createEchoProvider({
    behaviour: { durationMs: 500, pollAfterMs: 50 },
    onStart: () => {
      starts += 1;
    },
  });

const before = await createNodeStudio({ home, providers: [echo()] });
const job = await before.generate({ prompt: 'anything', delivery: { folder: join(home, 'asset') } });
for await (const event of job.events()) if (event.type === 'operation-started') break;
await before.release(); // [1]
await before.close();

const after = await createNodeStudio({ home, providers: [echo()] });
await after.resume();
const { location } = await (await after.job(job.id)).result();
console.log(`Finished by the second studio: ${location}`);

assert.equal(starts, 1, 'started once, paid once');
await after.close();
await rm(home, { recursive: true });

// [1] Gives the lease back at once. A process that is killed cannot do that; its jobs are taken over when the lease runs out.
