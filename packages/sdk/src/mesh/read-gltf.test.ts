import { describe, expect, it } from 'vitest';
import {
  draftTriangle,
  fixture,
  type GltfDraft,
  glbOf,
  gltfOf,
  recordingContext,
  rejection,
} from './gltf-builder.test-kit.ts';
import { inspectMesh } from './inspect-mesh.ts';
import { MESH_LIMITS } from './mesh-limits.ts';
import { readGltf } from './read-gltf.ts';

async function fail(bytes: Uint8Array, code: string, message: RegExp): Promise<void> {
  const error = await rejection(readGltf(bytes, recordingContext()));
  expect({ code: error.code, message: error.message }).toEqual({ code, message: expect.stringMatching(message) });
}

function broken(change: (draft: GltfDraft) => void): Uint8Array {
  const draft = draftTriangle();
  change(draft);
  return glbOf(draft);
}

describe('readGltf', () => {
  it('reads a GLB and the same model as self-contained JSON', async () => {
    for (const bytes of [glbOf(draftTriangle()), gltfOf(draftTriangle())]) {
      const inspection = inspectMesh(await readGltf(bytes, recordingContext()));
      expect(inspection).toMatchObject({ triangles: 1, vertices: 3, primitives: 1, bytes: bytes.length });
      expect(inspection.bounds).toMatchObject({ min: [0, 0, 0], max: [1, 1, 0] });
    }
  });

  it('reads a skinned model in its rest pose', async () => {
    const inspection = inspectMesh(await readGltf(fixture('Fox.glb'), recordingContext()));
    expect(inspection).toMatchObject({
      triangles: 576,
      vertices: 1728,
      skins: 1,
      animations: 3,
      materials: 1,
      textures: 1,
    });
    expect(inspection.bounds?.max[1]).toBeCloseTo(78.9, 1);
  });

  it('ignores bytes after the declared end and says so', async () => {
    const context = recordingContext();
    const glb = glbOf(draftTriangle());
    const longer = new Uint8Array(glb.length + 5);
    longer.set(glb);
    await readGltf(longer, context);
    expect(context.warnings.map(({ code }) => code)).toEqual(['BYTES_IGNORED']);
  });

  it('drops optional extensions it does not know with a warning', async () => {
    const context = recordingContext();
    await readGltf(
      broken(({ json }) => {
        json.extensionsUsed = ['ACME_glow'];
      }),
      context,
    );
    expect(context.warnings).toMatchObject([
      { code: 'EXTENSION_DROPPED', message: expect.stringContaining('ACME_glow') },
    ]);
  });

  describe('files that are no readable glTF', () => {
    it.each<[string, Uint8Array, RegExp]>([
      ['nothing', new Uint8Array(0), /neither a GLB nor a glTF/],
      ['noise', new Uint8Array(500).map((_, at) => (at * 7919) % 251), /neither a GLB nor a glTF/],
      ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 4]), /neither a GLB nor a glTF/],
      ['a bare header', glbOf(draftTriangle()).slice(0, 12), /too few for its header/],
      ['half a file', glbOf(draftTriangle()).slice(0, 300), /truncated/],
      ['another version', withWord(1, 1), /version 1/],
      ['a declared length of 2 GB', withWord(2, 0x80000000), /declares 2147483648 bytes but the file has \d+/],
      ['a declared length of 0', withWord(2, 0), /declares 0 bytes/],
      ['a first chunk of 4 GB', withWord(3, 0xfffffffc), /chunk 0 declares/],
      ['a first chunk that is not JSON', withWord(4, 0x004e4942), /not its JSON part/],
      ['text that is not JSON', new TextEncoder().encode('{"asset":'), /cannot be parsed/],
    ])('%s', async (_name, bytes, message) => {
      await fail(bytes, 'ASSET_UNREADABLE', message);
    });
  });

  describe('files that break the rules', () => {
    it.each<[string, (draft: GltfDraft) => void, RegExp]>([
      [
        'no asset',
        ({ json }) => {
          delete json.asset;
        },
        /"asset"/,
      ],
      [
        'glTF 1.0',
        ({ json }) => {
          json.asset.version = '1.0';
        },
        /version "1\.0"/,
      ],
      [
        'a required extension',
        ({ json }) => {
          json.extensionsRequired = ['ACME_glow'];
        },
        /requires "ACME_glow"/,
      ],
      [
        'an external buffer',
        ({ json }) => {
          json.buffers[0].uri = 'https://example.com/a.bin';
        },
        /external file "https:\/\/example\.com\/a\.bin"; nothing external is fetched/,
      ],
      [
        'an external image',
        ({ json }) => {
          json.images = [{ uri: '../../etc/passwd' }];
        },
        /images\[0\] refers to the external file/,
      ],
      [
        'a broken data URI',
        ({ json }) => {
          json.buffers[0].uri = 'data:;base64,?';
        },
        /not proper base64/,
      ],
      [
        'a buffer longer than its data',
        ({ json }) => {
          json.buffers[0].byteLength += 100;
        },
        /buffers\[0\] declares/,
      ],
      [
        'a second buffer without data',
        ({ json }) => {
          json.buffers.push({ byteLength: 9 });
          json.bufferViews[0].buffer = 1;
        },
        /has no data/,
      ],
      [
        'a view beyond its buffer',
        ({ json }) => {
          json.bufferViews[0].byteOffset = 1e6;
        },
        /bufferViews\[0\] ends at byte/,
      ],
      [
        'a view of a missing buffer',
        ({ json }) => {
          json.bufferViews[0].buffer = 7;
        },
        /refers to buffer 7/,
      ],
      [
        'an accessor beyond its view',
        ({ json }) => {
          json.accessors[0].count = 4;
        },
        /accessors\[0\] ends at byte 48 of bufferViews\[0\]/,
      ],
      [
        'an accessor offset',
        ({ json }) => {
          json.accessors[0].byteOffset = 8;
        },
        /accessors\[0\] ends at byte/,
      ],
      [
        'a stride smaller than an element',
        ({ json }) => {
          json.bufferViews[0].byteStride = 8;
        },
        /every 8 bytes/,
      ],
      [
        'a negative count',
        ({ json }) => {
          json.accessors[0].count = -1;
        },
        /"accessors\[0\]\.count"/,
      ],
      [
        'a count that is no number',
        ({ json }) => {
          json.accessors[0].count = '3';
        },
        /"accessors\[0\]\.count"/,
      ],
      [
        'an unknown component type',
        ({ json }) => {
          json.accessors[0].componentType = 5124;
        },
        /component type "5124"/,
      ],
      [
        'positions with two parts',
        ({ json }) => {
          json.accessors[0].type = 'VEC2';
        },
        /"POSITION" attribute of type VEC2/,
      ],
      [
        'indices that are floats',
        ({ json }) => {
          json.meshes[0].primitives[0].indices = 0;
        },
        /no unsigned whole numbers/,
      ],
      [
        'an index out of range',
        ({ bin }) => {
          new Uint16Array(bin.buffer)[18 + 2] = 3;
        },
        /meshes\[0\]\.primitives\[0\] has the index 3, but only 3 vertices/,
      ],
      [
        'a position that is not a number',
        ({ bin }) => {
          new Float32Array(bin.buffer)[4] = Number.NaN;
        },
        /vertex 1 whose position is no ordinary number/,
      ],
      [
        'a position at infinity',
        ({ bin }) => {
          new Float32Array(bin.buffer)[8] = Number.POSITIVE_INFINITY;
        },
        /vertex 2/,
      ],
      [
        'a node that is its own child',
        ({ json }) => {
          json.nodes = [{ mesh: 0 }, { children: [2] }, { children: [1] }];
        },
        /its own ancestor/,
      ],
      [
        'a node with two parents',
        ({ json }) => {
          json.nodes = [{ children: [2] }, { children: [2] }, { mesh: 0 }];
        },
        /more than one parent/,
      ],
      [
        'a scene that lists a child',
        ({ json }) => {
          json.nodes = [{ children: [1] }, { mesh: 0 }];
          json.scenes[0].nodes = [0, 1];
        },
        /not a root/,
      ],
      [
        'a missing mesh',
        ({ json }) => {
          json.nodes[0].mesh = 3;
        },
        /nodes\[0\] refers to mesh 3, but the file has 1/,
      ],
      [
        'a missing material',
        ({ json }) => {
          json.meshes[0].primitives[0].material = 0;
        },
        /refers to material 0/,
      ],
      [
        'a missing texture',
        ({ json }) => {
          json.materials = [{ pbrMetallicRoughness: { baseColorTexture: { index: 4 } } }];
        },
        /baseColorTexture refers to texture "4"/,
      ],
      [
        'a missing texture in an extension',
        ({ json }) => {
          json.materials = [{ extensions: { KHR_materials_sheen: { sheenColorTexture: { index: -1 } } } }];
        },
        /sheenColorTexture/,
      ],
      [
        'a missing scene',
        ({ json }) => {
          json.scene = 2;
        },
        /scene 2/,
      ],
      [
        'a matrix of nine numbers',
        ({ json }) => {
          json.nodes[0].matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        },
        /"nodes\[0\]\.matrix"/,
      ],
      [
        'a sparse element out of range',
        ({ json }) => {
          json.accessors[0].sparse = {
            count: 1,
            indices: { bufferView: 1, byteOffset: 4, componentType: 5121 },
            values: { bufferView: 0 },
          };

          json.accessors[0].count = 2;
        },
        /sparse names element 2/,
      ],
      [
        'a skin without matrices for its joints',
        ({ json }) => {
          json.skins = [{ joints: [0], inverseBindMatrices: 0 }];
        },
        /inverse bind matrices/,
      ],
    ])('%s', async (_name, change, message) => {
      await fail(broken(change), 'ASSET_INVALID', message);
    });
  });

  describe('files that ask for too much', () => {
    it.each<[string, (draft: GltfDraft) => void, RegExp]>([
      [
        'a billion zero-filled elements',
        ({ json }) => {
          delete json.accessors[0].bufferView;
          json.accessors[0].count = 1e9;
        },
        /1000000000 elements/,
      ],
      [
        'many zero-filled megabytes',
        ({ json }) => {
          delete json.accessors[0].bufferView;
          json.accessors[0].count = 2e7;
        },
        /without data/,
      ],
      [
        'a node tree without end',
        ({ json }) => {
          json.nodes = Array.from({ length: 300 }, (_, at) => (at < 299 ? { children: [at + 1] } : { mesh: 0 }));
        },
        /deeper than 256/,
      ],
      [
        'JSON nested without end',
        ({ json }) => {
          let deep: unknown = 1;
          for (let at = 0; at < 200; at += 1) deep = [deep];
          json.extras = deep;
        },
        /nested deeper/,
      ],
    ])('%s', async (_name, change, message) => {
      await fail(broken(change), 'ASSET_TOO_LARGE', message);
    });

    it('a file above the limit', async () => {
      const limits = { ...MESH_LIMITS, fileBytes: 100 };
      const error = await rejection(readGltf(glbOf(draftTriangle()), recordingContext(), limits));
      expect(error.code).toBe('ASSET_TOO_LARGE');
    });
  });

  it.each([
    ['KHR_draco_mesh_compression', 'Draco'],
    ['EXT_meshopt_compression', 'meshopt'],
  ])('names the missing decoder for %s', async (extension, name) => {
    const bytes = broken(({ json }) => {
      json.extensionsUsed = [extension];
      json.extensionsRequired = [extension];
    });
    const error = await rejection(readGltf(bytes, recordingContext()));
    expect(error).toMatchObject({ code: 'UNSUPPORTED_ON_HOST', message: expect.stringContaining(name) });
  });
});

/** The triangle's GLB with one 32-bit word of its header replaced. */
function withWord(word: number, value: number): Uint8Array {
  const bytes = glbOf(draftTriangle());
  new DataView(bytes.buffer).setUint32(word * 4, value, true);
  return bytes;
}
