/** Connected pieces of a surface. */
export interface Components {
  /** Piece of every point. */
  readonly ofPoint: Uint32Array;
  readonly count: number;
  /** Diagonal of the box around each piece, in the unit of the positions. */
  readonly sizes: Float64Array;
}

/**
 * Finds the connected pieces of a mesh; triangles hang together where they share a point.
 *
 * @param indices - 3·m vertex numbers.
 * @param points - Point of every vertex.
 * @param positions - xyz per vertex.
 */
export function findComponents(
  indices: Uint32Array,
  points: Uint32Array,
  pointCount: number,
  positions: Float32Array,
): Components {
  const parent = Uint32Array.from({ length: pointCount }, (_, point) => point);
  const find = (point: number): number => {
    let root = point;
    while (parent[root] !== root) root = parent[root] as number;
    for (let at = point; parent[at] !== root; ) {
      const next = parent[at] as number;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  for (let at = 0; at < indices.length; at += 3) {
    const a = find(points[indices[at] as number] as number);
    const b = find(points[indices[at + 1] as number] as number);
    parent[b] = a;
    parent[find(points[indices[at + 2] as number] as number)] = a;
  }
  const numbers = new Int32Array(pointCount).fill(-1);
  const ofPoint = new Uint32Array(pointCount);
  let count = 0;
  for (let point = 0; point < pointCount; point += 1) {
    const root = find(point);
    if (numbers[root] === -1) {
      numbers[root] = count;
      count += 1;
    }
    ofPoint[point] = numbers[root] as number;
  }
  const boxes = new Float64Array(count * 6);
  for (let component = 0; component < count; component += 1) {
    boxes.fill(Infinity, component * 6, component * 6 + 3);
    boxes.fill(-Infinity, component * 6 + 3, component * 6 + 6);
  }
  for (const vertex of indices) {
    const box = (ofPoint[points[vertex] as number] as number) * 6;
    for (let axis = 0; axis < 3; axis += 1) {
      const value = positions[vertex * 3 + axis] as number;
      if (value < (boxes[box + axis] as number)) boxes[box + axis] = value;
      if (value > (boxes[box + 3 + axis] as number)) boxes[box + 3 + axis] = value;
    }
  }
  const sizes = new Float64Array(count);
  for (let component = 0; component < count; component += 1) {
    let sum = 0;
    for (let axis = 0; axis < 3; axis += 1) {
      const extent = (boxes[component * 6 + 3 + axis] as number) - (boxes[component * 6 + axis] as number);
      if (extent > 0) sum += extent * extent;
    }
    sizes[component] = Math.sqrt(sum);
  }
  return { ofPoint, count, sizes };
}
