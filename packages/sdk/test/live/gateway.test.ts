/**
 * The real 404-GEN: costs about 0.40 USD of the account behind MAQUETTE_404_KEY. Run by name: `npm test -- --only live`.
 *
 * What comes back is held against what the stand-in and the fixtures claim, so that a change of the service is noticed here.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../src/image/encode-png.ts';
import { createNodeStudio } from '../../src/node.ts';
import { readManifest } from '../../src/pipeline/manifest.ts';
import { createNodeCodecs } from '../../src/platform/node/codecs.ts';
import { create404Provider } from '../../src/providers/404/provider.ts';
import { readSplat } from '../../src/splat/read-splat.ts';
import type { GenerateOptions } from '../../src/studio/generate-options.ts';

const { MAQUETTE_404_KEY: key, MAQUETTE_404_URL: url } = process.env;
const folder = mkdtempSync(join(tmpdir(), 'maquette-live-'));
const fixture = readSplat(readFileSync(new URL('../../../../fixtures/404gen-eiffel-30k.ply', import.meta.url)));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

if (!key) console.warn('The live suite is skipped: MAQUETTE_404_KEY is not set.');

/** Orders one asset of the real service and takes it apart. */
async function make(name: string, order: Omit<GenerateOptions, 'delivery'>, image?: Uint8Array) {
  const studio = await createNodeStudio({
    home: join(folder, 'home'),
    providers: [create404Provider(url ? { url } : {})],
  });
  try {
    const images = image === undefined ? [] : [await studio.addImage(image)];
    const prompt = image === undefined ? order.prompt : { images };
    const place = join(folder, name);
    const job = await studio.generate({ ...order, prompt, delivery: { folder: place }, maxCost: 0.5 });
    await job.result();
    const manifest = readManifest(readFileSync(join(place, 'manifest.json')));
    return { manifest, raw: readFileSync(join(place, manifest.raw.file)), place };
  } finally {
    await studio.close();
  }
}

/** A picture of a thing on white: a red ball with a light from above, 512 pixels a side. */
function picture(): Uint8Array {
  const size = 512;
  const data = new Uint8Array(size * size * 4).fill(255);
  for (let at = 0; at < size * size; at += 1) {
    const x = (at % size) / 200 - 1.28;
    const y = Math.floor(at / size) / 200 - 1.28;
    const depth = 1 - x * x - y * y;
    if (depth < 0) continue;
    const light = 0.35 + 0.65 * Math.max(0, -y * 0.7 + Math.sqrt(depth) * 0.7);
    data.set([220 * light, 40 * light, 30 * light], at * 4);
  }
  return encodePng({ width: size, height: size, data });
}

describe.skipIf(!key)('404-GEN itself', () => {
  it('makes a splat of the dialect we know from a text', async () => {
    const { manifest, raw } = await make('lantern', { prompt: 'a mossy stone lantern', seed: 7 });
    expect(manifest).toMatchObject({
      kind: 'splat',
      credit: 'Generated with 404-GEN',
      provenance: { provider: '404', model: '404-3dgs', seed: 7 },
    });
    const read = readSplat(raw);
    expect(read).toMatchObject({ format: 'spz', version: 2, container: 'zstd' });
    // the same kind of splat as the one in the fixtures: as many orders of harmonics, tens of thousands of gaussians, Y up
    expect(read.splat.shDegree).toBe(fixture.splat.shDegree);
    expect(read.splat.count).toBeGreaterThan(fixture.splat.count / 10);
    expect(manifest.bounds.max[1] - manifest.bounds.min[1]).toBeGreaterThan(0.2);
  });

  it('makes a mesh that can be cleaned from an image', async () => {
    const { manifest, place } = await make('ball', { prompt: '', output: 'mesh', seed: 7 }, picture());
    expect(manifest).toMatchObject({ kind: 'mesh', provenance: { provider: '404', model: '404-mesh' } });
    const codecs = await createNodeCodecs();
    for (const { file } of manifest.levels) {
      expect((await codecs.validator?.validate(readFileSync(join(place, file))))?.errors).toBe(0);
    }
  });
});
