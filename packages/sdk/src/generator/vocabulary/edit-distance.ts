/**
 * Letters to insert, leave out, replace or swap with their neighbour to turn one word into the other (optimal string
 * alignment).
 *
 * @param limit - Larger distances are reported as `limit + 1`.
 * @source Damerau 1964, "A technique for computer detection and correction of spelling errors".
 */
export function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      let best = Math.min(
        (previous[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (previous[column - 1] as number) + (isSame ? 0 : 1),
      );
      const isSwap =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (isSwap) best = Math.min(best, (beforePrevious[column - 2] as number) + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return Math.min(previous[right.length] as number, limit + 1);
}

/**
 * The word of `candidates` that `word` is most likely a misspelling of, or undefined.
 *
 * Short words are only forgiven a swap or a missing or doubled letter, because replacing one letter of four reaches too
 * many other words; the first letter must be right unless the first two are swapped.
 */
export function nearestSpelling(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length < 4 || word.length > 24) return undefined;
  const limit = word.length >= 7 ? 2 : 1;
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate.length < 4 || Math.abs(candidate.length - word.length) > limit) continue;
    const isStartAlike = word[0] === candidate[0] || (word[0] === candidate[1] && word[1] === candidate[0]);
    if (!isStartAlike) continue;
    const distance = editDistance(word, candidate, limit);
    if (distance >= bestDistance) continue;
    const isReplacement = candidate.length === word.length && !isAnagram(word, candidate);
    if (isReplacement && word.length < 5) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

function isAnagram(left: string, right: string): boolean {
  return [...left].sort().join('') === [...right].sort().join('');
}
