/** Middle of the values; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * Times two things in turn, A B A B …, so that a machine that slows down slows both.
 *
 * @param rounds - Counted rounds; one more runs first and is not counted.
 * @returns Medians in milliseconds and the median of the ratios taken round by round.
 */
export async function pairwise(
  rounds: number,
  ours: () => unknown,
  peer: () => unknown,
): Promise<{ ours: number; peer: number; ratio: number }> {
  const ourTimes: number[] = [];
  const peerTimes: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const ourTime = await timed(ours);
    const peerTime = await timed(peer);
    if (round === 0) continue;
    ourTimes.push(ourTime);
    peerTimes.push(peerTime);
  }
  const ratios = ourTimes.map((time, index) => time / (peerTimes[index] as number));
  return { ours: median(ourTimes), peer: median(peerTimes), ratio: median(ratios) };
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** One row of a table on standard output: name, milliseconds, ratio. */
export function printRow(name: string, ms: number, ratio: number, peer: string): void {
  console.log(`${name.padEnd(34)} ${ms.toFixed(1).padStart(9)} ms   ${ratio.toFixed(2).padStart(7)} × ${peer}`);
}
