import { describe, expect, it } from 'vitest';
import { generateCornerNormals } from './generate-normals.ts';
import { draftMesh, draftTriangle, fixture, glbOf, recordingContext, rejection } from './gltf-builder.test-kit.ts';
import { inspectMesh } from './inspect-mesh.ts';
import type { MeshAsset } from './mesh-asset.ts';
import { findStream, positionsOf, readPrimitive } from './primitive-data.ts';
import { readGltf } from './read-gltf.ts';
import { cleanTriangles, repair } from './repair-mesh.ts';
import { triangulate, unrollTriangles } from './triangulate-mesh.ts';

const SQUARE = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0];
const CUBE = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1];
const CUBE_FACES = [
  0, 2, 1, 0, 3, 2, 4, 5, 6, 4, 6, 7, 0, 1, 5, 0, 5, 4, 1, 2, 6, 1, 6, 5, 2, 3, 7, 2, 7, 6, 3, 0, 4, 3, 4, 7,
];

async function read(draft: Parameters<typeof glbOf>[0]): Promise<MeshAsset> {
  return readGltf(glbOf(draft), recordingContext());
}

function firstPrimitive(asset: MeshAsset) {
  const primitive = asset.document.getRoot().listMeshes()[0]?.listPrimitives()[0];
  if (primitive === undefined) throw new Error('no primitive left');
  return readPrimitive(primitive);
}

describe('triangulate', () => {
  it('unrolls strips with alternating winding and fans around their first corner', () => {
    expect([...unrollTriangles(5, 5, (at) => at)]).toEqual([0, 1, 2, 1, 3, 2, 2, 3, 4]);
    expect([...unrollTriangles(6, 5, (at) => at)]).toEqual([1, 2, 0, 2, 3, 0, 3, 4, 0]);
    expect([...unrollTriangles(4, 5, (at) => at)]).toEqual([0, 1, 2]);
  });

  it('keeps the surface of a strip', async () => {
    const asset = await triangulate().run(
      await read(draftMesh([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0], null, { mode: 5 })),
      recordingContext(),
    );
    const data = firstPrimitive(asset);
    const normals = generateCornerNormals(positionsOf(data), data.indices);
    expect(data.indices.length).toBe(6);
    for (let corner = 0; corner < 6; corner += 1) expect(normals[corner * 3 + 2]).toBeCloseTo(1);
  });

  it('drops points and lines with a warning, and refuses a file with nothing else', async () => {
    const draft = draftTriangle();
    draft.json.meshes[0].primitives.push(
      { attributes: { POSITION: 0 }, mode: 1 },
      { attributes: { POSITION: 0 }, mode: 0 },
    );
    const context = recordingContext();
    const asset = await triangulate().run(await read(draft), context);
    expect(inspectMesh(asset)).toMatchObject({ primitives: 1, triangles: 1 });
    expect(context.warnings).toMatchObject([{ code: 'PRIMITIVES_DROPPED', details: { primitives: 2 } }]);

    const lines = await read(draftMesh(SQUARE, null, { mode: 3 }));
    expect(await rejection(triangulate().run(lines, recordingContext()))).toMatchObject({ code: 'ASSET_INVALID' });
  });
});

describe('repair', () => {
  it('merges vertices that are equal in every attribute and keeps those that differ in one', async () => {
    const positions = [...SQUARE.slice(0, 9), ...SQUARE.slice(0, 3), ...SQUARE.slice(6, 12)];
    const shared = { NORMAL: { type: 'VEC3', data: new Float32Array(18).map((_, at) => (at % 3 === 2 ? 1 : 0)) } };
    const same = await repair().run(
      await read(draftMesh(positions, [0, 1, 2, 3, 4, 5], { attributes: shared })),
      recordingContext(),
    );
    expect(inspectMesh(same)).toMatchObject({ vertices: 4, triangles: 2 });

    const seam = {
      ...shared,
      TEXCOORD_0: { type: 'VEC2', data: new Float32Array([0, 0, 1, 0, 1, 1, 0.5, 0, 1, 1, 0, 1]) },
    };
    const split = await repair().run(
      await read(draftMesh(positions, [0, 1, 2, 3, 4, 5], { attributes: seam })),
      recordingContext(),
    );
    expect(inspectMesh(split)).toMatchObject({ vertices: 5, triangles: 2 });
  });

  it('removes triangles without area and repeated ones, and leaves back faces', () => {
    const positions = new Float32Array([...SQUARE, 0.5, 0, 0, 0, 0, 0]);
    const indices = new Uint32Array([0, 1, 2, 1, 2, 0, 0, 2, 1, 0, 1, 4, 0, 0, 1, 0, 5, 2]);
    const cleaned = cleanTriangles(positions, indices);
    // the second is the first turned, the third faces the other way, the fourth lies on a line, the last two have
    // two corners at one place
    expect(cleaned).toMatchObject({ degenerate: 3, duplicate: 1 });
    expect([...cleaned.indices]).toEqual([0, 1, 2, 0, 2, 1]);
  });

  it('refuses a model in which no triangle has an area', async () => {
    const asset = await read(draftMesh([0, 0, 0, 1, 0, 0, 2, 0, 0], [0, 1, 2]));
    expect(await rejection(repair().run(asset, recordingContext()))).toMatchObject({ code: 'ASSET_INVALID' });
  });

  it('makes missing normals: sharp at the edges of a cube', async () => {
    const context = recordingContext();
    const data = firstPrimitive(await repair().run(await read(draftMesh(CUBE, CUBE_FACES)), context));
    expect(data.vertexCount).toBe(24);
    expect(context.warnings.map(({ code }) => code)).toEqual(['NORMALS_MADE']);
    const normals = findStream(data, 'NORMAL')?.array as Float32Array;
    const positions = positionsOf(data);
    for (let vertex = 0; vertex < 24; vertex += 1) {
      const axis = [0, 1, 2].find((index) => Math.abs(normals[vertex * 3 + index] as number) > 0.999);
      expect(axis).toBeDefined();
      const at = vertex * 3 + (axis as number);
      expect(normals[at]).toBeCloseTo((positions[at] as number) > 0.5 ? 1 : -1);
    }
  });

  it('makes missing normals: smooth below the crease angle', () => {
    // a roof whose two sides meet at 40 degrees
    const slope = Math.tan((20 * Math.PI) / 180);
    const positions = new Float32Array([-1, -slope, 0, -1, -slope, 1, 0, 0, 0, 0, 0, 1, 1, -slope, 0, 1, -slope, 1]);
    const indices = new Uint32Array([0, 1, 2, 2, 1, 3, 2, 3, 4, 4, 3, 5]);
    const smooth = generateCornerNormals(positions, indices, 60);
    const sharp = generateCornerNormals(positions, indices, 30);
    const ridge = 2 * 3; // third corner of the first triangle
    expect(smooth[ridge]).toBeCloseTo(-0.121, 2);
    expect(sharp[ridge]).toBeCloseTo(-Math.sin((20 * Math.PI) / 180), 5);
  });

  it('replaces normals and drops tangents that are no direction, and makes the others unit length', async () => {
    const normals = new Float32Array([0, 0, 2, 0, 0, 0, Number.NaN, 0, 1]);
    const tangents = new Float32Array([1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1]);
    const draft = draftMesh([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2], {
      attributes: { NORMAL: { type: 'VEC3', data: normals }, TANGENT: { type: 'VEC4', data: tangents } },
    });
    const context = recordingContext();
    const data = firstPrimitive(await repair().run(await read(draft), context));
    expect(context.reports.repair).toMatchObject({ normalsReplaced: 2, normalsMade: 0 });
    expect([...(findStream(data, 'NORMAL')?.array ?? [])]).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 1]);
    expect(findStream(data, 'TANGENT')).toBeUndefined();
  });

  it('indexes an unindexed skinned model and keeps joints with their vertices', async () => {
    const before = await readGltf(fixture('Fox.glb'), recordingContext());
    const primitive = before.document.getRoot().listMeshes()[0]?.listPrimitives()[0];
    const source = primitive === undefined ? undefined : readPrimitive(primitive);
    const key = (data: NonNullable<typeof source>, vertex: number): string =>
      ['POSITION', 'JOINTS_0', 'WEIGHTS_0', 'TEXCOORD_0']
        .map((name) => {
          const stream = findStream(data, name);
          return stream === undefined
            ? ''
            : [...stream.array.slice(vertex * stream.size, (vertex + 1) * stream.size)].join();
        })
        .join(';');
    const expected = new Set(
      [...(source?.indices ?? [])].map((vertex) => key(source as NonNullable<typeof source>, vertex)),
    );
    const asset = await repair().run(await triangulate().run(before, recordingContext()), recordingContext());
    const data = firstPrimitive(asset);
    expect(data.vertexCount).toBeLessThan(1728);
    expect(data.indices.length).toBe(576 * 3);
    const found = new Set([...data.indices].map((vertex) => key(data, vertex)));
    expect(found).toEqual(expected);
  });

  it('makes weights add up to one, and names every joint once', async () => {
    const draft = draftMesh([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2], {
      attributes: {
        JOINTS_0: { type: 'VEC4', data: new Uint8Array([1, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 1]) },
        WEIGHTS_0: { type: 'VEC4', data: new Float32Array([0.25, 0.25, 0, 0, 0.5, 0.5, 0, 0, 0, 0, 0, 0]) },
      },
    });
    const data = firstPrimitive(await repair().run(await read(draft), recordingContext()));
    expect([...(findStream(data, 'JOINTS_0')?.array ?? [])]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect([...(findStream(data, 'WEIGHTS_0')?.array ?? [])]).toEqual([1, 0, 0, 0, 0.5, 0.5, 0, 0, 1, 0, 0, 0]);
  });

  it('leaves out animation channels that cannot be played, and makes rotations unit length', async () => {
    const asset = await readGltf(fixture('Fox.glb'), recordingContext());
    const [first, ...others] = asset.document.getRoot().listAnimations();
    const channels = first?.listChannels().filter((channel) => channel.getTargetPath() === 'rotation') ?? [];
    const [broken, stretched] = channels.map((channel) => channel.getSampler());
    // times that stand still, and rotations of twice the length
    broken?.setInput(
      broken
        .getInput()
        ?.clone()
        .setArray(new Float32Array(broken.getInput()?.getCount() ?? 0)) ?? null,
    );
    const output = stretched?.getOutput()?.clone();
    output?.setArray((output.getArray() as Float32Array<ArrayBuffer>).map((value) => value * 2));
    stretched?.setOutput(output ?? null);
    const before = first?.listChannels().length ?? 0;
    const context = recordingContext();
    await repair().run(await triangulate().run(asset, context), context);
    expect(first?.listChannels().length).toBe(before - 1);
    expect(context.warnings).toContainEqual(
      expect.objectContaining({ code: 'ANIMATION_DROPPED', details: { channels: 1 } }),
    );
    const [x = 0, y = 0, z = 0, w = 0] = output?.getArray() ?? [];
    expect(Math.hypot(x, y, z, w)).toBeCloseTo(1, 6);
    expect(asset.document.getRoot().listAnimations().length).toBe(others.length + 1);
  });
});
