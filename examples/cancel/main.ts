import assert from 'node:assert/strict';
import { createStudio, isSdkError } from '@maquette3d/sdk';
import { createNodeCodecs } from '@maquette3d/sdk/node';
import { createEchoProvider, createMemoryHost } from '@maquette3d/sdk/testing';

let askedToStop = 0;
const studio = createStudio({
  host: createMemoryHost(),
  codecs: await createNodeCodecs(),
  providers: [
    createEchoProvider({
      behaviour: { durationMs: 300_000 },
      onCancel: () => {
        askedToStop += 1;
      },
    }),
  ],
});

const job = await studio.generate({ prompt: 'something slow' });
for await (const event of job.events()) if (event.type === 'progress-reported') break;
const state = await job.cancel();

console.log(`The job is ${state.phase} after ${state.seq} events.`);
assert.equal(state.phase, 'cancelled');
assert.equal(askedToStop, 1);
await assert.rejects(job.result(), (error) => isSdkError(error) && error.code === 'CANCELLED');
await studio.close();
