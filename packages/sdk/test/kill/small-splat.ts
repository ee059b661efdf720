import { zstdCompressSync } from 'node:zlib';
import { createRandom } from '../../src/foundation/random.ts';
import { writeSpz } from '../../src/testing/gateway/write-spz.ts';

const COUNT = 300;

/** A small file as the gateway's workers make it, another one for each seed: SPZ in a Zstandard frame. */
export function smallSplat(seed: number): Uint8Array {
  const random = createRandom(`splat ${seed}`);
  const fill = (length: number, low: number, high: number): Float32Array =>
    Float32Array.from({ length }, () => random.range(low, high));
  return zstdCompressSync(
    writeSpz({
      count: COUNT,
      positions: fill(COUNT * 3, -0.5, 0.5),
      scales: fill(COUNT * 3, -5, -3),
      rotations: Float32Array.from({ length: COUNT * 4 }, (_, index) => (index % 4 === 3 ? 1 : 0)),
      opacities: fill(COUNT, -2, 4),
      colors: fill(COUNT * 3, -1, 1),
      shDegree: 0,
      harmonics: new Float32Array(0),
    }),
  );
}
