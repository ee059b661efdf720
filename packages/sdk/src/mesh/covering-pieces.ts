import type { Components } from './components.ts';
import type { JointMesh } from './joint-mesh.ts';
import { createSurfaceIndex } from './surface-distance.ts';

/** Pieces larger than this share of the model's diagonal carry others and are never seen as lying on one. */
const CARRIER = 0.12;
/** How far a piece may stand off what it lies on, as a share of the model's diagonal. */
const STAND_OFF = 0.01;
/** Part of a piece that has several. */
const MIXED = -2;

/**
 * Finds small pieces that lie on a large piece of the same primitive: tiles on a roof, scales on a hide.
 *
 * Far away the surface below looks the same without them.
 *
 * @returns Per piece 1 if it lies on another one.
 */
export function findCoveringPieces(mesh: JointMesh, components: Components): Uint8Array {
  const { indices, points, partOfVertex, positions } = mesh;
  const diagonal = mesh.bounds.radius * 2;
  const covering = new Uint8Array(components.count);
  if (components.count === 1) return covering;
  const pieceOf = (at: number): number => components.ofPoint[points[indices[at] as number] as number] as number;
  const partOfPiece = new Int32Array(components.count).fill(-1);
  for (let at = 0; at < indices.length; at += 3) {
    const piece = pieceOf(at);
    const part = partOfVertex[indices[at] as number] as number;
    if (partOfPiece[piece] === -1) partOfPiece[piece] = part;
    else if (partOfPiece[piece] !== part) partOfPiece[piece] = MIXED;
  }
  const limit = STAND_OFF * diagonal;
  mesh.parts.forEach((_, part) => {
    const carriers: number[] = [];
    const small: number[] = [];
    for (let at = 0; at < indices.length; at += 3) {
      if (partOfVertex[indices[at] as number] !== part) continue;
      const piece = pieceOf(at);
      if ((components.sizes[piece] as number) > CARRIER * diagonal) carriers.push(at);
      else if (partOfPiece[piece] === part) small.push(at);
    }
    if (carriers.length === 0) return;
    const list = new Uint32Array(carriers.length * 3);
    carriers.forEach((at, index) => {
      list.set(indices.subarray(at, at + 3), index * 3);
    });
    const surface = createSurfaceIndex(positions, list);
    const isNear = (vertex: number): boolean => {
      const at = vertex * 3;
      const [x, y, z] = [positions[at], positions[at + 1], positions[at + 2]] as [number, number, number];
      return surface.distance(x, y, z, limit) <= limit;
    };
    for (const at of small) covering[pieceOf(at)] = 1;
    for (const at of small) {
      const piece = pieceOf(at);
      if (covering[piece] === 0) continue;
      if (!indices.subarray(at, at + 3).every(isNear)) covering[piece] = 0;
    }
  });
  return covering;
}

/** The triangles without those of the marked pieces; all of them if fewer than `least` were left. */
export function dropPieces(
  mesh: JointMesh,
  components: Components,
  marked: Uint8Array,
  indices: Uint32Array,
  least: number,
): Uint32Array {
  const kept: number[] = [];
  for (let at = 0; at < indices.length; at += 3) {
    const vertex = indices[at] as number;
    if (marked[components.ofPoint[mesh.points[vertex] as number] as number] === 1) continue;
    kept.push(vertex, indices[at + 1] as number, indices[at + 2] as number);
  }
  return kept.length === indices.length || kept.length < least * 3 ? indices : new Uint32Array(kept);
}
