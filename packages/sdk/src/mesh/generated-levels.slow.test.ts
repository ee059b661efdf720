import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { FAMILIES } from '../generator/families.generated.ts';
import { generateModel } from '../generator/generate-model.ts';
import { writeGlb } from '../generator/write-glb.ts';
import type { Codecs } from '../host/codecs.ts';
import { PROCESSING_DEFAULTS } from '../pipeline/processing-options.ts';
import { produceLodSet } from '../pipeline/produce-lod-set.ts';
import { createNodeCodecs } from '../platform/node/codecs.ts';
import { boundsOfScene } from './bounds.ts';
import { readGltf } from './read-gltf.ts';

// variants whose outermost vertices belong to leaves, tiles or other small pieces
const VARIANTS = ['palm tree', 'pine tree', 'bush', 'tower', 'hut', 'log cabin'];
const PROMPTS = [...FAMILIES.map(({ id }) => id), ...VARIANTS];

describe.each(PROMPTS)('the levels of a generated %s', (prompt) => {
  let codecs: Codecs;
  beforeAll(async () => {
    codecs = await createNodeCodecs();
  });

  it.each([1, 2])('are valid, textured, ever coarser and of one size, seed %i', async (seed) => {
    const context = {
      codecs,
      sha256: async (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()),
      warn: () => undefined,
      report: () => undefined,
    };
    const raw = await writeGlb(generateModel(prompt, seed).model);
    const options = { ...PROCESSING_DEFAULTS, thumbnailSize: 0 };
    const { manifest, files } = await produceLodSet({ raw, name: prompt }, options, context);
    const triangles = manifest.levels.map((level) => level.triangles);
    expect(triangles.length).toBeGreaterThanOrEqual(4);
    expect(triangles[0]).toBeGreaterThanOrEqual(1000);
    expect(triangles).toEqual([...new Set(triangles)].sort((a, b) => b - a));
    expect(manifest.textures).toBeGreaterThan(0);
    expect(manifest.warnings.length).toBeLessThanOrEqual(1);

    const size = Math.max(...manifest.bounds.max.map((value, axis) => value - (manifest.bounds.min[axis] as number)));
    for (const { file } of manifest.levels) {
      const bytes = files.get(file) as Uint8Array;
      expect((await codecs.validator?.validate(bytes))?.errors).toBe(0);
      const asset = await readGltf(bytes, context);
      const bounds = boundsOfScene(asset.document);
      for (const side of ['min', 'max'] as const) {
        bounds?.[side].forEach((value, axis) => {
          expect(Math.abs(value - (manifest.bounds[side][axis] as number))).toBeLessThan(size * 0.01);
        });
      }
      const materials = asset.document.getRoot().listMaterials();
      expect(materials.some((material) => material.getBaseColorTexture() !== null)).toBe(true);
      expect(materials.length).toBe(manifest.materials);
    }
  });
});
