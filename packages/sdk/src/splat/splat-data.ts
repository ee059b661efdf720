/** Highest order of the spherical harmonics of a splat. */
export type ShDegree = 0 | 1 | 2 | 3;

/**
 * The canonical working form of a Gaussian splat: one array per property, gaussians in the order of the file.
 *
 * Frame `RUB` (glTF's: right-handed, +Y up, front +Z) unless a function says otherwise. Arrays are owned by whoever holds the
 * splat; a step may reuse those of its input.
 */
export interface SplatData {
  readonly count: number;
  /** Centres, xyz: 3·count. */
  readonly positions: Float32Array;
  /** Natural logarithm of the standard deviation along each own axis: 3·count. */
  readonly scales: Float32Array;
  /** Unit quaternions xyzw that turn own axes into the splat's: 4·count. */
  readonly rotations: Float32Array;
  /** Logit of the opacity: count. */
  readonly opacities: Float32Array;
  /** Coefficients of order 0, red green blue: 3·count. Display value = 0.5 + 0.28209479177387814 · coefficient. */
  readonly colors: Float32Array;
  readonly shDegree: ShDegree;
  /** Coefficients of orders 1 to `shDegree`: for each gaussian, each coefficient, red green blue: 3·{@link harmonicsCount}·count. */
  readonly harmonics: Float32Array;
}

/** Coefficients per colour above order 0: 0, 3, 8 or 15. */
export function harmonicsCount(degree: ShDegree): number {
  return (degree + 1) * (degree + 1) - 1;
}
