import type { TypedArray } from '@gltf-transform/core';
import { type PrimitiveData, remapVertices } from './primitive-data.ts';

/**
 * Numbers vertices so that two get the same number exactly if all their bytes are equal.
 *
 * @param arrays - Attribute arrays with the numbers each vertex has in them. Not modified.
 * @param vertexCount - Vertices in every array.
 * @returns The number of every vertex, in the order of first appearance, and how many different ones there are.
 */
export function numberVertices(
  arrays: readonly { readonly array: TypedArray; readonly size: number }[],
  vertexCount: number,
): { readonly numbers: Uint32Array; readonly uniqueCount: number } {
  const words = arrays.map(({ array, size }) => bitsOf(array, size));
  let capacity = 16;
  while (capacity < vertexCount * 2) capacity *= 2;
  const table = new Int32Array(capacity).fill(-1);
  const numbers = new Uint32Array(vertexCount);
  let uniqueCount = 0;
  for (let vertex = 0; vertex < vertexCount; vertex += 1) {
    let slot = hashVertex(words, vertex) & (capacity - 1);
    for (;;) {
      const other = table[slot] as number;
      if (other === -1) {
        table[slot] = vertex;
        numbers[vertex] = uniqueCount;
        uniqueCount += 1;
        break;
      }
      if (sameVertex(words, vertex, other)) {
        numbers[vertex] = numbers[other] as number;
        break;
      }
      slot = (slot + 1) & (capacity - 1);
    }
  }
  return { numbers, uniqueCount };
}

interface VertexBits {
  readonly bits: TypedArray;
  readonly size: number;
}

/** The same memory as unsigned whole numbers, so that comparing is exact and NaN equals itself. */
function bitsOf(array: TypedArray, size: number): VertexBits {
  if (!(array instanceof Float32Array)) return { bits: array, size };
  return { bits: new Uint32Array(array.buffer, array.byteOffset, array.length), size };
}

function hashVertex(words: readonly VertexBits[], vertex: number): number {
  let hash = 0x811c9dc5;
  for (const { bits, size } of words) {
    for (let part = 0; part < size; part += 1) {
      hash = Math.imul(hash ^ (bits[vertex * size + part] as number), 0x5bd1e995);
      hash ^= hash >>> 15;
    }
  }
  return hash >>> 0;
}

function sameVertex(words: readonly VertexBits[], a: number, b: number): boolean {
  for (const { bits, size } of words) {
    for (let part = 0; part < size; part += 1) if (bits[a * size + part] !== bits[b * size + part]) return false;
  }
  return true;
}

/** Numbers points so that equal positions share a number; −0 equals 0. @param positions - xyz per vertex. */
export function numberPositions(positions: Float32Array): {
  readonly numbers: Uint32Array;
  readonly uniqueCount: number;
} {
  const plain = positions.slice();
  for (let at = 0; at < plain.length; at += 1) if (plain[at] === 0) plain[at] = 0;
  return numberVertices([{ array: plain as TypedArray, size: 3 }], positions.length / 3);
}

/** Merges vertices that are equal in every attribute and drops those no triangle uses. Loses nothing. */
export function weldPrimitive(data: PrimitiveData): PrimitiveData {
  const streams = [...data.streams, ...data.targets.flat()];
  const { numbers, uniqueCount } = numberVertices(streams, data.vertexCount);
  const used = new Uint32Array(uniqueCount).fill(0xffffffff);
  let next = 0;
  const indices = new Uint32Array(data.indices.length);
  for (let at = 0; at < indices.length; at += 1) {
    const number = numbers[data.indices[at] as number] as number;
    if (used[number] === 0xffffffff) {
      used[number] = next;
      next += 1;
    }
    indices[at] = used[number] as number;
  }
  const remap = numbers.map((number) => used[number] as number);
  return remapVertices(data, remap, next, indices);
}
