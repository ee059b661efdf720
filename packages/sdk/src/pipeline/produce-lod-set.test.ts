import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCancelController } from '../foundation/cancel.ts';
import { isSdkError } from '../foundation/errors.ts';
import { createRandom } from '../foundation/random.ts';
import type { Warning } from '../foundation/warning.ts';
import type { Codecs } from '../host/codecs.ts';
import type { ImageCodec } from '../host/host.ts';
import { decodeImage } from '../image/decode-image.ts';
import { boundsOfScene } from '../mesh/bounds.ts';
import { bumpyGrid, draftMesh, fixture, glbOf, packArrays } from '../mesh/gltf-builder.test-kit.ts';
import { inspectMesh } from '../mesh/inspect-mesh.ts';
import { readGltf } from '../mesh/read-gltf.ts';
import { createNodeCodecs } from '../platform/node/codecs.ts';
import { readManifest } from './manifest.ts';
import type { ProcessingOptions } from './processing-options.ts';
import type { ProduceInput } from './produce-input.ts';
import { checkProcessing, produceLodSet } from './produce-lod-set.ts';
import type { ProducedAsset } from './produced-asset.ts';
import type { StepContext } from './step.ts';

let codecs: Codecs;
beforeAll(async () => {
  codecs = await createNodeCodecs();
});

const OPTIONS: ProcessingOptions = { profile: 'web', ratios: [0.5, 0.25], compress: 'none', thumbnailSize: 0 };

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function context(extra: Partial<StepContext> = {}): StepContext {
  return {
    codecs,
    sha256: async (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
    warn: () => undefined,
    report: () => undefined,
    ...extra,
  };
}

function grid(side = 16): Uint8Array {
  const { positions, indices, uvs } = bumpyGrid(side);
  return glbOf(
    draftMesh(positions, indices, { attributes: { TEXCOORD_0: { type: 'VEC2', data: new Float32Array(uvs) } } }),
  );
}

function produce(
  input: Partial<ProduceInput> = {},
  options: Partial<ProcessingOptions> = {},
  extra: Partial<StepContext> = {},
): Promise<ProducedAsset> {
  return produceLodSet({ raw: grid(), name: 'hill', ...input }, { ...OPTIONS, ...options }, context(extra));
}

function file(asset: ProducedAsset, name: string): Uint8Array {
  const bytes = asset.files.get(name);
  if (bytes === undefined) throw new Error(`${name} is missing`);
  return bytes;
}

describe('produceLodSet', () => {
  it('makes a folder whose manifest describes every file', async () => {
    const raw = grid();
    const asset = await produce(
      { raw, licence: 'CC0-1.0', credit: 'Generated with a test' },
      { thumbnailSize: 64, heightM: 3 },
    );
    expect([...asset.files.keys()].sort()).toEqual([
      'lod0.glb',
      'lod1.glb',
      'lod2.glb',
      'manifest.json',
      'raw.glb',
      'thumbnail.png',
    ]);
    expect(file(asset, 'raw.glb')).toEqual(raw);
    const manifest = readManifest(file(asset, 'manifest.json'));
    expect(manifest).toEqual(JSON.parse(JSON.stringify(asset.manifest)));
    for (const described of [...manifest.levels, manifest.raw, manifest.thumbnail]) {
      const bytes = file(asset, described?.file ?? '');
      expect(described).toMatchObject({ bytes: bytes.length, digest: digestOf(bytes) });
    }
    expect(manifest).toMatchObject({
      licence: 'CC0-1.0',
      credit: 'Generated with a test',
      profile: 'web',
      compression: 'none',
    });
    expect(manifest.bounds.max[1] - manifest.bounds.min[1]).toBeCloseTo(3, 5);
    expect(await decodeImage(file(asset, 'thumbnail.png'))).toMatchObject({ width: 64, height: 64 });
    expect(manifest.steps.map(({ step }) => step)).toEqual([
      'inspect',
      'triangulate',
      'normalise',
      'repair',
      'textures',
      'tidy',
      'simplify',
      'write',
    ]);
  });

  it('writes levels that agree with the manifest and pass the Khronos validator', async () => {
    const asset = await produce({ raw: fixture('Fox.glb') }, { ratios: [0.5, 0.25, 0.1] });
    expect(asset.manifest.levels.length).toBe(4);
    for (const level of asset.manifest.levels) {
      const bytes = file(asset, level.file);
      expect(await codecs.validator?.validate(bytes)).toMatchObject({ errors: 0, warnings: 0 });
      const read = await readGltf(bytes, context());
      expect(inspectMesh(read)).toMatchObject({
        triangles: level.triangles,
        vertices: level.vertices,
        skins: 1,
        animations: 3,
        textures: 1,
      });
    }
  });

  it.each(['quantize', 'meshopt', 'draco'] as const)(
    'writes %s that reads back as the same model, and is smaller',
    async (compress) => {
      const plain = await produce({ raw: grid(40) });
      const asset = await produce({ raw: grid(40) }, { compress });
      for (const [index, level] of asset.manifest.levels.entries()) {
        const bytes = file(asset, level.file);
        expect(bytes.length).toBeLessThan((plain.manifest.levels[index]?.bytes ?? 0) * 0.8);
        expect(await codecs.validator?.validate(bytes)).toMatchObject({ errors: 0, warnings: 0 });
        const read = await readGltf(bytes, context());
        expect(inspectMesh(read).triangles).toBe(level.triangles);
        const bounds = boundsOfScene(read.document);
        for (const side of ['min', 'max'] as const) {
          bounds?.[side].forEach((value, axis) => {
            expect(Math.abs(value - asset.manifest.bounds[side][axis as 0])).toBeLessThan(
              asset.manifest.bounds.radius * 1e-3,
            );
          });
        }
      }
    },
  );

  it('gives the same bytes for the same input', async () => {
    const [one, other] = [await produce({}, { thumbnailSize: 32 }), await produce({}, { thumbnailSize: 32 })];
    expect([...one.files]).toEqual([...other.files]);
  });

  it('gives the same model files whichever job they were made for', async () => {
    const made = (job: string, createdAt: string) =>
      produce({ provenance: { prompt: 'a hill', seed: 3, job, createdAt } }, { thumbnailSize: 32 });
    const [one, other] = [await made('j1', '2026-11-21T00:00:00Z'), await made('j2', '2026-11-22T00:00:00Z')];
    expect(one.manifest.provenance).not.toEqual(other.manifest.provenance);
    for (const [name, bytes] of one.files) if (name !== 'manifest.json') expect(other.files.get(name)).toEqual(bytes);
  });

  it('writes provenance, spend and earlier warnings as they were given', async () => {
    const provenance = {
      prompt: 'a hill',
      provider: 'echo',
      seed: 3,
      job: 'j1',
      task: 't1',
      createdAt: '2026-11-21T00:00:00Z',
    };
    const spend = { estimate: { amount: 0.15, currency: 'USD' }, actual: { amount: 0.12, currency: 'USD' } };
    const warnings = [{ code: 'NOUN_UNKNOWN', message: 'Understood as a hill.' }];
    const { manifest } = await produce({ provenance, spend, warnings });
    expect(manifest).toMatchObject({ provenance, spend });
    expect(manifest.warnings[0]).toEqual(warnings[0]);
  });

  it('writes origin and terms into every level, and leaves notices of the author alone', async () => {
    const terms = {
      licence: 'CC0-1.0',
      credit: 'Generated with a test',
      provenance: { prompt: 'a hill', seed: 3 },
      spend: { actual: { amount: 0.12, currency: 'USD' } },
    };
    const own = await produce(terms);
    for (const [index, level] of own.manifest.levels.entries()) {
      const { document } = await readGltf(file(own, level.file), context());
      expect(document.getRoot().getAsset()).toMatchObject({
        copyright: 'Generated with a test; CC0-1.0',
        extras: {
          maquette: {
            level: index,
            levels: 3,
            rawDigest: own.manifest.raw.digest,
            provenance: terms.provenance,
            spend: terms.spend,
          },
        },
      });
    }

    const draft = draftMesh([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2]);
    draft.json.asset = { version: '2.0', copyright: '2017 Somebody, CC BY 4.0', extras: { author: 'Somebody' } };
    const foreign = await produce({ ...terms, raw: glbOf(draft) });
    const { document } = await readGltf(file(foreign, 'lod0.glb'), context());
    expect(document.getRoot().getAsset()).toMatchObject({
      copyright: '2017 Somebody, CC BY 4.0',
      extras: { author: 'Somebody' },
    });
    expect(foreign.manifest.provenance).toEqual({ ...terms.provenance, copyright: '2017 Somebody, CC BY 4.0' });
  });

  it.each(['quantize', 'meshopt', 'draco'] as const)('takes %s input and writes it plain', async (compress) => {
    const compressed = await produce({ raw: fixture('Fox.glb') }, { compress });
    const raw = file(compressed, 'lod0.glb');
    const asset = await produce({ raw });
    expect(asset.manifest.levels[0]?.triangles).toBe(576);
    const bytes = file(asset, 'lod1.glb');
    expect(await codecs.validator?.validate(bytes)).toMatchObject({ errors: 0, warnings: 0 });
    const { document } = await readGltf(bytes, context());
    expect(document.getRoot().listExtensionsUsed()).toEqual([]);
    asset.manifest.bounds.max.forEach((value, axis) => {
      expect(Math.abs(value - (compressed.manifest.bounds.max[axis] as number))).toBeLessThan(
        asset.manifest.bounds.radius * 0.01,
      );
    });
  });

  it('multiplies instances out', async () => {
    const { positions, indices } = bumpyGrid(4);
    const draft = draftMesh(positions, indices);
    const { bin, offsets } = packArrays([draft.bin, new Float32Array([0, 0, 0, 3, 0, 0, 6, 0, 0])]);
    draft.bin = bin;
    draft.json.buffers[0].byteLength = bin.length;
    draft.json.bufferViews.push({ buffer: 0, byteOffset: offsets[1], byteLength: 36 });
    draft.json.accessors.push({ bufferView: 2, componentType: 5126, count: 3, type: 'VEC3' });
    draft.json.extensionsUsed = ['EXT_mesh_gpu_instancing'];
    draft.json.extensionsRequired = ['EXT_mesh_gpu_instancing'];
    draft.json.nodes[0].extensions = { EXT_mesh_gpu_instancing: { attributes: { TRANSLATION: 2 } } };
    const asset = await produce({ raw: glbOf(draft) });
    expect(asset.manifest.levels[0]?.triangles).toBe(3 * 32);
    expect(asset.manifest.bounds.max[0] - asset.manifest.bounds.min[0]).toBeCloseTo(7, 5);
    const { document } = await readGltf(file(asset, 'lod0.glb'), context());
    expect(document.getRoot().listExtensionsUsed()).toEqual([]);
  });

  it('tells the caller about warnings and steps as they happen, and keeps them in the manifest', async () => {
    const seen: Warning[] = [];
    const steps: string[] = [];
    const asset = await produce(
      { raw: fixture('Fox.glb') },
      {},
      { warn: (warning) => seen.push(warning), report: (step) => steps.push(step) },
    );
    expect(seen.map(({ code }) => code)).toEqual(['NORMALS_MADE']);
    expect(asset.manifest.warnings).toEqual(seen);
    expect(asset.manifest.steps.map(({ step }) => step)).toEqual(steps);
  });

  it('stops between steps when it is cancelled', async () => {
    const controller = createCancelController();
    const cancelling = {
      signal: controller.signal,
      report: (step: string) => step === 'repair' && controller.cancel(),
    };
    await expect(produce({}, {}, cancelling as Partial<StepContext>)).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it.each(['inspect', 'repair', 'levels'])(
    'gives the reason of a tripped signal back untouched, in %s',
    async (place) => {
      const reason = new (class LetGo extends Error {})();
      const controller = createCancelController();
      const context: Partial<StepContext> = {
        signal: controller.signal,
        report: (step) => {
          if (step === place) controller.cancel(reason);
        },
        ...(place === 'levels'
          ? { sha256: () => Promise.reject(controller.cancel(reason) ?? new TypeError('late')) }
          : {}),
      };
      await expect(produce({}, {}, context)).rejects.toBe(reason);
    },
  );

  it('ends with valid files or one SdkError whatever is wrong with the input', async () => {
    const source = fixture('Fox.glb');
    const random = createRandom(7);
    const jsonEnd = 20 + new DataView(source.buffer).getUint32(12, true);
    const outcomes = { made: 0, refused: 0 };
    for (let round = 0; round < 60; round += 1) {
      const bytes = source.slice();
      for (let change = 0; change < 3; change += 1) {
        let at = random.integer(20, jsonEnd - 1);
        while (at < jsonEnd && !((bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39)) at += 1;
        if (at < jsonEnd) bytes[at] = 0x30 + random.integer(0, 9);
      }
      for (let change = 0; change < 6; change += 1) {
        const at = random.integer(jsonEnd, bytes.length - 1);
        bytes[at] = (bytes[at] as number) ^ (1 << random.integer(0, 7));
      }
      try {
        const asset = await produce({ raw: bytes }, { ratios: [0.5] });
        for (const level of asset.manifest.levels) {
          // a damaged texture is damage of the picture, which is taken over as it is
          const report = await codecs.validator?.validate(file(asset, level.file));
          const own = report?.issues.filter(({ severity, code }) => severity === 'error' && !code.startsWith('IMAGE_'));
          expect(own).toEqual([]);
        }
        outcomes.made += 1;
      } catch (error) {
        if (!isSdkError(error)) throw error;
        expect(['ASSET_INVALID', 'ASSET_TOO_LARGE', 'ASSET_UNREADABLE']).toContain(error.code);
        outcomes.refused += 1;
      }
    }
    expect(outcomes.made).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });
});

describe('textures a profile cannot read', () => {
  const webp = new Uint8Array([0x52, 0x49, 0x46, 0x46, 4, 0, 0, 0, 0x57, 0x45, 0x42, 0x50]);

  function webpModel(): Uint8Array {
    const { positions, indices, uvs } = bumpyGrid(8);
    const { bin, offsets } = packArrays([
      new Float32Array(positions),
      new Float32Array(uvs),
      new Uint16Array(indices),
      webp,
    ]);
    const sizes = [positions.length * 4, uvs.length * 4, indices.length * 2, webp.length];
    const json = {
      asset: { version: '2.0' },
      extensionsUsed: ['EXT_texture_webp'],
      extensionsRequired: ['EXT_texture_webp'],
      scenes: [{ nodes: [0] }],
      nodes: [{ mesh: 0 }],
      meshes: [{ primitives: [{ attributes: { POSITION: 0, TEXCOORD_0: 1 }, indices: 2, material: 0 }] }],
      materials: [{ pbrMetallicRoughness: { baseColorTexture: { index: 0 } } }],
      textures: [{ extensions: { EXT_texture_webp: { source: 0 } } }],
      images: [{ bufferView: 3, mimeType: 'image/webp' }],
      accessors: [
        {
          bufferView: 0,
          componentType: 5126,
          count: positions.length / 3,
          type: 'VEC3',
          min: [0, 0, 0],
          max: [1, 0.2, 1],
        },
        { bufferView: 1, componentType: 5126, count: uvs.length / 2, type: 'VEC2' },
        { bufferView: 2, componentType: 5123, count: indices.length, type: 'SCALAR' },
      ],
      bufferViews: sizes.map((byteLength, index) => ({ buffer: 0, byteOffset: offsets[index], byteLength })),
      buffers: [{ byteLength: bin.length }],
    };
    return glbOf({ json, bin });
  }

  const images: ImageCodec = {
    mediaTypes: ['image/webp'],
    decode: async () => ({ width: 2, height: 2, data: new Uint8Array(16).fill(200) }),
  };

  it('stay as they are for an importer that reads them', async () => {
    const asset = await produce({ raw: webpModel() });
    const { document } = await readGltf(file(asset, 'lod0.glb'), context());
    expect(document.getRoot().listTextures()[0]?.getMimeType()).toBe('image/webp');
  });

  it('become PNG where the platform can decode them', async () => {
    const asset = await produce({ raw: webpModel() }, { profile: 'unity' }, { images });
    for (const level of asset.manifest.levels) {
      const { document } = await readGltf(file(asset, level.file), context());
      expect(document.getRoot().listTextures()[0]?.getMimeType()).toBe('image/png');
      expect(document.getRoot().listExtensionsUsed()).toEqual([]);
    }
  });

  it('are refused where it cannot', async () => {
    await expect(produce({ raw: webpModel() }, { profile: 'blender' })).rejects.toMatchObject({
      code: 'UNSUPPORTED_ON_HOST',
      details: { mediaType: 'image/webp' },
    });
  });
});

describe('checkProcessing', () => {
  it.each<[string, Partial<ProcessingOptions>, RegExp]>([
    ['both ratios and counts', { triangles: [100] }, /either as ratios or as triangle counts/],
    ['neither', { ratios: undefined as never }, /either as ratios/],
    ['levels that do not fall', { ratios: [0.5, 0.5] }, /fewer triangles/],
    [
      'meshopt for Unity',
      { profile: 'unity', compress: 'meshopt' },
      /Unity with glTFast cannot read the compression meshopt/,
    ],
    ['Draco for Unity', { profile: 'unity', compress: 'draco' }, /cannot read the compression draco/],
    ['meshopt for Blender', { profile: 'blender', compress: 'meshopt' }, /Blender cannot read/],
    ['quantisation for Blender', { profile: 'blender', compress: 'quantize' }, /Blender cannot read/],
    ['any compression for printing', { profile: 'print', compress: 'quantize' }, /printing tool cannot read/],
  ])('refuses %s', (_name, options, message) => {
    expect(() => checkProcessing({ ...OPTIONS, ...options }, codecs)).toThrowError(
      expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(message) }),
    );
  });

  it.each<[string, Partial<ProcessingOptions>, keyof Codecs]>([
    ['draco', { compress: 'draco' }, 'draco'],
    ['meshopt', { compress: 'meshopt' }, 'meshoptEncoder'],
    ['levels', {}, 'simplifier'],
  ])('names the codec that is missing for %s', (_name, options, codec) => {
    const { [codec]: _missing, ...rest } = codecs;
    expect(() => checkProcessing({ ...OPTIONS, ...options }, rest)).toThrowError(
      expect.objectContaining({ code: 'UNSUPPORTED_ON_HOST', details: { codec } }),
    );
  });
});
