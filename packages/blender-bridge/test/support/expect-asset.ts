import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Scene, SceneObject } from './scenario.ts';

const MILLIMETRE = 0.001;

interface Manifest {
  readonly bounds: { readonly min: readonly number[]; readonly max: readonly number[] };
  readonly levels: readonly { readonly triangles?: number; readonly gaussians?: number }[];
}

/**
 * Expects the mesh of a job in a scene: a collection of its levels, each with the triangles its manifest tells, of the
 * manifest's size, standing on the ground in the middle of its pivot, with materials and pictures, and every object marked.
 *
 * @param folder - The asset's folder, as seen from outside.
 * @returns The levels, finest first.
 */
export function expectMesh(scene: Scene, job: string, folder: string): readonly SceneObject[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const found = Object.entries(scene.collections).find(([, members]) =>
    members.some((name) => /_LOD0(\.\d+)?$/.test(name) && scene.objects[name]?.job === job),
  );
  expect(found, `a collection with the levels of ${job} among ${JSON.stringify(scene)}`).toBeDefined();
  const [collection = '', members = []] = found ?? [];
  const levels = manifest.levels.map((_, index) => {
    const name = members.find((member) => member.startsWith(`${collection}_LOD${index}`));
    return scene.objects[name ?? ''] as SceneObject;
  });
  expect(levels.length).toBeGreaterThanOrEqual(4);
  for (const [index, level] of levels.entries()) {
    expect(level, `level ${index} of ${JSON.stringify(members)}`).toMatchObject({ type: 'MESH', job });
    expect(level.manifest).toBeTruthy();
    // 5.x removes triangles that lie upon each other; simplification may leave one or two
    const wantedTriangles = manifest.levels[index]?.triangles ?? Number.NaN;
    expect(level.triangles, `triangles of level ${index}`).toBeLessThanOrEqual(wantedTriangles);
    expect(level.triangles, `triangles of level ${index}`).toBeGreaterThanOrEqual(Math.floor(wantedTriangles * 0.99));
    expect(Object.keys(level.materials ?? {}).length).toBeGreaterThan(0);
    expect(Object.values(level.materials ?? {}).flat().length, 'pictures in its materials').toBeGreaterThan(0);
  }
  const { min, max } = levels[0]?.bounds ?? { min: [], max: [] };
  // glTF's y is up and its z comes towards us
  const wanted = { min: toBlender(manifest.bounds.min), max: toBlender(manifest.bounds.max) };
  for (const axis of [0, 1, 2]) {
    const [low = 0, high = 0] = [wanted.min[axis], wanted.max[axis]].map(Number).sort((a, b) => a - b);
    expect(Math.abs((min[axis] ?? Number.NaN) - low), `low end of axis ${axis}`).toBeLessThan(MILLIMETRE);
    expect(Math.abs((max[axis] ?? Number.NaN) - high), `high end of axis ${axis}`).toBeLessThan(MILLIMETRE);
  }
  expect(Math.abs(min[2] ?? Number.NaN), 'stands on the ground').toBeLessThan(MILLIMETRE);
  for (const axis of [0, 1]) {
    expect(Math.abs((min[axis] ?? Number.NaN) + (max[axis] ?? Number.NaN)) / 2, 'in the middle').toBeLessThan(0.01);
  }
  return levels;
}

/** Expects the splat of a job: an object with as many vertices as the manifest tells gaussians, and its attributes. */
export function expectSplat(scene: Scene, job: string, folder: string): SceneObject {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const found = Object.values(scene.objects).find((one) => one.job === job && (one.attributes?.length ?? 0) > 3);
  expect(found, `the splat of ${job} among ${JSON.stringify(scene)}`).toBeDefined();
  const splat = found as SceneObject;
  expect(splat.vertices).toBe(manifest.levels[0]?.gaussians);
  expect(splat.modifiers).toContain('NODES');
  expect(splat.manifest).toBeTruthy();
  return splat;
}

function toBlender([x = 0, y = 0, z = 0]: readonly number[]): readonly [number, number, number] {
  return [x, -z, y];
}
