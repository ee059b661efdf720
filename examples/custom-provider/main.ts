import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createStudio } from '@maquette3d/sdk';
import { createNodeCodecs } from '@maquette3d/sdk/node';
import { createMemoryHost, providerContract } from '@maquette3d/sdk/testing';
import { createFavouritesProvider } from './favourites-provider.ts';

const provider = createFavouritesProvider({
  fox: () => readFile(new URL('../../fixtures/Fox.glb', import.meta.url)),
});

for (const { name, run } of providerContract({ createProvider: () => provider, text: 'our fox' })) {
  await run();
  console.log(`ok ${name}`);
}

const host = createMemoryHost();
const studio = createStudio({ host, codecs: await createNodeCodecs(), providers: [provider] });
const job = await studio.generate({ prompt: 'our fox, please', processing: { heightM: 0.6 } });
const { location } = await job.result();

const manifest = JSON.parse(
  new TextDecoder().decode((await host.files.read(`${location}/manifest.json`)) ?? new Uint8Array()),
);
console.log(`${manifest.credit}: ${manifest.levels.length} levels, ${manifest.bounds.max[1].toFixed(2)} m high`);
assert.equal(manifest.credit, 'From our favourites');
assert.ok(Math.abs(manifest.bounds.max[1] - 0.6) < 0.001);
await studio.close();
