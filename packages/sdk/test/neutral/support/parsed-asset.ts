import { NodeIO } from '@gltf-transform/core';
import { ALL_EXTENSIONS } from '@gltf-transform/extensions';
import type { Codecs } from '../../../src/host/codecs.ts';

/** One level as a comparison needs it. */
export interface ParsedLevel {
  readonly name: string;
  readonly triangleCount: number;
  /** xyz of all primitives in file order. */
  readonly positions: Float64Array;
  readonly materialNames: readonly string[];
  readonly textureSizes: readonly (readonly [number, number] | null)[];
}

/** Reads the levels of an asset folder with a reader that is not ours. */
export async function parseLevels(
  files: ReadonlyMap<string, Uint8Array>,
  codecs: Codecs,
): Promise<readonly ParsedLevel[]> {
  const io = new NodeIO()
    .registerExtensions(ALL_EXTENSIONS)
    .registerDependencies({ 'meshopt.decoder': codecs.meshoptDecoder });
  const levels: ParsedLevel[] = [];
  for (const [name, bytes] of files) {
    if (!/^lod\d+\.glb$/.test(name)) continue;
    const root = (await io.readBinary(bytes)).getRoot();
    const positions: number[] = [];
    let triangleCount = 0;
    for (const mesh of root.listMeshes()) {
      for (const primitive of mesh.listPrimitives()) {
        const accessor = primitive.getAttribute('POSITION');
        const element = [0, 0, 0];
        for (let index = 0; index < (accessor?.getCount() ?? 0); index += 1) {
          positions.push(...(accessor?.getElement(index, element) ?? []));
        }
        triangleCount += (primitive.getIndices()?.getCount() ?? accessor?.getCount() ?? 0) / 3;
      }
    }
    levels.push({
      name,
      triangleCount,
      positions: new Float64Array(positions),
      materialNames: root.listMaterials().map((material) => material.getName()),
      textureSizes: root.listTextures().map((texture) => texture.getSize()),
    });
  }
  return levels;
}

/** Largest extent of a level's bounding box. */
export function sizeOf({ positions }: ParsedLevel): number {
  let size = 0;
  for (let axis = 0; axis < 3; axis += 1) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let index = axis; index < positions.length; index += 3) {
      low = Math.min(low, positions[index] as number);
      high = Math.max(high, positions[index] as number);
    }
    size = Math.max(size, high - low);
  }
  return size;
}

/** Largest distance along an axis between positions of the same number. Infinity if there are not as many. */
export function largestDifference(left: ParsedLevel, right: ParsedLevel): number {
  if (left.positions.length !== right.positions.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let index = 0; index < left.positions.length; index += 1) {
    largest = Math.max(largest, Math.abs((left.positions[index] as number) - (right.positions[index] as number)));
  }
  return largest;
}
