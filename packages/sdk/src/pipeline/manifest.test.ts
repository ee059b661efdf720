import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../foundation/bytes.ts';
import { type AssetManifest, readManifest, writeManifest } from './manifest.ts';
import { manifestSchemaText } from './manifest-schema.ts';
import { SDK_VERSION } from './version.ts';

const DIGEST = 'a'.repeat(64);

const MANIFEST: AssetManifest = {
  schema: 'maquette.asset',
  version: 1,
  name: 'lantern',
  kind: 'mesh',
  generator: { name: 'Maquette', version: SDK_VERSION },
  frame: { up: '+Y', front: '+Z', handedness: 'right', unit: 'metre' },
  pivot: 'base-centre',
  bounds: { min: [-1, 0, -1], max: [1, 2, 1], radius: 1.73205 },
  profile: 'web',
  compression: 'none',
  levels: [
    {
      file: 'lod0.glb',
      digest: DIGEST,
      bytes: 10,
      triangles: 12,
      vertices: 24,
      error: 0,
      maxError: 0,
      screenHeight: 0,
    },
  ],
  materials: 1,
  textures: 0,
  raw: { file: 'raw.glb', digest: DIGEST, bytes: 10, mediaType: 'model/gltf-binary' },
  provenance: { prompt: 'a lantern', seed: 7 },
  warnings: [],
  steps: [],
};

describe('readManifest', () => {
  it('reads what was written', () => {
    expect(readManifest(writeManifest(MANIFEST))).toEqual(MANIFEST);
  });

  it('keeps members it does not know, for programs that are newer in small things', () => {
    const extended = { ...MANIFEST, collider: { file: 'collider.glb' }, levels: [{ ...MANIFEST.levels[0], bones: 4 }] };
    expect(readManifest(writeManifest(extended as AssetManifest))).toEqual(extended);
  });

  it.each<[string, unknown, string, RegExp]>([
    ['no JSON', '{', 'ASSET_UNREADABLE', /not proper JSON/],
    ['null', 'null', 'ASSET_UNREADABLE', /not the manifest/],
    ['other JSON', '{"name":"package"}', 'ASSET_UNREADABLE', /not the manifest/],
    ['a newer version', { ...MANIFEST, version: 2 }, 'ASSET_INVALID', /version 2; this program understands up to 1/],
    ['no levels', { ...MANIFEST, levels: [] }, 'ASSET_INVALID', /"levels"/],
    [
      'a file outside the folder',
      { ...MANIFEST, raw: { ...MANIFEST.raw, file: '../raw.glb' } },
      'ASSET_INVALID',
      /"raw\.file"/,
    ],
    [
      'a digest that is none',
      { ...MANIFEST, raw: { ...MANIFEST.raw, digest: 'abc' } },
      'ASSET_INVALID',
      /"raw\.digest"/,
    ],
    [
      'a share above one',
      { ...MANIFEST, levels: [{ ...MANIFEST.levels[0], screenHeight: 1.5 }] },
      'ASSET_INVALID',
      /"levels\.0\.screenHeight"/,
    ],
  ])('refuses %s', (_name, content, code, message) => {
    const bytes = encodeUtf8(typeof content === 'string' ? content : JSON.stringify(content));
    expect(() => readManifest(bytes)).toThrowError(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

it('the schema in git is the one the source gives', () => {
  const stored = readFileSync(new URL('../../schema/asset-manifest.schema.json', import.meta.url), 'utf8');
  expect(stored, 'run `node scripts/generate-schemas.ts` and commit the result').toBe(manifestSchemaText());
});

it("the version in manifests is the package's", () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(SDK_VERSION).toBe(version);
});
