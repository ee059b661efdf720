import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createNodeCodecs } from '@maquette3d/sdk/node';
import { PROCESSING_DEFAULTS, produceLodSet } from '@maquette3d/sdk/pipeline';

const raw = await readFile(new URL('../../fixtures/Fox.glb', import.meta.url));

const { manifest, files } = await produceLodSet(
  { raw, name: 'Fox', licence: 'CC0-1.0 AND CC-BY-4.0' },
  { ...PROCESSING_DEFAULTS, profile: 'unity', ratios: [0.6, 0.3], heightM: 0.7, thumbnailSize: 256 }, // [1]
  {
    codecs: await createNodeCodecs(),
    sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
    warn: ({ code, message }) => console.log(`${code}: ${message}`),
    report: (step) => console.log(`done: ${step}`),
  },
);

for (const level of manifest.levels) {
  console.log(
    `${level.file}: ${level.triangles} triangles, used above ${(level.screenHeight * 100).toFixed(1)} % of the screen's height`,
  );
}

assert.equal(manifest.levels.length, 3);
assert.deepEqual([...files.keys()].sort(), [
  'lod0.glb',
  'lod1.glb',
  'lod2.glb',
  'manifest.json',
  'raw.glb',
  'thumbnail.png',
]);
for (const [index, level] of manifest.levels.entries()) {
  if (index > 0) assert.ok(level.triangles < (manifest.levels[index - 1]?.triangles ?? 0), 'triangles fall');
}

// [1] The profile is the importer's name: it decides which extensions the files may use. The fox comes in centimetres and
//     leaves 0.7 m high, standing on the origin.
