import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeStudio } from '@maquette3d/sdk/node';
import { createLocalProvider } from '@maquette3d/sdk/providers/local';

const home = await mkdtemp(join(tmpdir(), 'maquette-example-'));
const studio = await createNodeStudio({ home, providers: [createLocalProvider()] }); // [1]
try {
  const job = await studio.generate({
    prompt: 'a wooden chair',
    seed: 7, // [2]
    delivery: { folder: join(home, 'chair') },
  });
  const { location } = await job.result();
  console.log(`The asset is in ${location}`);

  const manifest = JSON.parse(await readFile(join(location, 'manifest.json'), 'utf8'));
  const triangles = manifest.levels.map((level: { triangles: number }) => level.triangles);
  console.log(`Triangles per level: ${triangles.join(', ')}`);

  assert.deepEqual(
    triangles,
    [...triangles].sort((a, b) => b - a),
    'levels fall',
  );
  assert.equal(manifest.provenance.prompt, 'a wooden chair');
  assert.ok((await readdir(location)).includes('thumbnail.png'));
} finally {
  await studio.close();
  await rm(home, { recursive: true });
}

// [1] `home` holds the job database, raw results and logs. Left out, it is the folder the command line uses too, and
//     `maquette jobs list` shows this job.
// [2] The same prompt and seed give the same bytes. Without a seed one is chosen and written into the manifest.
