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
const DENSE = 12_000;

/**
 * What throws shadows in a scene. Depth maps are far coarser than dense meshes, and there are dozens of them: vertices
 * closer together than a texel are merged into their average first, and triangles that vanish by it are left out.
 * Cut-outs stay as they are, because their texture coordinates do.
 *
 * @param cells - Cells along the longest side of the scene; about the texels of the finest map.
 * @source Vertex clustering: Rossignac and Borrel, "Multi-resolution 3D approximations", 1993. FlightHelmet's 94 722
 * triangles become about 40 000 at 512 cells.
 */
export function createOccluders(scene: PreparedScene, cells: number): Occluders {
  const alphaModes = scene.meshes.map((mesh) => mesh.material.source.alphaMode);
  const count = scene.positions.length / 3;
  const merged = scene.triangleCount > DENSE ? mergeVertices(scene, cells) : undefined;
  const triangles: number[] = [];
  const sources: number[] = [];
  const tested: number[] = [];
  for (let triangle = 0; triangle < scene.triangleCount; triangle += 1) {
    const mode = alphaModes[scene.owners[triangle] as number];
    // Half-transparent surfaces throw no shadow.
    if (mode === 'BLEND') continue;
    const masked = mode === 'MASK';
    let a = scene.triangles[triangle * 3] as number;
    let b = scene.triangles[triangle * 3 + 1] as number;
    let c = scene.triangles[triangle * 3 + 2] as number;
    if (merged !== undefined && !masked) {
      a = count + (merged.clusterOf[a] as number);
      b = count + (merged.clusterOf[b] as number);
      c = count + (merged.clusterOf[c] as number);
      if (a === b || b === c || c === a) continue;
    }
    triangles.push(a, b, c);
    sources.push(triangle);
    tested.push(masked ? 1 : 0);
  }
  let positions = scene.positions;
  if (merged !== undefined) {
    // Merged vertices follow the scene's own, which only cut-outs still use.
    positions = new Float32Array((count + merged.positions.length / 3) * 3).fill(Number.NaN);
    positions.set(merged.positions, count * 3);
    for (let corner = 0; corner < triangles.length; corner += 1) {
      const vertex = triangles[corner] as number;
      if (vertex >= count) continue;
      for (let axis = 0; axis < 3; axis += 1)
        positions[vertex * 3 + axis] = scene.positions[vertex * 3 + axis] as number;
    }
  }
  return {
    positions,
    triangles: Uint32Array.from(triangles),
    sources: Uint32Array.from(sources),
    tested: Uint8Array.from(tested),
  };
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
