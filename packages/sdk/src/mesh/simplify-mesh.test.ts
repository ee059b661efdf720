import { beforeAll, describe, expect, it } from 'vitest';
import { createCancelController } from '../foundation/cancel.ts';
import type { Codecs } from '../host/codecs.ts';
import { createNodeCodecs } from '../platform/node/codecs.ts';
import { boundsOfScene } from './bounds.ts';
import {
  bumpyGrid,
  draftMesh,
  fixture,
  type GltfDraft,
  glbOf,
  packArrays,
  recordingContext,
} from './gltf-builder.test-kit.ts';
import { inspectMesh } from './inspect-mesh.ts';
import type { MeshAsset } from './mesh-asset.ts';
import { normalise } from './normalise-mesh.ts';
import { findStream, positionsOf } from './primitive-data.ts';
import { readGltf } from './read-gltf.ts';
import { repair } from './repair-mesh.ts';
import { applyLevel, makeLevels } from './simplify-mesh.ts';
import { triangulate } from './triangulate-mesh.ts';
import { writeGlb } from './write-gltf.ts';

let codecs: Codecs;
beforeAll(async () => {
  codecs = await createNodeCodecs();
});

async function clean(glb: Uint8Array): Promise<MeshAsset> {
  const context = recordingContext(codecs);
  let asset = await readGltf(glb, context);
  for (const step of [triangulate(), normalise(), repair()]) asset = await step.run(asset, context);
  return asset;
}

/** A grid whose left and right halves are primitives with materials of their own, and a loose small cube far away. */
function twoMaterials(side: number): GltfDraft {
  const { positions, indices, uvs } = bumpyGrid(side);
  const left = indices.filter((_, at) => Math.floor(Math.floor(at / 6) % side) < side / 2);
  const right = indices.filter((_, at) => Math.floor(Math.floor(at / 6) % side) >= side / 2);
  const arrays = [new Float32Array(positions), new Float32Array(uvs), new Uint16Array(left), new Uint16Array(right)];
  const { bin, offsets } = packArrays(arrays);
  const primitive = (part: number) => ({
    attributes: { POSITION: 0, TEXCOORD_0: 1 },
    indices: 2 + part,
    material: part,
  });
  return {
    bin,
    json: {
      asset: { version: '2.0' },
      scenes: [{ nodes: [0] }],
      nodes: [{ mesh: 0 }],
      materials: [{ name: 'left' }, { name: 'right' }],
      meshes: [{ primitives: [primitive(0), primitive(1)] }],
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
        { bufferView: 2, componentType: 5123, count: left.length, type: 'SCALAR' },
        { bufferView: 3, componentType: 5123, count: right.length, type: 'SCALAR' },
      ],
      bufferViews: arrays.map((array, index) => ({
        buffer: 0,
        byteOffset: offsets[index],
        byteLength: array.byteLength,
      })),
      buffers: [{ byteLength: bin.length }],
    },
  };
}

describe('makeLevels', () => {
  it('reaches its targets, each level coarser and farther from the original than the one before', async () => {
    const context = recordingContext(codecs);
    const { levels } = makeLevels(await clean(glbOf(twoMaterials(40))), { ratios: [0.5, 0.25, 0.1] }, context);
    const triangles = levels.map((level) => level.triangles);
    expect(triangles[0]).toBe(3200);
    [1600, 800, 320].forEach((target, index) => {
      expect(triangles[index + 1]).toBeLessThanOrEqual(target * 1.02);
      expect(triangles[index + 1]).toBeGreaterThan(target * 0.9);
    });
    expect(context.warnings.filter(({ code }) => code !== 'NORMALS_MADE')).toEqual([]);
    const errors = levels.map((level) => level.error);
    expect(errors).toEqual([...errors].sort((a, b) => a - b));
    expect(errors[0]).toBe(0);
    expect(errors[3]).toBeLessThan(0.02);
    for (const level of levels) expect(level.maxError).toBeGreaterThanOrEqual(level.error);
  });

  it('takes triangle counts as well as shares', async () => {
    const { levels } = makeLevels(
      await clean(glbOf(twoMaterials(20))),
      { triangles: [300, 100] },
      recordingContext(codecs),
    );
    expect(levels.map((level) => level.triangles)).toEqual([800, expect.closeTo(300, -1), expect.closeTo(100, -1)]);
  });

  it('keeps every material, the box and closed borders between materials at every level', async () => {
    const asset = await clean(glbOf(twoMaterials(40)));
    const before = boundsOfScene(asset.document);
    const { levels } = makeLevels(asset, { ratios: [0.5, 0.1, 0.02] }, recordingContext(codecs));
    expect(levels.length).toBe(4);
    for (const level of levels) {
      const borders = [...level.primitives.values()].map((data) => {
        const positions = positionsOf(data);
        const middle = new Set<string>();
        for (const vertex of data.indices) {
          // the border lies at x = 0 once the model is centred
          if (Math.abs(positions[vertex * 3] as number) < 1e-6)
            middle.add(`${positions[vertex * 3 + 1]} ${positions[vertex * 3 + 2]}`);
        }
        return middle;
      });
      expect(borders[0]?.size).toBeGreaterThan(1);
      expect(borders[0]).toEqual(borders[1]);
      applyLevel(asset.document, level);
      expect(inspectMesh(asset)).toMatchObject({
        primitives: 2,
        materials: 2,
        triangles: level.triangles,
        vertices: level.vertices,
      });
      const bounds = boundsOfScene(asset.document);
      for (const side of ['min', 'max'] as const) {
        bounds?.[side].forEach((value, axis) => {
          expect(value).toBeCloseTo(before?.[side][axis] as number, 5);
        });
      }
    }
  });

  it('faces the way the original does everywhere', async () => {
    const { levels } = makeLevels(
      await clean(glbOf(twoMaterials(40))),
      { ratios: [0.1, 0.02] },
      recordingContext(codecs),
    );
    for (const level of levels) {
      for (const data of level.primitives.values()) {
        const positions = positionsOf(data);
        for (let at = 0; at < data.indices.length; at += 3) {
          const [a, b, c] = [0, 1, 2].map((corner) => (data.indices[at + corner] as number) * 3) as [
            number,
            number,
            number,
          ];
          const [ux, uz] = [
            (positions[b] as number) - (positions[a] as number),
            (positions[b + 2] as number) - (positions[a + 2] as number),
          ];
          const [vx, vz] = [
            (positions[c] as number) - (positions[a] as number),
            (positions[c + 2] as number) - (positions[a + 2] as number),
          ];
          expect(uz * vx - ux * vz).toBeGreaterThan(0);
        }
      }
    }
  });

  it('never loses a piece of the model, and says so when that stops it', async () => {
    // ten separate cubes: none can have fewer than a few triangles
    const positions: number[] = [];
    const indices: number[] = [];
    const corners = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1];
    const faces = [
      0, 2, 1, 0, 3, 2, 4, 5, 6, 4, 6, 7, 0, 1, 5, 0, 5, 4, 1, 2, 6, 1, 6, 5, 2, 3, 7, 2, 7, 6, 3, 0, 4, 3, 4, 7,
    ];
    for (let cube = 0; cube < 10; cube += 1) {
      corners.forEach((value, at) => {
        positions.push(value + (at % 3 === 0 ? cube * 2 : 0));
      });
      for (const index of faces) indices.push(index + cube * 8);
    }
    const context = recordingContext(codecs);
    const { levels } = makeLevels(
      await clean(glbOf(draftMesh(positions, indices))),
      { ratios: [0.5, 0.02, 0.01] },
      context,
    );
    expect(context.warnings.map(({ code }) => code)).toContain('LEVEL_SHORTFALL');
    for (const level of levels) {
      const seen = new Set<number>();
      for (const data of level.primitives.values()) {
        const points = positionsOf(data);
        for (const vertex of data.indices) seen.add(Math.floor((points[vertex * 3] as number) / 2 + 1000));
      }
      expect(seen.size).toBeGreaterThanOrEqual(10);
    }
    const counts = levels.map((level) => level.triangles);
    expect(counts).toEqual([...new Set(counts)].sort((a, b) => b - a));
  });

  it('keeps the box of a cloud of small pieces, whichever of them reaches farthest', async () => {
    const positions: number[] = [];
    const indices: number[] = [];
    const leaf = (from: readonly number[], to: readonly number[], width: number): void => {
      const first = positions.length / 3;
      const middle = [0, 1, 2].map((axis) => ((from[axis] as number) + (to[axis] as number)) / 2);
      const rim = (side: number): number[] => [
        middle[0] as number,
        (middle[1] as number) + side * width,
        middle[2] as number,
      ];
      positions.push(...from, ...rim(1), ...to, ...rim(-1));
      indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
    };
    // a long spiral of leaves hanging together, and one that stands out from each of their joints
    const joint = (number: number, reach: number): number[] => {
      const y = 1 - (2 * (number + 0.5)) / 601;
      const ring = Math.sqrt(1 - y * y) * reach;
      return [ring * Math.cos(number * 0.2), y * reach, ring * Math.sin(number * 0.2)];
    };
    for (let number = 0; number < 600; number += 1) {
      leaf(joint(number, 1), joint(number + 1, 1), 0.02);
      leaf(joint(number, 1), joint(number, 1.06 + 0.06 * Math.sin(number)), 0.03);
    }
    const asset = await clean(glbOf(draftMesh(positions, indices)));
    const { levels, bounds } = makeLevels(asset, { ratios: [0.5, 0.25, 0.1] }, recordingContext(codecs));
    expect(levels.length).toBe(4);
    expect(levels[3]?.triangles).toBeLessThan(indices.length / 3 / 1.8);
    for (const level of levels) {
      applyLevel(asset.document, level);
      const own = boundsOfScene(asset.document);
      for (const side of ['min', 'max'] as const) {
        own?.[side].forEach((value, axis) => {
          expect(Math.abs(value - (bounds[side][axis] as number))).toBeLessThan(0.004 * 2.6);
        });
      }
    }
  });

  it('leaves out levels a tiny model cannot have', async () => {
    const context = recordingContext(codecs);
    const asset = await clean(glbOf(draftMesh([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2])));
    const { levels } = makeLevels(asset, { ratios: [0.5, 0.25] }, context);
    expect(levels.map((level) => level.triangles)).toEqual([1]);
    expect(context.warnings.filter(({ code }) => code === 'LEVEL_SHORTFALL')).toMatchObject([
      {
        details: {
          levels: [
            { target: 1, reached: 1 },
            { target: 1, reached: 1 },
          ],
        },
      },
    ]);
  });

  it('keeps joints and weights with their vertices', async () => {
    const asset = await clean(fixture('Fox.glb'));
    const key = (data: Parameters<typeof findStream>[0], vertex: number): string =>
      ['POSITION', 'JOINTS_0', 'WEIGHTS_0', 'TEXCOORD_0']
        .map((name) => {
          const stream = findStream(data, name);
          return stream === undefined
            ? '-'
            : [...stream.array.slice(vertex * stream.size, (vertex + 1) * stream.size)].join();
        })
        .join(';');
    const { levels } = makeLevels(asset, { ratios: [0.5, 0.25] }, recordingContext(codecs));
    const keys = levels.map((level) => {
      const data = [...level.primitives.values()][0] as Parameters<typeof findStream>[0];
      return new Set(Array.from({ length: data.vertexCount }, (_, vertex) => key(data, vertex)));
    });
    expect(keys.length).toBe(3);
    for (const coarse of keys.slice(1)) for (const vertex of coarse) expect(keys[0]?.has(vertex)).toBe(true);
  });

  it('gives the same files for the same input', async () => {
    const write = async (): Promise<Uint8Array[]> => {
      const asset = await clean(fixture('Fox.glb'));
      const files: Uint8Array[] = [];
      for (const level of makeLevels(asset, { ratios: [0.5] }, recordingContext(codecs)).levels) {
        applyLevel(asset.document, level);
        files.push(await writeGlb(asset.document, codecs));
      }
      return files;
    };
    expect(await write()).toEqual(await write());
  });

  it('stops when it is cancelled, and names the missing simplifier', async () => {
    const asset = await clean(glbOf(twoMaterials(10)));
    const controller = createCancelController();
    controller.cancel();
    const cancelled = { ...recordingContext(codecs), signal: controller.signal };
    expect(() => makeLevels(asset, { ratios: [0.5] }, cancelled)).toThrowError(
      expect.objectContaining({ code: 'CANCELLED' }),
    );
    expect(() => makeLevels(asset, { ratios: [0.5] }, recordingContext())).toThrowError(
      expect.objectContaining({ code: 'UNSUPPORTED_ON_HOST' }),
    );
  });
});
