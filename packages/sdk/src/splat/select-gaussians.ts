import { harmonicsCount, type SplatData } from './splat-data.ts';

/**
 * A splat of some of another's gaussians.
 *
 * @param chosen - Numbers of the gaussians to keep, in the order they shall have.
 * @returns A splat with arrays of its own.
 */
export function selectGaussians(splat: SplatData, chosen: Uint32Array): SplatData {
  return {
    count: chosen.length,
    positions: selectRows(splat.positions, 3, chosen),
    scales: selectRows(splat.scales, 3, chosen),
    rotations: selectRows(splat.rotations, 4, chosen),
    opacities: selectRows(splat.opacities, 1, chosen),
    colors: selectRows(splat.colors, 3, chosen),
    shDegree: splat.shDegree,
    harmonics: selectRows(splat.harmonics, 3 * harmonicsCount(splat.shDegree), chosen),
  };
}

function selectRows(rows: Float32Array, width: number, chosen: Uint32Array): Float32Array {
  const selected = new Float32Array(chosen.length * width);
  let to = 0;
  for (const row of chosen) {
    const end = (row + 1) * width;
    for (let from = row * width; from < end; from += 1) selected[to++] = rows[from] as number;
  }
  return selected;
}
