import type { View } from './camera.ts';
import type { PreparedMesh, PreparedScene } from './prepared-scene.ts';
import type { FragmentTest } from './rasterize.ts';
import { sampleTexture } from './texture.ts';

/** A corner on the screen: samples from the top left, inverse distance. */
export type ScreenPoint = readonly [number, number, number];

/** Receives a triangle, or a part of one, on the screen. */
export type DrawPart = (triangle: number, a: ScreenPoint, b: ScreenPoint, c: ScreenPoint) => void;

/** Brings triangles of a scene onto a screen of samples. */
export interface Projector {
  /** Distance of the triangle's middle along the view, metres. */
  distanceOf(triangle: number): number;
  /** Hands over the parts in front of the eye; nothing for single-sided triangles seen from behind. */
  project(triangle: number, draw: DrawPart): void;
}

/** A point in the view's axes: right, up, into the picture. */
type ViewPoint = [number, number, number];

/** Transforms the vertices once. `columns` and `rows` are the screen's size in samples. */
export function createProjector(scene: PreparedScene, view: View, columns: number, rows: number): Projector {
  const { triangles, owners, meshes } = scene;
  const points = toViewSpace(scene.positions, view);
  const scaleX = columns / (2 * view.tanX);
  const scaleY = rows / (2 * view.tanY);
  const toScreen = (x: number, y: number, z: number, out: [number, number, number]): void => {
    out[0] = (x / z) * scaleX + columns / 2;
    out[1] = rows / 2 - (y / z) * scaleY;
    out[2] = 1 / z;
  };
  const a: [number, number, number] = [0, 0, 0];
  const b: [number, number, number] = [0, 0, 0];
  const c: [number, number, number] = [0, 0, 0];
  const d: [number, number, number] = [0, 0, 0];
  const corners = [a, b, c, d];

  return {
    distanceOf: (triangle) => {
      let sum = 0;
      for (let corner = 0; corner < 3; corner += 1) {
        sum += points[(triangles[triangle * 3 + corner] as number) * 3 + 2] as number;
      }
      return sum / 3;
    },
    project: (triangle, draw) => {
      let count = 3;
      const ia = (triangles[triangle * 3] as number) * 3;
      const ib = (triangles[triangle * 3 + 1] as number) * 3;
      const ic = (triangles[triangle * 3 + 2] as number) * 3;
      const za = points[ia + 2] as number;
      const zb = points[ib + 2] as number;
      const zc = points[ic + 2] as number;
      if (za >= view.near && zb >= view.near && zc >= view.near) {
        toScreen(points[ia] as number, points[ia + 1] as number, za, a);
        toScreen(points[ib] as number, points[ib + 1] as number, zb, b);
        toScreen(points[ic] as number, points[ic + 1] as number, zc, c);
      } else {
        const clipped = clipNear([pointAt(points, ia), pointAt(points, ib), pointAt(points, ic)], view.near);
        count = clipped.length;
        if (count < 3) return;
        clipped.forEach((point, index) => {
          toScreen(point[0], point[1], point[2], corners[index] as [number, number, number]);
        });
      }
      // Rows grow downwards: counter-clockwise in the world is a negative area here.
      const area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
      if (area >= 0 && !(meshes[owners[triangle] as number] as PreparedMesh).material.source.doubleSided) return;
      draw(triangle, a, b, c);
      if (count === 4) draw(triangle, a, c, d);
    },
  };
}

function toViewSpace(positions: Float32Array, view: View): Float64Array {
  const { eye, right, up, forward } = view;
  const result = new Float64Array(positions.length);
  for (let at = 0; at < positions.length; at += 3) {
    const x = (positions[at] as number) - eye[0];
    const y = (positions[at + 1] as number) - eye[1];
    const z = (positions[at + 2] as number) - eye[2];
    result[at] = x * right[0] + y * right[1] + z * right[2];
    result[at + 1] = x * up[0] + y * up[1] + z * up[2];
    result[at + 2] = x * forward[0] + y * forward[1] + z * forward[2];
  }
  return result;
}

function pointAt(points: Float64Array, at: number): ViewPoint {
  return [points[at] as number, points[at + 1] as number, points[at + 2] as number];
}

function clipNear(points: readonly ViewPoint[], near: number): ViewPoint[] {
  const kept: ViewPoint[] = [];
  points.forEach((from, index) => {
    const to = points[(index + 1) % points.length] as ViewPoint;
    if (from[2] >= near) kept.push(from);
    if (from[2] >= near !== to[2] >= near) {
      const t = (near - from[2]) / (to[2] - from[2]);
      kept.push([from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1]), near]);
    }
  });
  return kept;
}

/**
 * The alpha test of a triangle with cut-outs; undefined where nothing is cut out.
 *
 * @param na - Inverse distance of each corner, for perspective; 1 for a parallel projection.
 */
export function createCutOutTest(
  scene: PreparedScene,
  triangle: number,
  na: number,
  nb: number,
  nc: number,
): FragmentTest | undefined {
  const { material, source, firstVertex } = scene.meshes[scene.owners[triangle] as number] as PreparedMesh;
  const cutoff = material.source.alphaCutoff;
  const factor = material.source.baseColor[3];
  const { uvs, colors } = source;
  const texture = uvs === undefined ? undefined : material.baseColor;
  if (texture === undefined && colors === undefined) return factor >= cutoff ? undefined : () => false;
  const a = (scene.triangles[triangle * 3] as number) - firstVertex;
  const b = (scene.triangles[triangle * 3 + 1] as number) - firstVertex;
  const c = (scene.triangles[triangle * 3 + 2] as number) - firstVertex;
  const texel = new Float64Array(4);
  return (weightA, weightB, weightC) => {
    const sum = weightA * na + weightB * nb + weightC * nc;
    const wa = (weightA * na) / sum;
    const wb = (weightB * nb) / sum;
    const wc = (weightC * nc) / sum;
    let alpha = factor;
    if (texture !== undefined && uvs !== undefined) {
      const u = wa * component(uvs, a * 2) + wb * component(uvs, b * 2) + wc * component(uvs, c * 2);
      const v = wa * component(uvs, a * 2 + 1) + wb * component(uvs, b * 2 + 1) + wc * component(uvs, c * 2 + 1);
      sampleTexture(texture, u, v, 0, texel);
      alpha *= texel[3] as number;
    }
    if (colors !== undefined) {
      alpha *=
        wa * component(colors, a * 4 + 3) + wb * component(colors, b * 4 + 3) + wc * component(colors, c * 4 + 3);
    }
    return alpha >= cutoff;
  };
}

function component(array: Float32Array, index: number): number {
  const value = array[index] as number;
  return value - value === 0 ? value : 0;
}
