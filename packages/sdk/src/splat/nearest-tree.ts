/** Finds the nearest of many points. */
export interface NearestTree {
  /** Distance to the nearest point, in the unit of the positions; 0 where there are no points. */
  distanceTo(x: number, y: number, z: number): number;
}

/** Points below this many are looked at one by one. */
const LEAF = 12;

/**
 * A k-d tree over some of the points of an array: balanced by medians along the axes in turn, in place, without nodes.
 *
 * @param positions - xyz per point. Not modified, looked at by every query.
 * @param numbers - The points to find. Owned by the tree, which reorders them.
 */
export function createNearestTree(positions: Float32Array, numbers: Uint32Array): NearestTree {
  const coordinate = (place: number, axis: number): number =>
    positions[(numbers[place] as number) * 3 + axis] as number;
  build(0, numbers.length, 0);

  /** Puts the median of a range into its middle, what is less before it and what is more behind it. */
  function build(from: number, to: number, axis: number): void {
    if (to - from <= LEAF) return;
    const middle = (from + to) >> 1;
    select(from, to - 1, middle, axis);
    const next = axis === 2 ? 0 : axis + 1;
    build(from, middle, next);
    build(middle + 1, to, next);
  }

  // Hoare's selection. The pivot is the middle one, so that sorted input, the commonest, is the best case.
  function select(from: number, to: number, wanted: number, axis: number): void {
    let [low, high] = [from, to];
    while (low < high) {
      const pivot = coordinate((low + high) >> 1, axis);
      let [left, right] = [low, high];
      while (left <= right) {
        while (coordinate(left, axis) < pivot) left += 1;
        while (coordinate(right, axis) > pivot) right -= 1;
        if (left > right) break;
        const swapped = numbers[left] as number;
        numbers[left] = numbers[right] as number;
        numbers[right] = swapped;
        left += 1;
        right -= 1;
      }
      if (wanted <= right) high = right;
      else if (wanted >= left) low = left;
      else return;
    }
  }

  function search(from: number, to: number, axis: number, x: number, y: number, z: number, best: number): number {
    if (to - from <= LEAF) {
      let nearest = best;
      for (let place = from; place < to; place += 1) nearest = nearer(place, x, y, z, nearest);
      return nearest;
    }
    const middle = (from + to) >> 1;
    const offset = (axis === 0 ? x : axis === 1 ? y : z) - coordinate(middle, axis);
    const next = axis === 2 ? 0 : axis + 1;
    let nearest = nearer(middle, x, y, z, best);
    nearest =
      offset < 0 ? search(from, middle, next, x, y, z, nearest) : search(middle + 1, to, next, x, y, z, nearest);
    if (offset * offset >= nearest) return nearest;
    return offset < 0 ? search(middle + 1, to, next, x, y, z, nearest) : search(from, middle, next, x, y, z, nearest);
  }

  function nearer(place: number, x: number, y: number, z: number, best: number): number {
    const at = (numbers[place] as number) * 3;
    const dx = (positions[at] as number) - x;
    const dy = (positions[at + 1] as number) - y;
    const dz = (positions[at + 2] as number) - z;
    return Math.min(dx * dx + dy * dy + dz * dz, best);
  }

  return {
    distanceTo: (x, y, z) =>
      numbers.length === 0 ? 0 : Math.sqrt(search(0, numbers.length, 0, x, y, z, Number.POSITIVE_INFINITY)),
  };
}
