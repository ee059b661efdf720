import { describe, expect, it } from 'vitest';
import { boundsOfScene } from './bounds.ts';
import { generateCornerNormals } from './generate-normals.ts';
import { draftMesh, draftTriangle, fixture, glbOf, recordingContext, rejection } from './gltf-builder.test-kit.ts';
import type { MeshAsset } from './mesh-asset.ts';
import { normalise } from './normalise-mesh.ts';
import { findStream, positionsOf, readPrimitive } from './primitive-data.ts';
import { readGltf } from './read-gltf.ts';
import { listInstances, placeVertices } from './scene-instances.ts';

async function run(draft: Parameters<typeof glbOf>[0], options = {}): Promise<MeshAsset> {
  return normalise(options).run(await readGltf(glbOf(draft), recordingContext()), recordingContext());
}

/** Rounded, and never minus zero. */
function wholeNumber(value: number): number {
  return Math.round(value) + 0;
}

describe('normalise', () => {
  it('puts the centre of the base at the origin and scales to the height', async () => {
    const draft = draftMesh([2, 5, 1, 6, 5, 1, 2, 9, 3], [0, 1, 2]);
    const bounds = boundsOfScene((await run(draft, { heightM: 2 })).document);
    expect(bounds?.min).toEqual([-1, 0, -0.5]);
    expect(bounds?.max).toEqual([1, 2, 0.5]);
  });

  it('bakes nested transforms into the vertices of static models', async () => {
    const draft = draftTriangle();
    // turned by 90 degrees about +Y, then lifted: the triangle ends up in the plane x = 0 facing +X
    draft.json.nodes = [
      { translation: [0, 3, 0], children: [1] },
      { rotation: [0, Math.SQRT1_2, 0, Math.SQRT1_2], scale: [2, 2, 2], mesh: 0 },
    ];
    const { document } = await run(draft);
    for (const node of document.getRoot().listNodes())
      expect(node.getMatrix()).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    const data = readPrimitive(document.getRoot().listMeshes()[0]?.listPrimitives()[0] as never);
    expect([...generateCornerNormals(positionsOf(data), data.indices).slice(0, 3)].map(wholeNumber)).toEqual([1, 0, 0]);
    expect(boundsOfScene(document)?.max.map((value) => Math.round(value * 1e5) / 1e5)).toEqual([0, 2, 1]);
  });

  it('turns the winding of mirrored parts, so that they still face outwards', async () => {
    const normals = { NORMAL: { type: 'VEC3', data: new Float32Array([0, 0, 1, 0, 0, 1, 0, 0, 1]) } };
    const draft = draftMesh([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2], { attributes: normals });
    draft.json.nodes[0].scale = [-1, 1, 1];
    const { document } = await run(draft);
    const data = readPrimitive(document.getRoot().listMeshes()[0]?.listPrimitives()[0] as never);
    expect([...(findStream(data, 'NORMAL')?.array ?? [])].slice(0, 3)).toEqual(
      [-0, 0, 1].map((value) => expect.closeTo(value)),
    );
    expect([...generateCornerNormals(positionsOf(data), data.indices).slice(0, 3)].map(wholeNumber)).toEqual([0, 0, 1]);
  });

  it('keeps normals upright on surfaces under uneven scale', async () => {
    const slant = Math.SQRT1_2;
    const normals = {
      NORMAL: { type: 'VEC3', data: new Float32Array([0, slant, slant, 0, slant, slant, 0, slant, slant]) },
    };
    const draft = draftMesh([0, 0, 1, 1, 0, 1, 0, 1, 0], [0, 1, 2], { attributes: normals });
    draft.json.nodes[0].scale = [1, 4, 1];
    const { document } = await run(draft);
    const data = readPrimitive(document.getRoot().listMeshes()[0]?.listPrimitives()[0] as never);
    const face = generateCornerNormals(positionsOf(data), data.indices).slice(0, 3);
    expect([...(findStream(data, 'NORMAL')?.array ?? [])].slice(0, 3)).toEqual(
      [...face].map((value) => expect.closeTo(value, 5)),
    );
  });

  it('gives every appearance of a shared mesh geometry of its own', async () => {
    const draft = draftTriangle();
    draft.json.nodes = [
      { mesh: 0 },
      { mesh: 0, translation: [4, 0, 0] },
      { mesh: 0, translation: [-4, 0, 0], scale: [-1, 1, 1] },
    ];
    draft.json.scenes[0].nodes = [0, 1, 2];
    const { document } = await run(draft);
    const meshes = document.getRoot().listMeshes();
    expect(meshes.length).toBe(3);
    const centers = listInstances(document).map((instance) => {
      const { positions } = placeVertices(instance, instance.mesh.listPrimitives()[0] as never);
      return Math.round(Math.min(positions[0] as number, positions[3] as number, positions[6] as number));
    });
    expect(new Set(centers).size).toBe(3);
    expect(boundsOfScene(document)?.max[0]).toBeCloseTo(5);
  });

  it('moves skinned models by one root node and leaves their animations alone', async () => {
    const asset = await readGltf(fixture('Fox.glb'), recordingContext());
    const animations = asset.document.getRoot().listAnimations().length;
    const { document } = await normalise({ heightM: 0.8, name: 'fox' }).run(asset, recordingContext());
    const bounds = boundsOfScene(document);
    expect(bounds?.min[1]).toBeCloseTo(0, 5);
    expect(bounds?.max[1]).toBeCloseTo(0.8, 5);
    expect((bounds?.min[0] ?? 1) + (bounds?.max[0] ?? 1)).toBeCloseTo(0, 5);
    expect(document.getRoot().listAnimations().length).toBe(animations);
    expect(
      document
        .getRoot()
        .listNodes()
        .some((node) => node.getName() === 'fox'),
    ).toBe(true);
  });

  it('shows only the default scene', async () => {
    const draft = draftTriangle();
    draft.json.nodes = [{ mesh: 0 }, { mesh: 0, translation: [50, 0, 0] }];
    draft.json.scenes = [{ nodes: [0] }, { nodes: [1] }];
    const { document } = await run(draft);
    expect(document.getRoot().listScenes().length).toBe(1);
    expect(boundsOfScene(document)?.radius).toBeLessThan(1);
  });

  it('refuses to scale a flat model to a height', async () => {
    const draft = draftMesh([0, 0, 0, 1, 0, 0, 0, 0, 1], [0, 1, 2]);
    const asset = await readGltf(glbOf(draft), recordingContext());
    expect(await rejection(normalise({ heightM: 1 }).run(asset, recordingContext()))).toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('refuses a scene that shows nothing', async () => {
    const draft = draftTriangle();
    draft.json.scenes[0].nodes = [];
    const asset = await readGltf(glbOf(draft), recordingContext());
    expect(await rejection(normalise().run(asset, recordingContext()))).toMatchObject({ code: 'ASSET_INVALID' });
  });
});
