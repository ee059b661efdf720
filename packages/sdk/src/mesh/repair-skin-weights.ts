import type { TypedArray } from '@gltf-transform/core';
import type { PrimitiveData, VertexStream } from './primitive-data.ts';

/** Largest deviation of a vertex's weights from one that is left alone. @source Khronos validator, ACCESSOR_WEIGHTS_NON_NORMALIZED. */
const TOLERANCE = 2e-7;

interface InfluenceSet {
  readonly joints: VertexStream;
  readonly weights: VertexStream;
}

/**
 * Makes the weights of every vertex add up to one, names every joint once, and joint 0 where nothing weighs.
 *
 * Quantisation and Draco leave weights that miss one by a little; exporters repeat joints. Weights become floats only if
 * one vertex needs it.
 *
 * @returns The data itself if nothing was wrong.
 */
export function repairSkinWeights(data: PrimitiveData): PrimitiveData {
  const sets: InfluenceSet[] = [];
  for (let set = 0; ; set += 1) {
    const joints = data.streams.find((stream) => stream.semantic === `JOINTS_${set}`);
    const weights = data.streams.find((stream) => stream.semantic === `WEIGHTS_${set}`);
    if (joints === undefined || weights === undefined) break;
    sets.push({ joints, weights });
  }
  if (sets.length === 0) return data;
  const joints = sets.map((set) => set.joints.array.slice() as TypedArray);
  const weights = sets.map((set) => toFloatWeights(set.weights));
  let changed = false;
  for (let vertex = 0; vertex < data.vertexCount; vertex += 1) {
    if (repairVertex(joints, weights, vertex)) changed = true;
  }
  if (!changed) return data;
  const replaced = new Map<VertexStream, VertexStream>();
  sets.forEach((set, index) => {
    replaced.set(set.joints, { ...set.joints, array: joints[index] as TypedArray });
    replaced.set(set.weights, { ...set.weights, array: weights[index] as TypedArray, normalized: false });
  });
  return { ...data, streams: data.streams.map((stream) => replaced.get(stream) ?? stream) };
}

function toFloatWeights({ array, normalized }: VertexStream): Float32Array {
  const scale = normalized ? 1 / (array instanceof Uint8Array ? 255 : 65535) : 1;
  return Float32Array.from(array as ArrayLike<number>, (value) => value * scale);
}

/** @returns True if something had to be changed. */
function repairVertex(joints: readonly TypedArray[], weights: readonly Float32Array[], vertex: number): boolean {
  const influences = new Map<number, number>();
  let sum = 0;
  let tidy = true;
  joints.forEach((jointArray, set) => {
    for (let at = vertex * 4; at < vertex * 4 + 4; at += 1) {
      const joint = jointArray[at] as number;
      const weight = weights[set]?.[at] as number;
      if (!(weight > 0 && weight < 1e9)) {
        if (joint !== 0 || weight !== 0) tidy = false;
        continue;
      }
      if (influences.has(joint)) tidy = false;
      influences.set(joint, (influences.get(joint) ?? 0) + weight);
      sum += weight;
    }
  });
  if (tidy && Math.abs(sum - 1) <= TOLERANCE * influences.size) return false;
  const list = [...influences].sort((a, b) => b[1] - a[1]);
  // a vertex that nothing moves follows the first joint
  if (list.length === 0) list.push([0, 1]);
  joints.forEach((jointArray, set) => {
    for (let slot = 0; slot < 4; slot += 1) {
      const [joint, weight] = list[set * 4 + slot] ?? [0, 0];
      jointArray[vertex * 4 + slot] = joint;
      (weights[set] as Float32Array)[vertex * 4 + slot] = weight / (sum > 0 ? sum : 1);
    }
  });
  return true;
}
