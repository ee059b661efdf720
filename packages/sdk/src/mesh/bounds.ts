import type { Document } from '@gltf-transform/core';
import { listInstances, placeVertices } from './scene-instances.ts';

/** Axis-aligned box, metres, and the radius of the sphere around its centre that holds it. */
export interface Bounds {
  readonly min: readonly [number, number, number];
  readonly max: readonly [number, number, number];
  /** Half the box's diagonal. */
  readonly radius: number;
}

/** Box around points, xyz each, or null if there are none. */
export function boundsOfPoints(sets: readonly ArrayLike<number>[]): Bounds | null {
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const points of sets) {
    for (let at = 0; at < points.length; at += 1) {
      const axis = (at % 3) as 0 | 1 | 2;
      const value = points[at] as number;
      if (value < min[axis]) min[axis] = value;
      if (value > max[axis]) max[axis] = value;
    }
  }
  if (min[0] > max[0]) return null;
  const [x, y, z] = [max[0] - min[0], max[1] - min[1], max[2] - min[2]];
  return { min, max, radius: Math.sqrt(x * x + y * y + z * z) / 2 };
}

/** Box around the shown scene, skinned meshes in their rest pose, or null if nothing is shown. */
export function boundsOfScene(document: Document): Bounds | null {
  const sets: Float32Array[] = [];
  for (const instance of listInstances(document)) {
    for (const primitive of instance.mesh.listPrimitives()) sets.push(placeVertices(instance, primitive).positions);
  }
  return boundsOfPoints(sets);
}
