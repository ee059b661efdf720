import type { RenderSplats } from '../render-splats.ts';

type Triple = readonly [number, number, number];

/** A gaussian in readable numbers. */
export interface Gaussian {
  readonly at: Triple;
  /** Standard deviations along the own axes, metres. */
  readonly sigma: Triple;
  /** Quaternion xyzw. Default none. */
  readonly turn?: readonly [number, number, number, number];
  /** Opacity, (0, 1). */
  readonly alpha: number;
  /** Display colour. */
  readonly color: Triple;
}

/** A ball. */
export function ball(at: Triple, sigma: number, alpha: number, color: Triple = [1, 1, 1]): Gaussian {
  return { at, sigma: [sigma, sigma, sigma], alpha, color };
}

/** The arrays of gaussians, without harmonics above order 0. */
export function splatsOf(gaussians: readonly Gaussian[]): RenderSplats {
  return {
    count: gaussians.length,
    positions: Float32Array.from(gaussians.flatMap(({ at }) => at)),
    scales: Float32Array.from(gaussians.flatMap(({ sigma }) => sigma.map(Math.log))),
    rotations: Float32Array.from(gaussians.flatMap(({ turn }) => turn ?? [0, 0, 0, 1])),
    opacities: Float32Array.from(gaussians.map(({ alpha }) => Math.log(alpha / (1 - alpha)))),
    colors: Float32Array.from(
      gaussians.flatMap(({ color }) => color.map((value) => (value - 0.5) / 0.28209479177387814)),
    ),
    shDegree: 0,
    harmonics: new Float32Array(0),
  };
}

/** Numbers in [0, 1), the same ones for a seed. */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x100000000;
  };
}

/** A cloud of gaussians of all shapes in a cube of one metre around the origin. */
export function cloud(count: number, seed: number): Gaussian[] {
  const next = numbersFrom(seed);
  return Array.from({ length: count }, () => ({
    at: [next() - 0.5, next() - 0.5, next() - 0.5] as const,
    sigma: [0.01 + next() * 0.1, 0.002 + next() * 0.05, 0.01 + next() * 0.04] as const,
    turn: [next() - 0.5, next() - 0.5, next() - 0.5, next() - 0.5] as const,
    alpha: 0.05 + 0.94 * next(),
    color: [next(), next(), next()] as const,
  }));
}

/** The skin of a box: balls in a square grid on its six sides. */
export function boxOfBalls(center: Triple, size: Triple, spacing: number, color: Triple): Gaussian[] {
  const gaussians: Gaussian[] = [];
  for (const axis of [0, 1, 2]) {
    const [across, along] = [(axis + 1) % 3, (axis + 2) % 3];
    const [columns, rows] = [across, along].map((side) => Math.ceil((size[side] as number) / spacing));
    for (let cell = 0; cell < (columns as number) * (rows as number) * 2; cell += 1) {
      const at = [...center] as [number, number, number];
      const [column, row] = [Math.floor(cell / 2) % (columns as number), Math.floor(cell / 2 / (columns as number))];
      at[axis] = (at[axis] as number) + (cell % 2 === 0 ? -0.5 : 0.5) * (size[axis] as number);
      at[across] = (at[across] as number) + ((column + 0.5) / (columns as number) - 0.5) * (size[across] as number);
      at[along] = (at[along] as number) + ((row + 0.5) / (rows as number) - 0.5) * (size[along] as number);
      gaussians.push(ball(at, spacing * 0.6, 0.9, color));
    }
  }
  return gaussians;
}
