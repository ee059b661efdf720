import { describe, expect, it } from 'vitest';
import { findComponents } from './components.ts';
import { dropPieces, findCoveringPieces } from './covering-pieces.ts';
import { draftMesh, glbOf, recordingContext } from './gltf-builder.test-kit.ts';
import { type JointMesh, joinPrimitives } from './joint-mesh.ts';
import { readGltf } from './read-gltf.ts';

/** A square of ten metres with three small triangles above its middle, at the heights given. */
async function plateWith(heights: readonly number[]): Promise<JointMesh> {
  const positions = [-5, 0, -5, 5, 0, -5, 5, 0, 5, -5, 0, 5];
  const indices = [0, 2, 1, 0, 3, 2];
  heights.forEach((height, index) => {
    const first = positions.length / 3;
    positions.push(index, height, 0, index + 0.5, height, 0, index, height, 0.5);
    indices.push(first, first + 2, first + 1);
  });
  const { document } = await readGltf(glbOf(draftMesh(positions, indices)), recordingContext());
  return joinPrimitives(document) as JointMesh;
}

const componentsOf = (mesh: JointMesh) => findComponents(mesh.indices, mesh.points, mesh.pointCount, mesh.positions);

describe('findCoveringPieces', () => {
  it('finds small pieces that lie on a large one, and leaves those that stand off and the large one', async () => {
    const mesh = await plateWith([0.05, 1, 0.1]);
    const components = componentsOf(mesh);
    const covering = findCoveringPieces(mesh, components);
    const pieceOf = (vertex: number) => components.ofPoint[mesh.points[vertex] as number] as number;
    expect([0, 4, 7, 10].map((vertex) => covering[pieceOf(vertex)])).toEqual([0, 1, 0, 1]);
  });
});

describe('dropPieces', () => {
  it('leaves out the marked pieces, unless too little would remain', async () => {
    const mesh = await plateWith([0.05, 1, 0.1]);
    const components = componentsOf(mesh);
    const covering = findCoveringPieces(mesh, components);
    expect([...dropPieces(mesh, components, covering, mesh.indices, 3)]).toEqual([0, 2, 1, 0, 3, 2, 7, 9, 8]);
    expect(dropPieces(mesh, components, covering, mesh.indices, 4)).toBe(mesh.indices);
  });
});
