import type { PreparedScene } from './prepared-scene.ts';

/** Triangles that hold back light. */
export interface Occluders {
  /** World positions, xyz. Vertices no triangle names may be NaN. */
  readonly positions: Float32Array;
  /** Three vertex numbers per triangle. */
  readonly triangles: Uint32Array;
  /** Number in the scene of each triangle, for its cut-outs. */
  readonly sources: Uint32Array;
  /** True where the triangle has cut-outs. */
  readonly tested: Uint8Array;
}

/** Below this many triangles the scene itself is quick enough. */
const DENSE = 30_000;

/**
 * What throws shadows in a scene. Depth maps are far coarser than dense meshes, and there are dozens of them: vertices
 * closer together than a texel are merged into their average first, and triangles that vanish by it are left out.
 * Cut-outs stay as they are, because their texture coordinates do.
 *
 * @param cells - Cells along the longest side of the scene, used for dense scenes only.
 * @source Vertex clustering: Rossignac and Borrel, "Multi-resolution 3D approximations", 1993.
 */
export function createOccluders(scene: PreparedScene, cells: number): Occluders {
  const alphaModes = scene.meshes.map((mesh) => mesh.material.source.alphaMode);
  const merged = scene.triangleCount > DENSE ? mergeVertices(scene, cells) : undefined;
  const triangles: number[] = [];
  const sources: number[] = [];
  const tested: number[] = [];
  // Vertices of cut-outs that follow the merged ones.
  const kept = new Map<number, number>();
  const numberOf = (vertex: number, masked: boolean): number => {
    if (merged === undefined) return vertex;
    if (!masked) return merged.clusterOf[vertex] as number;
    const known = kept.get(vertex) ?? merged.positions.length / 3 + kept.size;
    kept.set(vertex, known);
    return known;
  };
  for (let triangle = 0; triangle < scene.triangleCount; triangle += 1) {
    const mode = alphaModes[scene.owners[triangle] as number];
    // Half-transparent surfaces throw no shadow.
    if (mode === 'BLEND') continue;
    const masked = mode === 'MASK';
    const a = numberOf(scene.triangles[triangle * 3] as number, masked);
    const b = numberOf(scene.triangles[triangle * 3 + 1] as number, masked);
    const c = numberOf(scene.triangles[triangle * 3 + 2] as number, masked);
    if (a === b || b === c || c === a) continue;
    triangles.push(a, b, c);
    sources.push(triangle);
    tested.push(masked ? 1 : 0);
  }
  return {
    positions: merged === undefined ? scene.positions : joinPositions(merged.positions, scene.positions, kept),
    triangles: Uint32Array.from(triangles),
    sources: Uint32Array.from(sources),
    tested: Uint8Array.from(tested),
  };
}

function joinPositions(merged: Float32Array, original: Float32Array, kept: ReadonlyMap<number, number>): Float32Array {
  const positions = new Float32Array(merged.length + kept.size * 3);
  positions.set(merged);
  for (const [vertex, at] of kept) positions.set(original.subarray(vertex * 3, vertex * 3 + 3), at * 3);
  return positions;
}

function mergeVertices(scene: PreparedScene, cells: number): { clusterOf: Uint32Array; positions: Float32Array } {
  const { positions, min, max } = scene;
  const extent = Math.max(max[0] - min[0], max[1] - min[1], max[2] - min[2], 1e-9);
  const scale = cells / extent;
  const row = cells + 1;
  const count = positions.length / 3;
  const clusterOf = new Uint32Array(count);
  const clusters = new Map<number, number>();
  const sums: number[] = [];
  for (let vertex = 0; vertex < count; vertex += 1) {
    const x = positions[vertex * 3] as number;
    const y = positions[vertex * 3 + 1] as number;
    const z = positions[vertex * 3 + 2] as number;
    if (!(x - x === 0)) continue;
    const key =
      (Math.floor((x - min[0]) * scale) * row + Math.floor((y - min[1]) * scale)) * row +
      Math.floor((z - min[2]) * scale);
    let cluster = clusters.get(key);
    if (cluster === undefined) {
      cluster = sums.length / 4;
      clusters.set(key, cluster);
      sums.push(0, 0, 0, 0);
    }
    clusterOf[vertex] = cluster;
    const at = cluster * 4;
    sums[at] = (sums[at] as number) + x;
    sums[at + 1] = (sums[at + 1] as number) + y;
    sums[at + 2] = (sums[at + 2] as number) + z;
    sums[at + 3] = (sums[at + 3] as number) + 1;
  }
  const averages = new Float32Array((sums.length / 4) * 3);
  for (let cluster = 0; cluster < sums.length / 4; cluster += 1) {
    for (let axis = 0; axis < 3; axis += 1) {
      averages[cluster * 3 + axis] = (sums[cluster * 4 + axis] as number) / (sums[cluster * 4 + 3] as number);
    }
  }
  return { clusterOf, positions: averages };
}
