import { createRandom } from '../foundation/random.ts';

/** A mesh as codecs take it. */
export interface TestMesh {
  /** xyz per vertex. */
  readonly positions: Float32Array;
  /** Three floats per vertex: two of a texture coordinate, one of noise. */
  readonly attributes: Float32Array;
  readonly indices: Uint32Array;
}

/**
 * A square sheet of `size` × `size` cells in [0, 1]² with bumps and an attribute seam along its middle.
 *
 * The vertices of the middle column are there twice, with different attributes, as exporters write a seam.
 *
 * @param bumpHeight - Largest height of the bumps; 0 gives a flat sheet.
 */
export function createSheet(size: number, bumpHeight: number, seed: number): TestMesh {
  const random = createRandom(seed);
  const middle = Math.floor(size / 2);
  const columns = size + 2; // the middle column counts twice
  const positions: number[] = [];
  const attributes: number[] = [];
  for (let row = 0; row <= size; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const isRight = column > middle;
      const x = (isRight ? column - 1 : column) / size;
      const y = row / size;
      const z = column === middle + 1 ? (positions[positions.length - 1] as number) : bumpHeight * random.next();
      positions.push(x, y, z);
      attributes.push(isRight ? x - 0.5 : x, y, random.next());
    }
  }
  const indices: number[] = [];
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < columns - 1; column += 1) {
      if (column === middle) continue;
      const corner = row * columns + column;
      indices.push(corner, corner + 1, corner + columns, corner + columns, corner + 1, corner + columns + 1);
    }
  }
  return {
    positions: new Float32Array(positions),
    attributes: new Float32Array(attributes),
    indices: new Uint32Array(indices),
  };
}
