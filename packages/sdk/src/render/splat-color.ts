import type { RenderSplats } from './render-splats.ts';

/** Real spherical harmonics with the signs of the reference implementation, orders 1 to 3. */
const C1 = 0.4886025119029199;
const C2 = [
  1.0925484305920792, -1.0925484305920792, 0.31539156525252005, -1.0925484305920792, 0.5462742152960396,
] as const;
const C3 = [
  -0.5900435899266435, 2.890611442640554, -0.4570457994644658, 0.3731763325901154, -0.4570457994644658,
  1.445305721320277, -0.5900435899266435,
] as const;
const C0 = 0.28209479177387814;

/** Values of the basis functions above order 0. */
const basis = new Float64Array(15);

/**
 * Display colour of a gaussian, red green blue from 0 up, seen along a unit direction that points away from the eye.
 * Writes into `out`. False if the colour is not finite.
 *
 * @source Kerbl et al., "3D Gaussian splatting for real-time radiance field rendering", 2023: forward.cu of the reference.
 */
export function splatColor(
  splats: RenderSplats,
  index: number,
  x: number,
  y: number,
  z: number,
  out: Float64Array,
): boolean {
  const { colors, harmonics, shDegree } = splats;
  let red = 0.5 + C0 * (colors[index * 3] as number);
  let green = 0.5 + C0 * (colors[index * 3 + 1] as number);
  let blue = 0.5 + C0 * (colors[index * 3 + 2] as number);
  if (shDegree > 0) {
    fillBasis(shDegree, x, y, z);
    const count = (shDegree + 1) * (shDegree + 1) - 1;
    for (let term = 0, at = index * count * 3; term < count; term += 1, at += 3) {
      const value = basis[term] as number;
      red += value * (harmonics[at] as number);
      green += value * (harmonics[at + 1] as number);
      blue += value * (harmonics[at + 2] as number);
    }
  }
  out[0] = Math.max(0, red);
  out[1] = Math.max(0, green);
  out[2] = Math.max(0, blue);
  return Math.abs(red) + Math.abs(green) + Math.abs(blue) < Infinity;
}

function fillBasis(degree: number, x: number, y: number, z: number): void {
  basis[0] = -C1 * y;
  basis[1] = C1 * z;
  basis[2] = -C1 * x;
  if (degree < 2) return;
  const [xx, yy, zz] = [x * x, y * y, z * z];
  basis[3] = C2[0] * x * y;
  basis[4] = C2[1] * y * z;
  basis[5] = C2[2] * (2 * zz - xx - yy);
  basis[6] = C2[3] * x * z;
  basis[7] = C2[4] * (xx - yy);
  if (degree < 3) return;
  basis[8] = C3[0] * y * (3 * xx - yy);
  basis[9] = C3[1] * x * y * z;
  basis[10] = C3[2] * y * (4 * zz - xx - yy);
  basis[11] = C3[3] * z * (2 * zz - 3 * xx - 3 * yy);
  basis[12] = C3[4] * x * (4 * zz - xx - yy);
  basis[13] = C3[5] * z * (xx - yy);
  basis[14] = C3[6] * x * (xx - 3 * yy);
}
