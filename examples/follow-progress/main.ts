import assert from 'node:assert/strict';
import { createStudio } from '@maquette3d/sdk';
import { createNodeCodecs } from '@maquette3d/sdk/node';
import { createEchoProvider, createMemoryHost } from '@maquette3d/sdk/testing';

const studio = createStudio({
  host: createMemoryHost(), // [1]
  codecs: await createNodeCodecs(),
  providers: [createEchoProvider({ behaviour: { durationMs: 60_000 } })],
});
const job = await studio.generate({ prompt: 'anything', seed: 1 });

const seen: number[] = [];
for await (const event of job.events()) {
  seen.push(event.seq);
  console.log(`${event.seq} ${event.type}`);
  if (event.type === 'operation-started') break; // the connection is lost here
}

console.log('… and back again');
let last = '';
for await (const event of job.events({ afterSeq: seen.at(-1) ?? 0 })) {
  seen.push(event.seq);
  last = event.type;
  console.log(`${event.seq} ${event.type}`);
}

assert.equal(last, 'job-succeeded');
assert.deepEqual(
  seen,
  Array.from(seen, (_seq, index) => index + 1),
  'every event once, in order',
);
await studio.close();

// [1] Memory files and a clock that jumps ahead whenever everybody waits: minutes of polling pass in a moment.
